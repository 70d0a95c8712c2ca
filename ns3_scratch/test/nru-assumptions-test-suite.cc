// SPDX-License-Identifier: GPL-2.0-only

#include "nr-carrier.h"
#include "nru-rate-knowledge.h"
#include "nru-test-hall.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

using namespace ns3;

namespace
{

/// Noise of a UE on one resource element, at a noise figure of 9 dB (dBm).
const double NOISE_DBM = NrCarrier::GetRsrpDbm(NrCarrier::GetNoisePowerDbm(9));

/**
 * @param hall gets full queues of UEs that stand still
 * @param nChannels of 8 gNBs
 */
void
Fill(Hall& hall, uint32_t nChannels)
{
    hall.network->SetAttribute("NGnbs", UintegerValue(8));
    hall.network->SetAttribute("NUes", UintegerValue(40));
    hall.network->SetAttribute("NChannels", UintegerValue(nChannels));
    hall.network->SetAttribute("MobileShare", DoubleValue(0));
    hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
    hall.Set("ns3::NruDemand::Mean", DoubleValue(20e6));
}

/**
 * @param hall whose gNBs hear nobody from now on
 */
void
Deafen(Hall& hall)
{
    hall.Set("ns3::NruChannelAccessManager::ThresholdRule", StringValue("fixed"));
    hall.Set("ns3::NruChannelAccessManager::FixedThreshold", DoubleValue(0));
}

/**
 * @ingroup nru-tests
 * @brief Without interference each block arrives with the ratio of signal to noise.
 */
class InterferenceTestCase : public TestCase
{
  public:
    InterferenceTestCase()
        : TestCase("Without interference SINR is that of noise alone, and LBT defers all the same")
    {
    }

  private:
    /// What blocks arrive with.
    struct Result
    {
        uint32_t blocks{0};    //!< first transmissions
        uint32_t disturbed{0}; //!< of them, with a SINR below that of noise alone
        double used{0};        //!< airtime of all gNBs in the last step
    };

    /**
     * @param hasInterference whether it counts
     * @param isDeaf whether gNBs hear nobody
     * @return what blocks arrive with
     */
    Result GetResult(bool hasInterference, bool isDeaf)
    {
        Hall hall;
        Fill(hall, 1);
        hall.Set("ns3::NrTransmissionLog::Interference", BooleanValue(hasInterference));
        if (isDeaf)
        {
            Deafen(hall);
        }
        m_network = hall.network;
        m_result = {};
        Simulator::ScheduleNow([this] {
            for (const auto& gnb : m_network->GetGnbs())
            {
                gnb->TraceConnectWithoutContext("Block",
                                                MakeCallback(&InterferenceTestCase::Note, this));
            }
        });
        hall.Run(1, 3, [](uint32_t) {});
        for (const auto& gnb : m_network->GetGnbs())
        {
            m_result.used += gnb->GetLoadMeter().GetUsedAirtime();
        }
        m_network = nullptr;
        return m_result;
    }

    /**
     * @param gnb index
     * @param ue index
     * @param process sent
     */
    void Note(uint32_t gnb, uint32_t ue, const NrHarqProcess& process, bool)
    {
        if (process.transmissions > 1)
        {
            return;
        }
        const auto mobility = m_network->GetUes()[ue]->GetMobility();
        const auto snrDb =
            m_network->GetGnbs()[gnb]->GetDownlink().GetRsrpDbm(mobility) - NOISE_DBM;
        ++m_result.blocks;
        m_result.disturbed += 10 * std::log10(process.sinr) < snrDb - 1e-6;
    }

    void DoRun() override
    {
        const auto with = GetResult(true, true);
        const auto without = GetResult(false, true);
        NS_TEST_EXPECT_MSG_GT(with.disturbed, 0.9 * with.blocks, "all transmit at once");
        NS_TEST_EXPECT_MSG_GT(without.blocks, 1000, "blocks");
        NS_TEST_EXPECT_MSG_EQ(without.disturbed, 0, "noise alone");
        NS_TEST_EXPECT_MSG_GT(without.used, 5, "nobody defers");
        const auto polite = GetResult(false, false);
        NS_TEST_EXPECT_MSG_LT(polite.used, 1.3, "they share one channel");
    }

    Ptr<NruNetwork> m_network; //!< that runs
    Result m_result;           //!< so far
};

/**
 * @ingroup nru-tests
 * @brief Where SIBx are not lost each UE in range has each one when it is due.
 */
class SibxLossTestCase : public TestCase
{
  public:
    SibxLossTestCase()
        : TestCase("SIBx that are not lost: each one, in range, when due; nothing else changes")
    {
    }

  private:
    /// How a run goes.
    struct Result
    {
        uint32_t outOfRange{0};          //!< links
        uint32_t missed{0};              //!< SIBx due, in range, not heard
        std::vector<uint64_t> delivered; //!< bytes by UE
        std::vector<uint32_t> sent;      //!< SIBx by gNB
        std::vector<double> rsrpDbm;     //!< of each link
    };

    /**
     * @param hasLoss whether SIBx can be lost
     * @return how a run goes
     */
    Result GetResult(bool hasLoss)
    {
        constexpr uint32_t STEPS = 10;
        Hall hall;
        Fill(hall, 2);
        hall.Set("ns3::NrSpectrumPhy::TxPower", DoubleValue(-12));
        hall.Set("ns3::NruDiscovery::SibxLoss", BooleanValue(hasLoss));
        Result result;
        hall.Run(1, STEPS, [&](uint32_t step) {
            for (const auto& ue : hall.network->GetUes())
            {
                for (uint32_t i = 0; i < 8; ++i)
                {
                    const auto& gnb = hall.network->GetGnbs()[i];
                    const auto snrDb = gnb->GetDownlink().GetRsrpDbm(ue->GetMobility()) - NOISE_DBM;
                    const auto& cell = ue->GetCell(i);
                    if (snrDb < -6)
                    {
                        ++result.outOfRange;
                        NS_TEST_EXPECT_MSG_EQ(cell.sibxHeard, 0, "out of range");
                        continue;
                    }
                    result.missed += gnb->GetDiscovery()->GetSibxDue() - cell.sibxHeard;
                    if (!hasLoss && step > 0)
                    {
                        NS_TEST_EXPECT_MSG_EQ(Simulator::Now() - cell.sibxMeasured,
                                              hall.network->GetSibxPeriod(),
                                              "age at the end of the period");
                    }
                }
            }
        });
        for (const auto& ue : hall.network->GetUes())
        {
            result.delivered.push_back(ue->GetBearer()->GetCounters().delivered);
            for (uint32_t i = 0; i < 8; ++i)
            {
                result.rsrpDbm.push_back(ue->GetCell(i).rsrpDbm);
            }
        }
        for (const auto& gnb : hall.network->GetGnbs())
        {
            result.sent.push_back(gnb->GetDiscovery()->GetSibxSent());
        }
        return result;
    }

    void DoRun() override
    {
        const auto with = GetResult(true);
        const auto without = GetResult(false);
        NS_TEST_EXPECT_MSG_GT(without.outOfRange, 100, "some are out of range");
        NS_TEST_EXPECT_MSG_GT(with.missed, 100, "full channels lose SIBx");
        NS_TEST_EXPECT_MSG_EQ(without.missed, 0, "all heard");
        NS_TEST_EXPECT_MSG_EQ((with.delivered == without.delivered), true, "same data");
        NS_TEST_EXPECT_MSG_EQ((with.sent == without.sent), true, "same bursts");
        NS_TEST_EXPECT_MSG_EQ((with.rsrpDbm == without.rsrpDbm), true, "same measurements");
    }
};

/**
 * @ingroup nru-tests
 * @brief The expected rate is the mean over who interferes.
 */
class RateKnowledgeTestCase : public TestCase
{
  public:
    RateKnowledgeTestCase()
        : TestCase("Expected rates: the mean over the cells that are not heard")
    {
    }

  private:
    /// Another gNB, as a UE receives it.
    struct Other
    {
        double ratio; //!< of its power to the noise, linear
        double used;  //!< airtime
    };

    /**
     * @param amc rates
     * @param signal over noise, linear
     * @param noise and interference over noise, linear
     * @param others from this one on may add to it
     * @param end of them
     * @return expected rate (bit/s)
     */
    static double
    GetMean(const NrAmc& amc, double signal, double noise, const Other* others, const Other* end)
    {
        if (others == end)
        {
            return amc.GetFullBandRate(10 * std::log10(signal / noise));
        }
        return others->used * GetMean(amc, signal, noise + others->ratio, others + 1, end) +
               (1 - others->used) * GetMean(amc, signal, noise, others + 1, end);
    }

    /**
     * @param hall that has run
     * @param check gets UE, cell, and the ratio of signal to noise, linear
     */
    static void ForEach(const Hall& hall,
                        const std::function<void(Ptr<NruUe>, uint32_t, double)>& check)
    {
        for (const auto& ue : hall.network->GetUes())
        {
            for (uint32_t i = 0; i < 8; ++i)
            {
                check(ue, i, GetRatio(hall, ue, i));
            }
        }
    }

    /**
     * @param hall that has run
     * @param ue a UE
     * @param cell index of a cell
     * @return the cell's power at the UE over the noise, linear
     */
    static double GetRatio(const Hall& hall, Ptr<NruUe> ue, uint32_t cell)
    {
        const auto rsrpDbm =
            hall.network->GetGnbs()[cell]->GetDownlink().GetRsrpDbm(ue->GetMobility());
        return std::pow(10.0, (rsrpDbm - NOISE_DBM) / 10);
    }

    /**
     * @param hall that has run
     * @return rates expected
     */
    static Ptr<NruRateKnowledge> GetRates(const Hall& hall)
    {
        const auto rates = CreateObject<NruRateKnowledge>();
        rates->SetAttribute("Source", StringValue("expected"));
        rates->Configure(hall.network->GetGnbs(), hall.network->GetAmc());
        return rates;
    }

    void DoRun() override
    {
        {
            Hall hall;
            Fill(hall, 1);
            Deafen(hall);
            hall.Set("ns3::NruDemand::Mean", DoubleValue(4e6)); // on the air part of the time
            hall.Run(1, 4, [](uint32_t) {});
            const auto rates = GetRates(hall);
            uint32_t lower = 0;
            ForEach(hall, [&](Ptr<NruUe> ue, uint32_t cell, double ratio) {
                std::vector<Other> others;
                for (uint32_t i = 0; i < 8; ++i)
                {
                    if (i != cell)
                    {
                        const auto& meter = hall.network->GetGnbs()[i]->GetLoadMeter();
                        others.push_back({GetRatio(hall, ue, i), meter.GetUsedAirtime()});
                    }
                }
                std::sort(others.begin(), others.end(), [](const auto& a, const auto& b) {
                    return a.ratio > b.ratio;
                });
                const auto& amc = *hall.network->GetAmc();
                const auto mean = GetMean(amc, ratio, 1, others.data(), others.data() + 4);
                NS_TEST_EXPECT_MSG_EQ_TOL(rates->Get(ue, cell), mean, 1.0, "mean of 16 states");
                lower += mean < 0.9 * amc.GetFullBandRate(10 * std::log10(ratio));
            });
            NS_TEST_EXPECT_MSG_GT(lower, 100, "it tells");
        }
        for (const bool isDeaf : {false, true})
        {
            Hall hall;
            Fill(hall, 1);
            if (isDeaf)
            {
                Deafen(hall);
                hall.Set("ns3::NrTransmissionLog::Interference", BooleanValue(false));
            }
            hall.Run(1, 2, [](uint32_t) {});
            const auto rates = GetRates(hall);
            ForEach(hall, [&](Ptr<NruUe> ue, uint32_t cell, double ratio) {
                NS_TEST_EXPECT_MSG_EQ_TOL(
                    rates->Get(ue, cell),
                    hall.network->GetAmc()->GetFullBandRate(10 * std::log10(ratio)),
                    1.0,
                    (isDeaf ? "no interference" : "all are heard") << ": noise alone");
            });
        }
    }
};

/// Tests of what leaves an assumption out.
class NruAssumptionsTestSuite : public TestSuite
{
  public:
    NruAssumptionsTestSuite()
        : TestSuite("nru-assumptions", NRU_TEST_UNIT)
    {
        AddTestCase(new InterferenceTestCase, NRU_TEST_QUICK);
        AddTestCase(new SibxLossTestCase, NRU_TEST_QUICK);
        AddTestCase(new RateKnowledgeTestCase, NRU_TEST_QUICK);
    }
};

const NruAssumptionsTestSuite g_nruAssumptionsTestSuite; //!< registers itself

} // namespace

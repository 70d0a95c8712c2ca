// SPDX-License-Identifier: GPL-2.0-only

#include "nru-load-meter.h"
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
#include <iostream>
#include <numeric>
#include <sstream>
#include <string>

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief Bytes offered are delivered, dropped or queued, for every UE at every step, whatever
 * happens: overload, handovers under way, channels changed.
 */
class ConservationTestCase : public TestCase
{
  public:
    ConservationTestCase()
        : TestCase("Bytes are conserved in overload, handover and channel change")
    {
    }

  private:
    void DoRun() override
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(6));
        hall.network->SetAttribute("NUes", UintegerValue(30));
        hall.network->SetAttribute("NChannels", UintegerValue(2));
        hall.network->SetAttribute("MobileShare", DoubleValue(0.5));
        hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(8e6));
        hall.Run(1, 10, [&](uint32_t step) {
            for (const auto& ue : hall.network->GetUes())
            {
                const auto counters = ue->GetBearer()->GetCounters();
                NS_TEST_EXPECT_MSG_EQ(counters.offered,
                                      counters.delivered + counters.dropped + counters.queued,
                                      "UE " << ue->GetIndex() << " at step " << step);
                ue->SetChoTarget((ue->GetIndex() + step) % 6);
            }
            hall.network->GetGnbs()[step % 6]->SetChannel(step % 2);
        });
        const auto totals = hall.GetTotals();
        NS_TEST_EXPECT_MSG_GT(totals.delivered, totals.offered / 4, "little was delivered");
        NS_TEST_EXPECT_MSG_GT(totals.dropped, 0, "an overloaded hall must drop");
        uint32_t handovers = 0;
        for (const auto& ue : hall.network->GetUes())
        {
            handovers += ue->GetHandovers();
        }
        NS_TEST_EXPECT_MSG_GT(handovers, 100, "CHO targets were not followed");
    }
};

/**
 * @ingroup nru-tests
 * @brief A lone cell with a near UE reaches the rate of its transport blocks times its airtime.
 */
class LoneCellTestCase : public TestCase
{
  public:
    LoneCellTestCase()
        : TestCase("A lone saturated cell delivers 100.4 Mbps times its airtime")
    {
    }

  private:
    void DoRun() override
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(1));
        hall.network->SetAttribute("NUes", UintegerValue(1));
        hall.network->SetAttribute("MobileShare", DoubleValue(0));
        hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(150e6));
        hall.Set("ns3::NruHall::Length", DoubleValue(8));
        hall.Set("ns3::NruHall::Width", DoubleValue(8));
        uint64_t before = 0;
        hall.Run(1, 10, [&](uint32_t step) {
            const auto delivered = hall.GetTotals().delivered;
            const auto rate = (delivered - before) * 8 / hall.network->GetSibxPeriod().GetSeconds();
            before = delivered;
            if (step == 0)
            {
                return; // the queue fills, the UE measures for the first time
            }
            const auto& meter = hall.network->GetGnbs()[0]->GetLoadMeter();
            // 50184 bit in 0.5 ms; a slot at each end of a COT is cut short, and two symbols of it
            // carry control
            const auto bound = 100.368e6 * meter.GetUsedAirtime();
            NS_TEST_EXPECT_MSG_LT(rate, bound * 1.001, "faster than the carrier");
            NS_TEST_EXPECT_MSG_GT(rate, bound * 0.93, "slower than the carrier");
            NS_TEST_EXPECT_MSG_GT(meter.GetUsedAirtime(), 0.97, "airtime left idle");
            NS_TEST_EXPECT_MSG_EQ_TOL(meter.GetLoad() * rate,
                                      150e6,
                                      0.02 * 150e6,
                                      "load is demand over what gets through");
        });
    }
};

/**
 * @ingroup nru-tests
 * @brief On idle channels every SIBx goes out, and UEs hear the cells near them every time.
 */
class SibxTestCase : public TestCase
{
  public:
    SibxTestCase()
        : TestCase("SIBx are never lost on idle channels, and lost on full ones")
    {
    }

  private:
    /**
     * @param demand of each UE (bit/s)
     * @return share of SIBx instances that went on the air
     */
    double GetSentShare(double demand)
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(8));
        hall.network->SetAttribute("NUes", UintegerValue(40));
        hall.network->SetAttribute("NChannels", UintegerValue(2));
        hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(demand));
        hall.Run(2, 30, [](uint32_t) {});
        uint32_t due = 0;
        uint32_t sent = 0;
        for (const auto& gnb : hall.network->GetGnbs())
        {
            due += gnb->GetDiscovery()->GetSibxDue();
            sent += gnb->GetDiscovery()->GetSibxSent();
        }
        if (demand < 1e5)
        {
            for (const auto& ue : hall.network->GetUes())
            {
                // the last instance has been due for a nanosecond only
                NS_TEST_EXPECT_MSG_EQ(ue->GetCell(ue->GetServing()).sibxHeard,
                                      29,
                                      "UE " << ue->GetIndex() << " missed its own cell's SIBx");
            }
        }
        return static_cast<double>(sent) / (due - 8);
    }

    void DoRun() override
    {
        const auto idle = GetSentShare(1e4);
        const auto full = GetSentShare(20e6);
        NS_TEST_EXPECT_MSG_EQ(idle, 1.0, "SIBx lost on idle channels");
        NS_TEST_EXPECT_MSG_LT(full, 0.98, "no SIBx lost on full channels");
        NS_TEST_EXPECT_MSG_GT(full, 0.2, "nearly all SIBx lost");
    }
};

/**
 * @ingroup nru-tests
 * @brief On an idle channel UEs measure the power of a resource element, and signal over noise.
 */
class RsrpTestCase : public TestCase
{
  public:
    RsrpTestCase()
        : TestCase("RSRP is that of one of 612 subcarriers, SINR that of the channel")
    {
    }

  private:
    void DoRun() override
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(2));
        hall.network->SetAttribute("NUes", UintegerValue(20));
        hall.network->SetAttribute("MobileShare", DoubleValue(0));
        hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(1e4));
        hall.Run(1, 2, [](uint32_t) {});
        const auto noiseDbm = -174 + 10 * std::log10(612 * 30e3) + 9;
        for (const auto& ue : hall.network->GetUes())
        {
            for (uint32_t i = 0; i < 2; ++i)
            {
                const auto gnb = hall.network->GetGnbs()[i]->GetPhy()->GetMobility();
                const auto dbm = 23 + hall.network->GetPathGain()->GetDb(gnb, ue->GetMobility());
                const auto& cell = ue->GetCell(i);
                NS_TEST_EXPECT_MSG_EQ_TOL(cell.rsrpDbm, dbm - 27.8675, 1e-3, "RSRP");
                NS_TEST_EXPECT_MSG_EQ_TOL(cell.sinrDb, dbm - noiseDbm, 1e-6, "SINR");
            }
        }
    }
};

/**
 * @ingroup nru-tests
 * @brief The same run gives the same result to the last bit, another run another.
 */
class DeterminismTestCase : public TestCase
{
  public:
    DeterminismTestCase()
        : TestCase("Same run, same result; other run, other result")
    {
    }

  private:
    /**
     * @param seed run of the random streams
     * @return loads, RSRPs and bytes at each step
     */
    std::vector<double> GetTrace(uint32_t seed)
    {
        std::vector<double> trace;
        Hall hall;
        hall.network->SetAttribute("NUes", UintegerValue(30));
        hall.network->SetAttribute("MobileShare", DoubleValue(0.5));
        hall.Run(seed, 5, [&](uint32_t) {
            for (const auto& gnb : hall.network->GetGnbs())
            {
                trace.push_back(gnb->GetLoadMeter().GetLoad());
                trace.push_back(gnb->GetLoadMeter().GetUsedAirtime());
            }
            for (const auto& ue : hall.network->GetUes())
            {
                trace.push_back(ue->GetCell(0).rsrpDbm);
                trace.push_back(ue->GetBearer()->GetCounters().delivered);
            }
        });
        return trace;
    }

    void DoRun() override
    {
        const auto first = GetTrace(7);
        NS_TEST_EXPECT_MSG_EQ((first == GetTrace(7)), true, "the same run differs");
        NS_TEST_EXPECT_MSG_EQ((first == GetTrace(8)), false, "another run does not differ");
    }
};

/**
 * @ingroup nru-tests
 * @brief The airtime share of a saturated node, by max-min fairness.
 */
class FairShareTestCase : public TestCase
{
  public:
    FairShareTestCase()
        : TestCase("Airtime share by max-min fairness")
    {
    }

  private:
    void DoRun() override
    {
        const auto check = [this](std::vector<double> others, double expected) {
            NS_TEST_EXPECT_MSG_EQ_TOL(NruLoadMeter::GetFairShare(others), expected, 1e-12, "share");
        };
        check({}, 1.0);
        check({0.3}, 0.7);          // content: takes what it needs
        check({0.5}, 0.5);          // just content
        check({0.9}, 0.5);          // saturated: half each
        check({0.1, 0.8}, 0.45);    // one content, one saturated
        check({0.5, 0.5}, 1.0 / 3); // both above a third
        check({0.2, 0.1}, 0.7);
        check({0.0, 0.0, 1.0}, 0.5);
    }
};

/**
 * @ingroup nru-tests
 * @brief gNBs that start on one channel spread over all, and then stay.
 */
class ChannelSelectionTestCase : public TestCase
{
  public:
    ChannelSelectionTestCase()
        : TestCase("Channel selection by occupancy spreads gNBs, with hysteresis")
    {
    }

  private:
    void DoRun() override
    {
        const auto choose = &NruChannelSelector::Choose;
        NS_TEST_EXPECT_MSG_EQ(+choose({0.5, 0.3}, 0, 0.1), 1, "clearly better");
        NS_TEST_EXPECT_MSG_EQ(+choose({0.5, 0.45}, 0, 0.1), 0, "better, within the hysteresis");
        NS_TEST_EXPECT_MSG_EQ(+choose({0.5, 0.2, 0.1}, 0, 0.1), 2, "the best of those better");
        NS_TEST_EXPECT_MSG_EQ(+choose({0, 0, 0}, 2, 0.0), 2, "no reason to move");

        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(4));
        hall.network->SetAttribute("NUes", UintegerValue(20));
        hall.Set("ns3::NruPropagation::Shadowing", BooleanValue(false));
        hall.network->SetAttribute("ChannelSelection", StringValue("occupancy"));
        hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(6e6));
        hall.Set("ns3::NruHall::Length", DoubleValue(40));
        std::vector<uint32_t> early;
        std::vector<uint32_t> late;
        const auto getChannels = [&hall] {
            std::vector<uint32_t> channels;
            for (const auto& gnb : hall.network->GetGnbs())
            {
                channels.push_back(gnb->GetPhy()->GetChannelIndex());
            }
            std::sort(channels.begin(), channels.end());
            return channels;
        };
        hall.Run(3, 60, [&](uint32_t step) {
            if (step == 0)
            {
                for (const auto& gnb : hall.network->GetGnbs())
                {
                    gnb->SetChannel(1);
                }
            }
            if (step == 1)
            {
                early = getChannels();
            }
            late = getChannels();
        });
        NS_TEST_EXPECT_MSG_EQ((early == std::vector<uint32_t>{1, 1, 1, 1}), true, "as told");
        NS_TEST_EXPECT_MSG_EQ((late == std::vector<uint32_t>{0, 1, 2, 3}), true, "spread");
    }
};

/**
 * @ingroup nru-tests
 * @brief Wi-Fi stations that cannot hear their access point are offered nothing, nor waited for.
 */
class UnreachableWifiTestCase : public TestCase
{
  public:
    UnreachableWifiTestCase()
        : TestCase("Wi-Fi stations out of reach are left out, and that is said")
    {
    }

  private:
    void DoRun() override
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(1));
        hall.network->SetAttribute("NUes", UintegerValue(1));
        hall.network->SetAttribute("NWifiAps", UintegerValue(1));
        hall.Set("ns3::WifiPhy::TxPowerStart", DoubleValue(-60));
        hall.Set("ns3::WifiPhy::TxPowerEnd", DoubleValue(-60));
        std::ostringstream said;
        auto* const clog = std::clog.rdbuf(said.rdbuf());
        hall.Run(1, 1, [](uint32_t) {});
        std::clog.rdbuf(clog);
        const auto bss = hall.network->GetWifi().at(0);
        NS_TEST_EXPECT_MSG_EQ(bss->GetOfferedBytes(), 0, "offered to nobody");
        for (const auto* station : {"station 0", "station 1"})
        {
            NS_TEST_EXPECT_MSG_NE(said.str().find(station), std::string::npos, said.str());
        }
    }
};

/// Tests of the network as a whole.
class NruNetworkTestSuite : public TestSuite
{
  public:
    NruNetworkTestSuite()
        : TestSuite("nru-network", NRU_TEST_UNIT)
    {
        AddTestCase(new FairShareTestCase, NRU_TEST_QUICK);
        AddTestCase(new ConservationTestCase, NRU_TEST_QUICK);
        AddTestCase(new LoneCellTestCase, NRU_TEST_QUICK);
        AddTestCase(new SibxTestCase, NRU_TEST_QUICK);
        AddTestCase(new ChannelSelectionTestCase, NRU_TEST_QUICK);
        AddTestCase(new RsrpTestCase, NRU_TEST_QUICK);
        AddTestCase(new DeterminismTestCase, NRU_TEST_QUICK);
        AddTestCase(new UnreachableWifiTestCase, NRU_TEST_QUICK);
    }
};

const NruNetworkTestSuite g_nruNetworkTestSuite; //!< registers itself

} // namespace

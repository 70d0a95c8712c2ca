// SPDX-License-Identifier: GPL-2.0-only

#include "nr-carrier.h"
#include "nr-decibel.h"
#include "nru-test-hall.h"
#include "test-compat.h"

#include "ns3/double.h"
#include "ns3/nstime.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr double SYMBOL_S = NrCarrier::SLOT_S / NrCarrier::SYMBOLS_PER_SLOT;

/**
 * @ingroup nru-tests
 * @brief One gNB, two UEs that stand still, alone in a hall.
 */
struct LoneCell : Hall
{
    LoneCell()
    {
        network->SetAttribute("NGnbs", UintegerValue(1));
        network->SetAttribute("NUes", UintegerValue(2));
        network->SetAttribute("MobileShare", DoubleValue(0));
        Set("ns3::NruDemand::Distribution", StringValue("constant"));
        Set("ns3::NruDemand::Mean", DoubleValue(8.7e6));
    }

    /**
     * @param ue index of a UE
     * @return what it reported last
     */
    const NruRssiMeter::Report& GetReport(uint32_t ue) const
    {
        return network->GetRssiMeter()->GetReport(ue);
    }
};

/**
 * @ingroup nru-tests
 * @brief Reports are what the transmissions that were traced come to, symbol by symbol.
 */
class SamplesTestCase : public TestCase
{
  public:
    /**
     * @param symbols of an occasion
     */
    explicit SamplesTestCase(uint32_t symbols)
        : TestCase("RSSI and occupancy of the symbols measured, " + std::to_string(symbols)),
          m_symbols(symbols)
    {
    }

  private:
    void DoRun() override
    {
        LoneCell hall;
        hall.Set("ns3::NruRssiMeter::Symbols", UintegerValue(m_symbols));
        hall.Run(1, 3, [&](uint32_t step) {
            for (uint32_t ue = 0; ue < 2; ++ue)
            {
                Compare(hall, ue, 0.16 * step);
            }
        });
    }

    /**
     * @brief Compare a UE's report with what it must be.
     * @param hall where
     * @param ue index of the UE, the second of which measures half a period later
     * @param began start of the report interval (s)
     */
    void Compare(const LoneCell& hall, uint32_t ue, double began)
    {
        const auto& downlink = hall.network->GetGnbs()[0]->GetDownlink();
        const auto at = hall.network->GetUes()[ue]->GetMobility();
        double power = 0.0;
        double above = 0.0;
        for (uint32_t occasion = 0; occasion < 4; ++occasion)
        {
            for (uint32_t symbol = 0; symbol < m_symbols; ++symbol)
            {
                const auto from = began + 0.04 * occasion + 0.02 * ue + symbol * SYMBOL_S;
                const auto sample =
                    downlink.GetNoise() + downlink.GetSignal(at) * GetShareOnAir(hall, from);
                power += sample;
                above += sample > NrToWatt(-72);
            }
        }
        const auto n = 4.0 * m_symbols;
        const auto& report = hall.GetReport(ue);
        NS_TEST_EXPECT_MSG_EQ_TOL(report.rssiDbm, NrToDb(power / n) + 30, 1e-3, "RSSI, UE " << ue);
        NS_TEST_EXPECT_MSG_EQ_TOL(report.occupancy, above / n, 1e-9, "occupancy, UE " << ue);
    }

    /**
     * @param hall where
     * @param from start of a symbol (s)
     * @return share of the symbol in which the gNB was on the air
     */
    static double GetShareOnAir(const LoneCell& hall, double from)
    {
        double overlap = 0.0;
        for (const auto& transmission : hall.GetWatch(0).GetTransmissions())
        {
            overlap += std::max(std::min(transmission.end.GetSeconds(), from + SYMBOL_S) -
                                    std::max(transmission.start.GetSeconds(), from),
                                0.0);
        }
        return overlap > 1e-9 ? overlap / SYMBOL_S : 0.0; // the slot grid is in whole nanoseconds
    }

    uint32_t m_symbols; //!< of an occasion
};

/**
 * @ingroup nru-tests
 * @brief A threshold below noise is always exceeded, one above all signals never.
 */
class ThresholdTestCase : public TestCase
{
  public:
    ThresholdTestCase()
        : TestCase("Occupancy by the threshold")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto threshold : {-100.0, -25.0})
        {
            LoneCell hall;
            hall.Set("ns3::NruRssiMeter::Threshold", DoubleValue(threshold));
            hall.Run(1, 2, [](uint32_t) {});
            NS_TEST_EXPECT_MSG_EQ(hall.GetReport(0).occupancy,
                                  (threshold < -92 ? 1.0 : 0.0),
                                  "threshold of " << threshold << " dBm");
        }
    }
};

/**
 * @ingroup nru-tests
 * @brief A UE that measures less often than it reports repeats its report; before the first sample
 * there is none.
 */
class RepeatTestCase : public TestCase
{
  public:
    RepeatTestCase()
        : TestCase("A report stands until there are new samples")
    {
    }

  private:
    void DoRun() override
    {
        LoneCell hall;
        hall.Set("ns3::NruRssiMeter::Period", TimeValue(MilliSeconds(640)));
        std::vector<double> first;
        std::vector<double> second;
        hall.Run(1, 8, [&](uint32_t) {
            first.push_back(hall.GetReport(0).rssiDbm);
            second.push_back(hall.GetReport(1).rssiDbm);
        });
        NS_TEST_EXPECT_MSG_EQ(std::isnan(first[0]), false, "measured in the first interval");
        NS_TEST_EXPECT_MSG_EQ(first[3], first[0], "repeated");
        NS_TEST_EXPECT_MSG_NE(first[4], first[0], "measured anew");
        NS_TEST_EXPECT_MSG_EQ(std::isnan(second[1]), true, "not yet measured");
        NS_TEST_EXPECT_MSG_EQ(std::isnan(second[2]), false, "measured half a period later");
    }
};

/// Tests of what UEs hear on their channels.
class NruRssiMeterTestSuite : public TestSuite
{
  public:
    NruRssiMeterTestSuite()
        : TestSuite("nru-rssi-meter", NRU_TEST_UNIT)
    {
        for (const auto symbols : {1U, 42U, 70U})
        {
            AddTestCase(new SamplesTestCase(symbols), NRU_TEST_QUICK);
        }
        AddTestCase(new ThresholdTestCase, NRU_TEST_QUICK);
        AddTestCase(new RepeatTestCase, NRU_TEST_QUICK);
    }
};

const NruRssiMeterTestSuite g_nruRssiMeterTestSuite; //!< registers itself

} // namespace

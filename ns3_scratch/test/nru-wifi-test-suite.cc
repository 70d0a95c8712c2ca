// SPDX-License-Identifier: GPL-2.0-only

#include "nru-test-hall.h"
#include "test-compat.h"

#include "ns3/double.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief Wi-Fi beside NR-U: both get through, each takes airtime from the other, nothing else of
 * the hall changes.
 */
class WifiTestCase : public TestCase
{
  public:
    WifiTestCase()
        : TestCase("Wi-Fi in the hall takes airtime, and gets its own traffic through")
    {
    }

  private:
    /// What one run gives.
    struct Result
    {
        double airtime;     //!< mean over gNBs of what LBT leaves
        double wifiShare;   //!< of what access points were given, delivered
        double variability; //!< standard deviation over time of a gNB's airtime
        double rsrpDbm;     //!< of one link
    };

    /**
     * @param demand of each access point (bit/s); 0 for a hall without
     * @param isOnOff whether it comes and goes
     * @return the outcome
     */
    Result GetResult(double demand, bool isOnOff)
    {
        Hall hall;
        hall.Set("ns3::NruWifiBss::OfferedLoad", DoubleValue(std::max(demand, 1.0)));
        hall.Set("ns3::NruWifiBss::MeanOn", TimeValue(MilliSeconds(isOnOff ? 500 : 0)));
        hall.Set("ns3::NruWifiBss::MeanOff", TimeValue(MilliSeconds(isOnOff ? 500 : 0)));
        hall.network->SetAttribute("NGnbs", UintegerValue(4));
        hall.network->SetAttribute("NUes", UintegerValue(12));
        hall.network->SetAttribute("MobileShare", DoubleValue(0));
        hall.network->SetAttribute("NWifiAps", UintegerValue(demand > 0 ? 4 : 0));
        Result result{};
        std::vector<double> series;
        hall.Run(5, 15, [&](uint32_t step) {
            if (step < 3)
            {
                return; // Wi-Fi associates
            }
            auto sum = 0.0;
            for (const auto& gnb : hall.network->GetGnbs())
            {
                sum += gnb->GetLoadMeter().GetAirtime() / 4;
            }
            series.push_back(sum);
        });
        result.airtime = std::accumulate(series.begin(), series.end(), 0.0) / series.size();
        for (const auto value : series)
        {
            result.variability += std::pow(value - result.airtime, 2) / series.size();
        }
        result.variability = std::sqrt(result.variability);
        uint64_t offered = 0;
        uint64_t delivered = 0;
        for (const auto& bss : hall.network->GetWifi())
        {
            offered += bss->GetOfferedBytes();
            delivered += bss->GetDeliveredBytes();
            const auto& delays = bss->GetDelays().Get();
            const auto packets = std::accumulate(delays.begin(), delays.end(), uint64_t{0});
            NS_TEST_EXPECT_MSG_EQ(packets * 1500, bss->GetDeliveredBytes(), "each has a delay");
            const auto soon = std::accumulate(delays.begin(), delays.begin() + 20, uint64_t{0});
            NS_TEST_EXPECT_MSG_GT(soon, 0.9 * packets, "delays below 35 ms");
            NS_TEST_EXPECT_MSG_LT(delays[0], 0.95 * packets, "more than a frame for some");
        }
        result.wifiShare = offered > 0 ? static_cast<double>(delivered) / offered : 0;
        result.rsrpDbm = hall.network->GetGnbs()[3]->GetDownlink().GetRsrpDbm(
            hall.network->GetUes()[7]->GetMobility());
        return result;
    }

    void DoRun() override
    {
        const auto without = GetResult(0, false);
        const auto steady = GetResult(8e6, false);
        const auto onOff = GetResult(16e6, true);
        NS_TEST_EXPECT_MSG_GT(without.airtime, 0.9, "a gNB alone on its channel");
        NS_TEST_EXPECT_MSG_LT(steady.airtime, without.airtime - 0.02, "Wi-Fi takes airtime");
        NS_TEST_EXPECT_MSG_GT(steady.airtime, 0.4, "but not all");
        NS_TEST_EXPECT_MSG_GT(steady.wifiShare, 0.9, "Wi-Fi starves");
        NS_TEST_EXPECT_MSG_GT(onOff.variability,
                              2 * steady.variability,
                              "on-off traffic varies what is left");
        NS_TEST_EXPECT_MSG_EQ(steady.rsrpDbm, without.rsrpDbm, "NR-U links do not change");
    }
};

/// Tests of Wi-Fi in the hall.
class NruWifiTestSuite : public TestSuite
{
  public:
    NruWifiTestSuite()
        : TestSuite("nru-wifi", NRU_TEST_UNIT)
    {
        AddTestCase(new WifiTestCase, NRU_TEST_QUICK);
    }
};

const NruWifiTestSuite g_nruWifiTestSuite; //!< registers itself

} // namespace

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-test-hall.h"
#include "test-compat.h"

#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief Success + collision + heard busy + idle = time, for every gNB.
 *
 * What is on the air, and the path gains, give all four anew, by a sweep over the times at which
 * anything changes; the model's own accounts must agree with it.
 */
class AirtimeTestCase : public TestCase
{
  public:
    /**
     * @param demand of each UE (bit/s)
     * @param access of discovery bursts
     */
    AirtimeTestCase(double demand, const std::string& access)
        : TestCase("Airtime at " + std::to_string(std::lround(demand / 1e3)) + " kbps a UE, " +
                   access),
          m_demand(demand),
          m_access(access)
    {
    }

  private:
    /// Shares of a gNB's time.
    struct Shares
    {
        double success{0};   //!< on the air, nobody else heard
        double collision{0}; //!< on the air, and so is somebody it would hear
        double busy{0};      //!< silent, somebody heard
        double idle{0};      //!< silent, nobody heard
    };

    /**
     * @param hall after a run on fixed channels
     * @param index of a gNB
     * @return how its time was spent, from what was on the air
     */
    static Shares Sweep(const Hall& hall, uint32_t index)
    {
        const auto& gnbs = hall.network->GetGnbs();
        const auto channel = gnbs[index]->GetPhy()->GetChannelIndex();
        const auto threshold = std::pow(10, gnbs[index]->GetAccess()->GetThresholdDbm() / 10);

        struct Change
        {
            Time time;       //!< when
            double power;    //!< that is added at the gNB (mW)
            int transmitter; //!< added: 1 if it starts itself, -1 if it ends
        };

        std::vector<Change> changes;
        for (uint32_t i = 0; i < gnbs.size(); ++i)
        {
            const auto own = i == index ? 1 : 0;
            const auto power = own ? 0.0 : std::pow(10, hall.GetGnbGainDb(i, index) / 10 + 2.3);
            for (const auto& sent : hall.GetWatch(i).GetTransmissions())
            {
                if (sent.channel == channel)
                {
                    changes.push_back({sent.start, power, own});
                    changes.push_back({sent.end, -power, -own});
                }
            }
        }
        const auto end = Simulator::Now();
        changes.push_back({end, 0, 0});
        std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
            return a.time < b.time;
        });
        Shares shares;
        Time now;
        double power = 0;
        int transmitters = 0;
        for (const auto& change : changes)
        {
            const auto until = std::min(change.time, end);
            // rounding leaves less than a millionth of the threshold of what has ended
            const auto isHeard = power >= threshold * (1 - 1e-6);
            auto& share = transmitters > 0 ? (isHeard ? shares.collision : shares.success)
                                           : (isHeard ? shares.busy : shares.idle);
            share += (until - now).GetSeconds() / end.GetSeconds();
            now = until;
            power += change.power;
            transmitters += change.transmitter;
        }
        return shares;
    }

    void DoRun() override
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(8));
        hall.network->SetAttribute("NUes", UintegerValue(40));
        hall.network->SetAttribute("NChannels", UintegerValue(2));
        hall.network->SetAttribute("MobileShare", DoubleValue(0));
        hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(m_demand));
        hall.Set("ns3::NruDiscovery::Access", StringValue(m_access));
        hall.Run(1, 12, [](uint32_t) {});
        double collision = 0;
        double busy = 0;
        for (uint32_t i = 0; i < 8; ++i)
        {
            const auto& watch = hall.GetWatch(i);
            const auto time = Simulator::Now().GetSeconds();
            const auto shares = Sweep(hall, i);
            NS_TEST_EXPECT_MSG_EQ(watch.GetImbalance(), Time(0), "time of gNB " << i);
            NS_TEST_EXPECT_MSG_EQ_TOL(watch.GetOwn().GetSeconds() / time,
                                      shares.success + shares.collision,
                                      1e-9,
                                      "on the air, gNB " << i);
            // the model's signals take up to 0.4 us to arrive
            NS_TEST_EXPECT_MSG_EQ_TOL(watch.GetHeardBusy().GetSeconds() / time,
                                      shares.busy,
                                      1e-3,
                                      "heard busy, gNB " << i);
            NS_TEST_EXPECT_MSG_EQ_TOL(watch.GetIdle().GetSeconds() / time,
                                      shares.idle,
                                      1e-3,
                                      "idle, gNB " << i);
            collision += shares.collision / 8;
            busy += shares.busy / 8;
        }
        const auto isFull = m_demand > 1e6;
        NS_TEST_EXPECT_MSG_GT(busy, (isFull ? 0.3 : 0.02), "gNBs hear one another");
        NS_TEST_EXPECT_MSG_EQ((collision > 0.01), isFull, "gNBs collide on full channels");
        NS_TEST_EXPECT_MSG_LT(collision, 0.3, "but not most of the time");
    }

    double m_demand;      //!< of each UE (bit/s)
    std::string m_access; //!< of discovery bursts
};

/// Tests of how time is spent.
class NruAirtimeTestSuite : public TestSuite
{
  public:
    NruAirtimeTestSuite()
        : TestSuite("nru-airtime", NRU_TEST_UNIT)
    {
        AddTestCase(new AirtimeTestCase(3e5, "type2a"), NRU_TEST_QUICK);
        AddTestCase(new AirtimeTestCase(8e6, "type2a"), NRU_TEST_QUICK);
        AddTestCase(new AirtimeTestCase(8e6, "type1"), NRU_TEST_QUICK);
    }
};

const NruAirtimeTestSuite g_nruAirtimeTestSuite; //!< registers itself

} // namespace

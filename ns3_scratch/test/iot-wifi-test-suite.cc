// SPDX-License-Identifier: GPL-2.0-only

#include "iot-radios.h"
#include "iot-test-area.h"
#include "test-compat.h"

#include "ns3/config.h"
#include "ns3/packet.h"
#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;

namespace
{

using Cause = IotLedger::Cause;

/**
 * @ingroup iot-tests
 * @brief A link has its range to the millimetre, and a frame is repeated as often as allowed.
 */
class RangeTestCase : public TestCase
{
  public:
    RangeTestCase()
        : TestCase("Links end at their range, and attempts at their limit")
    {
    }

  private:
    /**
     * @param from a frame has come from
     */
    void Hear(Ptr<const Packet>, uint32_t from)
    {
        m_heard.push_back(from);
    }

    /**
     * @param isAcked how a frame ended
     */
    void End(bool isAcked)
    {
        m_ends.push_back(isAcked);
    }

    /**
     * @param distance of two radios (mm)
     * @param rate of frames (Mb/s)
     * @param retries allowed
     * @return time that the sender has sent a frame of 1000 bytes to the other, which it may not
     * hear
     */
    Time Send(int64_t distance, double rate, uint32_t retries)
    {
        auto scenario = CreateObject<IotScenario>();
        scenario->SetAttribute("WifiRateMbps", DoubleValue(rate));
        scenario->SetAttribute("RetryLimit", UintegerValue(retries));
        scenario->devices = {{0, 0}, {distance, 0}};
        auto radios = MakeIotWifiRadios(*scenario);
        for (const auto& radio : radios)
        {
            radio->SetCallbacks(MakeCallback(&RangeTestCase::Hear, this),
                                MakeCallback(&RangeTestCase::End, this));
        }
        m_heard.clear();
        m_ends.clear();
        Simulator::Schedule(Seconds(1),
                            &IotRadio::Send,
                            PeekPointer(radios[0]),
                            Create<Packet>(1000),
                            1);
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        const auto time = radios[0]->GetSendTime();
        for (const auto& radio : radios)
        {
            radio->Dispose();
        }
        Simulator::Destroy();
        return time;
    }

    void DoRun() override
    {
        for (const double rate : {6, 54})
        {
            const auto once = Send(3000, rate, 7);
            NS_TEST_EXPECT_MSG_EQ(m_heard.size(), 1, "at 3.000 m, " << rate << " Mb/s");
            NS_TEST_EXPECT_MSG_EQ(m_ends.size(), 1, "an end each");
            NS_TEST_EXPECT_MSG_EQ(m_ends.front(), true, "acknowledged");
            for (const uint32_t retries : {7, 2, 0})
            {
                const auto vain = Send(3001, rate, retries);
                NS_TEST_EXPECT_MSG_EQ(m_heard.size(), 0, "at 3.001 m, " << rate << " Mb/s");
                NS_TEST_EXPECT_MSG_EQ(m_ends.size(), 1, "an end each");
                NS_TEST_EXPECT_MSG_EQ(m_ends.front(), false, "given up");
                NS_TEST_EXPECT_MSG_EQ(vain, (retries + 1) * once, "time of all attempts");
            }
        }
    }

    std::vector<uint32_t> m_heard; //!< who was heard
    std::vector<bool> m_ends;      //!< how frames ended
};

/**
 * @ingroup iot-tests
 * @brief A plan comes over the air: not before it is heard, and again where it was missed.
 */
class AnnouncementTestCase : public TestCase
{
  public:
    AnnouncementTestCase()
        : TestCase("A device changes its next hop when it hears of a plan")
    {
    }

  private:
    void DoRun() override
    {
        // Five devices on a line; the head moves from one end to the other.
        IotTestArea area("0,0:2000,0:4000,0:6000,0:8000,0", "0,0", 2);
        area.Set("Phy", StringValue("wifi"));
        area.Set("CoreStepM", DoubleValue(8));
        std::vector<int32_t> early;
        std::vector<int32_t> late;
        const auto look = [](const IotNetwork* network, std::vector<int32_t>* to) {
            for (const auto& device : network->GetDevices())
            {
                to->push_back(device->GetNextHop());
            }
        };
        area.Play([&](IotNetwork& network, uint32_t step) {
            const auto& counts = network.GetCounts();
            if (step == 0)
            {
                NS_TEST_EXPECT_MSG_EQ(counts.GetDevice(2).controlBytes, 0, "nothing to tell");
                network.SetMove(0, IotCores::Move::RIGHT);
                // An announcement takes some 60 us at least, and up to 10 ms and its turn a hop.
                Simulator::Schedule(MicroSeconds(40), [&, p = &network] { look(p, &early); });
                Simulator::Schedule(MilliSeconds(200), [&, p = &network] { look(p, &late); });
            }
            else if (step == 1)
            {
                NS_TEST_EXPECT_MSG_EQ(network.GetPlan().head[0], 4, "the other end");
                for (uint32_t i = 0; i < 5; ++i)
                {
                    NS_TEST_EXPECT_MSG_EQ(network.GetDevices()[i]->GetNextHop(),
                                          network.GetPlan().parent[i],
                                          "all have heard");
                    NS_TEST_EXPECT_MSG_GT(counts.GetDevice(i).controlBytes, 0, "said on");
                }
            }
        });
        const std::vector<int32_t> before{-1, 0, 1, 2, 3};
        const std::vector<int32_t> after{1, 2, 3, 4, -1};
        NS_TEST_ASSERT_MSG_EQ(early.size() + late.size(), 10, "both looks");
        for (uint32_t i = 1; i < 4; ++i) // heads of both plans are told by their servers
        {
            NS_TEST_EXPECT_MSG_EQ(early[i], before[i], "not yet heard by " << i);
        }
        for (uint32_t i = 0; i < 5; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(late[i], after[i], "heard by " << i);
        }
    }
};

/**
 * @ingroup iot-tests
 * @brief A grid with traffic: what is sent takes time, and bytes balance, as each step checks.
 */
class TrafficTestCase : public TestCase
{
  public:
    TrafficTestCase()
        : TestCase("Frames contend, arrive or are lost, and all bytes are accounted for")
    {
    }

  private:
    /**
     * @param bytes of a message
     * @return share of bytes that arrived
     */
    double Play(uint32_t bytes)
    {
        constexpr uint32_t N = 16;
        std::string devices;
        for (uint32_t i = 0; i < N; ++i)
        {
            devices.append(i == 0 ? "" : ":").append(std::to_string(2500 * (i % 4)));
            devices.append(",").append(std::to_string(2500 * (i / 4)));
        }
        IotTestArea area(devices, "0,0:7500,7500", 3);
        area.Set("Phy", StringValue("wifi"));
        area.Set("MessageBytes", UintegerValue(bytes));
        area.Set("SensingMessageBytes", UintegerValue(bytes));
        double made = 0;
        double arrived = 0;
        double dropped = 0;
        double queued = 0;
        double busiest = 0;
        area.Play([&](IotNetwork& network, uint32_t step) {
            queued = 0;
            for (uint32_t i = 0; i < N; ++i)
            {
                const auto& count = network.GetCounts().GetDevice(i);
                made += network.GetMessageBytes(i);
                dropped += count.droppedBytes;
                queued += count.queuedBytes;
                busiest = std::max(busiest, count.busyShare);
            }
            arrived +=
                network.GetCounts().GetServer(0).bytes + network.GetCounts().GetServer(1).bytes;
            network.SetMove(step % 2, step % 3 ? IotCores::Move::UP : IotCores::Move::RIGHT);
        });
        NS_TEST_EXPECT_MSG_EQ(made, arrived + dropped + queued, "bytes balance");
        NS_TEST_EXPECT_MSG_EQ((busiest > 0 && busiest <= 1), true, "share of time");
        return arrived / made;
    }

    void DoRun() override
    {
        const auto light = Play(1000);
        NS_TEST_EXPECT_MSG_GT(light, 0.95, "little traffic");
        NS_TEST_EXPECT_MSG_EQ(Play(1000), light, "same seed, same run");
        NS_TEST_EXPECT_MSG_LT(Play(50000), 0.7, "more than the channel carries");
    }
};

/// Tests of networks on Wi-Fi.
class IotWifiTestSuite : public TestSuite
{
  public:
    IotWifiTestSuite()
        : TestSuite("iot-wifi", NRU_TEST_UNIT)
    {
        AddTestCase(new RangeTestCase, NRU_TEST_QUICK);
        AddTestCase(new AnnouncementTestCase, NRU_TEST_QUICK);
        AddTestCase(new TrafficTestCase, NRU_TEST_QUICK);
    }
};

const IotWifiTestSuite g_iotWifiTestSuite; //!< registers itself

} // namespace

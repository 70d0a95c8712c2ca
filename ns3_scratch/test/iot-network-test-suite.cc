// SPDX-License-Identifier: GPL-2.0-only

#include "iot-test-area.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;

namespace
{

using Move = IotCores::Move;
using Cause = IotLedger::Cause;

/// Five devices on a line, 2 m apart.
const std::string LINE = "0,0:2000,0:4000,0:6000,0:8000,0";

/**
 * @param ledger books
 * @param device that made what was dropped
 * @param cause why
 * @return bytes
 */
uint64_t
GetDropped(Ptr<const IotLedger> ledger, uint32_t device, Cause cause)
{
    return ledger->GetAccount(device).dropped.at(static_cast<std::size_t>(cause));
}

/**
 * @ingroup iot-tests
 * @brief Without a channel, what is planned happens, in the step that it is planned for.
 */
class DiscTestCase : public TestCase
{
  public:
    DiscTestCase()
        : TestCase("On ideal links messages go as planned, from the step of the plan on")
    {
    }

  private:
    /**
     * @param network at the end of a step
     * @param sent messages, by device
     * @param received bytes, by server
     */
    void Expect(IotNetwork& network,
                const std::vector<double>& sent,
                const std::vector<double>& received)
    {
        for (uint32_t i = 0; i < sent.size(); ++i)
        {
            const auto& device = *network.GetDevices()[i];
            const auto& count = network.GetCounts().GetDevice(i);
            NS_TEST_EXPECT_MSG_EQ_TOL(count.sentMessages, sent[i], 1e-9, "sent by " << i);
            NS_TEST_EXPECT_MSG_EQ(device.GetNextHop(), network.GetPlan().parent[i], "in use");
            NS_TEST_EXPECT_MSG_EQ(count.queuedBytes, 0, "nothing waits");
        }
        for (uint32_t k = 0; k < received.size(); ++k)
        {
            NS_TEST_EXPECT_MSG_EQ(network.GetCounts().GetServer(k).bytes, received[k], "at " << k);
        }
    }

    void DoRun() override
    {
        IotTestArea area(LINE, "0,0:8000,1000", 3);
        area.Set("Vehicles", StringValue("0,0:15000,0:15000,0:15000,0")); // the first one is near
        area.Set("SensingRangeM", DoubleValue(2.5));
        area.Play([this](IotNetwork& network, uint32_t step) {
            switch (step)
            {
            case 0: // devices 0 and 1 sense; clusters 0 1 2 | 3 4, device 2 at the border
                Expect(network, {3, 2, 1, 1, 2}, {7000, 2000});
                network.SetMove(0, Move::RIGHT); // to 1 m: device 0 remains the head
                break;
            case 1:
                Expect(network, {3, 2, 1, 1, 2}, {3000, 2000});
                NS_TEST_EXPECT_MSG_EQ(network.GetDevices()[1]->GetVersion(), 0, "same plan");
                network.SetMove(0, Move::RIGHT); // to 2 m: device 1 is the head
                break;
            case 2: // device 2 is nearer to head 1
                Expect(network, {1, 3, 1, 1, 2}, {3000, 2000});
                NS_TEST_EXPECT_MSG_EQ(network.GetDevices()[0]->GetVersion(), 1, "told");
                for (uint32_t i = 0; i < 5; ++i)
                {
                    network.SetCluster(i, i < 4 ? 1 : 0); // device 3 is the head of the four
                }
                break;
            default:
                Expect(network, {1, 2, 3, 4, 1}, {1000, 4000});
                break;
            }
        });
    }
};

/**
 * @ingroup iot-tests
 * @brief Every byte is received, waits, or is dropped for a reason that is known.
 */
class BalanceTestCase : public TestCase
{
  public:
    BalanceTestCase()
        : TestCase("What is not received waits, or is dropped by cause")
    {
    }

  private:
    /// A device without a way to its head.
    void TestUnreachable()
    {
        IotTestArea area("0,0:2000,0:5001,0", "0,0", 1);
        area.Play([this](IotNetwork& network, uint32_t step) {
            const auto ledger = network.GetLedger();
            const auto bytes = 1000 * (step + 1);
            NS_TEST_EXPECT_MSG_EQ(network.GetPlan().parent[2], IotPlan::NOWHERE, "3.001 m away");
            NS_TEST_EXPECT_MSG_EQ(GetDropped(ledger, 2, Cause::NO_NEXT_HOP), bytes, "all of it");
            NS_TEST_EXPECT_MSG_EQ(ledger->GetAccount(2).gaveUp, bytes, "gave it up itself");
            NS_TEST_EXPECT_MSG_EQ(ledger->GetAccount(1).received, bytes, "others arrive");
            NS_TEST_EXPECT_MSG_EQ(network.GetCounts().GetDevice(2).droppedBytes, 1000, "a step");
        });
    }

    /// A queue that a message does not fit in.
    void TestFull()
    {
        IotTestArea area(LINE, "0,0", 1);
        area.Set("Vehicles", StringValue("8000,0:8000,0"));
        area.Set("SensingRangeM", DoubleValue(1));
        area.Set("QueueLimitBytes", UintegerValue(2999));
        area.Play([this](IotNetwork& network, uint32_t step) {
            const auto dropped = GetDropped(network.GetLedger(), 4, Cause::QUEUE_FULL);
            NS_TEST_EXPECT_MSG_EQ(dropped, 3000 * (step + 1), "1 byte too many");
            NS_TEST_EXPECT_MSG_EQ(network.GetCounts().GetServer(0).messages, 4, "of the others");
        });
    }

    void DoRun() override
    {
        TestUnreachable();
        TestFull();
        auto ledger = CreateObject<IotLedger>();
        ledger->Open(2, 1);
        IotMessage message;
        message.bytes = 500;
        ledger->Make(message);
        NS_TEST_EXPECT_MSG_EQ(ledger->IsWith(message, 0), true, "made there");
        auto further = message;
        further.hops = 1;
        ledger->Move(further, 1);
        NS_TEST_EXPECT_MSG_EQ(ledger->IsWith(message, 0), false, "gone on");
        further.hops = 2;
        ledger->Move(further, 0);
        NS_TEST_EXPECT_MSG_EQ(ledger->IsWith(message, 0), false, "back, by another way");
        ledger->Check({500, 0});
        ledger->Drop(further, Cause::TOO_MANY_HOPS);
        ledger->Check({0, 0});
        NS_TEST_EXPECT_MSG_EQ(ledger->GetAccount(0).gaveUp, 500, "where it was");
    }
};

/// Tests of networks without a channel.
class IotNetworkTestSuite : public TestSuite
{
  public:
    IotNetworkTestSuite()
        : TestSuite("iot-network", NRU_TEST_UNIT)
    {
        AddTestCase(new DiscTestCase, NRU_TEST_QUICK);
        AddTestCase(new BalanceTestCase, NRU_TEST_QUICK);
    }
};

const IotNetworkTestSuite g_iotNetworkTestSuite; //!< registers itself

} // namespace

// SPDX-License-Identifier: GPL-2.0-only

#include "nr-amc.h"
#include "nr-gbr-bearer.h"
#include "nr-link-adaptation.h"
#include "nr-scheduler.h"
#include "nr-transport-block.h"
#include "test-compat.h"

#include "ns3/double.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <numeric>

using namespace ns3;

namespace
{

/// What the scheduler's test cases share.
class SchedulerTestCase : public TestCase
{
  public:
    using TestCase::TestCase;

  protected:
    /**
     * @param ue index
     * @param mcs of its channel
     * @param bitRate guaranteed (bit/s)
     * @return a flow whose packets arrive from now on
     */
    NrFlow MakeFlow(uint32_t ue, int mcs, double bitRate)
    {
        NrFlow flow;
        flow.ue = ue;
        flow.bearer = CreateObject<NrGbrBearer>();
        flow.bearer->SetAttribute("PacketSize", UintegerValue(500));
        flow.bearer->Start(bitRate, 0);
        flow.mcs = mcs;
        flow.fullBandRate = mcs < 0 ? 0 : NrTransportBlock::LookUpSize(mcs, 51, 12) * 2000.0;
        return flow;
    }

    /**
     * @param allocations of a slot
     * @return resource blocks in use
     */
    static uint32_t CountPrbs(const std::vector<NrScheduler::Allocation>& allocations)
    {
        return std::accumulate(allocations.begin(),
                               allocations.end(),
                               0U,
                               [](uint32_t sum, const auto& a) { return sum + a.nPrb; });
    }

    Ptr<NrScheduler> m_scheduler = CreateObject<NrScheduler>(); //!< under test
};

/**
 * @ingroup nr-tests
 * @brief A slot is never overbooked, holds what it says, and is left to those who need it.
 */
class SlotTestCase : public SchedulerTestCase
{
  public:
    SlotTestCase()
        : SchedulerTestCase("A slot: no overbooking, no padding without need, no UE out of range")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<NrFlow> flows{MakeFlow(0, 27, 1e6),
                                  MakeFlow(1, 10, 1e6),
                                  MakeFlow(2, -1, 1e6),
                                  MakeFlow(3, 4, 1e6)};
        Simulator::Schedule(MilliSeconds(50), [&] {
            uint64_t backlog = 0;
            for (auto& flow : flows)
            {
                flow.bearer->Update();
                backlog += flow.mcs >= 0 ? flow.bearer->GetBacklog() : 0;
            }
            uint64_t sent = 0;
            for (int slot = 0; slot < 20; ++slot)
            {
                const auto allocations = m_scheduler->Schedule(flows, 12);
                NS_TEST_EXPECT_MSG_LT_OR_EQ(CountPrbs(allocations), 51, "overbooked");
                if (sent < backlog && CountPrbs(allocations) < 51)
                {
                    uint64_t left = 0;
                    for (const auto& flow : flows)
                    {
                        left += flow.mcs >= 0 ? flow.bearer->GetBacklog() : 0;
                    }
                    NS_TEST_EXPECT_MSG_EQ(left, 0, "data waits beside free resource blocks");
                }
                for (const auto& allocation : allocations)
                {
                    NS_TEST_EXPECT_MSG_NE(allocation.ue, 2, "a UE out of range was served");
                    NS_TEST_EXPECT_MSG_LT_OR_EQ(allocation.block.data.bytes * 8,
                                                allocation.block.sizeBits,
                                                "more than the block holds");
                    sent += allocation.block.data.bytes;
                }
            }
            NS_TEST_EXPECT_MSG_EQ(sent, backlog, "all that waited is sent in 20 slots");
            NS_TEST_EXPECT_MSG_EQ(m_scheduler->Schedule(flows, 12).size(), 0, "nothing is left");
            std::vector<NrFlow> busy;
            for (uint32_t ue = 0; ue < 9; ++ue)
            {
                busy.push_back(MakeFlow(ue, 10, 50e6));
                busy.back().bearer->Start(50e6, 0);
            }
            for (auto& flow : busy)
            {
                flow.bearer->Update();
            }
            m_scheduler->SetAttribute("MaxUesPerSlot", UintegerValue(1));
            NS_TEST_EXPECT_MSG_EQ(m_scheduler->Schedule(busy, 12, 2).size(),
                                  0,
                                  "a broadcast takes an assignment");
            m_scheduler->SetAttribute("MaxUesPerSlot", UintegerValue(8));
        });
        Simulator::Run();
        Simulator::Destroy();
    }
};

/**
 * @ingroup nr-tests
 * @brief In overload every UE gets the same share of its guaranteed bit rate, near or far.
 */
class OverloadTestCase : public SchedulerTestCase
{
  public:
    OverloadTestCase()
        : SchedulerTestCase("In overload nobody starves, and small demands are met first")
    {
    }

  private:
    void DoRun() override
    {
        // 30 + 30 + 1 Mb/s at 100.4, 34.8 and 34.8 Mb/s: 119 % of the slots
        std::vector<NrFlow> flows{MakeFlow(0, 27, 30e6),
                                  MakeFlow(1, 10, 30e6),
                                  MakeFlow(2, 10, 1e6)};
        std::vector<uint64_t> sent(3, 0);
        constexpr int SLOTS = 4000;
        for (int slot = 0; slot < SLOTS; ++slot)
        {
            Simulator::Schedule(MicroSeconds(500 * slot), [&] {
                for (const auto& allocation : m_scheduler->Schedule(flows, 12))
                {
                    sent[allocation.ue] += allocation.block.data.bytes;
                    flows[allocation.ue].bearer->Deliver(allocation.block.data);
                }
            });
        }
        Simulator::Run();
        Simulator::Destroy();
        const auto rate = [&](int ue) { return sent[ue] * 8 / (SLOTS * 0.5e-3); };
        NS_TEST_EXPECT_MSG_GT(rate(2), 0.95e6, "the small demand is met");
        NS_TEST_EXPECT_MSG_GT(rate(0), 0.7 * 30e6, "the near UE starves");
        NS_TEST_EXPECT_MSG_GT(rate(1), 0.5 * 30e6, "the far UE starves");
        NS_TEST_EXPECT_MSG_GT(rate(0) / 100.4e6 + (rate(1) + rate(2)) / 34.8e6,
                              0.97,
                              "slots are wasted in overload");
    }
};

/**
 * @ingroup nr-tests
 * @brief A flow half of whose blocks are lost gets as much through as one that loses none.
 */
class InterferenceTestCase : public SchedulerTestCase
{
  public:
    InterferenceTestCase()
        : SchedulerTestCase("What is lost does not count as given: interference costs no priority")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<NrFlow> flows{MakeFlow(0, 27, 60e6), MakeFlow(1, 27, 60e6)};
        uint64_t received[2]{};
        uint32_t blocks = 0;
        for (int slot = 0; slot < 4000; ++slot)
        {
            Simulator::Schedule(MicroSeconds(500 * slot), [&] {
                for (const auto& allocation : m_scheduler->Schedule(flows, 12))
                {
                    const auto& data = allocation.block.data;
                    auto& flow = flows[allocation.ue];
                    if (allocation.ue == 1 && ++blocks % 2 == 0)
                    {
                        flow.bearer->Resend(data);
                        Simulator::Schedule(MilliSeconds(2),
                                            [&, bytes = data.bytes, sent = Simulator::Now()] {
                                                m_scheduler->TakeOff(flow, bytes, sent);
                                            });
                        continue;
                    }
                    flow.bearer->Deliver(data);
                    received[allocation.ue] += data.bytes;
                }
            });
        }
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_EQ_TOL(received[1] / static_cast<double>(received[0]),
                                  1.0,
                                  0.1,
                                  "bytes received");
    }
};

/**
 * @ingroup nr-tests
 * @brief Retransmissions come first, not before their feedback, and only where they fit.
 */
class HarqTestCase : public SchedulerTestCase
{
  public:
    HarqTestCase()
        : SchedulerTestCase("HARQ retransmissions: first, in time, whole")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<NrFlow> flows{MakeFlow(0, 27, 50e6), MakeFlow(1, 5, 1e6)};
        NrHarqProcess process;
        process.mcs = 5;
        process.resource = 40 * 11;
        process.data.bytes = 700;
        process.transmissions = 1;
        process.notBefore = MilliSeconds(10);
        flows[1].retransmissions.push_back(process);
        const auto findProcess = [](const auto& allocations) {
            for (const auto& allocation : allocations)
            {
                if (allocation.block.transmissions == 1)
                {
                    return static_cast<int>(allocation.nPrb);
                }
            }
            return 0;
        };
        Simulator::Schedule(MilliSeconds(9), [&] {
            NS_TEST_EXPECT_MSG_EQ(findProcess(m_scheduler->Schedule(flows, 12)), 0, "too early");
        });
        Simulator::Schedule(MilliSeconds(10), [&] {
            NS_TEST_EXPECT_MSG_EQ(findProcess(m_scheduler->Schedule(flows, 6)),
                                  0,
                                  "88 resource blocks do not fit into a short slot");
            const auto allocations = m_scheduler->Schedule(flows, 12);
            NS_TEST_EXPECT_MSG_EQ(findProcess(allocations), 40, "resource blocks");
            NS_TEST_EXPECT_MSG_EQ(allocations[0].ue, 1, "retransmissions come first");
            NS_TEST_EXPECT_MSG_EQ(flows[1].retransmissions.size(), 0, "taken out");
        });
        Simulator::Run();
        Simulator::Destroy();
    }
};

/**
 * @ingroup nr-tests
 * @brief The outer loop finds the SINR that a flow really has.
 */
class OuterLoopTestCase : public SchedulerTestCase
{
  public:
    OuterLoopTestCase()
        : SchedulerTestCase("The outer loop settles where the target share fails")
    {
    }

  private:
    void DoRun() override
    {
        auto amc = CreateObject<NrAmc>();
        auto adaptation = CreateObject<NrLinkAdaptation>();
        adaptation->SetAmc(amc);
        auto random = CreateObject<UniformRandomVariable>();
        random->SetStream(1);
        NrFlow flow;
        constexpr double REPORTED_DB = 22;
        constexpr double TRUE_DB = 14; // hidden interference
        adaptation->Adapt(flow, REPORTED_DB);
        const auto optimistic = flow.mcs;
        int nacks = 0;
        constexpr int BLOCKS = 20000;
        for (int i = 0; i < BLOCKS; ++i)
        {
            const auto bits = NrTransportBlock::LookUpSize(flow.mcs, 51, 12);
            const auto isAck = random->GetValue() >= amc->GetBler(flow.mcs, TRUE_DB, bits);
            nacks += !isAck && i >= BLOCKS / 2;
            adaptation->HandleFeedback(flow, REPORTED_DB, isAck);
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(nacks / (BLOCKS / 2.0), 0.3, 0.01, "share of NACKs");
        NS_TEST_EXPECT_MSG_LT(flow.mcs, optimistic, "MCS");
        NS_TEST_EXPECT_MSG_EQ_TOL(flow.mcs, amc->SelectMcs(TRUE_DB), 1, "MCS of the true SINR");
        for (int i = 0; i < 1000; ++i)
        {
            adaptation->HandleFeedback(flow, -3, false);
        }
        NS_TEST_EXPECT_MSG_EQ(flow.mcs, 0, "a flow in range stays in range to learn from");
        for (int i = 0; i < 1000; ++i)
        {
            adaptation->HandleFeedback(flow, REPORTED_DB, false);
        }
        NS_TEST_EXPECT_MSG_EQ(flow.offsetDb, -10, "the floor");
        NS_TEST_EXPECT_MSG_EQ(flow.mcs, amc->SelectMcs(REPORTED_DB - 10), "and its MCS");
        for (int i = 0; i < 1000; ++i)
        {
            adaptation->HandleFeedback(flow, -3, false);
        }
        // a channel that has become a little worse since the last NACK must not lock the flow out
        adaptation->Adapt(flow, -3.01);
        NS_TEST_EXPECT_MSG_EQ(flow.mcs, 0, "the lowest MCS serves any SINR that it can");
        adaptation->Adapt(flow, -20);
        NS_TEST_EXPECT_MSG_EQ(flow.mcs, -1, "out of range");
        NS_TEST_EXPECT_MSG_GT(adaptation->GetDemandRate(flow), 0, "its demand still counts");
    }
};

/// Tests of the scheduler and of link adaptation.
class NrSchedulerTestSuite : public TestSuite
{
  public:
    NrSchedulerTestSuite()
        : TestSuite("nr-scheduler", NRU_TEST_UNIT)
    {
        AddTestCase(new SlotTestCase, NRU_TEST_QUICK);
        AddTestCase(new OverloadTestCase, NRU_TEST_QUICK);
        AddTestCase(new InterferenceTestCase, NRU_TEST_QUICK);
        AddTestCase(new HarqTestCase, NRU_TEST_QUICK);
        AddTestCase(new OuterLoopTestCase, NRU_TEST_QUICK);
    }
};

const NrSchedulerTestSuite g_nrSchedulerTestSuite; //!< registers itself

} // namespace

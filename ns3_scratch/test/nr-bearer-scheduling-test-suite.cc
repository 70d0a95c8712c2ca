// SPDX-License-Identifier: GPL-2.0-only

#include "nr-scheduler.h"
#include "nr-transport-block.h"
#include "test-compat.h"

#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <functional>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nr-tests
 * @brief Flows that have waited for 40 ms, in a cell that has to choose among them.
 */
class ChoiceTestCase : public TestCase
{
  public:
    using TestCase::TestCase;

  protected:
    /// When the slot is.
    static inline const Time NOW = MilliSeconds(40);

    /**
     * @brief Add a flow.
     * @param mcs of its channel
     * @param bitRate guaranteed (bit/s)
     * @param share of that which it has been given of late
     * @param budget packet delay budget
     */
    void Add(int mcs, double bitRate, double share, Time budget = MilliSeconds(150))
    {
        NrFlow flow;
        flow.ue = m_flows.size();
        flow.bearer = CreateObject<NrGbrBearer>();
        flow.bearer->SetAttribute("PacketSize", UintegerValue(500));
        flow.bearer->SetAttribute("DelayBudget", TimeValue(budget));
        flow.bearer->Start(bitRate, 0);
        flow.mcs = mcs;
        flow.fullBandRate = NrTransportBlock::LookUpSize(mcs, 51, 12) * 2000.0;
        flow.average = share * bitRate;
        flow.averageTime = NOW;
        m_flows.push_back(flow);
    }

    /**
     * @brief Let the time come, then forget the flows.
     * @return UEs that are served in the slot, in order, with their resource blocks
     */
    std::vector<NrScheduler::Allocation> Schedule()
    {
        std::vector<NrScheduler::Allocation> allocations;
        Simulator::Schedule(NOW, [&] { allocations = m_scheduler->Schedule(m_flows, 12); });
        Simulator::Run();
        Simulator::Destroy();
        m_flows.clear();
        return allocations;
    }

    /**
     * @brief Check who is served first.
     * @param ue expected
     * @param why
     */
    void ExpectFirst(uint32_t ue, const std::string& why)
    {
        const auto allocations = Schedule();
        NS_TEST_ASSERT_MSG_EQ(allocations.empty(), false, why);
        NS_TEST_EXPECT_MSG_EQ(allocations[0].ue, ue, why);
    }

    std::vector<NrFlow> m_flows;                                //!< of the cell
    Ptr<NrScheduler> m_scheduler = CreateObject<NrScheduler>(); //!< under test
};

/**
 * @ingroup nr-tests
 * @brief The order of service among bearers.
 */
class OrderTestCase : public ChoiceTestCase
{
  public:
    OrderTestCase()
        : ChoiceTestCase("Order: behind the bit rate, then proportionally fair, urgent before not")
    {
    }

  private:
    void DoRun() override
    {
        Add(27, 1e6, 1.1); // by proportional fairness 20 times the other
        Add(3, 1e6, 0.99);
        ExpectFirst(1, "a bearer behind its bit rate goes before any that is not");
        Add(27, 1e6, 1.0, MilliSeconds(41));
        Add(3, 1e6, 0.99);
        ExpectFirst(1, "however urgent");

        Add(10, 1e6, 0.9);
        Add(10, 1e6, 0.5);
        ExpectFirst(1, "of two behind, that which is further behind");
        Add(27, 1e6, 0.9);
        Add(10, 1e6, 0.5);
        ExpectFirst(1, "even if the other has 1.6 times its metric of proportional fairness");
        Add(10, 1e6, 0.5);
        Add(20, 1e6, 0.5);
        ExpectFirst(1, "of two as far behind, that with the better channel");
        Add(20, 4e6, 0.5);
        Add(20, 1e6, 0.5);
        ExpectFirst(1, "or that which was given less");

        Add(20, 4e6, 1.5);
        Add(20, 1e6, 1.5);
        ExpectFirst(1, "of two ahead, that which was given less");
        Add(10, 1e6, 1.5);
        Add(27, 1e6, 1.5);
        ExpectFirst(1, "or has the better channel");

        // 40 of 150 ms: 1.36; 40 of 50 ms: 5; budget all but gone: 20
        Add(10, 1e6, 1.5);
        Add(10, 1e6, 1.5, MilliSeconds(50));
        ExpectFirst(1, "of two ahead, that which is nearer to its delay budget");
        Add(10, 1e6, 0.5);
        Add(10, 1e6, 0.5, MilliSeconds(50));
        ExpectFirst(1, "and of two behind");
        Add(27, 1e6, 0.5);
        Add(14, 1e6, 0.5, MilliSeconds(50));
        ExpectFirst(1, "urgency of 3.7 makes up for half the rate");
        Add(27, 1e6, 0.5);
        Add(1, 1e6, 0.5, MilliSeconds(50));
        ExpectFirst(0, "but not for a twentieth of it");
        Add(10, 1e6, 0.5, MilliSeconds(20)); // what waits is younger than 20 ms
        Add(10, 1e6, 0.5, MilliSeconds(60));
        Add(10, 1e6, 0.5, MilliSeconds(41));
        ExpectFirst(2, "the last millisecond");

        Add(10, 1e6, 1.5);
        Add(10, 1e6, 1.5);
        ExpectFirst(0, "equals by index");
    }
};

/**
 * @ingroup nr-tests
 * @brief What those leave that are behind their bit rate goes to the others.
 */
class LeftoverTestCase : public ChoiceTestCase
{
  public:
    LeftoverTestCase()
        : ChoiceTestCase("Bearers ahead of their bit rate get what the others leave")
    {
    }

  private:
    void DoRun() override
    {
        Add(27, 40e6, 1.5);  // 200 kB wait
        Add(10, 0.2e6, 0.5); // 1000 B wait
        auto allocations = Schedule();
        NS_TEST_ASSERT_MSG_EQ(allocations.size(), 2, "both fit");
        NS_TEST_EXPECT_MSG_EQ(allocations[0].ue, 1, "behind goes first");
        NS_TEST_EXPECT_MSG_EQ(allocations[0].block.data.bytes, 1500, "with all that waits");
        NS_TEST_EXPECT_MSG_EQ(allocations[0].nPrb,
                              NrTransportBlock::GetMinPrbs(10, 1500, 12),
                              "in no more resource blocks than it needs");
        NS_TEST_EXPECT_MSG_EQ(allocations[1].nPrb, 51 - allocations[0].nPrb, "the rest");

        Add(27, 1e6, 1.5);
        Add(3, 40e6, 0.5);
        allocations = Schedule();
        NS_TEST_ASSERT_MSG_EQ(allocations.size(), 1, "a slot full of those behind");
        NS_TEST_EXPECT_MSG_EQ(allocations[0].ue, 1, "who is served");
        NS_TEST_EXPECT_MSG_EQ(allocations[0].nPrb, 51, "has all");
    }
};

/**
 * @ingroup nr-tests
 * @brief The control region has room for so many assignments.
 */
class MaxUesTestCase : public ChoiceTestCase
{
  public:
    MaxUesTestCase()
        : ChoiceTestCase("No more transport blocks a slot than MaxUesPerSlot")
    {
    }

  private:
    void DoRun() override
    {
        for (const uint32_t most : {1, 3, 8})
        {
            m_scheduler->SetAttribute("MaxUesPerSlot", UintegerValue(most));
            for (int i = 0; i < 12; ++i)
            {
                Add(27, 5e4, 0.5 - i * 0.01); // a packet each, 5 resource blocks
            }
            const auto allocations = Schedule();
            NS_TEST_ASSERT_MSG_EQ(allocations.size(), most, "transport blocks");
            for (uint32_t i = 0; i < most; ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(allocations[i].ue, 11 - i, "those furthest behind");
            }
        }
        m_scheduler->SetAttribute("MaxUesPerSlot", UintegerValue(2));
        for (int i = 0; i < 4; ++i)
        {
            Add(20, 1e5, 0.5);
            NrHarqProcess process;
            process.mcs = 5;
            process.resource = 5 * 11;
            process.transmissions = 1;
            if (i > 0)
            {
                m_flows.back().retransmissions.push_back(process);
            }
        }
        const auto allocations = Schedule();
        NS_TEST_ASSERT_MSG_EQ(allocations.size(), 2, "retransmissions count");
        NS_TEST_EXPECT_MSG_EQ(allocations[0].ue, 1, "the first");
        NS_TEST_EXPECT_MSG_EQ(allocations[1].ue, 2, "and the second");
    }
};

/// Tests of the scheduler's choice among bearers.
class NrBearerSchedulingTestSuite : public TestSuite
{
  public:
    NrBearerSchedulingTestSuite()
        : TestSuite("nr-bearer-scheduling", NRU_TEST_UNIT)
    {
        AddTestCase(new OrderTestCase, NRU_TEST_QUICK);
        AddTestCase(new LeftoverTestCase, NRU_TEST_QUICK);
        AddTestCase(new MaxUesTestCase, NRU_TEST_QUICK);
    }
};

const NrBearerSchedulingTestSuite g_nrBearerSchedulingTestSuite; //!< registers itself

} // namespace

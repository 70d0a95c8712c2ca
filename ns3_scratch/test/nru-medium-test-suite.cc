// SPDX-License-Identifier: GPL-2.0-only

#include "nru-contention-node.h"
#include "nru-medium-monitor.h"
#include "nru-priority-class.h"
#include "test-compat.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/multi-model-spectrum-channel.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <functional>
#include <memory>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief What a saturated node's own procedure says of its time, while the node is watched.
 *
 * TS 37.213 clause 4.1.1: after each busy period the node defers for T_d; each sensing slot takes
 * one from N, and the slot in which somebody else starts takes one too, but is busy. So between two
 * channel accesses of a node that all others hear
 *
 *     time = busy + T_d (accesses + interruptions) + 9 us (sum of N - interruptions)
 */
class ProcedureWatch
{
  public:
    /**
     * @param access of the node
     * @param onGrant called at each grant, after it has been counted
     */
    ProcedureWatch(Ptr<NruChannelAccessManager> access, std::function<void()> onGrant)
        : m_onGrant(std::move(onGrant))
    {
        access->TraceConnectWithoutContext("Backoff", MakeCallback(&ProcedureWatch::Draw, this));
        access->TraceConnectWithoutContext("Busy", MakeCallback(&ProcedureWatch::Busy, this));
        access->TraceConnectWithoutContext("Idle", MakeCallback(&ProcedureWatch::Idle, this));
        access->TraceConnectWithoutContext("Grant", MakeCallback(&ProcedureWatch::Grant, this));
    }

    ProcedureWatch(const ProcedureWatch&) = delete;
    ProcedureWatch& operator=(const ProcedureWatch&) = delete;

    int64_t draws{0};         //!< sum of N
    int64_t accesses{0};      //!< grants
    int64_t interruptions{0}; //!< busy periods of others alone, as of the last grant
    Time busy;                //!< the channel was busy, or the node on the air

  private:
    /**
     * @param n drawn
     */
    void Draw(uint32_t n, uint32_t)
    {
        draws += n;
    }

    /// The channel turns busy, by this node or by another.
    void Busy()
    {
        ++m_busyPeriods;
        m_lastBusy = Simulator::Now();
    }

    /**
     * @param duration for which the channel was busy
     */
    void Idle(Time duration)
    {
        busy += duration;
    }

    /// The node transmits from now on. If another does too, the channel may be busy already.
    void Grant(Time, Time)
    {
        const auto isCounted = m_busyPeriods > 0 && m_lastBusy == Simulator::Now();
        interruptions = m_busyPeriods - accesses - (isCounted ? 1 : 0);
        ++accesses;
        m_onGrant();
    }

    std::function<void()> m_onGrant; //!< told of each grant
    int64_t m_busyPeriods{0};        //!< of whomever
    Time m_lastBusy;                 //!< start of the last
};

/**
 * @ingroup nru-tests
 * @brief Success + collision + idle + defer = time, to the nanosecond: deferring by what the nodes
 * do, idle slots by the N that they have drawn, success and collision by what is on the air.
 */
class ProcedureTestCase : public TestCase
{
  public:
    /**
     * @param priorityClass of all nodes
     * @param n nodes
     */
    ProcedureTestCase(uint32_t priorityClass, uint32_t n)
        : TestCase("Success, collision, idle and defer of " + std::to_string(n) +
                   " nodes of class " + std::to_string(priorityClass) + " add up to the time"),
          m_class(priorityClass),
          m_n(n)
    {
    }

  private:
    /// Create nodes that all hear one another, without delay.
    void Build()
    {
        m_channel = CreateObject<MultiModelSpectrumChannel>();
        auto loss = CreateObject<FixedRssLossModel>();
        loss->SetRss(-60);
        m_channel->AddPropagationLossModel(loss);
        m_monitor = CreateObject<NruMediumMonitor>();
        m_monitor->SetRxSpectrumModel(NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 1));
        m_monitor->SetDefer(GetNruPriorityClass(m_class).GetDeferDuration());
        m_channel->AddRx(m_monitor);
        for (uint32_t i = 0; i < m_n; ++i)
        {
            auto phy = CreateObjectWithAttributes<NrSpectrumPhy>("CarrierFrequency",
                                                                 DoubleValue(5.2e9),
                                                                 "Channels",
                                                                 UintegerValue(1));
            phy->SetGnbId(i);
            auto mobility = CreateObject<ConstantPositionMobilityModel>();
            mobility->SetPosition(Vector(i, 0, 0));
            phy->SetMobility(mobility);
            phy->SetChannel(m_channel);
            m_channel->AddRx(phy);
            auto access =
                CreateObjectWithAttributes<NruChannelAccessManager>("PriorityClass",
                                                                    UintegerValue(m_class));
            access->SetPhy(phy);
            auto node = CreateObject<NruContentionNode>();
            node->Install(phy, access, m_monitor);
            node->AssignStreams(10 * i);
            m_monitor->AddContender(phy, NruTechnology::NRU);
            m_nodes.push_back(node);
            if (i == 0)
            {
                m_watch = std::make_unique<ProcedureWatch>(access, [this] { Check(); });
            }
        }
    }

    /// A grant: everything before it is over.
    void Check()
    {
        const auto& limits = GetNruPriorityClass(m_class);
        const auto defer = limits.GetDeferDuration() * (m_watch->accesses + m_watch->interruptions);
        const auto idle = GetNruSensingSlot() * (m_watch->draws - m_watch->interruptions);
        m_isConserved &= m_watch->busy + defer + idle == Simulator::Now();
        m_defer = defer;
        m_idle = idle;
        m_busy = m_watch->busy;
        if (m_watch->accesses == ACCESSES)
        {
            Simulator::Stop();
        }
    }

    void DoRun() override
    {
        RngSeedManager::SetRun(1);
        Build();
        for (const auto& node : m_nodes)
        {
            Simulator::ScheduleNow(&NruContentionNode::Start, node);
        }
        m_monitor->Start();
        Simulator::Run();
        const auto time = Simulator::Now();
        m_monitor->Stop();
        NS_TEST_EXPECT_MSG_EQ(m_isConserved, true, "busy + defer + idle = time at every access");
        NS_TEST_EXPECT_MSG_GT(m_watch->interruptions, (m_n > 1 ? 100 : -1), "others were heard");

        // the onlooker's shares, which come from gaps and overlaps on the air alone
        const auto shares = m_monitor->GetShares();
        const auto seconds = time.GetSeconds();
        NS_TEST_EXPECT_MSG_EQ_TOL(shares.nruSuccess + shares.nruCollision,
                                  m_busy.GetSeconds() / seconds,
                                  1e-9,
                                  "success + collision");
        NS_TEST_EXPECT_MSG_EQ_TOL(shares.defer, m_defer.GetSeconds() / seconds, 1e-9, "defer");
        NS_TEST_EXPECT_MSG_EQ_TOL(shares.idle, m_idle.GetSeconds() / seconds, 1e-9, "idle");
        NS_TEST_EXPECT_MSG_EQ((shares.nruCollision > 0), (m_n > 1), "collisions");
        for (const auto& node : m_nodes)
        {
            node->Dispose();
        }
        m_nodes.clear();
        m_channel->Dispose();
        m_monitor->Dispose();
        Simulator::Destroy();
    }

    static constexpr int64_t ACCESSES = 2000; //!< of the node that is watched

    uint32_t m_class;                            //!< priority class
    uint32_t m_n;                                //!< nodes
    Ptr<MultiModelSpectrumChannel> m_channel;    //!< the air
    Ptr<NruMediumMonitor> m_monitor;             //!< the onlooker
    std::vector<Ptr<NruContentionNode>> m_nodes; //!< all
    std::unique_ptr<ProcedureWatch> m_watch;     //!< of node 0
    bool m_isConserved{true};                    //!< so far
    Time m_defer;                                //!< by the procedure, up to the last grant
    Time m_idle;                                 //!< the same
    Time m_busy;                                 //!< the same
};

/// Tests of how the time of a collision domain is spent.
class NruMediumTestSuite : public TestSuite
{
  public:
    NruMediumTestSuite()
        : TestSuite("nru-medium", NRU_TEST_UNIT)
    {
        for (uint32_t priorityClass = 1; priorityClass <= 4; ++priorityClass)
        {
            AddTestCase(new ProcedureTestCase(priorityClass, 4), NRU_TEST_QUICK);
        }
        AddTestCase(new ProcedureTestCase(3, 1), NRU_TEST_QUICK);
        AddTestCase(new ProcedureTestCase(3, 12), NRU_TEST_QUICK);
    }
};

const NruMediumTestSuite g_nruMediumTestSuite; //!< registers itself

} // namespace

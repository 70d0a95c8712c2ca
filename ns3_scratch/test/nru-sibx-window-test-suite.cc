// SPDX-License-Identifier: GPL-2.0-only

#include "nru-access-fixture.h"
#include "nru-discovery.h"
#include "nru-sibx-header.h"
#include "nru-test-hall.h"
#include "test-compat.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief A gNB that sends discovery bursts by Type 2A into a scripted pattern of energy.
 *
 * A SIBx is due every 80 ms, the first at 0. A burst of one slot is due every 20 ms and may go out
 * within 5 ms; as it needs 25 us of sensing, 0.5 ms late at the earliest.
 */
class Broadcaster
{
  public:
    /// A burst on the air.
    struct Burst
    {
        Time time;        //!< when it began
        int32_t sequence; //!< of the SIBx that it carries; -1 if none
    };

    /**
     * @param siWindow length of the SI window
     * @param busy when the channel is: first and last instant (us)
     */
    Broadcaster(Time siWindow, const std::vector<std::pair<int64_t, int64_t>>& busy)
        : m_discovery(CreateObject<NruDiscovery>())
    {
        for (const auto& [from, to] : busy)
        {
            m_fixture.Energy(from * 1000, (to - from) * 1000);
        }
        m_discovery->SetAttribute("Period", TimeValue(MilliSeconds(20)));
        m_discovery->SetAttribute("Window", TimeValue(MilliSeconds(5)));
        m_discovery->SetAttribute("SiWindow", TimeValue(siWindow));
        m_discovery->Configure(
            7,
            m_fixture.access,
            {MakeCallback(&Broadcaster::Send, this), MakeCallback(&Broadcaster::Contend, this)});
        for (int64_t start = 0; start < N_SIBX * 80; start += 80)
        {
            Simulator::Schedule(MilliSeconds(start), &NruDiscovery::OpenSiWindow, m_discovery);
        }
        m_discovery->Start(Time(0));
        Simulator::Stop(MilliSeconds(N_SIBX * 80));
        Simulator::Run();
    }

    ~Broadcaster()
    {
        m_discovery->Dispose();
    }

    Broadcaster(const Broadcaster&) = delete;
    Broadcaster& operator=(const Broadcaster&) = delete;

    /**
     * @return bursts that carry a SIBx
     */
    std::vector<Burst> GetCarriers() const
    {
        std::vector<Burst> carriers;
        std::copy_if(m_bursts.begin(),
                     m_bursts.end(),
                     std::back_inserter(carriers),
                     [](const Burst& burst) { return burst.sequence >= 0; });
        return carriers;
    }

    /**
     * @return all bursts
     */
    const std::vector<Burst>& GetBursts() const
    {
        return m_bursts;
    }

    /**
     * @return when SIBx are due
     */
    Ptr<const NruDiscovery> GetDiscovery() const
    {
        return m_discovery;
    }

    static constexpr int64_t N_SIBX = 4; //!< due in all

  private:
    /// Type 2A has been granted.
    void Send()
    {
        Burst burst{Simulator::Now(), -1};
        if (const auto sibx = m_discovery->Take(0.5))
        {
            NruSibxHeader header;
            sibx->PeekHeader(header);
            burst.sequence = header.GetSequence();
        }
        m_bursts.push_back(burst);
        m_fixture.Transmit(m_discovery->GetBurst());
    }

    /// Type 1, which nobody asks for here.
    void Contend()
    {
        NS_ABORT_MSG("Type 1 for a burst by Type 2A");
    }

    NruAccessFixture m_fixture;    //!< the gNB's radio
    Ptr<NruDiscovery> m_discovery; //!< under test
    std::vector<Burst> m_bursts;   //!< so far
};

/**
 * @ingroup nru-tests
 * @brief A SIBx that finds no idle channel within its SI window is lost.
 */
class WindowTestCase : public TestCase
{
  public:
    WindowTestCase()
        : TestCase("A SIBx goes out within its SI window, or is lost")
    {
    }

  private:
    /**
     * @param siWindow length of the SI window
     * @param busy when the channel is: first and last instant (us)
     * @param expected when SIBx go out (us), in order of their numbers, -1 for one that is lost
     */
    void Check(Time siWindow,
               const std::vector<std::pair<int64_t, int64_t>>& busy,
               const std::vector<int64_t>& expected)
    {
        const Broadcaster broadcaster(siWindow, busy);
        const auto carriers = broadcaster.GetCarriers();
        const auto discovery = broadcaster.GetDiscovery();
        NS_TEST_EXPECT_MSG_EQ(discovery->GetSibxDue(), expected.size(), "due");
        NS_TEST_EXPECT_MSG_EQ(discovery->GetSibxSent(), carriers.size(), "sent");
        std::size_t next = 0;
        for (uint32_t i = 0; i < expected.size(); ++i)
        {
            if (expected[i] < 0)
            {
                continue;
            }
            NS_TEST_ASSERT_MSG_LT(next, carriers.size(), "SIBx " << i << " is lost");
            NS_TEST_EXPECT_MSG_EQ(carriers[next].time, MicroSeconds(expected[i]), "SIBx " << i);
            NS_TEST_EXPECT_MSG_EQ(carriers[next].sequence,
                                  carriers[0].sequence + static_cast<int32_t>(i),
                                  "its number counts those that were lost");
            ++next;
        }
        NS_TEST_EXPECT_MSG_EQ(next, carriers.size(), "SIBx that should be lost");
    }

    void DoRun() override
    {
        const auto narrow = MilliSeconds(10);
        const auto wide = MilliSeconds(40);
        Check(narrow, {}, {500, 80500, 160500, 240500});
        // busy at first: at the slot boundary before which it was idle, for 4 of 9 us at least
        Check(narrow, {{80000, 83481}}, {500, 84000, 160500, 240500});
        Check(narrow, {{80000, 83480}}, {500, 83500, 160500, 240500});
        // busy for the burst's window: the next burst, at 100 ms, is within a wide SI window only
        Check(narrow, {{80000, 90000}}, {500, -1, 160500, 240500});
        Check(wide, {{80000, 90000}}, {500, 100500, 160500, 240500});
        Check(wide, {{80000, 121000}}, {500, -1, 160500, 240500});
        // those that are due together with a burst that is lost do not go out later
        Check(narrow, {{79000, 86000}, {159000, 166000}}, {500, -1, -1, 240500});
        Check(narrow, {{79000, 330000}}, {500, -1, -1, -1});

        // a burst goes out without SIBx where there is none to carry
        const Broadcaster idle(wide, {});
        NS_TEST_EXPECT_MSG_EQ(idle.GetBursts().size(), 16, "bursts every 20 ms");
        NS_TEST_EXPECT_MSG_EQ(idle.GetCarriers().size(), 4, "SIBx every 80 ms");
    }
};

/**
 * @ingroup nru-tests
 * @brief In a full hall a short SI window loses more SIBx than a long one, and UEs hear fewer.
 */
class FullHallTestCase : public TestCase
{
  public:
    FullHallTestCase()
        : TestCase("On full channels a short SI window loses more SIBx")
    {
    }

  private:
    static constexpr uint32_t STEPS = 20; //!< of a run

    /// How SIBx fare in a run.
    struct Result
    {
        uint32_t due{0};   //!< by all cells
        uint32_t sent{0};  //!< of these
        uint32_t heard{0}; //!< by all UEs, of their serving cells
    };

    /**
     * @param siWindow length of the SI window
     * @return how SIBx fare
     */
    Result GetResult(Time siWindow)
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(8));
        hall.network->SetAttribute("NUes", UintegerValue(24));
        hall.network->SetAttribute("NChannels", UintegerValue(2));
        hall.network->SetAttribute("MobileShare", DoubleValue(0));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(20e6));
        hall.Set("ns3::NruHall::Length", DoubleValue(20)); // four take turns of up to 8 ms
        hall.Set("ns3::NruDiscovery::SiWindow", TimeValue(siWindow));
        hall.Run(3, STEPS, [](uint32_t) {});
        Result result;
        for (const auto& gnb : hall.network->GetGnbs())
        {
            result.due += gnb->GetDiscovery()->GetSibxDue();
            result.sent += gnb->GetDiscovery()->GetSibxSent();
        }
        for (const auto& ue : hall.network->GetUes())
        {
            result.heard += ue->GetCell(ue->GetServing()).sibxHeard;
        }
        return result;
    }

    void DoRun() override
    {
        const auto narrow = GetResult(MilliSeconds(10));
        const auto wide = GetResult(MilliSeconds(80));
        NS_TEST_EXPECT_MSG_EQ(narrow.due, 8 * STEPS, "due, the last only just");
        NS_TEST_EXPECT_MSG_EQ(wide.due, narrow.due, "due");
        NS_TEST_EXPECT_MSG_LT(narrow.sent, 0.8 * wide.sent, "sent");
        NS_TEST_EXPECT_MSG_LT(wide.sent, wide.due - 8, "some are lost in any case");
        NS_TEST_EXPECT_MSG_LT(narrow.heard, 0.9 * wide.heard, "heard");
        NS_TEST_EXPECT_MSG_GT(narrow.heard, 0, "not all are lost");
    }
};

/**
 * @ingroup nru-tests
 * @brief Where no burst falls into the SI window, the gNB's own occupancies carry SIBx.
 */
class WithDataTestCase : public TestCase
{
  public:
    WithDataTestCase()
        : TestCase("SIBx go out with data, and are heard, without bursts")
    {
    }

  private:
    /**
     * @param demand of each UE (bit/s)
     * @param heard expected, by each UE
     */
    void Check(double demand, uint32_t heard)
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(1));
        hall.network->SetAttribute("NUes", UintegerValue(4));
        hall.network->SetAttribute("MobileShare", DoubleValue(0));
        hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(demand));
        hall.Set("ns3::NruHall::Length", DoubleValue(20));
        hall.Set("ns3::NruHall::Width", DoubleValue(20));
        hall.Set("ns3::NruDiscovery::Period", TimeValue(Seconds(10))); // one, before the first SIBx
        hall.Run(1, 11, [](uint32_t) {});
        const auto discovery = hall.network->GetGnbs()[0]->GetDiscovery();
        NS_TEST_EXPECT_MSG_EQ(discovery->GetSibxDue(), 11, "due, the last only just");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(heard, discovery->GetSibxSent(), "sent");
        for (const auto& ue : hall.network->GetUes())
        {
            NS_TEST_EXPECT_MSG_EQ(ue->GetCell(0).sibxHeard, heard, "UE " << ue->GetIndex());
            NS_TEST_EXPECT_MSG_EQ((ue->GetCell(0).sibxLoad.value_or(0) > 0), (heard > 0), "load");
        }
    }

    void DoRun() override
    {
        Check(1.0, 0);
        Check(5e6, 10);
        Check(50e6, 10);
    }
};

/// Tests of SIBx in their SI windows.
class NruSibxWindowTestSuite : public TestSuite
{
  public:
    NruSibxWindowTestSuite()
        : TestSuite("nru-sibx-window", NRU_TEST_UNIT)
    {
        AddTestCase(new WindowTestCase, NRU_TEST_QUICK);
        AddTestCase(new FullHallTestCase, NRU_TEST_QUICK);
        AddTestCase(new WithDataTestCase, NRU_TEST_QUICK);
    }
};

const NruSibxWindowTestSuite g_nruSibxWindowTestSuite; //!< registers itself

} // namespace

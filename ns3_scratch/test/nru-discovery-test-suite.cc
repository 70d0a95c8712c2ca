// SPDX-License-Identifier: GPL-2.0-only

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

/// A transmission of a gNB's radio.
struct Burst
{
    Time start;    //!< on the air from
    Time duration; //!< for
    Time reported; //!< when the burst in it began, which UEs measure
};

/**
 * @ingroup nru-tests
 * @brief Listens to the discovery bursts of a lone gNB that has next to no data.
 */
class LoneGnb
{
  public:
    /**
     * @param access Type2a or Type1
     * @param slots of a burst
     * @param period of the bursts
     */
    LoneGnb(const std::string& access, uint32_t slots, Time period)
    {
        m_hall.network->SetAttribute("NGnbs", UintegerValue(1));
        m_hall.network->SetAttribute("NUes", UintegerValue(1));
        m_hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        m_hall.Set("ns3::NruDemand::Mean", DoubleValue(1.0));
        m_hall.Set("ns3::NruDiscovery::Access", StringValue(access));
        m_hall.Set("ns3::NruDiscovery::BurstSlots", UintegerValue(slots));
        m_hall.Set("ns3::NruDiscovery::Period", TimeValue(period));
    }

    /**
     * @return bursts of some steps
     */
    std::vector<Burst> Run()
    {
        Simulator::ScheduleNow([this] {
            const auto& gnb = m_hall.network->GetGnbs()[0];
            gnb->TraceConnectWithoutContext("Discovery", MakeCallback(&LoneGnb::Note, this));
            gnb->GetPhy()->TraceConnectWithoutContext("TxEnd",
                                                      MakeCallback(&LoneGnb::NoteEnd, this));
        });
        m_hall.Run(1, 10, [](uint32_t) {});
        return m_bursts;
    }

  private:
    /// A burst begins. Arguments as NruGnb::DiscoveryTracedCallback.
    void Note(uint32_t, bool)
    {
        m_reported = Simulator::Now();
    }

    /**
     * @param signal that ends
     */
    void NoteEnd(Ptr<const NrSignalParameters> signal)
    {
        m_bursts.push_back({Simulator::Now() - signal->duration, signal->duration, m_reported});
    }

    Hall m_hall;                 //!< where it stands
    Time m_reported;             //!< latest burst
    std::vector<Burst> m_bursts; //!< that have ended
};

/**
 * @ingroup nru-tests
 * @brief By Type 1 a burst contends as class 1, then begins at a slot boundary.
 */
class Type1TimingTestCase : public TestCase
{
  public:
    Type1TimingTestCase()
        : TestCase("Type 1 bursts: class 1, slot boundary, length, period")
    {
    }

  private:
    void DoRun() override
    {
        const auto slot = MicroSeconds(500);
        for (const uint32_t slots : {1, 2, 3})
        {
            const auto period = MilliSeconds(slots == 3 ? 5 : 20);
            const auto bursts = LoneGnb("type1", slots, period).Run();
            NS_TEST_ASSERT_MSG_EQ(bursts.size(), Seconds(1.6) / period, "one a period");
            std::vector<Time> delays;
            for (uint32_t i = 0; i < bursts.size(); ++i)
            {
                const auto& burst = bursts[i];
                delays.push_back(burst.start - period * int64_t{i});
                NS_TEST_EXPECT_MSG_EQ(burst.reported, period * int64_t{i} + slot, "next boundary");
                NS_TEST_EXPECT_MSG_EQ(burst.start + burst.duration,
                                      burst.reported + slot * int64_t{slots},
                                      "length of the burst");
            }
            // class 1: 25 us of defer, then 0 to 3 slots of 9 us
            for (int64_t n = 0; n <= 3; ++n)
            {
                NS_TEST_EXPECT_MSG_GT(
                    std::count(delays.begin(), delays.end(), MicroSeconds(25 + 9 * n)),
                    static_cast<int64_t>(bursts.size() / 10),
                    "N = " << n << " is one of four");
            }
            NS_TEST_EXPECT_MSG_EQ(*std::max_element(delays.begin(), delays.end()),
                                  MicroSeconds(52),
                                  "CW of class 1 is 3");
        }
    }
};

/**
 * @ingroup nru-tests
 * @brief By Type 2A a burst goes out 25 us after sensing began, at a slot boundary.
 */
class Type2aTimingTestCase : public TestCase
{
  public:
    Type2aTimingTestCase()
        : TestCase("Type 2A bursts: slot boundary, length, period")
    {
    }

  private:
    void DoRun() override
    {
        for (const uint32_t slots : {1, 2})
        {
            const auto bursts = LoneGnb("type2a", slots, MilliSeconds(20)).Run();
            NS_TEST_ASSERT_MSG_EQ(bursts.size(), 80, "one a period");
            for (uint32_t i = 0; i < bursts.size(); ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(bursts[i].start,
                                      MilliSeconds(20 * i) + MicroSeconds(500),
                                      "the first boundary that can be sensed for");
                NS_TEST_EXPECT_MSG_EQ(bursts[i].duration, MicroSeconds(500 * slots), "length");
            }
        }
    }
};

/// How SIBx fare in a run.
struct SibxShares
{
    double sent;   //!< of those due
    double heard;  //!< by UEs of their own cell, of those sent
    double busy;   //!< share of time that gNBs hear their channel busy or transmit
    double bursts; //!< of those due
};

/// A burst begins: count it. Others as NruGnb::DiscoveryTracedCallback.
void
CountBurst(uint32_t* bursts, uint32_t, bool)
{
    ++*bursts;
}

/**
 * @param seed of the run
 * @param demand of each UE (bit/s)
 * @param access of discovery bursts
 * @param length of the hall (m)
 * @return how SIBx fare
 */
SibxShares
GetSibxShares(uint32_t seed, double demand, const std::string& access, double length)
{
    constexpr uint32_t STEPS = 15;
    constexpr uint32_t N_GNBS = 8;
    Hall hall;
    hall.network->SetAttribute("NGnbs", UintegerValue(N_GNBS));
    hall.network->SetAttribute("NUes", UintegerValue(40));
    hall.network->SetAttribute("NChannels", UintegerValue(2));
    hall.network->SetAttribute("MobileShare", DoubleValue(0));
    hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
    hall.Set("ns3::NruDemand::Mean", DoubleValue(demand));
    hall.Set("ns3::NruDiscovery::Access", StringValue(access));
    hall.Set("ns3::NruHall::Length", DoubleValue(length));
    double used = 0;
    uint32_t bursts = 0;
    Simulator::ScheduleNow([&] {
        for (const auto& gnb : hall.network->GetGnbs())
        {
            gnb->TraceConnectWithoutContext("Discovery", MakeBoundCallback(&CountBurst, &bursts));
        }
    });
    double due = 0;
    double sent = 0;
    double heard = 0;
    double sentToAttached = 0;
    hall.Run(seed, STEPS, [&](uint32_t step) {
        for (const auto& gnb : hall.network->GetGnbs())
        {
            used += gnb->GetLoadMeter().GetUsedAirtime();
        }
        if (step + 1 < STEPS)
        {
            return;
        }
        // all SI windows are over, and the next ones have not begun
        for (const auto& gnb : hall.network->GetGnbs())
        {
            due += gnb->GetDiscovery()->GetSibxDue();
            sent += gnb->GetDiscovery()->GetSibxSent();
        }
        for (const auto& ue : hall.network->GetUes())
        {
            const auto serving = ue->GetServing();
            heard += ue->GetCell(serving).sibxHeard;
            sentToAttached += hall.network->GetGnbs()[serving]->GetDiscovery()->GetSibxSent();
        }
    });
    const auto burstsDue = Simulator::Now().GetSeconds() / 20e-3 * N_GNBS;
    return {sent / due, heard / sentToAttached, used / STEPS / 2, bursts / burstsDue};
}

/**
 * @ingroup nru-tests
 * @brief SIBx are lost the more, the fuller the channels; not at all on idle ones.
 *
 * Up to full channels: a cell that always has data sends bursts in occupancies of its own.
 */
class SibxLossTestCase : public TestCase
{
  public:
    SibxLossTestCase()
        : TestCase("SIBx loss rises with channel occupancy, from zero")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<double> demands{1e4, 3.5e6, 4e6, 5e6, 6e6};
        std::vector<double> lost;
        std::vector<double> busy;
        for (const auto demand : demands)
        {
            SibxShares sum{};
            for (uint32_t seed = 1; seed <= 4; ++seed)
            {
                const auto shares = GetSibxShares(seed, demand, "type2a", 120);
                sum.sent += shares.sent / 4;
                sum.heard += shares.heard / 4;
                sum.busy += shares.busy / 4;
            }
            lost.push_back(1 - sum.sent * sum.heard);
            busy.push_back(sum.busy);
        }
        for (uint32_t i = 1; i < demands.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_GT(busy[i], busy[i - 1], "more demand fills the channels more");
        }
        // slots with data carry SIBx as well: some are lost only where cells wait for the channel
        NS_TEST_EXPECT_MSG_EQ(lost[0], 0.0, "idle channels lose none");
        NS_TEST_EXPECT_MSG_EQ(lost[1], 0.0, "nor do those with room");
        for (uint32_t i = 2; i < demands.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_GT(lost[i], lost[i - 1], "full ones lose more SIBx");
        }
    }
};

/**
 * @ingroup nru-tests
 * @brief On full channels Type 1 of class 1 gets bursts out that Type 2A loses, and data flow on.
 */
class Type1LoadedTestCase : public TestCase
{
  public:
    Type1LoadedTestCase()
        : TestCase("Type 1 bursts contend with data for full channels")
    {
    }

  private:
    void DoRun() override
    {
        const auto type2a = GetSibxShares(1, 20e6, "type2a", 20);
        const auto type1 = GetSibxShares(1, 20e6, "type1", 20);
        NS_TEST_EXPECT_MSG_GT(type1.bursts, type2a.bursts, "class 1 wins against data of class 3");
        NS_TEST_EXPECT_MSG_GT(type1.sent, 0.9, "so that most SIBx go out");
        NS_TEST_EXPECT_MSG_GT(type2a.sent, 0.9, "as do those that go with data");
        NS_TEST_EXPECT_MSG_GT(type1.busy, 0.9 * type2a.busy, "data go on");
    }
};

/// Tests of discovery bursts and SIBx.
class NruDiscoveryTestSuite : public TestSuite
{
  public:
    NruDiscoveryTestSuite()
        : TestSuite("nru-discovery", NRU_TEST_UNIT)
    {
        AddTestCase(new Type2aTimingTestCase, NRU_TEST_QUICK);
        AddTestCase(new Type1TimingTestCase, NRU_TEST_QUICK);
        AddTestCase(new SibxLossTestCase, NRU_TEST_QUICK);
        AddTestCase(new Type1LoadedTestCase, NRU_TEST_QUICK);
    }
};

const NruDiscoveryTestSuite g_nruDiscoveryTestSuite; //!< registers itself

} // namespace

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-sibx-header.h"
#include "nru-ue.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <functional>
#include <vector>

using namespace ns3;

namespace
{

/// One handover, start or end.
struct HandoverEvent
{
    Time time;       //!< when
    bool isStart;    //!< start or end
    uint32_t source; //!< cell left
    uint32_t target; //!< cell entered
};

/// A UE between three cells, and a record of its handovers.
class Walk
{
  public:
    Walk()
        : offsets(Create<NruCellOffsets>(3)),
          ue(CreateObject<NruUe>())
    {
        ue->SetAttribute("L3FilterK", UintegerValue(0)); // measurements as they come
        ue->Configure(0,
                      CreateObject<ConstantPositionMobilityModel>(),
                      CreateObject<NrGbrBearer>(),
                      offsets,
                      3);
        ue->SetHandoverCallbacks(MakeCallback(&Walk::Start, this), MakeCallback(&Walk::End, this));
        ue->Camp(0);
    }

    ~Walk()
    {
        ue->Dispose();
        Simulator::Destroy();
    }

    /**
     * @brief Measure every 20 ms from now on until told otherwise.
     * @param rsrpDbm of the three cells (dBm)
     */
    void Measure(std::vector<double> rsrpDbm)
    {
        m_rsrpDbm = std::move(rsrpDbm);
        if (!m_isMeasuring)
        {
            m_isMeasuring = true;
            Report();
        }
    }

    /**
     * @param at when
     * @param act what to do then
     */
    void At(Time at, std::function<void()> act)
    {
        Simulator::Schedule(at, std::move(act));
    }

    /**
     * @param end of the simulation
     */
    void Run(Time end)
    {
        Simulator::Stop(end);
        Simulator::Run();
    }

    Ptr<NruCellOffsets> offsets;       //!< CIOs
    Ptr<NruUe> ue;                     //!< the UE
    std::vector<HandoverEvent> events; //!< its handovers

  private:
    /// Measure all cells, now and every 20 ms.
    void Report()
    {
        for (uint32_t i = 0; i < 3; ++i)
        {
            ue->Measure(i, m_rsrpDbm[i], m_rsrpDbm[i] + 90);
        }
        Simulator::Schedule(MilliSeconds(20), &Walk::Report, this);
    }

    /**
     * @param source cell left
     * @param target cell entered
     */
    void Start(uint32_t, uint32_t source, uint32_t target)
    {
        events.push_back({Simulator::Now(), true, source, target});
    }

    /**
     * @param source cell left
     * @param target cell entered
     */
    void End(uint32_t, uint32_t source, uint32_t target)
    {
        events.push_back({Simulator::Now(), false, source, target});
    }

    std::vector<double> m_rsrpDbm; //!< of the cells (dBm)
    bool m_isMeasuring{false};     //!< reports are under way
};

/// What the test cases here share.
class WalkTestCase : public TestCase
{
  public:
    using TestCase::TestCase;

  protected:
    /**
     * @param walk with a record
     * @param index of an event in it
     * @param expected event
     */
    void Expect(const Walk& walk, std::size_t index, const HandoverEvent& expected)
    {
        NS_TEST_ASSERT_MSG_GT(walk.events.size(), index, "no handover event " << index);
        const auto& event = walk.events[index];
        NS_TEST_EXPECT_MSG_EQ(event.time, expected.time, "time of event " << index);
        NS_TEST_EXPECT_MSG_EQ(event.isStart, expected.isStart, "kind of event " << index);
        NS_TEST_EXPECT_MSG_EQ(event.source, expected.source, "source of event " << index);
        NS_TEST_EXPECT_MSG_EQ(event.target, expected.target, "target of event " << index);
    }
};

/**
 * @ingroup nru-tests
 * @brief Event A3 with offset 3 dB, hysteresis 1 dB, time to trigger 256 ms, to the millisecond.
 */
class A3TestCase : public WalkTestCase
{
  public:
    A3TestCase()
        : WalkTestCase("Event A3: it enters at each measurement of the time to trigger")
    {
    }

  private:
    void DoRun() override
    {
        Walk walk;
        walk.Measure({-70, -66.5, -90}); // 3.5 dB better: within the hysteresis
        walk.At(MilliSeconds(99), [&] { walk.Measure({-70, -65.5, -90}); });  // enters at 100
        walk.At(MilliSeconds(199), [&] { walk.Measure({-70, -67, -90}); });   // 3 dB: in between
        walk.At(MilliSeconds(699), [&] { walk.Measure({-70, -65.5, -90}); }); // enters at 700
        walk.At(MilliSeconds(899), [&] { walk.Measure({-70, -67, -90}); });   // at 900 alone
        walk.At(MilliSeconds(919), [&] { walk.Measure({-70, -65.5, -90}); }); // enters at 920
        walk.At(MilliSeconds(1399), [&] { walk.Measure({-65, -70, -90}); });  // back: 1400
        walk.Run(Seconds(3));
        NS_TEST_ASSERT_MSG_EQ(walk.events.size(), 4, "number of handover events");
        // neither from 100 nor from 700 does it enter at all measurements of 256 ms
        Expect(walk, 0, {MilliSeconds(1176), true, 0, 1});
        Expect(walk, 1, {MilliSeconds(1216), false, 0, 1});
        Expect(walk, 2, {MilliSeconds(1656), true, 1, 0});
        Expect(walk, 3, {MilliSeconds(1696), false, 1, 0});
        NS_TEST_EXPECT_MSG_EQ(walk.ue->GetHandovers(), 2, "handovers");
        NS_TEST_EXPECT_MSG_EQ(walk.ue->GetPingPongs(), 1, "ping-pongs");
    }
};

/**
 * @ingroup nru-tests
 * @brief A cell individual offset moves the point where event A3 enters.
 */
class CioTestCase : public WalkTestCase
{
  public:
    CioTestCase()
        : WalkTestCase("Event A3 counts the cell individual offset of the pair")
    {
    }

  private:
    void DoRun() override
    {
        Walk walk;
        walk.offsets->Set(0, 2, 6);
        walk.offsets->Set(2, 0, -6);
        walk.Measure({-70, -70, -71.9}); // cell 2: -1.9 + 6 > 3 + 1
        walk.Run(Seconds(2));
        NS_TEST_ASSERT_MSG_EQ(walk.events.size(), 2, "number of handover events");
        Expect(walk, 0, {MilliSeconds(256), true, 0, 2});
        Expect(walk, 1, {MilliSeconds(296), false, 0, 2});

        NruCellOffsets offsets(2);
        offsets.Set(0, 1, 7.2);
        NS_TEST_EXPECT_MSG_EQ(offsets.Get(0, 1), 8.0, "Q-OffsetRange has steps of 2 dB beyond 6");
        offsets.Set(0, 1, -4.4);
        NS_TEST_EXPECT_MSG_EQ(offsets.Get(0, 1), -4.0, "Q-OffsetRange has steps of 1 dB up to 6");
        NS_TEST_EXPECT_MSG_EQ(offsets.Get(1, 0), 0.0, "offsets are per ordered pair");
    }
};

/**
 * @ingroup nru-tests
 * @brief CHO: RSRP gate, time to trigger, a target taken back, staying, and that A3 is off.
 */
class ChoTestCase : public WalkTestCase
{
  public:
    ChoTestCase()
        : WalkTestCase("CHO: gate, time to trigger, withdrawal, staying")
    {
    }

  private:
    void DoRun() override
    {
        Walk walk;
        walk.Measure({-70, -60, -119});                                      // A3 would move to 1
        walk.At(MilliSeconds(50), [&] { walk.ue->SetChoTarget(0); });        // but it is to stay
        walk.At(MilliSeconds(610), [&] { walk.ue->SetChoTarget(2); });       // below the gate
        walk.At(MilliSeconds(699), [&] { walk.Measure({-70, -60, -118}); }); // at the gate: 700
        walk.At(MilliSeconds(730), [&] { walk.ue->SetChoTarget(0); });       // withdrawn in time
        walk.At(MilliSeconds(910), [&] { walk.ue->SetChoTarget(2); });       // again: 910 + 40
        walk.At(MilliSeconds(1200), [&] { walk.ue->SetChoTarget(1); });      // 1200 + 40
        walk.At(MilliSeconds(1250), [&] { walk.ue->SetChoTarget(0); });      // lost: it is detached
        walk.At(MilliSeconds(1500), [&] { walk.ue->SetChoTarget(0); });      // 1500 + 40
        walk.Run(Seconds(2));
        NS_TEST_ASSERT_MSG_EQ(walk.events.size(), 6, "number of handover events");
        Expect(walk, 0, {MilliSeconds(950), true, 0, 2});
        Expect(walk, 1, {MilliSeconds(990), false, 0, 2});
        Expect(walk, 2, {MilliSeconds(1240), true, 2, 1});
        Expect(walk, 3, {MilliSeconds(1280), false, 2, 1});
        Expect(walk, 4, {MilliSeconds(1540), true, 1, 0});
        Expect(walk, 5, {MilliSeconds(1580), false, 1, 0});
        NS_TEST_EXPECT_MSG_EQ(walk.ue->GetServing(), 0, "serving cell");
        // 0 -> 2 -> 1 -> 0 comes back to no cell just left
        NS_TEST_EXPECT_MSG_EQ(walk.ue->GetPingPongs(), 0, "ping-pongs");
    }
};

/**
 * @ingroup nru-tests
 * @brief A candidate that falls below the gate within the time to trigger starts it anew.
 */
class ChoInterruptionTestCase : public WalkTestCase
{
  public:
    ChoInterruptionTestCase()
        : WalkTestCase("CHO: the gate holds at each measurement of the time to trigger")
    {
    }

  private:
    void DoRun() override
    {
        Walk walk;
        walk.Measure({-70, -90, -119});
        walk.At(MilliSeconds(1), [&] { walk.ue->SetChoTarget(2); });
        walk.At(MilliSeconds(99), [&] { walk.Measure({-70, -90, -117.5}); });  // at 100
        walk.At(MilliSeconds(119), [&] { walk.Measure({-70, -90, -118.1}); }); // at 120 alone
        walk.At(MilliSeconds(139), [&] { walk.Measure({-70, -90, -117.5}); }); // 140 + 40
        walk.Run(Seconds(1));
        NS_TEST_ASSERT_MSG_EQ(walk.events.size(), 2, "number of handover events");
        Expect(walk, 0, {MilliSeconds(180), true, 0, 2});
        Expect(walk, 1, {MilliSeconds(220), false, 0, 2});
    }
};

/**
 * @ingroup nru-tests
 * @brief A candidate that vanishes: T304, another prepared cell, re-establishment.
 */
class FailureTestCase : public WalkTestCase
{
  public:
    FailureTestCase()
        : WalkTestCase("Handover failure: T304, recovery in a prepared cell, re-establishment")
    {
    }

  private:
    /**
     * @param cell index
     * @return whether it can be reached
     */
    bool IsReachable(uint32_t, uint32_t cell)
    {
        ++m_preambles;
        return m_reachable.at(cell);
    }

    void DoRun() override
    {
        Walk walk;
        walk.ue->SetAttribute("T304", TimeValue(MilliSeconds(500)));
        walk.ue->SetAttribute("Reestablishment", TimeValue(MilliSeconds(200)));
        walk.ue->SetRandomAccessCallback(MakeCallback(&FailureTestCase::IsReachable, this));
        walk.Measure({-85, -80, -82});
        // cell 1 is gone, cell 2 is better than the source and prepared: 100 + 40 CHO + 500 T304 +
        // 40 interruption
        m_reachable = {true, false, true};
        walk.At(MilliSeconds(100), [&] { walk.ue->SetChoTarget(1); });
        walk.At(MilliSeconds(641), [&] {
            NS_TEST_EXPECT_MSG_EQ(walk.ue->GetHandoverFailures(), 1, "T304 expires at 640 ms");
            NS_TEST_EXPECT_MSG_EQ(m_preambles, 46, "preambles at 180, 190, ... 630 ms");
            walk.ue->SetChoTarget(NruUe::NO_TARGET);
        });
        walk.At(MilliSeconds(679),
                [&] { NS_TEST_EXPECT_MSG_EQ(walk.ue->GetServing(), 0, "not there yet"); });
        walk.At(MilliSeconds(681), [&] {
            NS_TEST_EXPECT_MSG_EQ(walk.ue->GetServing(), 2, "recovered in cell 2");
            NS_TEST_EXPECT_MSG_EQ(walk.ue->GetHandovers(), 1, "which counts as a handover");
            walk.ue->SetChoTarget(2);
            walk.Measure({-80, -85, -82});
        });
        // from cell 2, cells 1 and 0 cannot be reached in time: 1000 + 40 CHO + 2 * 500 T304, then
        // 200 to re-establish in cell 2
        walk.At(MilliSeconds(1000), [&] {
            walk.ue->SetChoTarget(1);
            m_reachable = {false, false, true};
        });
        walk.At(MilliSeconds(2239), [&] {
            NS_TEST_EXPECT_MSG_EQ(walk.ue->GetHandoverFailures(), 3, "both have failed");
            NS_TEST_EXPECT_MSG_EQ(walk.events.size(), 3, "still detached");
        });
        // cell 0 fails again, and of the others the source is the best: no second handover. When
        // no cell can be reached the UE goes on trying, until one can be.
        walk.At(MilliSeconds(2300), [&] {
            walk.ue->SetChoTarget(0);
            m_reachable = {false, false, false};
        });
        walk.At(MilliSeconds(6000), [&] {
            walk.ue->SetChoTarget(1);
            m_reachable = {false, true, false};
        });
        walk.Run(MilliSeconds(9000));
        NS_TEST_ASSERT_MSG_EQ(walk.events.size(), 6, "number of handover events");
        Expect(walk, 0, {MilliSeconds(140), true, 0, 1});
        Expect(walk, 1, {MilliSeconds(680), false, 0, 2});
        Expect(walk, 2, {MilliSeconds(1040), true, 2, 1});
        Expect(walk, 3, {MilliSeconds(2240), false, 2, 2});
        NS_TEST_EXPECT_MSG_EQ(walk.ue->GetHandoverFailures(), 4, "one more");
        NS_TEST_EXPECT_MSG_EQ(walk.ue->GetServing(), 1, "the only cell that can be reached");
        NS_TEST_EXPECT_MSG_EQ(walk.ue->GetHandovers(), 1, "re-establishment is no handover");
    }

    std::vector<bool> m_reachable; //!< by cell
    int m_preambles{0};            //!< sent
};

/**
 * @ingroup nru-tests
 * @brief The load-cost condition of a CHO candidate, by the loads last heard.
 */
class LoadConditionTestCase : public WalkTestCase
{
  public:
    LoadConditionTestCase()
        : WalkTestCase("CHO with the load condition: only to a cell that costs less")
    {
    }

  private:
    /**
     * @param ue hears a SIBx
     * @param cell that sends it
     * @param load that it tells
     */
    static void Hear(Ptr<NruUe> ue, uint16_t cell, double load)
    {
        NruSibxHeader header;
        header.SetPci(cell);
        header.SetLoad(load);
        auto packet = Create<Packet>();
        packet->AddHeader(header);
        ue->ReceiveSibx(packet, Simulator::Now());
    }

    void DoRun() override
    {
        Walk walk;
        walk.ue->SetAttribute("ChoLoadCondition", BooleanValue(true));
        walk.ue->SetAttribute("ChoCostMargin", DoubleValue(0.5));
        walk.Measure({-70, -70, -70});
        walk.At(MilliSeconds(1), [&] { walk.ue->SetChoTarget(1); }); // nothing heard yet
        walk.At(MilliSeconds(201), [&] {
            Hear(walk.ue, 0, 0.75); // cost 4
            Hear(walk.ue, 1, 0.72); // cost 3.57: less, but by less than the margin
        });
        walk.At(MilliSeconds(401), [&] { Hear(walk.ue, 1, 0.5); }); // cost 2
        walk.At(MilliSeconds(601), [&] { Hear(walk.ue, 2, 1.5); }); // overload: no finite cost
        walk.At(MilliSeconds(602), [&] { walk.ue->SetChoTarget(2); });
        walk.Run(Seconds(1));
        NS_TEST_ASSERT_MSG_EQ(walk.events.size(), 2, "number of handover events");
        Expect(walk, 0, {MilliSeconds(441), true, 0, 1});
        Expect(walk, 1, {MilliSeconds(481), false, 0, 1});
    }
};

/**
 * @ingroup nru-tests
 * @brief Three cells, by their offsets each better than the one before, pass a UE on with every
 * measurement if handovers take no time, and not within one instant.
 */
class CircleTestCase : public WalkTestCase
{
  public:
    CircleTestCase()
        : WalkTestCase("Cells in a circle, and handovers that take no time")
    {
    }

  private:
    void DoRun() override
    {
        Walk walk;
        walk.ue->SetAttribute("A3Offset", DoubleValue(0));
        walk.ue->SetAttribute("A3Hysteresis", DoubleValue(0));
        walk.ue->SetAttribute("A3TimeToTrigger", TimeValue(Time(0)));
        walk.ue->SetAttribute("Interruption", TimeValue(Time(0)));
        for (uint32_t i = 0; i < 3; ++i)
        {
            walk.offsets->Set(i, (i + 1) % 3, 3);
            walk.offsets->Set((i + 1) % 3, i, -3);
        }
        walk.Measure({-90, -90, -90});
        walk.Run(MilliSeconds(200));
        NS_TEST_EXPECT_MSG_GT(walk.ue->GetHandovers(), 3, "round and round");
        // 11 rounds of measurements of three cells each
        NS_TEST_EXPECT_MSG_LT(walk.ue->GetHandovers(), 34, "once a measurement at most");
    }
};

/// Tests of a UE's radio resource control.
class NruUeTestSuite : public TestSuite
{
  public:
    NruUeTestSuite()
        : TestSuite("nru-ue", NRU_TEST_UNIT)
    {
        AddTestCase(new A3TestCase, NRU_TEST_QUICK);
        AddTestCase(new CioTestCase, NRU_TEST_QUICK);
        AddTestCase(new ChoTestCase, NRU_TEST_QUICK);
        AddTestCase(new ChoInterruptionTestCase, NRU_TEST_QUICK);
        AddTestCase(new FailureTestCase, NRU_TEST_QUICK);
        AddTestCase(new LoadConditionTestCase, NRU_TEST_QUICK);
        AddTestCase(new CircleTestCase, NRU_TEST_QUICK);
    }
};

const NruUeTestSuite g_nruUeTestSuite; //!< registers itself

} // namespace

// SPDX-License-Identifier: GPL-2.0-only

#include "nr-gbr-bearer.h"
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
 * @param at when
 * @param act what to do then; afterwards the simulation is over
 */
void
RunAt(Time at, std::function<void()> act)
{
    Simulator::Schedule(at, std::move(act));
    Simulator::Run();
    Simulator::Destroy();
}

/**
 * @ingroup nr-tests
 * @brief Arrivals, delay budget, queue limit, segmentation, return of what was in flight.
 */
class BearerTestCase : public TestCase
{
  public:
    BearerTestCase()
        : TestCase("GBR bearer: arrivals, discard, limit, segmentation")
    {
    }

  private:
    /**
     * @param bearer any
     * @param expected offered, delivered, dropped, queued
     */
    void Expect(const NrGbrBearer& bearer, std::vector<uint64_t> expected)
    {
        const auto counters = bearer.GetCounters();
        NS_TEST_EXPECT_MSG_EQ(counters.offered, expected[0], "offered");
        NS_TEST_EXPECT_MSG_EQ(counters.delivered, expected[1], "delivered");
        NS_TEST_EXPECT_MSG_EQ(counters.dropped, expected[2], "dropped");
        NS_TEST_EXPECT_MSG_EQ(counters.queued, expected[3], "queued");
    }

    void DoRun() override
    {
        auto bearer = CreateObject<NrGbrBearer>();
        bearer->SetAttribute("PacketSize", UintegerValue(1000));
        bearer->SetAttribute("DelayBudget", TimeValue(MilliSeconds(100)));
        bearer->SetAttribute("QueueLimit", UintegerValue(5500));
        bearer->Start(0.8e6, 0.5); // a packet every 10 ms, the first at 5 ms
        Simulator::Schedule(MilliSeconds(4), [&] {
            bearer->Update();
            Expect(*bearer, {0, 0, 0, 0});
            NS_TEST_EXPECT_MSG_EQ(bearer->GetHeadOfLine(), MilliSeconds(5), "next arrival");
        });
        Simulator::Schedule(MilliSeconds(25), [&] {
            bearer->Update();
            Expect(*bearer, {3000, 0, 0, 3000});
            const auto first = bearer->Send(700);
            const auto second = bearer->Send(1000);
            NS_TEST_EXPECT_MSG_EQ(second.bytes, 1000, "the rest of one packet and a part");
            NS_TEST_EXPECT_MSG_EQ(bearer->GetBacklog(), 1300, "rest");
            NS_TEST_EXPECT_MSG_EQ(bearer->GetHeadOfLine(), MilliSeconds(15), "the cut packet");
            bearer->Deliver(second);
            Expect(*bearer, {3000, 0, 0, 3000}); // no packet is whole yet
            bearer->Deliver(first);
            Expect(*bearer, {3000, 1000, 0, 2000});
        });
        Simulator::Schedule(MilliSeconds(66), [&] {
            bearer->Update(); // 1300 wait: those of 35 to 65 fit below 5500
            Expect(*bearer, {7000, 1000, 0, 6000});
        });
        Simulator::Schedule(MilliSeconds(80), [&] {
            bearer->Update(); // that of 75 does not
            Expect(*bearer, {8000, 1000, 1000, 6000});
        });
        RunAt(MilliSeconds(130), [&] {
            // that of 15 was begun, so it is finished; that of 25 was too old at 125, which made
            // room for that of 125, but not for those of 85 to 115
            bearer->Update();
            Expect(*bearer, {13000, 1000, 6000, 6000});
            NS_TEST_EXPECT_MSG_EQ(bearer->GetHeadOfLine(), MilliSeconds(15), "the cut packet");
            const auto lost = bearer->Send(100);
            const auto rest = bearer->Send(1000);
            bearer->Resend(lost); // that of 15 is too old to be sent again
            bearer->Deliver(rest);
            Expect(*bearer, {13000, 1000, 7000, 5000});
            // the last 200 bytes of that of 35 fail, and the first 300 of the next
            const auto next = bearer->Send(500);
            bearer->Resend(next);
            NS_TEST_EXPECT_MSG_EQ(bearer->GetBacklog(), 4200, "200 and 4000");
            NS_TEST_EXPECT_MSG_EQ(bearer->GetHeadOfLine(), MilliSeconds(35), "to be sent again");
            bearer->Deliver(bearer->Send(250));
            Expect(*bearer, {13000, 2000, 7000, 4000});
            const auto again = bearer->Send(5000);
            NS_TEST_EXPECT_MSG_EQ(again.bytes, 250, "the rest of what failed");
            NS_TEST_EXPECT_MSG_EQ(again.offset, 50, "in order");
            // the handover comes before its feedback
            bearer->Reestablish();
            Expect(*bearer, {13000, 2000, 7000, 4000});
            NS_TEST_EXPECT_MSG_EQ(bearer->GetHeadOfLine(), MilliSeconds(45), "from its first byte");
            NS_TEST_EXPECT_MSG_EQ(bearer->Send(1000000).bytes, bearer->GetCounters().queued, "all");
        });
    }
};

/**
 * @ingroup nr-tests
 * @brief Delay from arrival until the packet is whole, by bins, and what is too late by then.
 */
class DelayTestCase : public TestCase
{
  public:
    DelayTestCase()
        : TestCase("GBR bearer: delays of packets, and those past the budget")
    {
    }

  private:
    void DoRun() override
    {
        const auto getBin = &NrDelayCounts::GetBin;
        NS_TEST_EXPECT_MSG_EQ(getBin(Time(0)), 0, "first bin");
        NS_TEST_EXPECT_MSG_EQ(getBin(MicroSeconds(499)), 0, "first bin");
        NS_TEST_EXPECT_MSG_EQ(getBin(MicroSeconds(500)), 1, "its edge is the next one's");
        NS_TEST_EXPECT_MSG_EQ(getBin(MicroSeconds(624)), 1, "second bin");
        NS_TEST_EXPECT_MSG_EQ(getBin(MicroSeconds(626)), 2, "third bin");
        NS_TEST_EXPECT_MSG_EQ(getBin(MicroSeconds(403800)), 30, "last but one");
        NS_TEST_EXPECT_MSG_EQ(getBin(MicroSeconds(404000)), 31, "last");
        NS_TEST_EXPECT_MSG_EQ(getBin(Seconds(5)), 31, "open");

        auto bearer = CreateObject<NrGbrBearer>();
        bearer->SetAttribute("PacketSize", UintegerValue(1000));
        bearer->SetAttribute("DelayBudget", TimeValue(MilliSeconds(100)));
        bearer->Start(0.8e6, 0.5); // a packet every 10 ms, the first at 5 ms
        NrGbrBearer::Piece first;
        NrGbrBearer::Piece second;
        NrGbrBearer::Piece third;
        Simulator::Schedule(MilliSeconds(26), [&] {
            bearer->Update();
            first = bearer->Send(400);
            bearer->Deliver(bearer->Send(600));
            second = bearer->Send(1000);
            third = bearer->Send(1000);
        });
        Simulator::Schedule(MilliSeconds(30), [&] {
            bearer->Deliver(first); // 25 ms after it has arrived
        });
        Simulator::Schedule(MilliSeconds(115), [&] {
            bearer->Deliver(second); // 100 ms: in time
            NS_TEST_EXPECT_MSG_EQ(bearer->GetCounters().late, 0, "late");
        });
        RunAt(MilliSeconds(126), [&] {
            bearer->Deliver(third); // 101 ms
            const auto counters = bearer->GetCounters();
            NS_TEST_EXPECT_MSG_EQ(counters.delivered, 3000, "delivered");
            NS_TEST_EXPECT_MSG_EQ(counters.late, 1000, "late");
            NrDelayCounts expected;
            expected.Add(MilliSeconds(25));
            expected.Add(MilliSeconds(100));
            expected.Add(MilliSeconds(101));
            NS_TEST_EXPECT_MSG_EQ((bearer->GetDelays().Get() == expected.Get()), true, "delays");
        });
    }
};

/**
 * @ingroup nr-tests
 * @brief Arrivals at a rate that changes, and what a maximum bit rate lets through.
 */
class RatesTestCase : public TestCase
{
  public:
    RatesTestCase()
        : TestCase("GBR bearer: a rate of arrivals that changes, a maximum bit rate")
    {
    }

  private:
    void DoRun() override
    {
        auto bearer = CreateObject<NrGbrBearer>();
        bearer->SetAttribute("PacketSize", UintegerValue(1000));
        bearer->SetAttribute("DelayBudget", TimeValue(MilliSeconds(40)));
        bearer->Start(0.8e6, 0); // a packet every 10 ms, the first at once
        const auto getOffered = [&bearer] {
            bearer->Update();
            return bearer->GetCounters().offered;
        };
        Simulator::Schedule(MilliSeconds(26), [&] {
            NS_TEST_EXPECT_MSG_EQ(getOffered(), 3000, "at 0, 10 and 20 ms");
            bearer->SetArrivalRate(1.6e6); // 0.4 of an interval is left, 2 ms
        });
        Simulator::Schedule(MicroSeconds(27999),
                            [&] { NS_TEST_EXPECT_MSG_EQ(getOffered(), 3000, "before the next"); });
        Simulator::Schedule(MilliSeconds(33), [&] {
            NS_TEST_EXPECT_MSG_EQ(getOffered(), 5000, "at 28 and 33 ms");
            bearer->SetArrivalRate(0);
        });
        Simulator::Schedule(Seconds(1), [&] {
            NS_TEST_EXPECT_MSG_EQ(getOffered(), 5000, "none at no rate");
            bearer->SetArrivalRate(4e6); // a packet every 2 ms
            bearer->SetMaximumBitRate(1e6);
        });
        uint64_t sent = 0;
        for (int slot = 0; slot < 8000; ++slot)
        {
            Simulator::Schedule(Seconds(1) + MicroSeconds(500) * slot, [&] {
                bearer->Update();
                const auto sendable = bearer->GetSendable();
                const auto piece = bearer->Send(UINT32_MAX);
                NS_TEST_EXPECT_MSG_EQ(piece.bytes, sendable, "what may be sent");
                sent += piece.bytes;
                bearer->Deliver(piece);
            });
        }
        RunAt(Seconds(5), [&] {
            bearer->Update();
            NS_TEST_EXPECT_MSG_EQ_TOL(sent, 500000, 2000, "4 s at 1 Mb/s, two packets at once");
            const auto counters = bearer->GetCounters();
            NS_TEST_EXPECT_MSG_EQ_TOL(counters.dropped,
                                      5000 + counters.offered - 505000 - counters.queued,
                                      2000,
                                      "what is beyond waits for the delay budget");
            NS_TEST_EXPECT_MSG_EQ(counters.offered,
                                  counters.delivered + counters.dropped + counters.queued,
                                  "balance");
        });
    }
};

/// Tests of the bearer.
class NrGbrBearerTestSuite : public TestSuite
{
  public:
    NrGbrBearerTestSuite()
        : TestSuite("nr-gbr-bearer", NRU_TEST_UNIT)
    {
        AddTestCase(new BearerTestCase, NRU_TEST_QUICK);
        AddTestCase(new DelayTestCase, NRU_TEST_QUICK);
        AddTestCase(new RatesTestCase, NRU_TEST_QUICK);
    }
};

const NrGbrBearerTestSuite g_nrGbrBearerTestSuite; //!< registers itself

} // namespace

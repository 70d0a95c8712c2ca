// SPDX-License-Identifier: GPL-2.0-only

#include "nru-access-fixture.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr int64_t US = 1000;              //!< ns in 1 us
constexpr int64_t REQUEST_NS = 1000 * US; //!< when the scripts request access
constexpr double LOUD = -60.0;            //!< dBm, above the threshold of -72 dBm

/** @brief Energy on the air, relative to the request. */
struct Burst
{
    double startUs;        //!< start, us
    double durationUs;     //!< length, us
    double powerDbm{LOUD}; //!< received power, dBm
    uint32_t channel{0};   //!< channel
};

/** @brief A scripted pattern of energy and when access must come of it. */
struct Script
{
    std::string name;          //!< what it shows
    uint32_t n;                //!< N drawn
    std::vector<Burst> bursts; //!< energy
    double grantUs;            //!< expected grant, us after the request
};

/**
 * @brief Convert to ns.
 * @param us time, us
 * @return time, ns
 */
int64_t
Ns(double us)
{
    return std::llround(us * 1000.0);
}

/**
 * @brief Put a script's energy on the air.
 * @param fixture the radio
 * @param bursts the energy
 */
void
Play(NruAccessFixture& fixture, const std::vector<Burst>& bursts)
{
    for (const auto& burst : bursts)
    {
        fixture.Energy(REQUEST_NS + Ns(burst.startUs),
                       Ns(burst.durationUs),
                       burst.powerDbm,
                       burst.channel);
    }
}

/** @brief Type 1 of class 3 (T_d = 43 us: slots at 0, 16, 25 and 34 us) grants to the nanosecond.
 */
class Type1TimelineTest : public TestCase
{
  public:
    /** @param script the script */
    explicit Type1TimelineTest(const Script& script)
        : TestCase("Type 1: " + script.name),
          m_script(script)
    {
    }

  private:
    void DoRun() override
    {
        NruAccessFixture fixture;
        Play(fixture, m_script.bursts);
        Simulator::Schedule(NanoSeconds(REQUEST_NS),
                            &NruAccessFixture::Request,
                            &fixture,
                            m_script.n);
        Simulator::Stop(MilliSeconds(5));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(fixture.grantsNs.size(), 1, "one request, one grant");
        NS_TEST_EXPECT_MSG_EQ(fixture.grantsNs[0] - REQUEST_NS,
                              Ns(m_script.grantUs),
                              "time from request to grant, ns");
        NS_TEST_EXPECT_MSG_EQ(fixture.draws.back().first, m_script.n, "N is drawn once");
    }

    Script m_script; //!< the script
};

const std::vector<Script> TYPE1_SCRIPTS = {
    {"an idle channel takes T_d", 0, {}, 43.0},
    {"an idle channel takes T_d and N slots", 5, {}, 88.0},
    {"energy that leaves 4 us of the first slot does no harm", 0, {{-100, 105}}, 43.0},
    {"energy that leaves less restarts T_d at its end", 0, {{-100, 105.001}}, 48.001},
    {"the 7 us between T_f's slot and the next are not sensed", 0, {{9, 7}}, 43.0},
    {"5 us of energy leave a slot idle", 0, {{36, 5}}, 43.0},
    {"more than 5 us make it busy", 0, {{36, 5.001}}, 84.001},
    {"pieces of energy in one slot add up", 0, {{34, 3}, {39, 3}}, 85.0},
    {"energy in T_d does not touch N", 5, {{20, 100}}, 208.0},
    {"energy in the last 5 us of T_d comes too late", 0, {{38, 100}}, 43.0},
    {"N = 0 does not wait for what starts at its end", 0, {{43, 100}}, 43.0},
    {"the first busy slot consumes a count", 1, {{38, 100}}, 181.0},
    {"energy before the last 5 us spoils T_d", 1, {{37.999, 100}}, 189.999},
    {"a slot busy from its start consumes its count", 5, {{61, 100}}, 222.0},
    {"a slot busy in its last 5 us is idle, the next is consumed", 5, {{65, 100}}, 217.0},
    {"a slot busy earlier is consumed itself", 5, {{64.999, 100}}, 225.999},
    {"energy in the last 5 us of the last slot collides", 1, {{47, 100}}, 52.0},
    {"N = 0 after a busy slot transmits right after T_d", 1, {{46.999, 100}}, 189.999},
    {"a second burst in T_d leaves N as it was", 5, {{61, 100}, {181, 50}}, 292.0},
    {"each busy slot consumes one count", 5, {{61, 100}, {204, 10}}, 266.0},
    {"back-to-back bursts are one", 5, {{61, 50}, {111, 50}}, 222.0},
    {"energy below the threshold is silence", 2, {{0, 100, -72.1}}, 61.0},
    {"energy above the threshold is not", 2, {{0, 100, -71.98}}, 161.0},
    {"energy of two adds up", 2, {{30, 50, -74.5}, {50, 60, -74.5}}, 123.0},
    {"energy on another channel is silence", 2, {{0, 100, LOUD, 1}}, 61.0},
};

/** @brief Each class has its defer duration and its longest occupancy. */
class Type1ClassesTest : public TestCase
{
  public:
    Type1ClassesTest()
        : TestCase("Type 1: defer duration and occupancy of every class")
    {
    }

  private:
    void DoRun() override
    {
        const int64_t deferUs[] = {25, 25, 43, 79};
        const int64_t mcotMs[] = {2, 3, 8, 8};
        const int64_t mcotAloneMs[] = {2, 3, 10, 10};
        for (uint32_t p = 1; p <= 4; ++p)
        {
            for (const bool alone : {false, true})
            {
                NruAccessFixture fixture;
                fixture.access->SetAttribute("PriorityClass", UintegerValue(p));
                fixture.access->SetAttribute("OtherTechnologyAbsent", BooleanValue(alone));
                fixture.Request(2);
                Simulator::Run();
                NS_TEST_ASSERT_MSG_EQ(fixture.grantsNs.size(), 1, "granted");
                NS_TEST_EXPECT_MSG_EQ(fixture.grantsNs[0], (deferUs[p - 1] + 18) * US, "T_d, ns");
                const int64_t mcot = alone ? mcotAloneMs[p - 1] : mcotMs[p - 1];
                NS_TEST_EXPECT_MSG_EQ(fixture.mcot.GetMilliSeconds(), mcot, "T_mcot, ms");
            }
        }
    }
};

/** @brief An occupancy is followed by a full Type 1 with a fresh N; N is uniform. */
class FreshBackoffTest : public TestCase
{
  public:
    FreshBackoffTest()
        : TestCase("Type 1: a fresh, uniform N for every access")
    {
    }

  private:
    void DoRun() override
    {
        NruAccessFixture fixture;
        const uint32_t accesses = 4000;
        int64_t expected = 0;
        std::vector<uint32_t> seen(16, 0);
        for (uint32_t i = 0; i < accesses; ++i)
        {
            fixture.access->RequestAccess();
            const uint32_t n = fixture.draws.back().first;
            NS_TEST_ASSERT_MSG_LT(n, 16, "N is at most CWmin");
            ++seen[n];
            expected += 43 * US + 9 * US * n;
            Simulator::Run();
            NS_TEST_ASSERT_MSG_EQ(fixture.grantsNs.back(), expected, "T_d and N slots");
            fixture.Transmit(MilliSeconds(8));
            Simulator::Run();
            expected += 8000 * US;
            fixture.access->NotifyCotEnd();
        }
        double chiSquare = 0.0;
        for (const uint32_t count : seen)
        {
            chiSquare += std::pow(count - accesses / 16.0, 2) / (accesses / 16.0);
        }
        NS_TEST_EXPECT_MSG_LT(chiSquare, 37.7, "uniform on 0..15 (15 degrees, 0.1 %)");
    }
};

/** @brief A request that is withdrawn or moved to another channel. */
class ChannelChangeTest : public TestCase
{
  public:
    ChannelChangeTest()
        : TestCase("Type 1: withdrawal, and a new procedure on a new channel")
    {
    }

  private:
    void DoRun() override
    {
        NruAccessFixture fixture;
        fixture.Energy(0, 200 * US, LOUD, 1);
        fixture.Request(3);
        Simulator::Schedule(MicroSeconds(20), &NrSpectrumPhy::SetChannelIndex, fixture.phy, 1);
        Simulator::Run();
        const auto n = static_cast<int64_t>(fixture.draws.back().first);
        NS_TEST_ASSERT_MSG_EQ(fixture.grantsNs.size(), 1, "granted once");
        NS_TEST_EXPECT_MSG_EQ(fixture.grantsNs[0],
                              (200 + 43 + 9 * n) * US,
                              "T_d starts when the new channel falls silent");
        fixture.access->NotifyCotEnd();

        fixture.Request(1);
        NS_TEST_EXPECT_MSG_EQ(fixture.access->IsRequested(), true, "requested");
        fixture.access->CancelRequest();
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(fixture.access->IsRequested(), false, "withdrawn");
        NS_TEST_EXPECT_MSG_EQ(fixture.grantsNs.size(), 1, "no grant after withdrawal");
    }
};

/** @brief Self-deferral to slot boundaries of 500 us. */
class SlotBoundaryTest : public TestCase
{
  public:
    SlotBoundaryTest()
        : TestCase("Type 1: self-deferral to the slot boundary")
    {
    }

  private:
    /**
     * @brief Check one script, N = 0 at first.
     * @param requestUs time of the request, us
     * @param bursts energy, relative to 1 ms
     * @param grantUs expected grant, us
     * @param draws expected number of draws after the request
     */
    void
    Check(double requestUs, const std::vector<Burst>& bursts, double grantUs, std::size_t draws)
    {
        NruAccessFixture fixture;
        fixture.access->SetAttribute("StartAlignment", StringValue("slot"));
        Play(fixture, bursts);
        std::size_t before = 0;
        Simulator::Schedule(NanoSeconds(Ns(requestUs)), [&fixture, &before]() {
            fixture.Request(0);
            before = fixture.draws.size();
        });
        Simulator::Stop(MilliSeconds(5));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(fixture.grantsNs.size(), 1, "granted once");
        NS_TEST_EXPECT_MSG_EQ(fixture.grantsNs[0], Ns(grantUs), "grant, ns");
        NS_TEST_EXPECT_MSG_EQ(fixture.draws.size() - before, draws, "draws");
    }

    void DoRun() override
    {
        Check(957, {}, 1000, 0);                        // counted down at a boundary
        Check(1000, {}, 1500, 0);                       // waits for the next
        Check(1000, {{300, 50}}, 1500, 0);              // T_d before the boundary was idle
        Check(1000, {{300, 157}}, 1500, 0);             // just so
        Check(1000, {{300, 163}}, 2000, 1);             // it was not: contend anew
        Check(1000, {{496, 20}}, 1500, 0);              // last 5 us: too late to notice
        Check(1000, {{450, 480}, {990, 600}}, 3000, 1); // anew after the second burst
    }
};

/** @brief A Type 2A script and its outcome. */
struct Type2aScript
{
    std::vector<Burst> bursts; //!< energy
    double outcomeUs;          //!< when the answer comes, us after the request
    bool granted;              //!< the answer
};

/** @brief Type 2A answers to the nanosecond. */
class Type2aTest : public TestCase
{
  public:
    Type2aTest()
        : TestCase("Type 2A: one 25 us interval, denied as soon as it is lost")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<Type2aScript> scripts = {
            {{}, 25.0, true},
            {{{-100, 105}}, 25.0, true},
            {{{-100, 200}}, 5.001, false},
            {{{-100, 103}, {4, 2}}, 25.0, true},
            {{{-100, 103}, {4, 2.001}}, 6.001, false},
            {{{-100, 103}, {4, 20}}, 6.001, false},
            {{{9, 7}}, 25.0, true},
            {{{12, 100}}, 21.001, false},
            {{{20, 100}}, 25.0, true},
            {{{19.999, 100}}, 25.0, false},
            {{{0, 100, -67.1}}, 25.0, true}, // T_A = 5 dB: -67 dBm
            {{{0, 100, -66.9}}, 5.001, false},
        };
        for (const auto& script : scripts)
        {
            NruAccessFixture fixture;
            Play(fixture, script.bursts);
            Simulator::Schedule(NanoSeconds(REQUEST_NS),
                                &NruAccessFixture::RequestType2a,
                                &fixture);
            Simulator::Run();
            NS_TEST_ASSERT_MSG_EQ(fixture.type2a.size(), 1, "one answer");
            NS_TEST_EXPECT_MSG_EQ(fixture.type2a[0].first - REQUEST_NS,
                                  Ns(script.outcomeUs),
                                  "time of the answer, ns");
            NS_TEST_EXPECT_MSG_EQ(fixture.type2a[0].second, script.granted, "the answer");
        }
    }
};

/** @brief Type 2A beside Type 1, and who may use it. */
class Type2aContextTest : public TestCase
{
  public:
    Type2aContextTest()
        : TestCase("Type 2A: beside Type 1, in an occupancy, and the limits of discovery bursts")
    {
    }

  private:
    void DoRun() override
    {
        NruAccessFixture fixture;
        fixture.RequestType2a();
        fixture.RequestType2a();
        NS_TEST_EXPECT_MSG_EQ(fixture.type2a.size(), 0, "no answer inside a request");
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(fixture.type2a.size(), 2, "both are answered");
        NS_TEST_EXPECT_MSG_EQ(fixture.type2a[0].second, false, "the first is replaced");
        NS_TEST_EXPECT_MSG_EQ(fixture.type2a[1].second, true, "the second is granted");

        // A burst that starts where Type 1 would: Type 1 keeps N = 0 and waits for its end.
        const int64_t start = Simulator::Now().GetNanoSeconds();
        Simulator::Schedule(MicroSeconds(43),
                            &NruAccessFixture::Transmit,
                            &fixture,
                            MilliSeconds(1));
        fixture.Request(0);
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(fixture.grantsNs.size(), 1, "Type 1 is granted");
        NS_TEST_EXPECT_MSG_EQ(fixture.grantsNs[0] - start, 1086 * US, "T_d after the burst");

        fixture.RequestType2a();
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(fixture.type2a.back().second, false, "not in an occupancy");

        NS_TEST_EXPECT_MSG_EQ(NruType2aSensor::IsAllowed(MilliSeconds(1), MilliSeconds(20)),
                              true,
                              "1 ms in 20 ms");
        NS_TEST_EXPECT_MSG_EQ(NruType2aSensor::IsAllowed(MicroSeconds(1001), MilliSeconds(160)),
                              false,
                              "longer than 1 ms");
        NS_TEST_EXPECT_MSG_EQ(NruType2aSensor::IsAllowed(MicroSeconds(501), MilliSeconds(10)),
                              false,
                              "duty cycle above 1/20");
    }
};

/** @brief Channel access of a gNB. */
class NruChannelAccessTestSuite : public TestSuite
{
  public:
    NruChannelAccessTestSuite()
        : TestSuite("nru-channel-access", NRU_TEST_UNIT)
    {
        for (const auto& script : TYPE1_SCRIPTS)
        {
            AddTestCase(new Type1TimelineTest(script), NRU_TEST_QUICK);
        }
        AddTestCase(new Type1ClassesTest, NRU_TEST_QUICK);
        AddTestCase(new FreshBackoffTest, NRU_TEST_QUICK);
        AddTestCase(new ChannelChangeTest, NRU_TEST_QUICK);
        AddTestCase(new SlotBoundaryTest, NRU_TEST_QUICK);
        AddTestCase(new Type2aTest, NRU_TEST_QUICK);
        AddTestCase(new Type2aContextTest, NRU_TEST_QUICK);
    }
};

NruChannelAccessTestSuite g_nruChannelAccessTestSuite; //!< the suite

} // namespace

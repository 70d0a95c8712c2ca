// SPDX-License-Identifier: GPL-2.0-only

#include "nru-access-fixture.h"
#include "test-compat.h"

#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr int64_t US = 1000; //!< ns in 1 us

/** @brief What the trace sources of a channel access manager have told. */
class Notes
{
  public:
    /** @param access the channel access manager */
    explicit Notes(Ptr<NruChannelAccessManager> access)
    {
        access->TraceConnectWithoutContext("Busy", MakeCallback(&Notes::OnBusy, this));
        access->TraceConnectWithoutContext("Idle", MakeCallback(&Notes::OnIdle, this));
        access->TraceConnectWithoutContext("Grant", MakeCallback(&Notes::OnGrant, this));
        access->TraceConnectWithoutContext("CotEnd", MakeCallback(&Notes::OnCotEnd, this));
        access->TraceConnectWithoutContext("CwChange", MakeCallback(&Notes::OnCwChange, this));
    }

    std::vector<std::string> lines; //!< one line a note, times in us

  private:
    /**
     * @brief Convert to text.
     * @param time a time
     * @return whole microseconds
     */
    static std::string Text(Time time)
    {
        return std::to_string(time.GetMicroSeconds());
    }

    /** @brief Channel busy. */
    void OnBusy()
    {
        lines.push_back("busy at " + Text(Simulator::Now()));
    }

    /** @param busy length of the busy period */
    void OnIdle(Time busy)
    {
        lines.push_back("idle after " + Text(busy));
    }

    /**
     * @param delay access delay
     * @param mcot longest occupancy
     */
    void OnGrant(Time delay, Time mcot)
    {
        lines.push_back("granted after " + Text(delay) + " for " + Text(mcot));
    }

    /** @param duration length of the occupancy */
    void OnCotEnd(Time duration)
    {
        lines.push_back("ended after " + Text(duration));
    }

    /**
     * @param priorityClass class
     * @param oldCw window before
     * @param newCw window after
     */
    void OnCwChange(uint32_t priorityClass, uint32_t oldCw, uint32_t newCw)
    {
        lines.push_back("class " + std::to_string(priorityClass) + ": " + std::to_string(oldCw) +
                        " to " + std::to_string(newCw));
    }
};

/** @brief One access from request to feedback as the trace sources tell it. */
class AccessTracesTest : public TestCase
{
  public:
    AccessTracesTest()
        : TestCase("traces: one access from request to feedback")
    {
    }

  private:
    void DoRun() override
    {
        NruAccessFixture fixture;
        Notes notes(fixture.access);
        fixture.Energy(10 * US, 90 * US);
        fixture.Request(2);
        Simulator::Stop(MicroSeconds(165));
        Simulator::Run();
        fixture.Transmit(MilliSeconds(3));
        Simulator::Run();
        fixture.access->NotifyCotEnd();
        fixture.access->ReportHarqFeedback(0, 4);
        fixture.access->ReportHarqFeedback(1, 3);
        const std::vector<std::string> expected = {
            "busy at 10",
            "idle after 90",
            "granted after 161 for 8000",
            "busy at 165",
            "idle after 3000",
            "ended after 3004",
            "class 1: 3 to 7",
            "class 2: 7 to 15",
            "class 3: 15 to 31",
            "class 4: 15 to 31",
            "class 1: 7 to 3",
            "class 2: 15 to 7",
            "class 3: 31 to 15",
            "class 4: 31 to 15",
        };
        NS_TEST_ASSERT_MSG_EQ(notes.lines.size(), expected.size(), "number of notes");
        for (std::size_t i = 0; i < expected.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(notes.lines[i], expected[i], "note " << i);
        }
    }
};

/** @brief The attributes of the window rules reach the windows. */
class WindowAttributesTest : public TestCase
{
  public:
    WindowAttributesTest()
        : TestCase("attributes: window rule and K")
    {
    }

  private:
    void DoRun() override
    {
        NruAccessFixture fixture;
        fixture.access->SetAttribute("CwUpdateRule", StringValue("laa80"));
        fixture.access->SetAttribute("MaxCwUses", UintegerValue(1));
        fixture.access->SetAttribute("PriorityClass", UintegerValue(1));
        fixture.access->RequestAccess();
        fixture.access->ReportHarqFeedback(1, 4);
        NS_TEST_EXPECT_MSG_EQ(fixture.access->GetCw(1), 7, "80 % NACK raises under LAA80");
        const uint32_t expected[] = {7, 3};
        for (const uint32_t cw : expected)
        {
            fixture.access->CancelRequest();
            fixture.access->RequestAccess();
            NS_TEST_EXPECT_MSG_EQ(fixture.draws.back().second, cw, "K = 1");
        }
    }
};

/** @brief Trace sources and attributes of channel access. */
class NruAccessTracesTestSuite : public TestSuite
{
  public:
    NruAccessTracesTestSuite()
        : TestSuite("nru-access-traces", NRU_TEST_UNIT)
    {
        AddTestCase(new AccessTracesTest, NRU_TEST_QUICK);
        AddTestCase(new WindowAttributesTest, NRU_TEST_QUICK);
    }
};

NruAccessTracesTestSuite g_nruAccessTracesTestSuite; //!< the suite

} // namespace

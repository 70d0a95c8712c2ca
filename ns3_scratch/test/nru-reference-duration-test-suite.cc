// SPDX-License-Identifier: GPL-2.0-only

#include "nru-access-fixture.h"
#include "nru-reference-duration.h"
#include "test-compat.h"

#include "ns3/string.h"
#include "ns3/test.h"

#include <functional>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief Which HARQ feedback of a channel occupancy moves the contention window (TS 37.213 clause
 * 4.1.4.2: from its start to the end of the first slot with unicast PDSCH).
 */
class ReferenceDurationTestCase : public TestCase
{
  public:
    ReferenceDurationTestCase()
        : TestCase("Feedback of the first slot with unicast PDSCH moves the window, no other")
    {
    }

  private:
    /**
     * @brief An occupancy, from a window of 31.
     * @param occupancy what happens in it
     * @param rule for the window
     * @return the window of class 3 from which the next access draws
     */
    static uint32_t GetWindow(const std::function<void(NruReferenceDuration&)>& occupancy,
                              const std::string& rule = "nr")
    {
        NruAccessFixture fixture;
        fixture.access->SetAttribute("CwUpdateRule", StringValue(rule));
        fixture.access->RequestAccess(); // reads the rule
        fixture.access->CancelRequest();
        fixture.access->ReportHarqFeedback(0, 1);
        NruReferenceDuration reference;
        occupancy(reference);
        reference.Report(*fixture.access);
        fixture.access->RequestAccess();
        return fixture.draws.back().second;
    }

    /**
     * @brief A slot with unicast PDSCH.
     * @param reference counts
     * @param acks of its blocks
     */
    static void Slot(NruReferenceDuration& reference, const std::vector<bool>& acks)
    {
        for (const auto isAck : acks)
        {
            reference.Count(isAck);
        }
        reference.EndSlot();
    }

    void DoRun() override
    {
        constexpr uint32_t RAISED = 63;
        constexpr uint32_t RESET = 15;
        constexpr uint32_t UNTOUCHED = 31;
        NS_TEST_EXPECT_MSG_EQ(GetWindow([](auto& reference) {
                                  reference.Start();
                                  Slot(reference, {false, false});
                              }),
                              RAISED,
                              "all NACK in the only slot");
        NS_TEST_EXPECT_MSG_EQ(GetWindow([](auto& reference) {
                                  reference.Start();
                                  Slot(reference, {false, true, false});
                              }),
                              RESET,
                              "one ACK is enough");
        NS_TEST_EXPECT_MSG_EQ(GetWindow([](auto& reference) {
                                  reference.Start();
                                  Slot(reference, {false});
                                  Slot(reference, {true, true});
                              }),
                              RAISED,
                              "an ACK of the second slot comes too late");
        NS_TEST_EXPECT_MSG_EQ(GetWindow([](auto& reference) {
                                  reference.Start();
                                  Slot(reference, {true});
                                  Slot(reference, {false, false, false});
                              }),
                              RESET,
                              "and so does a NACK");
        NS_TEST_EXPECT_MSG_EQ(GetWindow([](auto& reference) { reference.Start(); }),
                              UNTOUCHED,
                              "an occupancy without unicast PDSCH says nothing");
        NS_TEST_EXPECT_MSG_EQ(GetWindow([](auto& reference) { Slot(reference, {false}); }),
                              UNTOUCHED,
                              "nothing counts outside an occupancy");
        NS_TEST_EXPECT_MSG_EQ(GetWindow([](auto& reference) {
                                  reference.Start();
                                  Slot(reference, {false});
                                  reference.Start();
                                  Slot(reference, {true});
                              }),
                              RESET,
                              "the latest occupancy counts");
        NS_TEST_EXPECT_MSG_EQ(GetWindow(
                                  [](auto& reference) {
                                      reference.Start();
                                      Slot(reference, {true, false, false, false, false});
                                  },
                                  "laa80"),
                              RAISED,
                              "80 % NACK by the rule of LTE-LAA");
        CheckOnce();
    }

    /// Feedback is reported once.
    void CheckOnce()
    {
        NruAccessFixture fixture;
        NruReferenceDuration reference;
        NS_TEST_EXPECT_MSG_EQ(reference.EndSlot(), false, "nothing to end yet");
        reference.Start();
        reference.Count(false);
        NS_TEST_EXPECT_MSG_EQ(reference.EndSlot(), true, "ends with the first slot");
        NS_TEST_EXPECT_MSG_EQ(reference.EndSlot(), false, "once");
        reference.Report(*fixture.access);
        reference.Report(*fixture.access);
        reference.Count(false);
        reference.Report(*fixture.access);
        fixture.access->RequestAccess();
        NS_TEST_EXPECT_MSG_EQ(fixture.draws.back().second, 31, "once up from 15");
    }
};

/// Tests of the reference duration.
class NruReferenceDurationTestSuite : public TestSuite
{
  public:
    NruReferenceDurationTestSuite()
        : TestSuite("nru-reference-duration", NRU_TEST_UNIT)
    {
        AddTestCase(new ReferenceDurationTestCase, NRU_TEST_QUICK);
    }
};

const NruReferenceDurationTestSuite g_nruReferenceDurationTestSuite; //!< registers itself

} // namespace

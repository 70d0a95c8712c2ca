// SPDX-License-Identifier: GPL-2.0-only

#include "gym-writer.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <messages.pb.h>

#include <cmath>
#include <limits>

using namespace ns3;

namespace
{

/** @brief What is written from the end is what protobuf writes from the beginning. */
class GymWriterTestCase : public TestCase
{
  public:
    GymWriterTestCase()
        : TestCase("A message written backwards is the one that protobuf writes")
    {
    }

  private:
    /** @brief Write whole numbers both ways. */
    void ExpectIntegers(const std::vector<int32_t>& numbers)
    {
        ns3opengym::BoxDataContainer box;
        box.mutable_intdata()->Add(numbers.begin(), numbers.end());
        m_writer.Clear();
        m_writer.AddNumbers(ns3opengym::BoxDataContainer::kIntDataFieldNumber, numbers);
        NS_TEST_EXPECT_MSG_EQ((m_writer.GetMessage() == box.SerializeAsString()),
                              true,
                              numbers.size() << " integers");
    }

    /** @brief Write a state both ways. */
    void ExpectState(float reward, bool isLast, int reason, const std::string& info)
    {
        using State = ns3opengym::EnvStateMsg;
        State state;
        state.set_reward(reward);
        state.set_isgameover(isLast);
        state.set_reason(static_cast<State::Reason>(reason));
        state.set_info(info);
        m_writer.Clear();
        m_writer.AddText(State::kInfoFieldNumber, info);
        m_writer.AddNumber(State::kReasonFieldNumber, reason);
        m_writer.AddNumber(State::kIsGameOverFieldNumber, isLast);
        m_writer.AddFloat(State::kRewardFieldNumber, reward);
        NS_TEST_EXPECT_MSG_EQ((m_writer.GetMessage() == state.SerializeAsString()),
                              true,
                              "reward " << reward << ", info of " << info.size());
    }

    void DoRun() override
    {
        const auto least = std::numeric_limits<int32_t>::min();
        const auto most = std::numeric_limits<int32_t>::max();
        ExpectIntegers({});
        ExpectIntegers({0});
        ExpectIntegers({0, 1, 127});
        ExpectIntegers({0, 1, 128});
        ExpectIntegers({-1, 0, 127, 128, 16383, 16384, 1 << 21, 1 << 28, most, least});
        ExpectIntegers(std::vector<int32_t>(5000, 300)); // more than there is room for
        ExpectIntegers(std::vector<int32_t>(20000, 3));
        ExpectState(0, false, 0, "");
        ExpectState(-0.0F, false, 0, "{}");
        ExpectState(1.5F, true, 1, std::string(300, 'x'));
        ExpectState(NAN, true, 0, std::string(100000, 'y'));
    }

    GymWriter m_writer; //!< one for all, as a session has one for all states
};

/** @brief The suite. */
class GymWriterTestSuite : public TestSuite
{
  public:
    GymWriterTestSuite()
        : TestSuite("gym-writer", NRU_TEST_UNIT)
    {
        AddTestCase(new GymWriterTestCase, NRU_TEST_QUICK);
    }
};

GymWriterTestSuite g_gymWriterTestSuite; //!< registers the suite

} // namespace

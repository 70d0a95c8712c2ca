// SPDX-License-Identifier: GPL-2.0-only

#include "gym-knobs.h"
#include "gym-record.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;

namespace
{

/** @brief A row of a record gives a Box and its numbers, however its getter is called. */
class GymRecordTestCase : public TestCase
{
  public:
    GymRecordTestCase()
        : TestCase("A row of a record gives space and data")
    {
    }

  private:
    void DoRun() override
    {
        int count = 0;
        GymRecord record;
        record.Add<double>("time", {1}, 0, 10, [&count] { return 0.5 * count; });
        record.Add<int32_t>("one", {3}, 0, 9, [](uint32_t i) { return i + 1; });
        record.Add<float>("two", {2, 3}, 0, 9, [](uint32_t i, uint32_t j) { return 3 * i + j; });
        record.Add<uint32_t>("all", {2}, 0, 9, [last = 0U](std::vector<uint32_t>& to) mutable {
            to = {last, last + 1};
            ++last;
        });

        const auto space = record.GetSpace();
        const auto& entries = dynamic_cast<const GymDictSpace&>(*space).GetEntries();
        std::string keys;
        for (const auto& [key, box] : entries)
        {
            keys += key + " ";
        }
        NS_TEST_ASSERT_MSG_EQ(keys, "time one two all ", "keys, in order");
        const auto& two = dynamic_cast<const GymBoxSpace&>(*entries[2].second);
        NS_TEST_EXPECT_MSG_EQ((two.GetShape() == std::vector<uint32_t>{2, 3}), true, "shape");
        NS_TEST_EXPECT_MSG_EQ((two.GetDtype() == GymDtype::FLOAT), true, "number type");
        NS_TEST_EXPECT_MSG_EQ(two.GetHigh(), 9, "upper bound");

        for (count = 0; count < 2; ++count)
        {
            const auto data = record.GetData();
            const auto& values = dynamic_cast<const GymDictData&>(*data);
            const auto last = static_cast<uint32_t>(count);
            Expect(values, "time", std::vector<double>{0.5 * count});
            Expect(values, "one", std::vector<int32_t>{1, 2, 3});
            Expect(values, "two", std::vector<float>{0, 1, 2, 3, 4, 5});
            Expect(values, "all", std::vector<uint32_t>{last, last + 1});
        }
    }

    /**
     * @param data of the record
     * @param key of an entry
     * @param expected its numbers
     */
    template <typename T>
    void Expect(const GymDictData& data, const std::string& key, const std::vector<T>& expected)
    {
        const auto* found = data.FindBox<T>(key);
        NS_TEST_ASSERT_MSG_EQ((found && *found == expected), true, key);
    }
};

/** @brief What an action has is set, last row first; what it leaves out is not. */
class GymKnobsTestCase : public TestCase
{
  public:
    GymKnobsTestCase()
        : TestCase("A row of knobs gives a space and acts")
    {
    }

  private:
    void DoRun() override
    {
        std::string done;
        GymKnobs knobs;
        knobs.Add<int32_t>("a", {2}, -1, 5, [&done](uint32_t i, int32_t value) {
            done += "a" + std::to_string(i) + "=" + std::to_string(value) + " ";
        });
        knobs.Add<double>("b", {1, 2}, 0, 1, [&done](uint32_t i, uint32_t j, double value) {
            done += "b" + std::to_string(i) + std::to_string(j) + (value > 0 ? "+ " : "0 ");
        });
        const auto space = knobs.GetSpace();
        const auto& entries = dynamic_cast<const GymDictSpace&>(*space).GetEntries();
        NS_TEST_ASSERT_MSG_EQ(entries.size(), 2, "entries");
        NS_TEST_EXPECT_MSG_EQ(entries[0].first, "a", "first key");

        auto action = Create<GymDictData>();
        action->AddBox("a", std::vector<int32_t>{5, -1});
        knobs.Execute(action);
        NS_TEST_EXPECT_MSG_EQ(done, "a0=5 a1=-1 ", "only what is there");
        action->AddBox("b", std::vector<double>{0, 0.5});
        done.clear();
        knobs.Execute(action);
        NS_TEST_EXPECT_MSG_EQ(done, "b000 b01+ a0=5 a1=-1 ", "last row first");
    }
};

/** @brief The suite. */
class GymRecordTestSuite : public TestSuite
{
  public:
    GymRecordTestSuite()
        : TestSuite("gym-record", NRU_TEST_UNIT)
    {
        AddTestCase(new GymRecordTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymKnobsTestCase, NRU_TEST_QUICK);
    }
};

GymRecordTestSuite g_gymRecordTestSuite; //!< registers the suite

} // namespace

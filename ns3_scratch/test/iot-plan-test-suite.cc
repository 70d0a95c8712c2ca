// SPDX-License-Identifier: GPL-2.0-only

#include "iot-cores.h"
#include "iot-plan.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr auto NONE = IotPlan::NONE;
constexpr auto TO_SERVER = IotPlan::TO_SERVER;
constexpr auto NOWHERE = IotPlan::NOWHERE;
constexpr int64_t RANGE = 3000; //!< of links (mm)

/**
 * @param places where cores start
 * @return cores in an area of 15 m by 10 m
 */
IotCores
MakeCores(const IotPlaces& places)
{
    return {places, {{15000, 10000}, 1000, 1.25, 2}};
}

/**
 * @ingroup iot-tests
 * @brief A test that compares lists of numbers.
 */
class ListTestCase : public TestCase
{
  public:
    using TestCase::TestCase;

  protected:
    /**
     * @param found a list
     * @param expected what it is to be
     * @param what it is
     */
    void Expect(const std::vector<int32_t>& found,
                const std::vector<int32_t>& expected,
                const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(found.size(), expected.size(), what << ": length");
        for (std::size_t i = 0; i < expected.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(found.at(i), expected[i], what << " " << i);
        }
    }
};

/**
 * @ingroup iot-tests
 * @brief Cores move within the area, and their weights within the levels.
 */
class CoresTestCase : public ListTestCase
{
  public:
    CoresTestCase()
        : ListTestCase("Cores stop at the edge, weights at the last level")
    {
    }

  private:
    void DoRun() override
    {
        using Move = IotCores::Move;
        auto cores = MakeCores({{500, 9500}, {14500, 500}});
        cores.Apply(0, Move::UP);
        cores.Apply(0, Move::LEFT);
        cores.Apply(1, Move::RIGHT);
        cores.Apply(1, Move::DOWN);
        NS_TEST_EXPECT_MSG_EQ(cores.GetPlaces()[0].x, 0, "left, as far as the edge");
        NS_TEST_EXPECT_MSG_EQ(cores.GetPlaces()[0].y, 10000, "up, as far as the edge");
        NS_TEST_EXPECT_MSG_EQ(cores.GetPlaces()[1].x, 15000, "right, as far as the edge");
        NS_TEST_EXPECT_MSG_EQ(cores.GetPlaces()[1].y, 0, "down, as far as the edge");
        cores.Apply(1, Move::UP);
        cores.Apply(1, Move::STAY);
        NS_TEST_EXPECT_MSG_EQ(cores.GetPlaces()[1].y, 1000, "one step up");
        for (int k = 0; k < 3; ++k)
        {
            cores.Apply(0, Move::SHRINK);
            cores.Apply(1, Move::EXPAND);
        }
        Expect(cores.GetLevels(), {2, -2}, "level");
        const auto square = 1.25 * 1.25;
        NS_TEST_EXPECT_MSG_EQ(cores.GetScale(0), 1.0 * square * square, "shrunk twice");
        NS_TEST_EXPECT_MSG_EQ(cores.GetScale(1), 1.0 / square / square, "expanded twice");
    }
};

/**
 * @ingroup iot-tests
 * @brief Heads, clusters and routes of small layouts that are worked out by hand.
 */
class PlanTestCase : public ListTestCase
{
  public:
    PlanTestCase()
        : ListTestCase("Heads, clusters and routes of small layouts")
    {
    }

  private:
    /// Seven devices on a line, two cores.
    void TestLine()
    {
        // Devices 0 to 5 stand 2 m apart; device 6 is 3.001 m from device 5.
        const IotPlaces
            places{{0, 0}, {2000, 0}, {4000, 0}, {6000, 0}, {8000, 0}, {10000, 0}, {13001, 0}};
        auto cores = MakeCores({{1000, 0}, {9900, 5000}});
        const std::vector<int32_t> nobody(7, NONE);
        const auto plan = IotPlanner(places, RANGE, false).Make(cores, nobody);
        Expect(plan.head, {0, 5}, "head, of equals the first"); // 0 and 1 are as near to core 0
        Expect(plan.cluster, {0, 0, 0, 1, 1, 1, 1}, "cluster");
        Expect(plan.parent, {TO_SERVER, 0, 1, 4, 5, TO_SERVER, NOWHERE}, "parent");
        Expect(plan.hops, {1, 2, 3, 3, 2, 1, 0}, "hops");

        const auto byCore = IotPlanner(places, RANGE, true).Make(cores, nobody);
        Expect(byCore.cluster, {0, 0, 0, 0, 1, 1, 1}, "cluster by the distance to cores");

        cores.Apply(0, IotCores::Move::SHRINK); // device 2: 4 m * 1.25 < 6 m
        Expect(IotPlanner(places, RANGE, false).Make(cores, nobody).cluster,
               {0, 0, 0, 1, 1, 1, 1},
               "cluster, shrunk once");
        cores.Apply(0, IotCores::Move::SHRINK); // 4 m * 1.5625 > 6 m
        Expect(IotPlanner(places, RANGE, false).Make(cores, nobody).cluster,
               {0, 0, 1, 1, 1, 1, 1},
               "cluster, shrunk twice");
    }

    /// Two cores with one nearest device, and ties.
    void TestTies()
    {
        const IotPlaces places{{5000, 5000}, {7000, 5000}, {5000, 7000}, {7000, 7000}};
        const std::vector<int32_t> nobody(4, NONE);
        const auto one =
            IotPlanner(places, RANGE, false).Make(MakeCores({{4000, 4000}, {5000, 4900}}), nobody);
        Expect(one.head, {0, NONE}, "the second core finds the head of the first");
        Expect(one.cluster, {0, 0, 0, 0}, "all are in the only cluster");
        Expect(one.parent, {TO_SERVER, 0, 0, 0}, "2.83 m is a link");
        const auto two =
            IotPlanner(places, RANGE, false).Make(MakeCores({{4000, 4000}, {8000, 8000}}), nobody);
        Expect(two.head, {0, 3}, "heads in opposite corners");
        Expect(two.cluster, {0, 0, 0, 1}, "as near to both heads: the lower cluster");

        const IotPlaces diamond{{0, 3000}, {2000, 4000}, {2000, 2000}, {4000, 3000}};
        const auto routes = IotPlanner(diamond, RANGE, false).Make(MakeCores({{0, 3000}}), nobody);
        Expect(routes.parent, {TO_SERVER, 0, 0, 1}, "of parents as near, the lowest index");
    }

    /// Devices that are assigned.
    void TestAssigned()
    {
        const IotPlaces places{{0, 0}, {2000, 0}, {4000, 0}, {6000, 0}, {8000, 0}};
        const auto cores = MakeCores({{0, 0}, {8000, 0}});
        const IotPlanner planner(places, RANGE, false);
        const auto some = planner.Make(cores, {1, NONE, NONE, 0, NONE});
        Expect(some.head, {3, 0}, "the nearest of those that are assigned");
        Expect(some.cluster, {1, 1, 0, 0, 0}, "others join by distance");
        const auto torn = planner.Make(cores, {0, 1, 0, 1, 1});
        Expect(torn.head, {0, 4}, "heads");
        Expect(torn.parent, {TO_SERVER, NOWHERE, NOWHERE, 4, TO_SERVER}, "no way through others");
        const auto all = planner.Make(cores, {1, 1, 1, 1, 1});
        Expect(all.head, {NONE, 4}, "nobody is left for cluster 0");
        Expect(all.hops, {5, 4, 3, 2, 1}, "all in one cluster");
    }

    void DoRun() override
    {
        TestLine();
        TestTies();
        TestAssigned();
    }
};

/// Tests of plans.
class IotPlanTestSuite : public TestSuite
{
  public:
    IotPlanTestSuite()
        : TestSuite("iot-plan", NRU_TEST_UNIT)
    {
        AddTestCase(new CoresTestCase, NRU_TEST_QUICK);
        AddTestCase(new PlanTestCase, NRU_TEST_QUICK);
    }
};

const IotPlanTestSuite g_iotPlanTestSuite; //!< registers itself

} // namespace

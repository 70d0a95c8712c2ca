// SPDX-License-Identifier: GPL-2.0-only

#include "nru-demand.h"
#include "nru-hall.h"
#include "test-compat.h"

#include "ns3/double.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @param a a position (m)
 * @param b another (m)
 * @return their horizontal distance (m)
 */
double
GetDistance(const Vector& a, const Vector& b)
{
    return std::hypot(a.x - b.x, a.y - b.y);
}

/**
 * @ingroup nru-tests
 * @brief gNBs on a grid, each in the middle of its share of the hall of 120 m by 50 m.
 */
class GridTestCase : public TestCase
{
  public:
    GridTestCase()
        : TestCase("Grid of 1 to 12 gNBs")
    {
    }

  private:
    void DoRun() override
    {
        const auto hall = CreateObject<NruHall>();
        const std::map<uint32_t, std::vector<uint32_t>> rowsOf{{1, {1}},
                                                               {2, {2}},
                                                               {3, {3}},
                                                               {4, {4}},
                                                               {5, {5}},
                                                               {6, {3, 3}},
                                                               {7, {4, 3}},
                                                               {8, {4, 4}},
                                                               {9, {5, 4}},
                                                               {10, {5, 5}},
                                                               {11, {6, 5}},
                                                               {12, {6, 6}}};
        for (const auto& [n, rows] : rowsOf)
        {
            const auto positions = hall->GetGrid(n);
            NS_TEST_ASSERT_MSG_EQ(positions.size(), n, "number of gNBs");
            uint32_t i = 0;
            for (uint32_t row = 0; row < rows.size(); ++row)
            {
                for (uint32_t column = 0; column < rows[row]; ++column, ++i)
                {
                    NS_TEST_EXPECT_MSG_EQ_TOL(positions[i].x,
                                              120.0 / rows[row] * (column + 0.5),
                                              1e-9,
                                              "x of " << i << " of " << n);
                    NS_TEST_EXPECT_MSG_EQ_TOL(positions[i].y,
                                              50.0 / rows.size() * (row + 0.5),
                                              1e-9,
                                              "y of " << i << " of " << n);
                    NS_TEST_EXPECT_MSG_EQ(positions[i].z, 3.0, "height");
                }
            }
        }
        // TR 38.901 Figure 7.2-1: twelve, 20 m apart along the hall
        NS_TEST_EXPECT_MSG_EQ_TOL(GetDistance(hall->GetGrid(12)[0], hall->GetGrid(12)[1]),
                                  20.0,
                                  1e-9,
                                  "distance of gNBs");
    }
};

/**
 * @ingroup nru-tests
 * @brief gNBs at random leave no point of the hall without one in reach.
 */
class CoverageTestCase : public TestCase
{
  public:
    CoverageTestCase()
        : TestCase("gNBs at random cover the hall, and differ by seed")
    {
    }

  private:
    /**
     * @param gnbs positions (m)
     * @return largest distance of a point of the hall from its nearest gNB (m)
     */
    static double GetReach(const std::vector<Vector>& gnbs)
    {
        double reach = 0;
        for (double x = 0; x <= 120; x += 0.5)
        {
            for (double y = 0; y <= 50; y += 0.5)
            {
                auto nearest = std::numeric_limits<double>::infinity();
                for (const auto& gnb : gnbs)
                {
                    nearest = std::min(nearest, GetDistance(gnb, {x, y, 0}));
                }
                reach = std::max(reach, nearest);
            }
        }
        return reach;
    }

    void DoRun() override
    {
        std::vector<double> firstX;
        for (uint32_t seed = 1; seed <= 5; ++seed)
        {
            RngSeedManager::SetRun(seed);
            for (const uint32_t n : {6, 10})
            {
                const auto hall = CreateObject<NruHall>();
                hall->AssignStreams(0);
                hall->SetAttribute("CoverageRadius", DoubleValue(n == 6 ? 40 : 32));
                const auto gnbs = hall->DrawGnbs(n);
                NS_TEST_ASSERT_MSG_EQ(gnbs.size(), n, "number of gNBs");
                // checked on a raster of 1 m, so up to 0.71 m farther between its points
                NS_TEST_EXPECT_MSG_LT(GetReach(gnbs), (n == 6 ? 40 : 32) + 0.71, "coverage");
                firstX.push_back(gnbs[0].x);
            }
        }
        std::sort(firstX.begin(), firstX.end());
        NS_TEST_EXPECT_MSG_EQ((std::adjacent_find(firstX.begin(), firstX.end()) == firstX.end()),
                              true,
                              "layouts differ");
    }
};

/**
 * @ingroup nru-tests
 * @brief UEs are uniform over the hall, stations around their access point.
 */
class NodesTestCase : public TestCase
{
  public:
    NodesTestCase()
        : TestCase("UEs uniform over the hall, stations within the radius")
    {
    }

  private:
    void DoRun() override
    {
        const auto hall = CreateObject<NruHall>();
        hall->AssignStreams(0);
        constexpr uint32_t N = 20000;
        double meanX = 0;
        double squareX = 0;
        double meanY = 0;
        for (const auto& ue : hall->DrawUes(N))
        {
            NS_TEST_EXPECT_MSG_EQ((ue.x >= 0 && ue.x <= 120 && ue.y >= 0 && ue.y <= 50),
                                  true,
                                  "within the hall");
            NS_TEST_EXPECT_MSG_EQ(ue.z, 1.5, "height");
            meanX += ue.x / N;
            squareX += ue.x * ue.x / N;
            meanY += ue.y / N;
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(meanX, 60, 1.0, "mean of x");
        NS_TEST_EXPECT_MSG_EQ_TOL(std::sqrt(squareX - meanX * meanX),
                                  120 / std::sqrt(12),
                                  0.5,
                                  "spread of x");
        NS_TEST_EXPECT_MSG_EQ_TOL(meanY, 25, 0.4, "mean of y");
        for (int i = 0; i < 200; ++i)
        {
            const auto bss = hall->DrawWifi(3, 15);
            NS_TEST_ASSERT_MSG_EQ(bss.size(), 4, "an access point and its stations");
            NS_TEST_EXPECT_MSG_EQ(bss[0].z, 3.0, "height of the access point");
            for (uint32_t j = 1; j < bss.size(); ++j)
            {
                NS_TEST_EXPECT_MSG_LT(GetDistance(bss[0], bss[j]), 15.0, "radius");
                NS_TEST_EXPECT_MSG_EQ(bss[j].z, 1.5, "height of a station");
            }
        }
    }
};

/**
 * @ingroup nru-tests
 * @brief Mean, variance and range of demand.
 */
class DemandTestCase : public TestCase
{
  public:
    DemandTestCase()
        : TestCase("Moments of demand: constant, uniform, gamma")
    {
    }

  private:
    /// Mean, variance, least and most.
    struct Moments
    {
        double mean{0};     //!< Mb/s
        double variance{0}; //!< (Mb/s)^2
        double least{1e9};  //!< Mb/s
        double most{0};     //!< Mb/s
    };

    /**
     * @param distribution its name
     * @return moments of many draws
     */
    static Moments Measure(const std::string& distribution)
    {
        constexpr uint32_t N = 50000;
        const auto demand = CreateObject<NruDemand>();
        demand->SetAttribute("Distribution", StringValue(distribution));
        demand->AssignStreams(0);
        Moments moments;
        for (uint32_t i = 0; i < N; ++i)
        {
            const auto draw = demand->Draw() / 1e6;
            moments.mean += draw / N;
            moments.variance += std::pow(draw - 2.75, 2) / N;
            moments.least = std::min(moments.least, draw);
            moments.most = std::max(moments.most, draw);
        }
        return moments;
    }

    void DoRun() override
    {
        const auto constant = Measure("constant");
        NS_TEST_EXPECT_MSG_EQ_TOL(constant.mean, 2.75, 1e-9, "mean");
        NS_TEST_EXPECT_MSG_EQ_TOL(constant.variance, 0.0, 1e-9, "variance");
        const auto uniform = Measure("uniform");
        NS_TEST_EXPECT_MSG_EQ_TOL(uniform.mean, 2.75, 0.03, "mean");
        NS_TEST_EXPECT_MSG_EQ_TOL(uniform.variance, 4.5 * 4.5 / 12, 0.03, "variance");
        NS_TEST_EXPECT_MSG_EQ_TOL(uniform.least, 0.5, 0.005, "least");
        NS_TEST_EXPECT_MSG_EQ_TOL(uniform.most, 5.0, 0.005, "most");
        const auto gamma = Measure("gamma");
        NS_TEST_EXPECT_MSG_EQ_TOL(gamma.mean, 2.75, 0.05, "mean");
        NS_TEST_EXPECT_MSG_EQ_TOL(gamma.variance, 4.5, 0.25, "variance");
        NS_TEST_EXPECT_MSG_GT(gamma.least, 0.0, "least");
    }
};

/// Tests of the hall.
class NruHallTestSuite : public TestSuite
{
  public:
    NruHallTestSuite()
        : TestSuite("nru-hall", NRU_TEST_UNIT)
    {
        AddTestCase(new GridTestCase, NRU_TEST_QUICK);
        AddTestCase(new CoverageTestCase, NRU_TEST_QUICK);
        AddTestCase(new NodesTestCase, NRU_TEST_QUICK);
        AddTestCase(new DemandTestCase, NRU_TEST_QUICK);
    }
};

const NruHallTestSuite g_nruHallTestSuite; //!< registers itself

} // namespace

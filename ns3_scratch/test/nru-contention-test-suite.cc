// SPDX-License-Identifier: GPL-2.0-only

#include "nru-bianchi-model.h"
#include "nru-contention-experiment.h"
#include "nru-priority-class.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <cmath>
#include <string>

using namespace ns3;

namespace
{

/**
 * @brief Sum of all shares of time.
 * @param shares the shares
 * @return their sum
 */
double
Sum(const NruMediumShares& shares)
{
    return shares.nruSuccess + shares.nruCollision + shares.wifiSuccess + shares.wifiCollision +
           shares.crossCollision + shares.defer + shares.idle;
}

/** @brief Saturated gNBs in one collision domain against Bianchi's fixed point. */
class SaturatedTest : public TestCase
{
  public:
    /**
     * @param priorityClass the class
     * @param n number of gNBs
     * @param seconds simulated time, s
     */
    SaturatedTest(uint32_t priorityClass, uint32_t n, double seconds)
        : TestCase("saturated: class " + std::to_string(priorityClass) + ", " + std::to_string(n) +
                   " gNBs, against the closed form"),
          m_class(priorityClass),
          m_n(n),
          m_seconds(seconds)
    {
    }

  private:
    void DoRun() override
    {
        NruContentionConfig config;
        config.nGnbs = m_n;
        config.priorityClass = m_class;
        config.duration = Seconds(m_seconds);
        const auto result = RunNruContention(config);

        const auto& limits = GetNruPriorityClass(m_class);
        const auto point = SolveBianchi({limits.cwMin, limits.cwMax, config.maxCwUses}, m_n);
        // Independence of the nodes' countdowns, on which the closed form rests, fails for few.
        const double tolerance = m_n >= 5 ? 0.02 : 0.10;
        NS_TEST_EXPECT_MSG_EQ_TOL(result.nru.tau, point.tau, tolerance * point.tau, "tau");
        NS_TEST_EXPECT_MSG_EQ_TOL(result.nru.p, point.p, tolerance * point.p, "p");

        const double idle = std::pow(1.0 - point.tau, m_n);
        const double success = m_n * point.tau * (1.0 - point.p);
        const double mcot = limits.mcot.GetSeconds();
        const double mean =
            idle * 9e-6 + (1.0 - idle) * (mcot + limits.GetDeferDuration().GetSeconds());
        const double airtime = success * mcot / mean;
        NS_TEST_EXPECT_MSG_EQ_TOL(result.shares.nruSuccess,
                                  airtime,
                                  tolerance * airtime,
                                  "successful airtime");
        NS_TEST_EXPECT_MSG_EQ_TOL(Sum(result.shares), 1.0, 1e-9, "airtime is conserved");
    }

    uint32_t m_class; //!< priority class
    uint32_t m_n;     //!< number of gNBs
    double m_seconds; //!< simulated time, s
};

/** @brief The given class 3 figures: closed form, and a slot-level simulation of 4e5 accesses. */
class Class3FiguresTest : public TestCase
{
  public:
    Class3FiguresTest()
        : TestCase("saturated: figures of class 3")
    {
    }

  private:
    void DoRun() override
    {
        const struct
        {
            uint32_t n;        //!< gNBs
            double tau;        //!< closed form
            double p;          //!< closed form
            double airtime;    //!< successful, closed form
            double simulatedP; //!< slot-level simulation
            double simulated;  //!< successful airtime, slot-level simulation
        } figures[] = {
            {2, 0.10507, 0.1051, 0.935, 0.113, 0.931},
            {5, 0.08216, 0.2903, 0.830, 0.294, 0.828},
            {10, 0.06488, 0.4532, 0.721, 0.455, 0.720},
        };

        for (const auto& figure : figures)
        {
            const auto point = SolveBianchi({15, 63, 0}, figure.n);
            NS_TEST_EXPECT_MSG_EQ_TOL(point.tau, figure.tau, 6e-6, "tau of the closed form");
            NS_TEST_EXPECT_MSG_EQ_TOL(point.p, figure.p, 6e-5, "p of the closed form");

            NruContentionConfig config;
            config.nGnbs = figure.n;
            config.maxCwUses = 0;
            config.duration = Seconds(500); // some 7e4 accesses: p within 1 %
            const auto result = RunNruContention(config);
            const auto compare = [&](double actual, double expected, double share, const char* of) {
                NS_TEST_EXPECT_MSG_EQ_TOL(actual,
                                          expected,
                                          share * expected,
                                          of << " of " << figure.n << " gNBs");
            };
            const auto closedForm = figure.n >= 5 ? 0.02 : 0.10; // see above
            compare(result.nru.tau, figure.tau, closedForm, "access probability");
            compare(result.nru.p, figure.p, closedForm, "collision probability");
            compare(result.shares.nruSuccess, figure.airtime, closedForm, "airtime");
            compare(result.nru.p, figure.simulatedP, 0.02, "collision probability, simulated");
            compare(result.shares.nruSuccess, figure.simulated, 0.005, "airtime, simulated");
        }
    }
};

/** @brief Offered load below saturation is carried, and time still adds up. */
class OfferedLoadTest : public TestCase
{
  public:
    OfferedLoadTest()
        : TestCase("offered load: carried, reproducible, and time adds up")
    {
    }

  private:
    void DoRun() override
    {
        NruContentionConfig config;
        config.nGnbs = 3;
        config.saturated = false;
        config.offeredMbps = 15.0;
        config.duration = Seconds(20);
        const auto result = RunNruContention(config);
        NS_TEST_EXPECT_MSG_EQ_TOL(result.nru.throughputMbps, 45.0, 1.0, "carried, Mb/s");
        NS_TEST_EXPECT_MSG_EQ_TOL(Sum(result.shares), 1.0, 1e-9, "airtime is conserved");
        NS_TEST_EXPECT_MSG_EQ_TOL(result.shares.nruSuccess,
                                  result.nru.throughputMbps / 100.0,
                                  0.001,
                                  "airtime at 100 Mb/s");

        const auto again = RunNruContention(config);
        NS_TEST_EXPECT_MSG_EQ(again.nru.attempts, result.nru.attempts, "same seed, same run");
        config.seed = 2;
        const auto other = RunNruContention(config);
        NS_TEST_EXPECT_MSG_NE(other.nru.attempts, result.nru.attempts, "other seed, other run");
    }
};

/** @brief Contention in one collision domain. */
class NruContentionTestSuite : public TestSuite
{
  public:
    NruContentionTestSuite()
        : TestSuite("nru-contention", NRU_TEST_UNIT)
    {
        // Simulated seconds such that the sampling error is well inside the tolerance.
        const double seconds[4][3] = {
            {300, 100, 30},
            {100, 200, 60},
            {200, 1200, 300},
            {200, 600, 600},
        };
        const uint32_t nodes[3] = {2, 5, 10};
        for (uint32_t p = 1; p <= 4; ++p)
        {
            for (uint32_t i = 0; i < 3; ++i)
            {
                AddTestCase(new SaturatedTest(p, nodes[i], seconds[p - 1][i]), NRU_TEST_QUICK);
            }
        }
        AddTestCase(new Class3FiguresTest, NRU_TEST_QUICK);
        AddTestCase(new OfferedLoadTest, NRU_TEST_QUICK);
    }
};

NruContentionTestSuite g_nruContentionTestSuite; //!< the suite

} // namespace

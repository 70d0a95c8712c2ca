// SPDX-License-Identifier: GPL-2.0-only

#include "nr-block-fading.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nr-tests
 * @brief Mean, variance, distribution and correlation of gains.
 */
class BlockFadingTestCase : public TestCase
{
  public:
    BlockFadingTestCase()
        : TestCase("Block fading: mean, variance, tail, correlation in time and between links")
    {
    }

  private:
    /**
     * @param a values
     * @param b values, as many
     * @param lag of b behind a
     * @return mean of (a - 1)(b - 1)
     */
    static double
    GetCovariance(const std::vector<double>& a, const std::vector<double>& b, std::size_t lag)
    {
        auto sum = 0.0;
        for (std::size_t i = lag; i < a.size(); ++i)
        {
            sum += (a[i] - 1) * (b[i - lag] - 1);
        }
        return sum / (a.size() - lag);
    }

    void DoRun() override
    {
        constexpr uint32_t PER_BLOCK = 4; // samples
        constexpr uint32_t BLOCKS = 20000;
        for (const auto diversity : {1U, 4U})
        {
            NrBlockFading fading(2, MilliSeconds(20), diversity);
            fading.AssignStreams(7);
            std::vector<double> a;
            std::vector<double> b;
            for (uint32_t i = 0; i < BLOCKS * PER_BLOCK; ++i)
            {
                fading.Advance(MilliSeconds(20) / PER_BLOCK * i);
                a.push_back(fading.GetGain(0));
                b.push_back(fading.GetGain(1));
            }
            const auto variance = 1.0 / diversity;
            const auto tolerance = 0.05 * variance;
            auto mean = 0.0;
            for (const auto gain : a)
            {
                mean += gain / a.size();
            }
            NS_TEST_EXPECT_MSG_EQ_TOL(mean, 1, 0.02, "mean");
            for (uint32_t lag = 0; lag <= PER_BLOCK + 1; ++lag)
            {
                const auto correlation = std::max(0.0, 1 - static_cast<double>(lag) / PER_BLOCK);
                NS_TEST_EXPECT_MSG_EQ_TOL(GetCovariance(a, a, lag),
                                          variance * correlation,
                                          tolerance,
                                          "correlation in time");
            }
            NS_TEST_EXPECT_MSG_EQ_TOL(GetCovariance(a, b, 0), 0, tolerance, "of two links");
            if (diversity == 1)
            {
                const auto deep =
                    std::count_if(a.begin(), a.end(), [](double g) { return g < 0.1; });
                NS_TEST_EXPECT_MSG_EQ_TOL(deep / static_cast<double>(a.size()),
                                          1 - std::exp(-0.1),
                                          0.005,
                                          "share of time in a fade of 10 dB");
            }
        }
        NrBlockFading seldom(2, MilliSeconds(20), 1);
        NrBlockFading often(2, MilliSeconds(20), 1);
        seldom.AssignStreams(3);
        often.AssignStreams(3);
        for (int i = 0; i <= 100; ++i)
        {
            often.Advance(MilliSeconds(10) * i);
        }
        seldom.Advance(Seconds(1));
        NS_TEST_EXPECT_MSG_EQ(seldom.GetGain(1), often.GetGain(1), "whoever looks, and how often");
    }
};

/// Tests of block fading.
class NrBlockFadingTestSuite : public TestSuite
{
  public:
    NrBlockFadingTestSuite()
        : TestSuite("nr-block-fading", NRU_TEST_UNIT)
    {
        AddTestCase(new BlockFadingTestCase, NRU_TEST_QUICK);
    }
};

const NrBlockFadingTestSuite g_nrBlockFadingTestSuite; //!< registers itself

} // namespace

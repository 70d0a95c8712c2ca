// SPDX-License-Identifier: GPL-2.0-only

#include "nru-contention-window.h"
#include "nru-energy-detection.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <vector>

using namespace ns3;

namespace
{

/** @brief The allowed windows of every class are climbed on NACK and left on ACK. */
class LadderTest : public TestCase
{
  public:
    LadderTest()
        : TestCase("contention window: the ladder of every class")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::vector<uint32_t>> ladders = {
            {3, 7, 7},
            {7, 15, 15},
            {15, 31, 63, 63},
            {15, 31, 63, 127, 255, 511, 1023, 1023},
        };
        for (uint32_t p = 1; p <= 4; ++p)
        {
            NruContentionWindow window;
            for (const uint32_t cw : ladders[p - 1])
            {
                NS_TEST_EXPECT_MSG_EQ(window.Get(p), cw, "window of class " << p);
                window.Update(0, 1);
            }
            window.Update(1, 0);
            NS_TEST_EXPECT_MSG_EQ(window.Get(p), ladders[p - 1][0], "CWmin of class " << p);
        }
    }
};

/** @brief Feedback moves every class by the rule chosen. */
class RuleTest : public TestCase
{
  public:
    RuleTest()
        : TestCase("contention window: NR and LAA rule")
    {
    }

  private:
    void DoRun() override
    {
        NruContentionWindow nr;
        nr.Update(0, 10);
        NS_TEST_EXPECT_MSG_EQ(nr.Get(1), 7, "all NACK raises class 1");
        NS_TEST_EXPECT_MSG_EQ(nr.Get(3), 31, "and class 3");
        nr.Update(0, 0);
        NS_TEST_EXPECT_MSG_EQ(nr.Get(3), 31, "no feedback, no change");
        nr.Update(1, 99);
        NS_TEST_EXPECT_MSG_EQ(nr.Get(3), 15, "one ACK resets class 3");
        NS_TEST_EXPECT_MSG_EQ(nr.Get(4), 15, "and class 4");

        NruContentionWindow laa;
        laa.SetRule(NruContentionWindow::Rule::LAA80);
        laa.Update(1, 4);
        NS_TEST_EXPECT_MSG_EQ(laa.Get(3), 31, "80 % NACK raises");
        laa.Update(20, 80);
        NS_TEST_EXPECT_MSG_EQ(laa.Get(3), 63, "80 % NACK raises");
        laa.Update(21, 79);
        NS_TEST_EXPECT_MSG_EQ(laa.Get(3), 15, "79 % NACK resets");
    }
};

/** @brief CWmax used K times in a row returns that class, and only that, to CWmin. */
class MaxCwUsesTest : public TestCase
{
  public:
    MaxCwUsesTest()
        : TestCase("contention window: K uses of CWmax")
    {
    }

  private:
    void DoRun() override
    {
        for (uint32_t k = 1; k <= 8; ++k)
        {
            NruContentionWindow window;
            window.SetMaxCwUses(k);
            NS_TEST_EXPECT_MSG_EQ(window.Use(1), 3, "CWmin first");
            window.Update(0, 1);
            for (uint32_t use = 0; use < k; ++use)
            {
                NS_TEST_EXPECT_MSG_EQ(window.Use(1), 7, "CWmax, use " << use + 1 << " of " << k);
                window.Update(0, 1);
            }
            const uint32_t other = window.Get(4);
            NS_TEST_EXPECT_MSG_EQ(window.Use(1), 3, "back to CWmin after K = " << k);
            NS_TEST_EXPECT_MSG_EQ(window.Get(4), other, "class 4 stays");
            window.Update(0, 1);
            NS_TEST_EXPECT_MSG_EQ(window.Use(1), 7, "and up again");
        }

        NruContentionWindow interrupted;
        interrupted.SetMaxCwUses(2);
        interrupted.Update(0, 1);
        interrupted.Use(1);
        interrupted.Update(1, 0);
        interrupted.Update(0, 1);
        interrupted.Use(1);
        NS_TEST_EXPECT_MSG_EQ(interrupted.Use(1), 7, "uses count in a row only");

        NruContentionWindow never;
        never.SetMaxCwUses(0);
        never.Update(0, 1);
        for (uint32_t use = 0; use < 100; ++use)
        {
            NS_TEST_EXPECT_MSG_EQ(never.Use(1), 7, "never back");
        }
    }
};

/** @brief Energy detection thresholds of TS 37.213 clause 4.1.5. */
class ThresholdTest : public TestCase
{
  public:
    ThresholdTest()
        : TestCase("energy detection: thresholds by transmit power and bandwidth")
    {
    }

  private:
    /**
     * @brief Compare one threshold.
     * @param input what it depends on
     * @param expectedDbm its value, dBm
     */
    void Check(const NruEnergyDetectionInput& input, double expectedDbm)
    {
        // 3.16228e-8 mW/MHz is -75 dBm/MHz: T_max is 0.0103 dB above -62 dBm at 20 MHz.
        NS_TEST_EXPECT_MSG_EQ_TOL(GetNruEnergyDetectionThresholdDbm(input),
                                  expectedDbm,
                                  0.0104,
                                  "at " << input.txPowerDbm << " dBm, " << input.bandwidthMhz
                                        << " MHz");
    }

    void DoRun() override
    {
        Check({23.0, 20.0, false, false}, -72.0);
        Check({20.0, 20.0, false, false}, -69.0);
        Check({18.0, 20.0, false, false}, -67.0);
        Check({17.0, 20.0, false, false}, -66.0);
        Check({13.0, 20.0, false, false}, -62.0);
        Check({0.0, 20.0, false, false}, -62.0);
        Check({30.0, 20.0, false, false}, -72.0);
        Check({23.0, 40.0, false, false}, -65.97);
        Check({23.0, 20.0, true, false}, -67.0);
        Check({23.0, 20.0, false, true}, -52.0);
    }
};

/** @brief Contention window and energy detection. */
class NruContentionWindowTestSuite : public TestSuite
{
  public:
    NruContentionWindowTestSuite()
        : TestSuite("nru-contention-window", NRU_TEST_UNIT)
    {
        AddTestCase(new LadderTest, NRU_TEST_QUICK);
        AddTestCase(new RuleTest, NRU_TEST_QUICK);
        AddTestCase(new MaxCwUsesTest, NRU_TEST_QUICK);
        AddTestCase(new ThresholdTest, NRU_TEST_QUICK);
    }
};

NruContentionWindowTestSuite g_nruContentionWindowTestSuite; //!< the suite

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
#include "nr-amc.h"
#include "nr-transport-block.h"
#include "test-compat.h"

#include "ns3/double.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace ns3;

namespace
{

constexpr double INF = std::numeric_limits<double>::infinity();
constexpr double NOT_MEASURED = std::numeric_limits<double>::quiet_NaN();

/// Spectral efficiencies as printed in TS 38.214 Table 5.1.3.1-2, bit/s/Hz.
constexpr std::array<double, 28> MCS_EFFICIENCY = {
    0.2344, 0.3770, 0.6016, 0.8770, 1.1758, 1.4766, 1.6953, 1.9141, 2.1602, 2.4063,
    2.5703, 2.7305, 3.0293, 3.3223, 3.6094, 3.9023, 4.2129, 4.5234, 4.8164, 5.1152,
    5.3320, 5.5547, 5.8906, 6.2266, 6.5703, 6.9141, 7.1602, 7.4063,
};

/// Spectral efficiencies as printed in TS 38.214 Table 5.2.2.1-3, bit/s/Hz.
constexpr std::array<double, 15> CQI_EFFICIENCY = {
    0.1523,
    0.3770,
    0.8770,
    1.4766,
    1.9141,
    2.4063,
    2.7305,
    3.3223,
    3.9023,
    4.5234,
    5.1152,
    5.5547,
    6.2266,
    6.9141,
    7.4063,
};

/**
 * @brief Size of the block that defines an MCS's threshold.
 * @param mcs MCS index
 * @return size of 51 PRBs and 12 symbols, bit
 */
uint32_t
GetReferenceSize(uint8_t mcs)
{
    return NrTransportBlock::GetSize(NR_MCS_TABLE[mcs], 51, 12);
}

/**
 * @brief Make a model.
 * @param attribute name of an attribute to set; none if empty
 * @param value its value
 * @return the model
 */
Ptr<NrAmc>
MakeAmc(const std::string& attribute = "", double value = 0)
{
    auto amc = CreateObject<NrAmc>();
    if (!attribute.empty())
    {
        amc->SetAttribute(attribute, DoubleValue(value));
    }
    return amc;
}

/// @brief The tables of modulation and code rates.
class NruAmcTablesTestCase : public TestCase
{
  public:
    NruAmcTablesTestCase()
        : TestCase("MCS and CQI tables have the efficiencies that TS 38.214 prints")
    {
    }

  private:
    void DoRun() override
    {
        for (std::size_t i = 0; i < MCS_EFFICIENCY.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(NR_MCS_TABLE[i].GetEfficiency(),
                                      MCS_EFFICIENCY[i],
                                      5.1e-5,
                                      "MCS " << i);
        }
        for (std::size_t i = 0; i < CQI_EFFICIENCY.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(NR_CQI_TABLE[i].GetEfficiency(),
                                      CQI_EFFICIENCY[i],
                                      5.1e-5,
                                      "CQI " << i + 1);
        }
    }
};

/// @brief Where the curves stand.
class NruAmcThresholdTestCase : public TestCase
{
  public:
    NruAmcThresholdTestCase()
        : TestCase("The reference block has a BLER of 10 % a gap above the Shannon bound")
    {
    }

  private:
    void DoRun() override
    {
        for (double gap : {0.0, 3.0, 4.4})
        {
            const auto amc = MakeAmc("SnrGapDb", gap);
            for (uint8_t mcs = 0; mcs <= NrAmc::MAX_MCS; ++mcs)
            {
                const double expected = gap + 10 * std::log10(std::pow(2, MCS_EFFICIENCY[mcs]) - 1);
                NS_TEST_EXPECT_MSG_EQ_TOL(amc->GetSinrThreshold(mcs),
                                          expected,
                                          1e-3,
                                          "threshold of MCS " << +mcs << ", gap " << gap);
                NS_TEST_EXPECT_MSG_EQ_TOL(
                    amc->GetBler(mcs, amc->GetSinrThreshold(mcs), GetReferenceSize(mcs)),
                    0.1,
                    1e-9,
                    "BLER of MCS " << +mcs << " at its threshold");
            }
        }
        // The target moves the thresholds along the same curves.
        for (double target : {1e-5, 0.01, 0.5})
        {
            const auto amc = MakeAmc("TargetBler", target);
            for (uint8_t mcs = 0; mcs <= NrAmc::MAX_MCS; ++mcs)
            {
                const double bler =
                    amc->GetBler(mcs, amc->GetSinrThreshold(mcs), GetReferenceSize(mcs));
                NS_TEST_EXPECT_MSG_EQ_TOL(bler / target, 1, 1e-6, "MCS " << +mcs);
                const bool above = amc->GetSinrThreshold(mcs) > MakeAmc()->GetSinrThreshold(mcs);
                NS_TEST_EXPECT_MSG_EQ(above, (target < 0.1), "MCS " << +mcs << ", " << target);
            }
        }
    }
};

/// @brief Shape of the curves.
class NruAmcBlerTestCase : public TestCase
{
  public:
    NruAmcBlerTestCase()
        : TestCase("BLER falls with SINR, rises with MCS and follows code blocks and their length")
    {
    }

  private:
    void DoRun() override
    {
        CheckMonotone();
        CheckLimits();
        CheckCodeBlocks();
        CheckSpread();
    }

    void CheckMonotone()
    {
        const auto amc = MakeAmc();
        for (uint32_t bits : {24U, 320U, 3824U, 8424U, 50184U})
        {
            for (double sinr = -15; sinr < 35; sinr += 0.02)
            {
                for (uint8_t mcs = 0; mcs <= NrAmc::MAX_MCS; ++mcs)
                {
                    const double bler = amc->GetBler(mcs, sinr, bits);
                    NS_TEST_ASSERT_MSG_EQ((bler >= 0 && bler <= 1), true, "BLER " << bler);
                    const double better = amc->GetBler(mcs, sinr + 0.02, bits);
                    NS_TEST_ASSERT_MSG_EQ((better <= bler), true, "rises with SINR " << sinr);
                    const bool inside = bler > 1e-9 && bler < 1 - 1e-9;
                    NS_TEST_ASSERT_MSG_EQ((!inside || better < bler), true, "flat at " << sinr);
                    // Up to an error rate of 1e-50: the more robust MCSs have shorter code blocks.
                    const bool ordered =
                        mcs == 0 || amc->GetBler(mcs - 1, sinr, bits) <= bler + 1e-50;
                    NS_TEST_ASSERT_MSG_EQ(ordered,
                                          true,
                                          "falls from MCS " << mcs - 1 << " at " << sinr << " dB, "
                                                            << bits << " bits");
                }
            }
        }
    }

    void CheckLimits()
    {
        const auto amc = MakeAmc();
        for (uint8_t mcs : {0, 13, 27})
        {
            NS_TEST_EXPECT_MSG_EQ(amc->GetBler(mcs, -INF, 1000), 1, "no signal");
            NS_TEST_EXPECT_MSG_EQ(amc->GetBler(mcs, NOT_MEASURED, 1000), 1, "not measured");
            NS_TEST_EXPECT_MSG_EQ(amc->GetBler(mcs, INF, 1000), 0, "no noise");
        }
        // Far out the curve keeps its relative accuracy: a rate of 1e-20 is not 0.
        const double deep = amc->GetBler(27, amc->GetSinrThreshold(27) + 1.1, 50184);
        NS_TEST_EXPECT_MSG_EQ((deep > 1e-30 && deep < 1e-10), true, "deep tail " << deep);
    }

    void CheckCodeBlocks()
    {
        const auto amc = MakeAmc();
        for (double offset = -0.5; offset < 0.5; offset += 0.05)
        {
            const double sinr = amc->GetSinrThreshold(27) + offset;
            const double one = amc->GetBler(27, sinr, 8424);         // one code block of 8448 bits
            NS_TEST_EXPECT_MSG_EQ_TOL(amc->GetBler(27, sinr, 16824), // two of them
                                      1 - std::pow(1 - one, 2),
                                      1e-12,
                                      "two code blocks at " << offset);
        }
    }

    void CheckSpread()
    {
        for (double spread : {0.15, 0.6})
        {
            const auto amc = MakeAmc("BlerSpreadDb", spread);
            // Blocks of 8448 and, a quarter as long, 2112 bits: the curve is twice as wide.
            const double width = GetSinr(amc, 8424, 0.158655254) - GetSinr(amc, 8424, 0.841344746);
            NS_TEST_EXPECT_MSG_EQ_TOL(width, 2 * spread, 1e-6, "from +1 to -1 deviation");
            const double wide = GetSinr(amc, 2096, 0.158655254) - GetSinr(amc, 2096, 0.841344746);
            NS_TEST_EXPECT_MSG_EQ_TOL(wide, 4 * spread, 1e-6, "quarter of the length");
            NS_TEST_EXPECT_MSG_EQ_TOL(GetSinr(amc, 2096, 0.5),
                                      GetSinr(amc, 8424, 0.5),
                                      1e-9,
                                      "same median");
        }
    }

    /**
     * @brief Invert the curve of MCS 20.
     * @param amc the model
     * @param bits block size, bit
     * @param bler BLER to look for
     * @return SINR, dB
     */
    double GetSinr(Ptr<NrAmc> amc, uint32_t bits, double bler)
    {
        double low = 0;
        double high = 40;
        for (int i = 0; i < 60; ++i)
        {
            const double middle = (low + high) / 2;
            (amc->GetBler(20, middle, bits) > bler ? low : high) = middle;
        }
        return low;
    }
};

/// @brief Link adaptation: MCS, CQI, rate.
class NruAmcSelectionTestCase : public TestCase
{
  public:
    NruAmcSelectionTestCase()
        : TestCase("Link adaptation takes the highest MCS that keeps the target")
    {
    }

  private:
    void DoRun() override
    {
        for (double target : {0.1, 0.001})
        {
            const auto amc = MakeAmc("TargetBler", target);
            for (double sinr = -12; sinr < 32; sinr += 0.017)
            {
                const int mcs = amc->SelectMcs(sinr);
                const bool kept =
                    mcs < 0 || amc->GetBler(mcs, sinr, GetReferenceSize(mcs)) <= target * 1.000001;
                NS_TEST_ASSERT_MSG_EQ(kept, true, "MCS " << mcs << " at " << sinr << " dB");
                const bool highest =
                    mcs == NrAmc::MAX_MCS ||
                    amc->GetBler(mcs + 1, sinr, GetReferenceSize(mcs + 1)) > target;
                NS_TEST_ASSERT_MSG_EQ(highest, true, "MCS " << mcs << " at " << sinr << " dB");
            }
        }
        const auto amc = MakeAmc();
        for (double sinr : {-INF, NOT_MEASURED, -4.6})
        {
            NS_TEST_EXPECT_MSG_EQ(amc->SelectMcs(sinr), NrAmc::OUT_OF_RANGE, sinr);
            NS_TEST_EXPECT_MSG_EQ(amc->GetFullBandRate(sinr), 0, sinr);
        }
        NS_TEST_EXPECT_MSG_EQ(amc->SelectMcs(INF), 27, "no noise");
        CheckRates(amc);
        CheckCqi(amc);
    }

    void CheckRates(Ptr<NrAmc> amc)
    {
        NS_TEST_EXPECT_MSG_EQ_TOL(amc->GetFullBandRate(40), 100.368e6, 1e-3, "MCS 27");
        const double mcs10 = amc->GetFullBandRate(amc->GetSinrThreshold(10) + 1e-9);
        NS_TEST_EXPECT_MSG_EQ_TOL(mcs10, 34.848e6, 1e-3, "MCS 10");
        const double mcs9 = amc->GetFullBandRate(amc->GetSinrThreshold(10) - 1e-9);
        NS_TEST_EXPECT_MSG_EQ_TOL(mcs9, GetReferenceSize(9) * 2000.0, 1e-3, "MCS 9");
        amc->SetAttribute("PdschSymbols", UintegerValue(14));
        NS_TEST_EXPECT_MSG_EQ_TOL(amc->GetFullBandRate(40), 59432 * 2000.0, 1e-3, "14 symbols");
        NS_TEST_EXPECT_MSG_EQ(amc->SetAttributeFailSafe("PdschSymbols", UintegerValue(15)),
                              false,
                              "a slot has 14 symbols");
        NS_TEST_EXPECT_MSG_EQ(amc->SetAttributeFailSafe("TargetBler", DoubleValue(1)),
                              false,
                              "a BLER of 1 is no target");
    }

    void CheckCqi(Ptr<NrAmc> amc)
    {
        for (std::size_t i = 0; i < CQI_EFFICIENCY.size(); ++i)
        {
            const double threshold = 4.4 + 10 * std::log10(std::pow(2, CQI_EFFICIENCY[i]) - 1);
            NS_TEST_EXPECT_MSG_EQ(+amc->GetCqi(threshold + 0.002), i + 1, "CQI " << i + 1);
            NS_TEST_EXPECT_MSG_EQ(+amc->GetCqi(threshold - 0.002), i, "below CQI " << i + 1);
        }
        NS_TEST_EXPECT_MSG_EQ(+amc->GetCqi(INF), 15, "no noise");
        NS_TEST_EXPECT_MSG_EQ(+amc->GetCqi(-INF), 0, "no signal");
        NS_TEST_EXPECT_MSG_EQ(+amc->GetCqi(NOT_MEASURED), 0, "not measured");
    }
};

/// @brief Noise and dimensions of the carrier.
class NruCarrierTestCase : public TestCase
{
  public:
    NruCarrierTestCase()
        : TestCase("Carrier dimensions and noise")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ_TOL(NrCarrier::OCCUPIED_BANDWIDTH_HZ, 18.36e6, 1e-3, "51 PRBs");
        NS_TEST_EXPECT_MSG_EQ_TOL(NrCarrier::GetNoisePowerDbm(5), -96.36, 0.005, "NF 5 dB");
        NS_TEST_EXPECT_MSG_EQ_TOL(NrCarrier::GetNoisePowerDbm(9), -92.36, 0.005, "NF 9 dB");
        NS_TEST_EXPECT_MSG_EQ_TOL(NrCarrier::GetNoisePowerDbm(7, 20e6), -93.99, 0.005, "20 MHz");
    }
};

/// @brief Test suite of adaptive modulation and coding.
class NrAmcTestSuite : public TestSuite
{
  public:
    NrAmcTestSuite()
        : TestSuite("nr-amc", NRU_TEST_UNIT)
    {
        AddTestCase(new NruAmcTablesTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruAmcThresholdTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruAmcBlerTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruAmcSelectionTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruCarrierTestCase, NRU_TEST_QUICK);
    }
};

NrAmcTestSuite g_nrAmcTestSuite; //!< registers the suite

} // namespace

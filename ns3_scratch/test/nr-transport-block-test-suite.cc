// SPDX-License-Identifier: GPL-2.0-only
#include "nr-amc.h"
#include "nr-transport-block.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <cstdint>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @brief Sizes against a second implementation of TS 38.214 clause 5.1.3.2.
 *
 * The expected values come from a program in exact rational arithmetic, with the table of small
 * sizes built from its runs of equal steps. 1277992 is the much quoted largest block of a 100 MHz
 * carrier with four layers of 256QAM.
 */
class NruTransportBlockSizeTestCase : public TestCase
{
  public:
    NruTransportBlockSizeTestCase()
        : TestCase("Transport block sizes are those of TS 38.214")
    {
    }

  private:
    void DoRun() override
    {
        struct Vector
        {
            NrModulationCoding row;
            uint32_t prbs;
            uint32_t symbols;
            uint32_t dmrs;
            uint32_t layers;
            uint32_t bits;
        };

        const std::vector<Vector> vectors = {
            {{2, 120.0}, 1, 2, 12, 1, 24},        {{2, 120.0}, 1, 3, 12, 1, 24},
            {{2, 120.0}, 4, 12, 12, 1, 120},      {{2, 99.0}, 24, 4, 12, 1, 160},
            {{2, 193.0}, 7, 12, 12, 1, 352},      {{2, 30.0}, 51, 12, 12, 1, 408},
            {{2, 308.0}, 10, 7, 12, 1, 432},      {{4, 378.0}, 3, 12, 12, 1, 608},
            {{4, 658.0}, 5, 12, 12, 1, 1736},     {{6, 466.0}, 5, 12, 18, 1, 1736},
            {{8, 682.5}, 4, 12, 12, 1, 2792},     {{2, 602.0}, 51, 5, 12, 1, 2856},
            {{2, 120.0}, 106, 12, 12, 1, 3368},   {{8, 948.0}, 3, 14, 12, 1, 3496},
            {{2, 449.0}, 33, 12, 12, 1, 3824},    {{2, 120.0}, 106, 14, 12, 1, 3848},
            {{8, 948.0}, 4, 12, 12, 1, 3904},     {{2, 251.0}, 51, 14, 12, 1, 3912},
            {{2, 257.0}, 51, 14, 12, 1, 3968},    {{4, 616.0}, 17, 12, 12, 1, 5376},
            {{6, 873.0}, 8, 12, 12, 1, 5376},     {{2, 602.0}, 51, 9, 12, 1, 5760},
            {{4, 490.0}, 51, 7, 12, 1, 7040},     {{2, 120.0}, 217, 14, 12, 1, 7944},
            {{4, 378.0}, 51, 12, 12, 1, 9992},    {{4, 658.0}, 51, 12, 12, 1, 17424},
            {{6, 567.0}, 51, 12, 24, 1, 20496},   {{2, 193.0}, 273, 14, 12, 2, 32304},
            {{6, 948.0}, 51, 12, 12, 1, 36896},   {{8, 711.0}, 51, 12, 12, 1, 36896},
            {{8, 841.0}, 51, 13, 12, 1, 48168},   {{8, 948.0}, 51, 12, 12, 1, 50184},
            {{8, 916.5}, 51, 14, 12, 1, 57376},   {{8, 948.0}, 51, 14, 12, 1, 59432},
            {{8, 948.0}, 51, 14, 0, 1, 59432},    {{6, 772.0}, 51, 12, 12, 2, 60456},
            {{8, 948.0}, 106, 13, 12, 2, 225480}, {{8, 948.0}, 273, 14, 12, 4, 1277992},
        };
        for (const auto& v : vectors)
        {
            NS_TEST_EXPECT_MSG_EQ(
                NrTransportBlock::GetSize(v.row, v.prbs, v.symbols, v.dmrs, v.layers),
                v.bits,
                "Qm " << +v.row.qm << " R " << v.row.rate1024 << " PRBs " << v.prbs << " symbols "
                      << v.symbols << " DM-RS " << v.dmrs << " layers " << v.layers);
        }
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetSize(NR_MCS_TABLE[27], 51, 12), 50184, "MCS 27");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetSize(NR_MCS_TABLE[10], 51, 12), 17424, "MCS 10");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetSize(NR_MCS_TABLE[5], 0, 12), 0, "no PRB");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetSize(NR_MCS_TABLE[5], 51, 1), 0, "only DM-RS");
    }
};

/// @brief Every size of the carrier, by a checksum that the second implementation gave.
class NruTransportBlockLookUpTestCase : public TestCase
{
  public:
    NruTransportBlockLookUpTestCase()
        : TestCase("Looked up sizes are the computed ones and grow with every resource")
    {
    }

  private:
    void DoRun() override
    {
        uint32_t checksum = 0;
        uint64_t sum = 0;
        for (uint8_t mcs = 0; mcs <= NrAmc::MAX_MCS; ++mcs)
        {
            for (uint32_t symbols = 1; symbols <= 14; ++symbols)
            {
                for (uint32_t prbs = 1; prbs <= 51; ++prbs)
                {
                    const auto bits = NrTransportBlock::LookUpSize(mcs, prbs, symbols);
                    checksum = checksum * 31 + bits;
                    sum += bits;
                    NS_TEST_ASSERT_MSG_EQ(
                        bits,
                        NrTransportBlock::GetSize(NR_MCS_TABLE[mcs], prbs, symbols),
                        "look-up differs from the procedure");
                    NS_TEST_ASSERT_MSG_EQ(bits % 8, 0, "not a whole number of bytes");
                    const bool grows =
                        bits >= NrTransportBlock::LookUpSize(mcs, prbs - 1, symbols) &&
                        (symbols == 1 ||
                         bits >= NrTransportBlock::LookUpSize(mcs, prbs, symbols - 1)) &&
                        (mcs == 0 || bits >= NrTransportBlock::LookUpSize(mcs - 1, prbs, symbols));
                    NS_TEST_ASSERT_MSG_EQ(grows,
                                          true,
                                          "size shrinks at MCS " << +mcs << ", " << symbols
                                                                 << " symbols, " << prbs
                                                                 << " PRBs");
                }
            }
        }
        NS_TEST_EXPECT_MSG_EQ(sum, 147324312, "sum of all sizes");
        NS_TEST_EXPECT_MSG_EQ(checksum, 2624577368U, "checksum of all sizes");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::LookUpSize(9, 0, 12), 0, "no PRB, no bits");
    }
};

/// @brief The inverse of the sizes.
class NruTransportBlockInverseTestCase : public TestCase
{
  public:
    NruTransportBlockInverseTestCase()
        : TestCase("The fewest PRBs carry the bytes and one PRB less does not")
    {
    }

  private:
    void DoRun() override
    {
        for (uint8_t mcs = 0; mcs <= NrAmc::MAX_MCS; ++mcs)
        {
            for (uint32_t symbols : {2, 7, 12, 14})
            {
                for (uint32_t bytes = 1; bytes < 7600; bytes += 13)
                {
                    CheckInverse(mcs, bytes, symbols, 51);
                    CheckInverse(mcs, bytes, symbols, 10);
                }
            }
        }
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetMinPrbs(27, 0, 12), 0, "nothing to carry");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetMinPrbs(27, 50184 / 8, 12),
                              51,
                              "exactly the whole band");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetMinPrbs(27, 50184 / 8 + 1, 12), 0, "too much");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetMinPrbs(27, 0xffffffffU, 12), 0, "far too much");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetMinPrbs(27, 1, 12, 0), 0, "no PRB allowed");
        NS_TEST_EXPECT_MSG_EQ(NrTransportBlock::GetMinPrbs(27, 1, 1),
                              0,
                              "a symbol with DM-RS only");
    }

    /**
     * @brief Check one answer against the sizes around it.
     * @param mcs MCS index
     * @param bytes bytes to carry
     * @param symbols PDSCH symbols
     * @param most most PRBs
     */
    void CheckInverse(uint8_t mcs, uint32_t bytes, uint32_t symbols, uint32_t most)
    {
        const auto prbs = NrTransportBlock::GetMinPrbs(mcs, bytes, symbols, most);
        const auto enough = [=](uint32_t n) {
            return NrTransportBlock::GetSize(NR_MCS_TABLE[mcs], n, symbols) >= 8 * bytes;
        };
        const bool right =
            prbs == 0 ? !enough(most) : prbs <= most && enough(prbs) && !enough(prbs - 1);
        NS_TEST_EXPECT_MSG_EQ(right,
                              true,
                              prbs << " PRBs for " << bytes << " bytes, MCS " << +mcs << ", "
                                   << symbols << " symbols, of " << most);
    }
};

/// @brief Code blocks of TS 38.212.
class NruCodeBlocksTestCase : public TestCase
{
  public:
    NruCodeBlocksTestCase()
        : TestCase("Code blocks follow TS 38.212")
    {
    }

  private:
    void DoRun() override
    {
        struct Vector
        {
            uint32_t bits;
            double rate;
            uint32_t count;
            double blockBits;
            uint32_t base;
        };

        const std::vector<Vector> vectors = {
            {24, 0.9, 1, 40, 2},                  // short: base graph 2 whatever the rate
            {292, 0.9, 1, 308, 2},                //
            {304, 0.9, 1, 320, 1},                //
            {3824, 0.67, 1, 3840, 2},             // the longest with a 16-bit CRC
            {3824, 0.68, 1, 3840, 1},             //
            {3840, 0.5, 1, 3864, 1},              // 24-bit CRC
            {3848, 0.25, 2, 1960, 2},             // low rate: base graph 2, cut at 3840
            {8424, 0.5, 1, 8448, 1},              // the longest single block
            {8456, 0.5, 2, 4264, 1},              //
            {16824, 0.9, 2, 8448, 1},             //
            {16856, 0.9, 3, 16880 / 3.0 + 24, 1}, // the blocks' own CRCs need a third
            {50184, 948.0 / 1024, 6, 8392, 1},    // the whole band
        };
        for (const auto& v : vectors)
        {
            const auto blocks = NrTransportBlock::Segment(v.bits, v.rate);
            NS_TEST_EXPECT_MSG_EQ(blocks.count, v.count, v.bits << " bits at " << v.rate);
            NS_TEST_EXPECT_MSG_EQ_TOL(blocks.bits, v.blockBits, 1e-9, v.bits << " bits");
            NS_TEST_EXPECT_MSG_EQ(+blocks.ldpcBase, v.base, v.bits << " bits at " << v.rate);
        }
    }
};

/// @brief Test suite of the transport blocks.
class NrTransportBlockTestSuite : public TestSuite
{
  public:
    NrTransportBlockTestSuite()
        : TestSuite("nr-transport-block", NRU_TEST_UNIT)
    {
        AddTestCase(new NruTransportBlockSizeTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruTransportBlockLookUpTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruTransportBlockInverseTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruCodeBlocksTestCase, NRU_TEST_QUICK);
    }
};

NrTransportBlockTestSuite g_nrTransportBlockTestSuite; //!< registers the suite

} // namespace

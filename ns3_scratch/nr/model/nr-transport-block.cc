// SPDX-License-Identifier: GPL-2.0-only
#include "nr-transport-block.h"

#include "ns3/abort.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ns3
{

namespace
{

/// REs of a PRB that count towards the size, at most (TS 38.214 clause 5.1.3.2, step 1).
constexpr uint32_t MAX_RE_PER_PRB = 156;

/// Above this many information bits, bit, the size follows a formula instead of the table.
constexpr double TABLE_LIMIT = 3824.0;

/// Sizes up to 3824 bit, bit (TS 38.214 Table 5.1.3.2-1).
constexpr std::array<uint32_t, 93> SMALL_SIZES = {
    24,   32,   40,   48,   56,   64,   72,   80,   88,   96,   104,  112,  120,  128,  136,  144,
    152,  160,  168,  176,  184,  192,  208,  224,  240,  256,  272,  288,  304,  320,  336,  352,
    368,  384,  408,  432,  456,  480,  504,  528,  552,  576,  608,  640,  672,  704,  736,  768,
    808,  848,  888,  928,  984,  1032, 1064, 1128, 1160, 1192, 1224, 1256, 1288, 1320, 1352, 1416,
    1480, 1544, 1608, 1672, 1736, 1800, 1864, 1928, 2024, 2088, 2152, 2216, 2280, 2408, 2472, 2536,
    2600, 2664, 2728, 2792, 2856, 2976, 3104, 3240, 3368, 3496, 3624, 3752, 3824,
};

/// Sizes over PRBs (0 to 51) for one MCS and one number of symbols, bit.
using SizesOverPrbs = std::array<uint32_t, NrCarrier::N_PRB + 1>;
/// Sizes over symbols (0 to 14), then PRBs.
using SizesOverSymbols = std::array<SizesOverPrbs, NrCarrier::SYMBOLS_PER_SLOT + 1>;
/// Sizes over MCS, then symbols, then PRBs.
using SizeTable = std::array<SizesOverSymbols, NR_MCS_TABLE.size()>;

/**
 * @brief Step 3: at most 3824 information bits.
 * @param nInfo unquantized information bits, positive
 * @return size, bit
 */
uint32_t
QuantizeSmall(double nInfo)
{
    const int exponent = std::max(3, static_cast<int>(std::floor(std::log2(nInfo))) - 6);
    const auto step = static_cast<uint32_t>(1) << exponent;
    const auto quantized = std::max<uint32_t>(24, step * static_cast<uint32_t>(nInfo / step));
    return *std::lower_bound(SMALL_SIZES.begin(), SMALL_SIZES.end(), quantized);
}

/**
 * @brief Step 4: more than 3824 information bits.
 * @param nInfo unquantized information bits
 * @param codeRate target code rate R
 * @return size, bit: a whole number of equal code blocks with their CRCs
 */
uint32_t
QuantizeLarge(double nInfo, double codeRate)
{
    const int exponent = static_cast<int>(std::floor(std::log2(nInfo - 24))) - 5;
    const auto step = static_cast<uint32_t>(1) << exponent;
    const auto rounded = step * static_cast<uint32_t>(std::floor((nInfo - 24) / step + 0.5));
    const auto withCrc = std::max<uint32_t>(3840, rounded) + 24;
    uint32_t blocks = 1;
    if (codeRate <= 0.25)
    {
        blocks = (withCrc + 3815) / 3816;
    }
    else if (withCrc > 8424 + 24)
    {
        blocks = (withCrc + 8423) / 8424;
    }
    return 8 * blocks * ((withCrc + 8 * blocks - 1) / (8 * blocks)) - 24;
}

/// @return the sizes of all MCSs and allocations of the carrier
SizeTable
MakeSizeTable()
{
    SizeTable table{};
    for (std::size_t mcs = 0; mcs < table.size(); ++mcs)
    {
        for (uint32_t symbols = 1; symbols <= NrCarrier::SYMBOLS_PER_SLOT; ++symbols)
        {
            for (uint32_t prbs = 1; prbs <= NrCarrier::N_PRB; ++prbs)
            {
                table[mcs][symbols][prbs] =
                    NrTransportBlock::GetSize(NR_MCS_TABLE[mcs], prbs, symbols);
            }
        }
    }
    return table;
}

/**
 * @brief Row of the table of sizes.
 * @param mcs MCS index
 * @param nSymbols PDSCH symbols
 * @return sizes over PRBs, bit
 */
const SizesOverPrbs&
GetSizes(uint8_t mcs, uint32_t nSymbols)
{
    static const SizeTable table = MakeSizeTable();
    NS_ABORT_MSG_IF(mcs >= table.size(), "MCS index " << +mcs << " is not in 0..27");
    NS_ABORT_MSG_IF(nSymbols < 1 || nSymbols > NrCarrier::SYMBOLS_PER_SLOT,
                    "Number of PDSCH symbols " << nSymbols << " is not in 1..14");
    return table[mcs][nSymbols];
}

} // namespace

uint32_t
NrTransportBlock::GetSize(const NrModulationCoding& modulationCoding,
                          uint32_t nPrb,
                          uint32_t nSymbols,
                          uint32_t dmrsRePerPrb,
                          uint32_t layers)
{
    NS_ABORT_MSG_IF(nSymbols < 1 || nSymbols > NrCarrier::SYMBOLS_PER_SLOT,
                    "Number of PDSCH symbols " << nSymbols << " is not in 1..14");
    NS_ABORT_MSG_IF(layers < 1 || layers > 4, "Number of layers " << layers << " is not in 1..4");
    const uint32_t allRe = NrCarrier::SUBCARRIERS_PER_PRB * nSymbols;
    if (nPrb == 0 || dmrsRePerPrb >= allRe)
    {
        return 0;
    }
    const uint32_t dataRe = std::min(MAX_RE_PER_PRB, allRe - dmrsRePerPrb) * nPrb;
    const double nInfo = modulationCoding.GetEfficiency() * layers * dataRe;
    return nInfo <= TABLE_LIMIT ? QuantizeSmall(nInfo)
                                : QuantizeLarge(nInfo, modulationCoding.GetCodeRate());
}

uint32_t
NrTransportBlock::LookUpSize(uint8_t mcs, uint32_t nPrb, uint32_t nSymbols)
{
    NS_ABORT_MSG_IF(nPrb > NrCarrier::N_PRB, "Number of PRBs " << nPrb << " is not in 0..51");
    return GetSizes(mcs, nSymbols)[nPrb];
}

uint32_t
NrTransportBlock::GetMinPrbs(uint8_t mcs, uint32_t bytes, uint32_t nSymbols, uint32_t maxPrbs)
{
    NS_ABORT_MSG_IF(maxPrbs > NrCarrier::N_PRB, "Number of PRBs " << maxPrbs << " is not in 0..51");
    const auto& sizes = GetSizes(mcs, nSymbols);
    const auto end = sizes.begin() + maxPrbs + 1;
    const auto fit = std::lower_bound(sizes.begin(), end, uint64_t{8} * bytes);
    return fit == end ? 0 : static_cast<uint32_t>(fit - sizes.begin());
}

NrCodeBlocks
NrTransportBlock::Segment(uint32_t tbsBits, double codeRate)
{
    NS_ABORT_MSG_IF(tbsBits == 0, "A transport block of 0 bits has no code blocks");
    const bool secondBase =
        tbsBits <= 292 || (tbsBits <= 3824 && codeRate <= 0.67) || codeRate <= 0.25;
    const uint32_t maxBits = secondBase ? 3840 : 8448;
    const uint32_t withCrc = tbsBits + (tbsBits > 3824 ? 24 : 16);
    NrCodeBlocks blocks{1, static_cast<double>(withCrc), static_cast<uint8_t>(secondBase ? 2 : 1)};
    if (withCrc > maxBits)
    {
        blocks.count = (withCrc + maxBits - 25) / (maxBits - 24);
        blocks.bits = static_cast<double>(withCrc) / blocks.count + 24;
    }
    return blocks;
}

} // namespace ns3

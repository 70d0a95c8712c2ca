// SPDX-License-Identifier: GPL-2.0-only
#ifndef NR_TRANSPORT_BLOCK_H
#define NR_TRANSPORT_BLOCK_H

#include "nr-carrier.h"
#include "nr-mcs-table.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup nr
 * @brief How LDPC coding cuts a transport block (TS 38.212 clause 5.2.2).
 */
struct NrCodeBlocks
{
    uint32_t count;   //!< code blocks C
    double bits;      //!< mean size K' of a code block with its CRCs, bit
    uint8_t ldpcBase; //!< LDPC base graph, 1 or 2
};

/**
 * @ingroup nr
 * @brief Sizes of NR transport blocks, as pure functions.
 */
struct NrTransportBlock
{
    /**
     * @brief Transport block size by TS 38.214 clause 5.1.3.2, computed afresh.
     *
     * The block's payload: the CRCs that TS 38.212 adds come on top. Tiny allocations follow the
     * letter of the procedure, which never gives less than 24 bits if there is any RE at all. With
     * 2 to 4 symbols and a few PRBs that can exceed 0.95, the code rate a UE has to decode.
     *
     * @param modulationCoding modulation order and target code rate, of any MCS table
     * @param nPrb allocated PRBs, 0 or more
     * @param nSymbols PDSCH symbols, 1 to 14, DM-RS symbols included
     * @param dmrsRePerPrb REs a PRB spends on DM-RS (and on DM-RS groups without data)
     * @param layers spatial layers, 1 to 4
     * @return size, bit; 0 if the allocation has no RE for data
     */
    static uint32_t GetSize(const NrModulationCoding& modulationCoding,
                            uint32_t nPrb,
                            uint32_t nSymbols,
                            uint32_t dmrsRePerPrb = NrCarrier::DMRS_RE_PER_PRB,
                            uint32_t layers = 1);

    /**
     * @brief As GetSize for a row of the MCS table, one layer, one DM-RS symbol, from a table.
     * @param mcs MCS index, 0 to 27
     * @param nPrb allocated PRBs, 0 to 51
     * @param nSymbols PDSCH symbols, 1 to 14
     * @return size, bit (a multiple of 8)
     */
    static uint32_t LookUpSize(uint8_t mcs, uint32_t nPrb, uint32_t nSymbols);

    /**
     * @brief Fewest PRBs whose transport block carries a number of bytes: the inverse of
     * LookUpSize.
     * @param mcs MCS index, 0 to 27
     * @param bytes bytes to carry
     * @param nSymbols PDSCH symbols, 1 to 14
     * @param maxPrbs most PRBs that may be used, at most 51
     * @return PRBs, 1 to maxPrbs (0 for 0 bytes); 0 also if maxPrbs cannot carry that much
     */
    static uint32_t
    GetMinPrbs(uint8_t mcs, uint32_t bytes, uint32_t nSymbols, uint32_t maxPrbs = NrCarrier::N_PRB);

    /**
     * @brief CRC attachment, base graph and segmentation (TS 38.212 clauses 5.2.2, 7.2.1, 7.2.2).
     * @param tbsBits transport block size, bit, at least 1
     * @param codeRate target code rate R
     * @return the code blocks
     */
    static NrCodeBlocks Segment(uint32_t tbsBits, double codeRate);
};

} // namespace ns3

#endif // NR_TRANSPORT_BLOCK_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CELL_OFFSETS_H
#define NRU_CELL_OFFSETS_H

#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Cell individual offsets (CIO) of every ordered pair of cells, as UEs get them in their
 * measurement configuration.
 */
class NruCellOffsets : public SimpleRefCount<NruCellOffsets>
{
  public:
    /// Largest offset either way (dB): Q-OffsetRange, TS 38.331 clause 6.3.2.
    static constexpr double MAX_DB = 24.0;

    /**
     * @param nCells number of cells; all offsets start at 0 dB
     */
    explicit NruCellOffsets(uint32_t nCells);

    /**
     * @param serving a UE's serving cell
     * @param neighbour the cell compared with it
     * @param offsetDb added to the neighbour's measurement, within -24 to 24 dB; rounded to the
     * nearest value of Q-OffsetRange
     */
    void Set(uint32_t serving, uint32_t neighbour, double offsetDb);

    /**
     * @param serving a UE's serving cell
     * @param neighbour the cell compared with it
     * @return the offset as it was rounded (dB)
     */
    double Get(uint32_t serving, uint32_t neighbour) const;

  private:
    uint32_t m_nCells;              //!< number of cells
    std::vector<double> m_offsetDb; //!< row-major [serving][neighbour]
};

} // namespace ns3

#endif // NRU_CELL_OFFSETS_H

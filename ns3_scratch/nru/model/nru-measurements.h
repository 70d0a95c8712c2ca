// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_MEASUREMENTS_H
#define NRU_MEASUREMENTS_H

#include "ns3/nstime.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief What a UE knows of each cell: measurements after the layer 3 filter, and SIBx.
 */
class NruMeasurements
{
  public:
    /// What a UE knows of a cell.
    struct Cell
    {
        double rsrpDbm{-std::numeric_limits<double>::infinity()}; //!< filtered SS-RSRP (dBm)
        double sinrDb{-std::numeric_limits<double>::infinity()};  //!< filtered (dB)
        Time measured;                                            //!< last measurement
        std::optional<double> sibxLoad;                           //!< load last heard
        Time sibxMeasured;     //!< when the cell had measured that load
        uint32_t sibxHeard{0}; //!< SIBx instances decoded so far
    };

    /**
     * @param nCells number of cells, of which nothing is known
     */
    void Configure(uint32_t nCells);

    /**
     * @brief A discovery burst has been measured.
     * @param cell index of the cell that sent it
     * @param rsrpDbm SS-RSRP, power of one resource element (dBm)
     * @param sinrDb signal to interference and noise ratio during the burst (dB)
     * @param filterK coefficient k of the layer 3 filter, a = 2^(-k/4) a 200 ms (TS 38.331
     * clause 5.5.3.2)
     */
    void Measure(uint32_t cell, double rsrpDbm, double sinrDb, uint32_t filterK);

    /**
     * @brief A SIBx has been decoded.
     * @param cell index of the cell that sent it
     * @param load what it tells
     * @param measured when the cell had measured that load
     */
    void ReceiveSibx(uint32_t cell, double load, Time measured);

    /**
     * @return what is known, by index of the cell
     */
    const std::vector<Cell>& Get() const;
    /**
     * @param without indices of cells that do not count, not all
     * @return index of the cell with the best RSRP of the others
     */
    uint32_t FindBest(const std::vector<uint32_t>& without) const;

  private:
    std::vector<Cell> m_cells; //!< by index
};

inline const std::vector<NruMeasurements::Cell>&
NruMeasurements::Get() const
{
    return m_cells;
}

} // namespace ns3

#endif // NRU_MEASUREMENTS_H

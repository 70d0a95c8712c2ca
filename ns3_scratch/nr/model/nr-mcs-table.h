// SPDX-License-Identifier: GPL-2.0-only
#ifndef NR_MCS_TABLE_H
#define NR_MCS_TABLE_H

#include <array>
#include <cstdint>

namespace ns3
{

/**
 * @ingroup nr
 * @brief One row of an MCS or CQI table: modulation and target code rate.
 */
struct NrModulationCoding
{
    uint8_t qm;      //!< bits per modulation symbol Qm: 2, 4, 6 or 8
    double rate1024; //!< target code rate R times 1024

    /// @return target code rate R, in (0, 1)
    constexpr double GetCodeRate() const
    {
        return rate1024 / 1024.0;
    }

    /// @return spectral efficiency Qm R, bit/s/Hz
    constexpr double GetEfficiency() const
    {
        return qm * rate1024 / 1024.0;
    }
};

/**
 * @ingroup nr
 * @brief MCS index table 2 for PDSCH, up to 256QAM (TS 38.214 Table 5.1.3.1-2), MCS 0 to 27.
 */
inline constexpr std::array<NrModulationCoding, 28> NR_MCS_TABLE = {{
    {2, 120.0}, {2, 193.0}, {2, 308.0}, {2, 449.0}, {2, 602.0}, {4, 378.0}, {4, 434.0},
    {4, 490.0}, {4, 553.0}, {4, 616.0}, {4, 658.0}, {6, 466.0}, {6, 517.0}, {6, 567.0},
    {6, 616.0}, {6, 666.0}, {6, 719.0}, {6, 772.0}, {6, 822.0}, {6, 873.0}, {8, 682.5},
    {8, 711.0}, {8, 754.0}, {8, 797.0}, {8, 841.0}, {8, 885.0}, {8, 916.5}, {8, 948.0},
}};

/**
 * @ingroup nr
 * @brief CQI table 2, up to 256QAM (TS 38.214 Table 5.2.2.1-3): element i is CQI i + 1.
 */
inline constexpr std::array<NrModulationCoding, 15> NR_CQI_TABLE = {{
    {2, 78.0},
    {2, 193.0},
    {2, 449.0},
    {4, 378.0},
    {4, 490.0},
    {4, 616.0},
    {6, 466.0},
    {6, 567.0},
    {6, 666.0},
    {6, 772.0},
    {6, 873.0},
    {8, 711.0},
    {8, 797.0},
    {8, 885.0},
    {8, 948.0},
}};

} // namespace ns3

#endif // NR_MCS_TABLE_H

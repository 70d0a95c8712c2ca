// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_DECIBEL_H
#define NRU_DECIBEL_H

#include <cmath>

namespace ns3
{

/**
 * @ingroup nru
 * @brief A ratio in decibels.
 * @param ratio linear
 * @return ratio (dB)
 */
inline double
NruToDb(double ratio)
{
    return 10 * std::log10(ratio);
}

/**
 * @ingroup nru
 * @brief A power in watts.
 * @param dbm power (dBm)
 * @return power (W)
 */
inline double
NruToWatt(double dbm)
{
    return std::pow(10.0, (dbm - 30) / 10);
}

} // namespace ns3

#endif // NRU_DECIBEL_H

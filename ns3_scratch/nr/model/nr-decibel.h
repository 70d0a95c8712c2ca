// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_DECIBEL_H
#define NR_DECIBEL_H

#include <cmath>

namespace ns3
{

/**
 * @ingroup nr
 * @brief A ratio in decibels.
 * @param ratio linear
 * @return ratio (dB)
 */
inline double
NrToDb(double ratio)
{
    return 10 * std::log10(ratio);
}

/**
 * @ingroup nr
 * @brief A power in watts.
 * @param dbm power (dBm)
 * @return power (W)
 */
inline double
NrToWatt(double dbm)
{
    return std::pow(10.0, (dbm - 30) / 10);
}

} // namespace ns3

#endif // NR_DECIBEL_H

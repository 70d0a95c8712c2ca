// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_GEOMETRY_H
#define IOT_GEOMETRY_H

#include <cmath>
#include <cstdint>
#include <vector>

/**
 * @file
 * @ingroup iot
 * @brief Places in whole millimetres: two programs that compare distances agree on every tie.
 */

namespace ns3
{

/**
 * @ingroup iot
 * @brief A place in the plane.
 */
struct IotPlace
{
    int64_t x{0}; //!< mm
    int64_t y{0}; //!< mm
};

/// Some places, by index.
using IotPlaces = std::vector<IotPlace>;

/**
 * @ingroup iot
 * @param metres a length (m), not negative
 * @return it, halves up (mm)
 */
inline int64_t
ToIotMm(double metres)
{
    return static_cast<int64_t>(std::floor(metres * 1000 + 0.5));
}

/**
 * @ingroup iot
 * @param a a place
 * @param b another
 * @return squared distance (mm^2)
 */
inline int64_t
GetIotSquare(const IotPlace& a, const IotPlace& b)
{
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

} // namespace ns3

#endif // IOT_GEOMETRY_H

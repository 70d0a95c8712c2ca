// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_HALL_H
#define NRU_HALL_H

#include "ns3/object.h"
#include "ns3/position-allocator.h"
#include "ns3/random-variable-stream.h"
#include "ns3/vector.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief The factory hall: where gNBs and UEs stand.
 */
class NruHall : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruHall();

    /**
     * @return length, along x (m)
     */
    double GetLength() const;
    /**
     * @return width, along y (m)
     */
    double GetWidth() const;
    /**
     * @return height of the gNBs, and of access points (m)
     */
    double GetGnbHeight() const;

    /**
     * @brief gNBs on a regular grid, each in the middle of its share of the hall.
     *
     * There are as many rows as make the shares most nearly square; where the number does not fill
     * the rows, the first rows have one more than the last.
     * @param n number of gNBs, at least 1
     * @return positions, row by row (m)
     */
    std::vector<Vector> GetGrid(uint32_t n) const;

    /**
     * @brief gNBs at random, drawn again until no point of the hall is farther than
     * `CoverageRadius` from the nearest (horizontally, checked on a raster of 1 m).
     * @param n number of gNBs, at least 1
     * @return positions (m)
     * @throws std::invalid_argument if no draw covers the hall
     */
    std::vector<Vector> DrawGnbs(uint32_t n);

    /**
     * @brief UEs at random, uniformly.
     * @param n number of UEs
     * @return positions (m)
     */
    std::vector<Vector> DrawUes(uint32_t n);

    /**
     * @brief A Wi-Fi access point at random, at the gNBs' height, and stations around it.
     * @param n number of stations
     * @param radius that the stations are within, horizontally (m)
     * @return positions, the access point's first (m)
     */
    std::vector<Vector> DrawWifi(uint32_t n, double radius);

    /**
     * @brief Destinations of moving UEs, uniform over the hall.
     * @return an allocator with streams of its own
     */
    Ptr<PositionAllocator> GetWaypoints() const;

    /**
     * @brief Fix the random streams.
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  private:
    /**
     * @param gnbs positions
     * @return true if every point of the hall is covered
     */
    bool IsCovered(const std::vector<Vector>& gnbs) const;

    /**
     * @param height of the node (m)
     * @return a uniformly drawn position
     */
    Vector Draw(double height);

    double m_length;                     //!< m, along x
    double m_width;                      //!< m, along y
    double m_gnbHeight;                  //!< m
    double m_ueHeight;                   //!< m
    double m_coverageRadius;             //!< m
    Ptr<UniformRandomVariable> m_random; //!< draws positions
};

} // namespace ns3

#endif // NRU_HALL_H

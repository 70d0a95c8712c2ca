// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_PLAN_H
#define IOT_PLAN_H

#include "iot-cores.h"
#include "iot-geometry.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup iot
 * @brief Who is in which cluster, and by which way its messages go.
 */
struct IotPlan
{
    static constexpr int32_t TO_SERVER = -1; //!< next hop of a head
    static constexpr int32_t NOWHERE = -2;   //!< next hop of a device without a way to its head
    static constexpr int32_t NONE = -1; //!< head of an empty cluster; cluster of nobody's choice

    std::vector<int32_t> head;    //!< device, by cluster; NONE where it is empty
    std::vector<int32_t> cluster; //!< by device
    std::vector<int32_t> parent;  //!< next hop, by device: another, TO_SERVER or NOWHERE
    std::vector<int32_t> hops; //!< to the server, by device, the head's own one in; 0: unreachable
};

/**
 * @ingroup iot
 * @brief Plans clusters and routes of devices that stay where they are.
 *
 * A head is the device nearest to a core; the others join the head that is nearest by weighted
 * distance, and reach it over links between devices of their cluster, by fewest hops.
 */
class IotPlanner
{
  public:
    /**
     * @param devices where they are
     * @param linkRange two devices no farther apart have a link (mm)
     * @param byCore whether devices join by the distance to the core, not to the head
     */
    IotPlanner(IotPlaces devices, int64_t linkRange, bool byCore);

    /**
     * @param cores of the clusters
     * @param assigned cluster of each device, or IotPlan::NONE where it goes by cores
     * @return the plan
     */
    IotPlan Make(const IotCores& cores, const std::vector<int32_t>& assigned) const;

    /**
     * @return neighbours over a link, by device, nearest first
     */
    const std::vector<std::vector<uint32_t>>& GetNeighbours() const;

  private:
    /**
     * @param plan gets its heads
     * @param cores of the clusters
     * @param assigned cluster of each device
     */
    void
    FindHeads(IotPlan& plan, const IotCores& cores, const std::vector<int32_t>& assigned) const;

    /**
     * @param plan gets its clusters; has heads
     * @param cores of the clusters
     * @param assigned cluster of each device
     */
    void
    FindClusters(IotPlan& plan, const IotCores& cores, const std::vector<int32_t>& assigned) const;

    /**
     * @param plan gets its routes; has heads and clusters
     */
    void FindRoutes(IotPlan& plan) const;

    IotPlaces m_devices;                             //!< where they are
    bool m_byCore;                                   //!< what devices join by
    std::vector<std::vector<uint32_t>> m_neighbours; //!< over a link, nearest first
};

} // namespace ns3

#endif // IOT_PLAN_H

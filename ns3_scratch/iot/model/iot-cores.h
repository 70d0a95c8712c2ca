// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_CORES_H
#define IOT_CORES_H

#include "iot-geometry.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup iot
 * @brief Cores of clusters: where they are, and how wide their clusters reach.
 */
class IotCores
{
  public:
    /// What may happen to a core in a step.
    enum class Move : uint8_t
    {
        UP,     //!< towards larger y
        DOWN,   //!< towards smaller y
        LEFT,   //!< towards smaller x
        RIGHT,  //!< towards larger x
        STAY,   //!< nothing
        SHRINK, //!< distances to the head count more
        EXPAND  //!< distances to the head count less
    };

    /// Limits of what moves do.
    struct Limits
    {
        IotPlace area;   //!< far corner of the area; the other is the origin
        int64_t step;    //!< how far a core moves (mm)
        double factor;   //!< of distances, a level
        int32_t nLevels; //!< most levels, up and down
    };

    /**
     * @param places where cores start
     * @param limits what moves do
     */
    IotCores(IotPlaces places, const Limits& limits);

    /**
     * @param core index
     * @param move what happens to it; the area's edge and the last level stop it
     */
    void Apply(uint32_t core, Move move);

    /**
     * @return where they are
     */
    const IotPlaces& GetPlaces() const;
    /**
     * @return how often each was shrunk, less how often it was expanded
     */
    const std::vector<int32_t>& GetLevels() const;
    /**
     * @param core index
     * @return factor of squared distances to its head
     */
    double GetScale(uint32_t core) const;

  private:
    Limits m_limits;               //!< what moves do
    IotPlaces m_places;            //!< where they are
    std::vector<int32_t> m_levels; //!< by core
};

} // namespace ns3

#endif // IOT_CORES_H

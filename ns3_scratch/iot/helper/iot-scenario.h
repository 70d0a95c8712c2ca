// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_SCENARIO_H
#define IOT_SCENARIO_H

#include "iot-cores.h"
#include "iot-geometry.h"

#include "ns3/object.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup iot
 * @brief Every number of a situation, as an attribute: flags of the program have their names.
 *
 * Lists of places are texts, `x,y:x,y:...` in whole millimetres.
 */
class IotScenario : public Object
{
  public:
    static constexpr uint32_t MAX_DEVICES = 1000; //!< indices fit a plan's frames
    static constexpr uint32_t MAX_SERVERS = 64;   //!< the same

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @brief Read the places.
     * @throws std::invalid_argument if there are none, too many, or something else than places;
     * says flag, value and what is allowed
     */
    void Parse();

    /**
     * @return limits of what moves do
     */
    IotCores::Limits GetLimits() const;

    /**
     * @param step from 0
     * @return where vehicles are in it
     */
    IotPlaces GetVehicles(uint32_t step) const;

    IotPlaces devices;  //!< where devices are, once parsed
    IotPlaces servers;  //!< where servers are, once parsed
    IotPlaces vehicles; //!< where vehicles are, step by step, once parsed

    uint32_t steps;               //!< actions of a run
    double periodS;               //!< length of a step (s)
    double areaLengthM;           //!< of the area, along x (m)
    double areaWidthM;            //!< of the area, along y (m)
    double linkRangeM;            //!< two devices no farther apart have a link (m)
    double interferenceRangeM;    //!< who is farther apart does not hear another at all (m)
    double sensingRangeM;         //!< a device no farther from a vehicle senses it (m)
    uint32_t messageBytes;        //!< of a device that senses none
    uint32_t sensingMessageBytes; //!< of a device that senses one
    double coreStepM;             //!< how far a core moves (m)
    uint32_t movesPerStep;        //!< most cores that are moved in a step
    double weightFactor;          //!< of distances, a level
    uint32_t weightLevels;        //!< most levels, up and down
    std::string distanceTo;       //!< what devices join by: head or core
    std::string phy;              //!< radio: wifi, disc or lr-wpan
    double wifiRateMbps;          //!< of 802.11a (Mb/s)
    uint32_t queueLimitBytes;     //!< of a device
    uint32_t retryLimit;          //!< most repetitions of a frame

  private:
    uint32_t m_nVehicles;   //!< in a step
    std::string m_devices;  //!< places, as given
    std::string m_servers;  //!< places, as given
    std::string m_vehicles; //!< places, as given
};

} // namespace ns3

#endif // IOT_SCENARIO_H

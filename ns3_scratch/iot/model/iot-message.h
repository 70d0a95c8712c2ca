// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_MESSAGE_H
#define IOT_MESSAGE_H

#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup iot
 * @brief What a device tells of in a step, as it goes from hop to hop.
 */
struct IotMessage
{
    uint16_t origin{0}; //!< device that made it
    uint32_t number{0}; //!< of those that this device made
    uint32_t bytes{0};  //!< size
    uint16_t hops{0};   //!< devices that it has left
    Time made;          //!< when

    /**
     * @param other a message
     * @return whether it is this one, as far on its way
     */
    bool operator==(const IotMessage& other) const
    {
        return origin == other.origin && number == other.number && hops == other.hops;
    }
};

} // namespace ns3

#endif // IOT_MESSAGE_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_PLAN_HEADER_H
#define IOT_PLAN_HEADER_H

#include "ns3/header.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup iot
 * @brief A frame that announces a plan: the next hops of some devices in a row.
 *
 * A next hop takes two bytes: the index of a device, NOWHERE, or SERVER and the index of a server.
 */
class IotPlanHeader : public Header
{
  public:
    static constexpr uint8_t TYPE = 2;          //!< first byte of such a frame
    static constexpr uint16_t NOWHERE = 0xffff; //!< next hop of whoever has none
    static constexpr uint16_t SERVER = 0xff00;  //!< to server 0; to others by as much more
    static constexpr uint32_t FIXED_SIZE = 9;   //!< bytes without next hops

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    uint32_t version{0};            //!< of the plan
    uint16_t first{0};              //!< first device
    std::vector<uint16_t> nextHops; //!< its next hop, and those of the next devices

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;
};

} // namespace ns3

#endif // IOT_PLAN_HEADER_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_MESSAGE_HEADER_H
#define IOT_MESSAGE_HEADER_H

#include "iot-message.h"

#include "ns3/header.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup iot
 * @brief Header of a frame that carries a part of a message.
 *
 * It also says by which plan its sender goes, so that a neighbour with a newer one can tell it.
 */
class IotMessageHeader : public Header
{
  public:
    static constexpr uint8_t TYPE = 1;   //!< first byte of such a frame
    static constexpr uint32_t SIZE = 29; //!< bytes

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IotMessage message;  //!< of which the frame carries a part
    uint32_t part{0};    //!< which, from 0
    uint32_t version{0}; //!< of the sender's plan

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;
};

} // namespace ns3

#endif // IOT_MESSAGE_HEADER_H

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NRU_ARRIVAL_TAG_H
#define NRU_ARRIVAL_TAG_H

#include "ns3/nstime.h"
#include "ns3/tag.h"

namespace ns3
{

/**
 * @ingroup nru
 * @brief When a packet arrived at its queue. ns-3 has a TimestampTag, but not in all versions.
 */
class NruArrivalTag : public Tag
{
  public:
    /**
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruArrivalTag() = default;

    /**
     * @param arrival when the packet arrived
     */
    explicit NruArrivalTag(Time arrival);

    /**
     * @return when the packet arrived
     */
    Time GetArrival() const;

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer buffer) const override;
    void Deserialize(TagBuffer buffer) override;
    void Print(std::ostream& os) const override;

  private:
    Time m_arrival; //!< when the packet arrived
};

} // namespace ns3

#endif

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-arrival-tag.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruArrivalTag);

TypeId
NruArrivalTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruArrivalTag")
                            .SetParent<Tag>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruArrivalTag>();
    return tid;
}

NruArrivalTag::NruArrivalTag(Time arrival)
    : m_arrival(arrival)
{
}

Time
NruArrivalTag::GetArrival() const
{
    return m_arrival;
}

TypeId
NruArrivalTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
NruArrivalTag::GetSerializedSize() const
{
    return sizeof(uint64_t);
}

void
NruArrivalTag::Serialize(TagBuffer buffer) const
{
    buffer.WriteU64(m_arrival.GetNanoSeconds());
}

void
NruArrivalTag::Deserialize(TagBuffer buffer)
{
    m_arrival = NanoSeconds(buffer.ReadU64());
}

void
NruArrivalTag::Print(std::ostream& os) const
{
    os << "arrival=" << m_arrival.As(Time::MS);
}

} // namespace ns3

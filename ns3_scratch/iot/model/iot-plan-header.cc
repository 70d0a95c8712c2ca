// SPDX-License-Identifier: GPL-2.0-only

#include "iot-plan-header.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotPlanHeader);

TypeId
IotPlanHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::IotPlanHeader")
                            .SetParent<Header>()
                            .SetGroupName("Iot")
                            .AddConstructor<IotPlanHeader>();
    return tid;
}

TypeId
IotPlanHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
IotPlanHeader::GetSerializedSize() const
{
    return FIXED_SIZE + 2 * nextHops.size();
}

void
IotPlanHeader::Serialize(Buffer::Iterator start) const
{
    start.WriteU8(TYPE);
    start.WriteHtonU32(version);
    start.WriteHtonU16(first);
    start.WriteHtonU16(nextHops.size());
    for (const auto nextHop : nextHops)
    {
        start.WriteHtonU16(nextHop);
    }
}

uint32_t
IotPlanHeader::Deserialize(Buffer::Iterator start)
{
    start.ReadU8();
    version = start.ReadNtohU32();
    first = start.ReadNtohU16();
    nextHops.resize(start.ReadNtohU16());
    for (auto& nextHop : nextHops)
    {
        nextHop = start.ReadNtohU16();
    }
    return GetSerializedSize();
}

void
IotPlanHeader::Print(std::ostream& os) const
{
    os << "plan " << version << " of " << nextHops.size() << " devices from " << first << " on";
}

} // namespace ns3

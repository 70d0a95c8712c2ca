// SPDX-License-Identifier: GPL-2.0-only

#include "iot-message-header.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotMessageHeader);

TypeId
IotMessageHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::IotMessageHeader")
                            .SetParent<Header>()
                            .SetGroupName("Iot")
                            .AddConstructor<IotMessageHeader>();
    return tid;
}

TypeId
IotMessageHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
IotMessageHeader::GetSerializedSize() const
{
    return SIZE;
}

void
IotMessageHeader::Serialize(Buffer::Iterator start) const
{
    start.WriteU8(TYPE);
    start.WriteHtonU16(message.origin);
    start.WriteHtonU32(message.number);
    start.WriteHtonU32(message.bytes);
    start.WriteHtonU16(message.hops);
    start.WriteHtonU64(message.made.GetTimeStep());
    start.WriteHtonU32(part);
    start.WriteHtonU32(version);
}

uint32_t
IotMessageHeader::Deserialize(Buffer::Iterator start)
{
    start.ReadU8();
    message.origin = start.ReadNtohU16();
    message.number = start.ReadNtohU32();
    message.bytes = start.ReadNtohU32();
    message.hops = start.ReadNtohU16();
    message.made = TimeStep(start.ReadNtohU64());
    part = start.ReadNtohU32();
    version = start.ReadNtohU32();
    return SIZE;
}

void
IotMessageHeader::Print(std::ostream& os) const
{
    os << "part " << part << " of message " << message.number << " of device " << message.origin;
}

} // namespace ns3

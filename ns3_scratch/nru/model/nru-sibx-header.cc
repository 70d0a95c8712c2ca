// SPDX-License-Identifier: GPL-2.0-only

#include "nru-sibx-header.h"

#include "ns3/abort.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruSibxHeader);

namespace
{
constexpr uint32_t SEQUENCE_BITS = 14;
constexpr uint32_t LOAD_FRACTION_BITS = 14;
constexpr double LOAD_UNIT = 1.0 / (1 << LOAD_FRACTION_BITS);
} // namespace

TypeId
NruSibxHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruSibxHeader")
                            .SetParent<Header>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruSibxHeader>();
    return tid;
}

NruSibxHeader::NruSibxHeader() = default;

void
NruSibxHeader::SetSequence(uint32_t sequence)
{
    m_sequence = sequence & ((1 << SEQUENCE_BITS) - 1);
}

uint16_t
NruSibxHeader::GetSequence() const
{
    return m_sequence;
}

void
NruSibxHeader::SetPci(uint16_t pci)
{
    NS_ABORT_MSG_IF(pci > MAX_PCI, "SIBx pci " << pci << " is not within 0 to " << MAX_PCI);
    m_pci = pci;
}

uint16_t
NruSibxHeader::GetPci() const
{
    return m_pci;
}

void
NruSibxHeader::SetLoad(double load)
{
    NS_ABORT_MSG_UNLESS(load >= 0, "SIBx load " << load << " is not 0 or more");
    m_load = static_cast<uint16_t>(std::min(std::round(load / LOAD_UNIT), 65535.0));
}

double
NruSibxHeader::GetLoad() const
{
    return m_load * LOAD_UNIT;
}

TypeId
NruSibxHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

void
NruSibxHeader::Print(std::ostream& os) const
{
    os << "seq=" << m_sequence << " pci=" << m_pci << " load=" << GetLoad();
}

uint32_t
NruSibxHeader::GetSerializedSize() const
{
    return 5;
}

void
NruSibxHeader::Serialize(Buffer::Iterator start) const
{
    start.WriteU8(m_sequence >> 6);
    start.WriteU8(((m_sequence & 0x3f) << 2) | (m_pci >> 8));
    start.WriteU8(m_pci & 0xff);
    start.WriteHtonU16(m_load);
}

uint32_t
NruSibxHeader::Deserialize(Buffer::Iterator start)
{
    const uint16_t first = start.ReadU8();
    const uint16_t second = start.ReadU8();
    m_sequence = (first << 6) | (second >> 2);
    m_pci = ((second & 0x3) << 8) | start.ReadU8();
    m_load = start.ReadNtohU16();
    return GetSerializedSize();
}

} // namespace ns3

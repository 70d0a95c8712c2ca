// SPDX-License-Identifier: GPL-2.0-only

#include "iot-disc-radio.h"

#include "ns3/simulator.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotDiscRadio);

namespace
{
constexpr uint32_t MAX_SIZE = 1529; //!< as of Wi-Fi's (bytes)
} // namespace

TypeId
IotDiscRadio::GetTypeId()
{
    static TypeId tid = TypeId("ns3::IotDiscRadio")
                            .SetParent<IotRadio>()
                            .SetGroupName("Iot")
                            .AddConstructor<IotDiscRadio>();
    return tid;
}

void
IotDiscRadio::Install(uint32_t index)
{
    m_index = index;
}

void
IotDiscRadio::AddNeighbour(Ptr<IotDiscRadio> neighbour)
{
    m_neighbours[neighbour->m_index] = neighbour;
}

void
IotDiscRadio::Send(Ptr<Packet> frame, uint32_t to)
{
    Simulator::ScheduleNow(&IotDiscRadio::Deliver, this, frame, to);
}

void
IotDiscRadio::Deliver(Ptr<Packet> frame, uint32_t to)
{
    const auto neighbour = m_neighbours.find(to);
    const auto isHeard = neighbour != m_neighbours.end();
    if (isHeard)
    {
        neighbour->second->Hear(frame, m_index);
    }
    m_done(isHeard);
}

void
IotDiscRadio::Broadcast(Ptr<Packet> frame)
{
    for (const auto& neighbour : m_neighbours)
    {
        Simulator::ScheduleNow(&IotDiscRadio::Hear,
                               neighbour.second,
                               Ptr<const Packet>(frame),
                               m_index);
    }
}

void
IotDiscRadio::Hear(Ptr<const Packet> frame, uint32_t from)
{
    m_receive(frame, from);
}

uint32_t
IotDiscRadio::GetMaxSize() const
{
    return MAX_SIZE;
}

bool
IotDiscRadio::HasChannel() const
{
    return false;
}

Time
IotDiscRadio::GetSendTime() const
{
    return Time(0);
}

Time
IotDiscRadio::GetBusyTime() const
{
    return Time(0);
}

int64_t
IotDiscRadio::AssignStreams(int64_t)
{
    return 0;
}

void
IotDiscRadio::DoDispose()
{
    m_neighbours.clear();
    IotRadio::DoDispose();
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "iot-device.h"

#include "iot-message-header.h"
#include "iot-plan-header.h"

#include "ns3/abort.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotDevice);

TypeId
IotDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::IotDevice")
                            .SetParent<Object>()
                            .SetGroupName("Iot")
                            .AddConstructor<IotDevice>()
                            .AddAttribute("QueueLimit",
                                          "Room in the queue, which drops what is beyond (bytes).",
                                          UintegerValue(50000),
                                          MakeUintegerAccessor(&IotDevice::m_queueLimit),
                                          MakeUintegerChecker<uint32_t>(1))
                            .AddAttribute("Jitter",
                                          "Longest time until an announcement is sent on.",
                                          TimeValue(MilliSeconds(10)),
                                          MakeTimeAccessor(&IotDevice::m_jitter),
                                          MakeTimeChecker(Time(0)));
    return tid;
}

IotDevice::IotDevice()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

void
IotDevice::DoDispose()
{
    m_announcement.Cancel();
    m_radio = nullptr;
    m_ledger = nullptr;
    m_random = nullptr;
    Object::DoDispose();
}

void
IotDevice::Install(uint32_t index, Ptr<IotRadio> radio, Ptr<IotLedger> ledger, uint32_t nDevices)
{
    m_index = index;
    m_radio = radio;
    m_ledger = ledger;
    m_maxHops = nDevices;
    m_partSize = radio->GetMaxSize() - IotMessageHeader::SIZE;
    m_segmentSize = (radio->GetMaxSize() - IotPlanHeader::FIXED_SIZE) / 2;
    m_table.resize((nDevices + m_segmentSize - 1) / m_segmentSize);
    for (uint32_t i = 0; i < nDevices; ++i)
    {
        m_table[i / m_segmentSize].nextHops.push_back(IotPlanHeader::NOWHERE);
    }
    radio->SetCallbacks(MakeCallback(&IotDevice::Receive, this),
                        MakeCallback(&IotDevice::Finish, this));
}

// ---- Messages ----

void
IotDevice::Make(uint32_t bytes)
{
    IotMessage message;
    message.origin = m_index;
    message.number = m_nMade++;
    message.bytes = bytes;
    message.made = Simulator::Now();
    m_ledger->Make(message);
    Accept(message);
}

void
IotDevice::Accept(const IotMessage& message)
{
    if (m_queued + message.bytes > m_queueLimit)
    {
        m_ledger->Drop(message, IotLedger::Cause::QUEUE_FULL);
        return;
    }
    m_queue.push_back(message);
    m_queued += message.bytes;
    Serve();
}

void
IotDevice::Serve()
{
    while (!m_isSending && !m_queue.empty())
    {
        const auto message = m_queue.front();
        if (m_nextHop >= 0)
        {
            m_isSending = true;
            m_to = m_nextHop;
            m_part = 0;
            SendPart();
            return;
        }
        m_queue.pop_front();
        m_queued -= message.bytes;
        if (m_nextHop == IotPlan::TO_SERVER)
        {
            m_counters.messages++;
            m_counters.bytes += message.bytes;
            m_ledger->Receive(message, m_server);
        }
        else
        {
            m_ledger->Drop(message, IotLedger::Cause::NO_NEXT_HOP);
        }
    }
}

void
IotDevice::SendPart()
{
    IotMessageHeader header;
    header.message = m_queue.front();
    header.message.hops++;
    header.part = m_part;
    header.version = GetVersion();
    const auto bytes = header.message.bytes;
    const auto size = std::min(m_partSize, bytes - m_part * m_partSize);
    auto frame = Create<Packet>(size);
    frame->AddHeader(header);
    m_counters.messages += static_cast<double>(size) / bytes;
    m_counters.bytes += size;
    m_radio->Send(frame, m_to);
}

void
IotDevice::Finish(bool isAcked)
{
    const auto message = m_queue.front();
    ++m_part;
    if (isAcked && m_part * uint64_t{m_partSize} < message.bytes)
    {
        SendPart();
        return;
    }
    m_isSending = false;
    m_queue.pop_front();
    m_queued -= message.bytes;
    if (m_ledger->IsWith(message, m_index)) // the neighbour does not have it
    {
        m_ledger->Drop(message, IotLedger::Cause::NOT_ACKNOWLEDGED);
    }
    Serve();
}

void
IotDevice::Receive(Ptr<const Packet> frame, uint32_t from)
{
    uint8_t type = 0;
    frame->CopyData(&type, 1);
    if (type == IotPlanHeader::TYPE)
    {
        IotPlanHeader plan;
        frame->PeekHeader(plan);
        ReceivePlan(plan);
        return;
    }
    IotMessageHeader header;
    frame->PeekHeader(header);
    ReceivePart(header, frame->GetSize() - IotMessageHeader::SIZE, from);
    if (header.version < GetVersion())
    {
        ScheduleAnnouncement();
    }
}

void
IotDevice::ReceivePart(const IotMessageHeader& header, uint32_t nBytes, uint32_t from)
{
    auto& arriving = m_arrivals[from];
    if (header.part == 0 && !(arriving.nParts > 0 && arriving.message == header.message))
    {
        arriving = {header.message, 0, 0};
    }
    if (!(arriving.message == header.message) || header.part != arriving.nParts)
    {
        return; // had before, or a part of it is missing
    }
    arriving.nParts++;
    arriving.nBytes += nBytes;
    if (arriving.nBytes < header.message.bytes)
    {
        return;
    }
    m_ledger->Move(header.message, m_index);
    if (header.message.hops >= m_maxHops)
    {
        m_ledger->Drop(header.message, IotLedger::Cause::TOO_MANY_HOPS);
        return;
    }
    Accept(header.message);
}

// ---- Plans ----

void
IotDevice::Learn(const IotPlan& plan, uint32_t version)
{
    for (uint32_t i = 0; i < plan.parent.size(); ++i)
    {
        auto& segment = m_table[i / m_segmentSize];
        segment.version = version;
        const auto parent = plan.parent[i];
        segment.nextHops[i % m_segmentSize] = parent >= 0 ? parent
                                              : parent == IotPlan::TO_SERVER
                                                  ? IotPlanHeader::SERVER + plan.cluster[i]
                                                  : IotPlanHeader::NOWHERE;
    }
    ReadNextHop();
}

void
IotDevice::ReadNextHop()
{
    const auto nextHop = m_table[m_index / m_segmentSize].nextHops[m_index % m_segmentSize];
    if (nextHop == IotPlanHeader::NOWHERE)
    {
        m_nextHop = IotPlan::NOWHERE;
    }
    else if (nextHop >= IotPlanHeader::SERVER)
    {
        m_nextHop = IotPlan::TO_SERVER;
        m_server = nextHop - IotPlanHeader::SERVER;
    }
    else
    {
        m_nextHop = nextHop;
    }
    Serve();
}

void
IotDevice::SetPlan(const IotPlan& plan)
{
    Learn(plan, 0);
}

void
IotDevice::TellPlan(const IotPlan& plan, uint32_t version)
{
    Learn(plan, version);
    ScheduleAnnouncement();
}

void
IotDevice::ReceivePlan(const IotPlanHeader& plan)
{
    auto& segment = m_table.at(plan.first / m_segmentSize);
    if (plan.version <= segment.version)
    {
        return;
    }
    segment.version = plan.version;
    segment.nextHops = plan.nextHops;
    ReadNextHop();
    ScheduleAnnouncement();
}

void
IotDevice::ScheduleAnnouncement()
{
    if (!m_announcement.IsRunning())
    {
        const auto latest = m_radio->HasChannel() ? m_jitter.GetSeconds() : 0.0;
        m_announcement =
            Simulator::Schedule(Seconds(m_random->GetValue(0, latest)), &IotDevice::Announce, this);
    }
}

void
IotDevice::Announce()
{
    for (uint32_t k = 0; k < m_table.size(); ++k)
    {
        IotPlanHeader plan;
        plan.version = m_table[k].version;
        plan.first = k * m_segmentSize;
        plan.nextHops = m_table[k].nextHops;
        auto frame = Create<Packet>();
        frame->AddHeader(plan);
        m_counters.control += frame->GetSize();
        m_radio->Broadcast(frame);
    }
}

// ---- What is known of it ----

int32_t
IotDevice::GetNextHop() const
{
    return m_nextHop;
}

uint32_t
IotDevice::GetVersion() const
{
    uint32_t oldest = m_table.front().version;
    for (const auto& segment : m_table)
    {
        oldest = std::min(oldest, segment.version);
    }
    return oldest;
}

const IotDevice::Counters&
IotDevice::GetCounters() const
{
    return m_counters;
}

std::vector<IotMessage>
IotDevice::GetWaiting() const
{
    std::vector<IotMessage> waiting(m_queue.begin(), m_queue.end());
    if (m_isSending && !m_ledger->IsWith(waiting.front(), m_index))
    {
        waiting.erase(
            waiting.begin()); // the neighbour has it, and its acknowledgement is on its way
    }
    return waiting;
}

Ptr<IotRadio>
IotDevice::GetRadio() const
{
    return m_radio;
}

int64_t
IotDevice::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1 + m_radio->AssignStreams(stream + 1);
}

} // namespace ns3

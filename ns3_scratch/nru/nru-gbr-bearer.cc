// SPDX-License-Identifier: GPL-2.0-only

#include "nru-gbr-bearer.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruGbrBearer);

TypeId
NruGbrBearer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruGbrBearer")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruGbrBearer>()
            .AddAttribute("PacketSize",
                          "Size of every packet (bytes).",
                          UintegerValue(1500),
                          MakeUintegerAccessor(&NruGbrBearer::m_packetSize),
                          MakeUintegerChecker<uint32_t>(1, 65535))
            .AddAttribute("DelayBudget",
                          "A packet that has waited this long is discarded; 150 ms is the packet "
                          "delay budget of 5QI 2, conversational video (TS 23.501 Table 5.7.4-1).",
                          TimeValue(MilliSeconds(150)),
                          MakeTimeAccessor(&NruGbrBearer::m_delayBudget),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddAttribute("QueueLimit",
                          "A packet that finds this much waiting is dropped (bytes).",
                          UintegerValue(500000),
                          MakeUintegerAccessor(&NruGbrBearer::m_queueLimit),
                          MakeUintegerChecker<uint64_t>(1));
    return tid;
}

NruGbrBearer::NruGbrBearer() = default;

void
NruGbrBearer::Start(double bitRate, double phase)
{
    NS_ABORT_MSG_UNLESS(bitRate > 0, "guaranteed bit rate " << bitRate << " is not above 0 bit/s");
    NS_ABORT_MSG_UNLESS(phase >= 0 && phase < 1, "phase " << phase << " is not within [0, 1)");
    m_bitRate = bitRate;
    m_interval = m_packetSize * 8 / m_bitRate * 1e9;
    m_first = Simulator::Now().GetNanoSeconds() + phase * m_interval;
    ScheduleNext();
}

double
NruGbrBearer::GetBitRate() const
{
    return m_bitRate;
}

Time
NruGbrBearer::GetDelayBudget() const
{
    return m_delayBudget;
}

void
NruGbrBearer::ScheduleNext()
{
    m_next = NanoSeconds(static_cast<uint64_t>(m_first + m_arrivals * m_interval));
}

void
NruGbrBearer::Update()
{
    const auto now = Simulator::Now();
    for (; m_next <= now; ++m_arrivals, ScheduleNext())
    {
        m_counters.offered += m_packetSize;
        if (m_backlog + m_packetSize > m_queueLimit)
        {
            m_counters.dropped += m_packetSize;
            continue;
        }
        m_segments.push_back({m_next, m_packetSize});
        m_backlog += m_packetSize;
    }
    while (!m_segments.empty() && m_segments.front().arrival + m_delayBudget <= now)
    {
        m_counters.dropped += m_segments.front().bytes;
        m_backlog -= m_segments.front().bytes;
        m_segments.pop_front();
    }
}

uint64_t
NruGbrBearer::GetBacklog() const
{
    return m_backlog;
}

Time
NruGbrBearer::GetHeadOfLine() const
{
    return m_segments.empty() ? m_next : m_segments.front().arrival;
}

uint32_t
NruGbrBearer::Send(uint32_t maxBytes)
{
    uint32_t taken = 0;
    while (taken < maxBytes && !m_segments.empty())
    {
        auto& head = m_segments.front();
        const auto bytes = std::min(head.bytes, maxBytes - taken);
        taken += bytes;
        head.bytes -= bytes;
        if (head.bytes == 0)
        {
            m_segments.pop_front();
        }
    }
    m_backlog -= taken;
    m_inFlight += taken;
    return taken;
}

void
NruGbrBearer::Deliver(uint32_t bytes)
{
    m_inFlight -= bytes;
    m_counters.delivered += bytes;
}

void
NruGbrBearer::Drop(uint32_t bytes)
{
    m_inFlight -= bytes;
    m_counters.dropped += bytes;
}

void
NruGbrBearer::Return(uint32_t bytes, Time arrival)
{
    m_inFlight -= bytes;
    m_backlog += bytes;
    m_segments.push_front({arrival, bytes});
}

NruGbrBearer::Counters
NruGbrBearer::GetCounters() const
{
    auto counters = m_counters;
    counters.queued = m_backlog + m_inFlight;
    return counters;
}

} // namespace ns3

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
        Expire(m_next); // in the order in which it happened, however seldom somebody looks
        m_counters.offered += m_packetSize;
        if (GetBacklog() + m_packetSize > m_queueLimit)
        {
            m_counters.dropped += m_packetSize;
            continue;
        }
        m_waiting.push_back(m_next);
    }
    Expire(now);
}

void
NruGbrBearer::Expire(Time now)
{
    while (!m_waiting.empty() && m_waiting.front() + m_delayBudget <= now)
    {
        m_counters.dropped += m_packetSize;
        m_waiting.pop_front();
    }
}

bool
NruGbrBearer::IsCut() const
{
    return !m_begun.empty() && m_begun.back().sent < m_packetSize;
}

uint64_t
NruGbrBearer::GetBacklog() const
{
    const uint64_t cut = IsCut() ? m_packetSize - m_begun.back().sent : 0;
    return m_waiting.size() * m_packetSize + cut;
}

Time
NruGbrBearer::GetHeadOfLine() const
{
    if (IsCut())
    {
        return m_begun.back().arrival;
    }
    return m_waiting.empty() ? m_next : m_waiting.front();
}

NruGbrBearer::Piece
NruGbrBearer::Send(uint32_t maxBytes)
{
    Piece piece;
    while (piece.bytes < maxBytes)
    {
        if (!IsCut())
        {
            if (m_waiting.empty())
            {
                break;
            }
            m_begun.push_back({m_waiting.front()});
            m_waiting.pop_front();
            ++m_unsettled;
        }
        auto& packet = m_begun.back();
        if (piece.bytes == 0)
        {
            piece.packet = m_firstBegun + m_begun.size() - 1;
            piece.offset = packet.sent;
        }
        const auto bytes = std::min(m_packetSize - packet.sent, maxBytes - piece.bytes);
        packet.sent += bytes;
        piece.bytes += bytes;
    }
    return piece;
}

void
NruGbrBearer::Settle(const Piece& piece, uint32_t Begun::* fate)
{
    auto offset = piece.offset;
    auto left = piece.bytes;
    for (auto index = piece.packet - m_firstBegun; left > 0; ++index)
    {
        auto& packet = m_begun.at(index);
        const auto bytes = std::min(m_packetSize - offset, left);
        packet.*fate += bytes;
        left -= bytes;
        offset = 0;
        if (packet.received + packet.lost == m_packetSize)
        {
            (packet.lost > 0 ? m_counters.dropped : m_counters.delivered) += m_packetSize;
            --m_unsettled;
        }
    }
    while (!m_begun.empty() && m_begun.front().received + m_begun.front().lost == m_packetSize)
    {
        m_begun.pop_front();
        ++m_firstBegun;
    }
}

void
NruGbrBearer::Deliver(const Piece& piece)
{
    Settle(piece, &Begun::received);
}

void
NruGbrBearer::Drop(const Piece& piece)
{
    Settle(piece, &Begun::lost);
}

void
NruGbrBearer::Reestablish()
{
    m_firstBegun += m_begun.size();
    m_unsettled = 0;
    for (; !m_begun.empty(); m_begun.pop_back())
    {
        const auto& packet = m_begun.back();
        if (packet.received + packet.lost == m_packetSize)
        {
            continue; // counted already
        }
        if (packet.lost > 0)
        {
            m_counters.dropped += m_packetSize;
            continue;
        }
        m_waiting.push_front(packet.arrival);
    }
}

NruGbrBearer::Counters
NruGbrBearer::GetCounters() const
{
    auto counters = m_counters;
    counters.queued = (m_waiting.size() + m_unsettled) * m_packetSize;
    return counters;
}

} // namespace ns3

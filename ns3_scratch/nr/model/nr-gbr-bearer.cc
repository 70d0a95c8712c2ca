// SPDX-License-Identifier: GPL-2.0-only

#include "nr-gbr-bearer.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NrGbrBearer);

namespace
{
/// Packets that arrive at less than this do not arrive within any simulation (bit/s).
constexpr double MIN_RATE = 1e-3;
} // namespace

TypeId
NrGbrBearer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrGbrBearer")
            .SetParent<Object>()
            .SetGroupName("Nr")
            .AddConstructor<NrGbrBearer>()
            .AddAttribute("PacketSize",
                          "Size of every packet (bytes).",
                          UintegerValue(1500),
                          MakeUintegerAccessor(&NrGbrBearer::m_packetSize),
                          MakeUintegerChecker<uint32_t>(1, 65535))
            .AddAttribute("DelayBudget",
                          "A packet that has waited this long is discarded; 300 ms is the packet "
                          "delay budget of 5QI 4, buffered video of guaranteed bit rate (TS "
                          "23.501 Table 5.7.4-1), which goes with priority class 3.",
                          TimeValue(MilliSeconds(300)),
                          MakeTimeAccessor(&NrGbrBearer::m_delayBudget),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddAttribute("QueueLimit",
                          "A packet that finds this much waiting is dropped (bytes).",
                          UintegerValue(500000),
                          MakeUintegerAccessor(&NrGbrBearer::m_queueLimit),
                          MakeUintegerChecker<uint64_t>(1))
            .AddAttribute(
                "BurstTime",
                "What a bearer of a maximum bit rate may send at once is what comes in so "
                "much time at it, two packets at least.",
                TimeValue(MilliSeconds(10)),
                MakeTimeAccessor(&NrGbrBearer::m_burstTime),
                MakeTimeChecker(Time(0)));
    return tid;
}

NrGbrBearer::NrGbrBearer() = default;

void
NrGbrBearer::Start(double bitRate, double phase)
{
    NS_ABORT_MSG_UNLESS(bitRate > 0, "guaranteed bit rate " << bitRate << " is not above 0 bit/s");
    NS_ABORT_MSG_UNLESS(phase >= 0 && phase < 1, "phase " << phase << " is not within [0, 1)");
    m_bitRate = bitRate;
    m_interval = m_packetSize * 8 / m_bitRate * 1e9;
    m_first = Simulator::Now().GetNanoSeconds() + phase * m_interval;
    ScheduleNext();
}

void
NrGbrBearer::SetArrivalRate(double bitRate)
{
    NS_ABORT_MSG_UNLESS(m_interval > 0, "a bearer has to be started before its rate changes");
    NS_ABORT_MSG_UNLESS(bitRate >= 0, "rate of arrivals " << bitRate << " is below 0 bit/s");
    Update();
    const auto now = static_cast<double>(Simulator::Now().GetNanoSeconds());
    const auto left = (m_first + m_arrivals * m_interval - now) / m_interval;
    m_interval = m_packetSize * 8 / std::max(bitRate, MIN_RATE) * 1e9;
    m_first = now + std::max(left, 0.0) * m_interval;
    m_arrivals = 0;
    ScheduleNext();
}

void
NrGbrBearer::SetBitRate(double bitRate)
{
    NS_ABORT_MSG_UNLESS(bitRate >= 0, "guaranteed bit rate " << bitRate << " is below 0 bit/s");
    m_bitRate = bitRate;
}

void
NrGbrBearer::SetMaximumBitRate(double bitRate)
{
    NS_ABORT_MSG_UNLESS(bitRate >= 0, "maximum bit rate " << bitRate << " is below 0 bit/s");
    Refill(Simulator::Now()); // what came at the rate until now
    m_maximum = bitRate;
}

void
NrGbrBearer::Refill(Time now)
{
    if (std::isfinite(m_maximum))
    {
        const auto depth = std::max(m_maximum / 8 * m_burstTime.GetSeconds(), 2.0 * m_packetSize);
        const auto come = m_maximum / 8 * (now - m_refilled).GetSeconds();
        m_tokens = std::min(m_tokens + come, depth);
    }
    m_refilled = now;
}

double
NrGbrBearer::GetBitRate() const
{
    return m_bitRate;
}

Time
NrGbrBearer::GetDelayBudget() const
{
    return m_delayBudget;
}

void
NrGbrBearer::ScheduleNext()
{
    m_next = NanoSeconds(static_cast<uint64_t>(m_first + m_arrivals * m_interval));
}

void
NrGbrBearer::Update()
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
    Refill(now);
}

void
NrGbrBearer::Expire(Time now)
{
    while (!m_waiting.empty() && m_waiting.front() + m_delayBudget <= now)
    {
        m_counters.dropped += m_packetSize;
        m_waiting.pop_front();
    }
    while (!m_again.empty() && GetArrival(m_again.front().packet) + m_delayBudget <= now)
    {
        const auto late = m_again.front();
        m_again.pop_front();
        Settle(late, &Begun::lost);
    }
}

bool
NrGbrBearer::IsCut() const
{
    return !m_begun.empty() && m_begun.back().sent < m_packetSize;
}

uint64_t
NrGbrBearer::GetBacklog() const
{
    uint64_t backlog = m_waiting.size() * m_packetSize;
    if (IsCut())
    {
        backlog += m_packetSize - m_begun.back().sent;
    }
    for (const auto& piece : m_again)
    {
        backlog += piece.bytes;
    }
    return backlog;
}

uint64_t
NrGbrBearer::CountAllowed() const
{
    if (std::isinf(m_maximum))
    {
        return m_waiting.size();
    }
    const auto allowed = std::floor(std::max(m_tokens, 0.0) / m_packetSize);
    return std::min<uint64_t>(static_cast<uint64_t>(allowed), m_waiting.size());
}

uint64_t
NrGbrBearer::GetSendable() const
{
    return GetBacklog() - (m_waiting.size() - CountAllowed()) * m_packetSize;
}

Time
NrGbrBearer::GetHeadOfLine() const
{
    if (!m_again.empty())
    {
        return GetArrival(m_again.front().packet);
    }
    if (IsCut())
    {
        return m_begun.back().arrival;
    }
    return m_waiting.empty() ? m_next : m_waiting.front();
}

NrGbrBearer::Piece
NrGbrBearer::Send(uint32_t maxBytes)
{
    if (!m_again.empty())
    {
        return SendAgain(maxBytes);
    }
    Piece piece;
    while (piece.bytes < maxBytes)
    {
        if (!IsCut())
        {
            if (CountAllowed() == 0)
            {
                break;
            }
            m_tokens -= std::isfinite(m_maximum) ? m_packetSize : 0;
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
NrGbrBearer::Settle(const Piece& piece, uint32_t Begun::* fate)
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
            Finish(packet);
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
NrGbrBearer::Finish(const Begun& packet)
{
    if (packet.lost > 0)
    {
        m_counters.dropped += m_packetSize;
        return;
    }
    const auto delay = Simulator::Now() - packet.arrival;
    m_counters.delivered += m_packetSize;
    m_counters.late += delay > m_delayBudget ? m_packetSize : 0;
    m_delays.Add(delay);
}

void
NrGbrBearer::Deliver(const Piece& piece)
{
    Settle(piece, &Begun::received);
}

void
NrGbrBearer::Resend(const Piece& piece)
{
    // a piece a packet, so that each can be given up when it is too late
    auto part = piece;
    for (auto left = piece.bytes; left > 0; left -= part.bytes, ++part.packet, part.offset = 0)
    {
        part.bytes = std::min(m_packetSize - part.offset, left);
        const auto isLater = [&part](const Piece& other) {
            return other.packet > part.packet ||
                   (other.packet == part.packet && other.offset > part.offset);
        };
        m_again.insert(std::find_if(m_again.begin(), m_again.end(), isLater), part);
    }
    Expire(Simulator::Now());
}

Time
NrGbrBearer::GetArrival(uint64_t packet) const
{
    return m_begun.at(packet - m_firstBegun).arrival;
}

NrGbrBearer::Piece
NrGbrBearer::SendAgain(uint32_t maxBytes)
{
    auto piece = m_again.front();
    piece.bytes = 0;
    while (piece.bytes < maxBytes && !m_again.empty())
    {
        auto& next = m_again.front();
        const auto end = piece.offset + piece.bytes; // counted from the first packet's first byte
        if ((next.packet - piece.packet) * m_packetSize + next.offset != end)
        {
            break; // not the bytes that follow
        }
        const auto bytes = std::min(next.bytes, maxBytes - piece.bytes);
        piece.bytes += bytes;
        next.offset += bytes;
        next.bytes -= bytes;
        if (next.bytes == 0)
        {
            m_again.pop_front();
        }
    }
    return piece;
}

void
NrGbrBearer::Reestablish()
{
    m_firstBegun += m_begun.size();
    m_unsettled = 0;
    m_again.clear();
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

NrGbrBearer::Counters
NrGbrBearer::GetCounters() const
{
    auto counters = m_counters;
    counters.queued = (m_waiting.size() + m_unsettled) * m_packetSize;
    return counters;
}

const NrDelayCounts&
NrGbrBearer::GetDelays() const
{
    return m_delays;
}

} // namespace ns3

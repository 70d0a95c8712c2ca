// SPDX-License-Identifier: GPL-2.0-only

#include "slice-edge-host.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{

namespace
{
/// What is left of a job by rounding alone, as a share of it.
constexpr double ROUNDING = 1e-9;
} // namespace

SliceEdgeHost::SliceEdgeHost(uint32_t nUes, const Settings& settings)
    : m_settings(settings),
      m_updated(Simulator::Now()),
      m_clients(nUes)
{
}

void
SliceEdgeHost::SetShare(uint32_t ue, double share)
{
    Update();
    m_clients[ue].share = share;
}

void
SliceEdgeHost::SetDemand(uint32_t ue, double demand)
{
    Update();
    m_clients[ue].jobRate = demand / m_settings.jobWork;
}

void
SliceEdgeHost::SetPhase(uint32_t ue, double phase)
{
    m_clients[ue].untilNext = phase;
}

void
SliceEdgeHost::Submit(uint32_t ue)
{
    Update();
    Admit(m_clients[ue]);
}

void
SliceEdgeHost::Admit(Client& client) const
{
    ++client.offered;
    if (client.queued <= (m_settings.queueJobs - 1 + ROUNDING) * m_settings.jobWork)
    {
        ++client.accepted;
        client.queued += m_settings.jobWork;
    }
}

void
SliceEdgeHost::Update()
{
    auto left = (Simulator::Now() - m_updated).GetSeconds();
    m_updated = Simulator::Now();
    while (left > 0)
    {
        auto step = left;
        Client* next = nullptr;
        for (auto& client : m_clients)
        {
            if (client.jobRate > 0 && client.untilNext / client.jobRate < step)
            {
                step = client.untilNext / client.jobRate;
                next = &client;
            }
        }
        Work(step);
        for (auto& client : m_clients)
        {
            client.untilNext = std::max(client.untilNext - step * client.jobRate, 0.0);
        }
        left -= step;
        if (next)
        {
            Admit(*next);
            next->untilNext = 1;
        }
    }
}

double
SliceEdgeHost::GetRate(double shares, const Client& client) const
{
    const auto share = m_settings.isReserved || shares == 0 ? client.share : client.share / shares;
    return share * m_settings.capacity;
}

void
SliceEdgeHost::Work(double duration)
{
    while (duration > 0)
    {
        auto shares = 0.0;
        for (const auto& client : m_clients)
        {
            shares += client.queued > 0 ? client.share : 0;
        }
        auto step = duration; // until the first is through with all it has
        for (const auto& client : m_clients)
        {
            if (const auto rate = GetRate(shares, client); client.queued > 0 && rate > 0)
            {
                step = std::min(step, client.queued / rate);
            }
        }
        for (auto& client : m_clients)
        {
            if (client.queued > 0)
            {
                client.queued -= step * GetRate(shares, client);
                client.queued = client.queued < ROUNDING * m_settings.jobWork ? 0 : client.queued;
            }
        }
        duration -= step;
    }
}

SliceEdgeHost::Counters
SliceEdgeHost::GetCounters(uint32_t ue) const
{
    const auto& client = m_clients[ue];
    const auto work = m_settings.jobWork;
    return {client.offered * work,
            client.accepted * work - client.queued,
            (client.offered - client.accepted) * work,
            client.queued};
}

} // namespace ns3

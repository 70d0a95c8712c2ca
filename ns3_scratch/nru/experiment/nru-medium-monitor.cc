// SPDX-License-Identifier: GPL-2.0-only

#include "nru-medium-monitor.h"

#include "nru-priority-class.h"

#include "ns3/mobility-model.h"
#include "ns3/net-device.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-channel.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

namespace
{

/// Gap that ends a busy period: above SIFS (16 us), below the shortest defer duration (25 us), with
/// room for propagation delays on both sides.
const int64_t BUSY_GAP_US = 20;

} // namespace

NS_OBJECT_ENSURE_REGISTERED(NruMediumMonitor);

TypeId
NruMediumMonitor::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruMediumMonitor")
                            .SetParent<SpectrumPhy>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruMediumMonitor>();
    return tid;
}

NruMediumMonitor::NruMediumMonitor()
    : m_defer(GetNruPriorityClass(1).GetDeferDuration())
{
}

NruMediumMonitor::~NruMediumMonitor()
{
}

void
NruMediumMonitor::DoDispose()
{
    m_technologies.clear();
    m_contenders.clear();
    SpectrumPhy::DoDispose();
}

void
NruMediumMonitor::SetRxSpectrumModel(Ptr<const SpectrumModel> model)
{
    m_model = model;
}

void
NruMediumMonitor::SetDefer(Time defer)
{
    m_defer = defer;
}

void
NruMediumMonitor::AddContender(Ptr<const Object> sender, NruTechnology technology)
{
    m_technologies[PeekPointer(sender)] = technology;
    ++m_counts[technology].nodes;
}

uint32_t
NruMediumMonitor::GetNContenders() const
{
    return m_contenders.size();
}

void
NruMediumMonitor::Start()
{
    m_counting = true;
    m_busy = false;
    m_start = Simulator::Now();
    m_booked = m_start;
    m_busyEnd = m_start;
    m_virtualSlots = 0;
    m_seconds = {};
    for (auto& [technology, counts] : m_counts)
    {
        counts.attempts = 0;
        counts.collided = 0;
    }
}

void
NruMediumMonitor::Stop()
{
    const Time now = Simulator::Now();
    if (m_busy)
    {
        CloseBusyPeriod(std::min(now, m_busyEnd));
    }
    BookGap(now);
    m_counting = false;
}

void
NruMediumMonitor::StartRx(Ptr<SpectrumSignalParameters> params)
{
    const Time now = Simulator::Now();
    const bool continues = m_busy && now - m_busyEnd < MicroSeconds(BUSY_GAP_US);
    if (!continues)
    {
        if (m_busy)
        {
            CloseBusyPeriod(m_busyEnd);
        }
        BookGap(now);
        m_busy = true;
        m_busyStart = now;
        m_busyEnd = now;
        m_contenders.clear();
    }
    m_busyEnd = std::max(m_busyEnd, now + params->duration);
    const Object* sender = PeekPointer(params->txPhy);
    if (m_technologies.count(sender) == 0)
    {
        sender = PeekPointer(params->txPhy->GetDevice());
    }
    if (m_technologies.count(sender) > 0 &&
        std::find(m_contenders.begin(), m_contenders.end(), sender) == m_contenders.end())
    {
        m_contenders.push_back(sender);
    }
}

void
NruMediumMonitor::BookGap(Time until)
{
    const Time gap = until - m_booked;
    m_booked = until;
    if (!m_counting)
    {
        return;
    }
    const Time defer = std::min(gap, m_defer);
    const Time idle = gap - defer;
    m_seconds.defer += defer.GetSeconds();
    m_seconds.idle += idle.GetSeconds();
    m_virtualSlots += std::llround(idle.GetSeconds() / GetNruSensingSlot().GetSeconds());
}

void
NruMediumMonitor::CloseBusyPeriod(Time end)
{
    m_busy = false;
    m_booked = end;
    if (!m_counting)
    {
        return;
    }
    ++m_virtualSlots;
    const bool collision = m_contenders.size() > 1;
    std::size_t nru = 0;
    for (const auto* sender : m_contenders)
    {
        const NruTechnology technology = m_technologies.at(sender);
        nru += technology == NruTechnology::NRU ? 1 : 0;
        auto& counts = m_counts[technology];
        ++counts.attempts;
        counts.collided += collision ? 1 : 0;
    }
    const double duration = (end - m_busyStart).GetSeconds();
    if (nru == 0) // responses and management frames alone are Wi-Fi's too
    {
        (collision ? m_seconds.wifiCollision : m_seconds.wifiSuccess) += duration;
    }
    else if (nru == m_contenders.size())
    {
        (collision ? m_seconds.nruCollision : m_seconds.nruSuccess) += duration;
    }
    else
    {
        m_seconds.crossCollision += duration;
    }
}

NruMediumShares
NruMediumMonitor::GetShares() const
{
    const double total = (m_booked - m_start).GetSeconds();
    NruMediumShares shares = m_seconds;
    for (double* share : {&shares.nruSuccess,
                          &shares.nruCollision,
                          &shares.wifiSuccess,
                          &shares.wifiCollision,
                          &shares.crossCollision,
                          &shares.defer,
                          &shares.idle})
    {
        *share = total > 0.0 ? *share / total : 0.0;
    }
    return shares;
}

NruAccessCounts
NruMediumMonitor::GetCounts(NruTechnology technology) const
{
    const auto counts = m_counts.find(technology);
    return counts == m_counts.end() ? NruAccessCounts{} : counts->second;
}

uint64_t
NruMediumMonitor::GetVirtualSlots() const
{
    return m_virtualSlots;
}

void
NruMediumMonitor::SetDevice(Ptr<NetDevice>)
{
}

Ptr<NetDevice>
NruMediumMonitor::GetDevice() const
{
    return nullptr;
}

void
NruMediumMonitor::SetMobility(Ptr<MobilityModel>)
{
}

Ptr<MobilityModel>
NruMediumMonitor::GetMobility() const
{
    return nullptr; // everywhere at once
}

void
NruMediumMonitor::SetChannel(Ptr<SpectrumChannel>)
{
}

Ptr<const SpectrumModel>
NruMediumMonitor::GetRxSpectrumModel() const
{
    return m_model;
}

Ptr<Object>
NruMediumMonitor::GetAntenna() const
{
    return nullptr;
}

} // namespace ns3

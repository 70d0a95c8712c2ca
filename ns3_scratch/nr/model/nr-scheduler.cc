// SPDX-License-Identifier: GPL-2.0-only

#include "nr-scheduler.h"

#include "nr-transport-block.h"

#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NrScheduler);

namespace
{
/// What lifts any flow that is behind its guaranteed bit rate above any that is not.
constexpr double GBR_FIRST = 1e12;
/// Floor of PDB - head of line delay, as a share of the PDB.
constexpr double MIN_SLACK = 0.05;
/// Floor of an average rate, so that a flow never served has a finite metric (bit/s).
constexpr double MIN_AVERAGE = 1e3;
} // namespace

TypeId
NrScheduler::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrScheduler")
            .SetParent<Object>()
            .SetGroupName("Nr")
            .AddConstructor<NrScheduler>()
            .AddAttribute("Window",
                          "Time constant of a flow's average rate.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&NrScheduler::m_window),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxUesPerSlot",
                          "Most transport blocks in a slot; the control region has room for so "
                          "many downlink assignments.",
                          UintegerValue(8),
                          MakeUintegerAccessor(&NrScheduler::m_maxUes),
                          MakeUintegerChecker<uint32_t>(1, NrCarrier::N_PRB));
    return tid;
}

NrScheduler::NrScheduler() = default;

double
NrScheduler::GetAverage(const NrFlow& flow, Time now) const
{
    const auto elapsed = (now - flow.averageTime).GetSeconds();
    return flow.average * std::exp(-elapsed / m_window.GetSeconds());
}

double
NrScheduler::GetWeight(uint32_t bytes, Time sent) const
{
    const auto elapsed = (Simulator::Now() - sent).GetSeconds();
    return bytes * 8 / m_window.GetSeconds() * std::exp(-elapsed / m_window.GetSeconds());
}

void
NrScheduler::Change(NrFlow& flow, double change) const
{
    const auto now = Simulator::Now();
    flow.average = std::max(GetAverage(flow, now) + change, 0.0);
    flow.averageTime = now;
}

void
NrScheduler::TakeOff(NrFlow& flow, uint32_t bytes, Time sent) const
{
    Change(flow, -GetWeight(bytes, sent));
}

double
NrScheduler::GetMetric(const NrFlow& flow, Time now) const
{
    const auto average = GetAverage(flow, now);
    const auto budget = flow.bearer->GetDelayBudget().GetSeconds();
    const auto waited = (now - flow.bearer->GetHeadOfLine()).GetSeconds();
    const auto urgency = budget / std::max(budget - waited, MIN_SLACK * budget);
    const auto fair = flow.fullBandRate / std::max(average, MIN_AVERAGE) * urgency;
    const auto deficit = 1 - average / flow.bearer->GetBitRate();
    return deficit > 0 ? GBR_FIRST + fair * deficit : fair;
}

std::vector<NrScheduler::Allocation>
NrScheduler::Schedule(std::vector<NrFlow>& flows, uint32_t nSymbols, uint32_t broadcastPrbs) const
{
    const auto now = Simulator::Now();
    std::vector<Allocation> allocations;
    uint32_t free = NrCarrier::N_PRB - broadcastPrbs;
    const auto maxUes = m_maxUes - (broadcastPrbs > 0 ? 1 : 0);
    const auto dataSymbols = nSymbols - 1; // one is that of the DM-RS

    for (auto& flow : flows)
    {
        while (!flow.retransmissions.empty() && allocations.size() < maxUes)
        {
            const auto& block = flow.retransmissions.front();
            const auto nPrb = (block.resource + dataSymbols - 1) / dataSymbols;
            if (block.notBefore > now || nPrb > free)
            {
                break;
            }
            free -= nPrb;
            Change(flow, GetWeight(block.data.bytes, now));
            allocations.push_back({flow.ue, nPrb, block});
            flow.retransmissions.pop_front();
        }
    }

    std::vector<std::pair<double, NrFlow*>> waiting;
    for (auto& flow : flows)
    {
        flow.bearer->Update();
        if (flow.mcs >= 0 && flow.bearer->GetBacklog() > 0)
        {
            waiting.emplace_back(GetMetric(flow, now), &flow);
        }
    }
    std::sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second->ue < b.second->ue;
    });

    for (const auto& [metric, flow] : waiting)
    {
        if (free == 0 || allocations.size() >= maxUes)
        {
            break;
        }
        const uint8_t mcs = flow->mcs;
        const auto backlog = std::min<uint64_t>(flow->bearer->GetBacklog(), UINT32_MAX);
        auto nPrb = NrTransportBlock::GetMinPrbs(mcs, backlog, nSymbols, free);
        if (nPrb == 0)
        {
            nPrb = free;
        }
        NrHarqProcess block;
        block.mcs = mcs;
        block.sizeBits = NrTransportBlock::LookUpSize(mcs, nPrb, nSymbols);
        block.resource = nPrb * dataSymbols;
        block.data = flow->bearer->Send(block.sizeBits / 8);
        if (block.data.bytes == 0)
        {
            continue;
        }
        free -= nPrb;
        Change(*flow, GetWeight(block.data.bytes, now));
        allocations.push_back({flow->ue, nPrb, block});
    }
    return allocations;
}

double
NrScheduler::GetBacklogAirtime(const std::vector<NrFlow>& flows) const
{
    double airtime = 0.0;
    for (const auto& flow : flows)
    {
        for (const auto& block : flow.retransmissions)
        {
            if (block.notBefore > Simulator::Now())
            {
                continue;
            }
            constexpr auto SLOT_RESOURCE =
                NrCarrier::N_PRB * (NrCarrier::SYMBOLS_PER_SLOT - OVERHEAD_SYMBOLS);
            airtime += block.resource * NrCarrier::SLOT_S / SLOT_RESOURCE;
        }
        if (flow.mcs >= 0)
        {
            flow.bearer->Update();
            airtime += flow.bearer->GetBacklog() * 8 / flow.fullBandRate;
        }
    }
    return airtime;
}

} // namespace ns3

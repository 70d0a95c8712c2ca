// SPDX-License-Identifier: GPL-2.0-only

#include "nr-scheduler.h"

#include "nr-name-checker.h"
#include "nr-transport-block.h"

#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NrScheduler);

TypeId
NrScheduler::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrScheduler")
            .SetParent<Object>()
            .SetGroupName("Nr")
            .AddConstructor<NrScheduler>()
            .AddAttribute("Rule",
                          "Who is served first: qos, pf, rr or max-rate (see NrSchedulingRule).",
                          StringValue("qos"),
                          MakeStringAccessor(&NrScheduler::SetRule, &NrScheduler::GetRule),
                          MakeNrNameChecker(GetNrSchedulingRules()))
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

void
NrScheduler::SetRule(const std::string& name)
{
    m_ruleName = name;
    m_rule = FindNrSchedulingRule(name);
}

std::string
NrScheduler::GetRule() const
{
    return m_ruleName;
}

void
NrScheduler::SetPolicy(const std::vector<NrPolicyRatio>& ratios)
{
    m_policy = ratios;
}

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

void
NrScheduler::Retransmit(std::vector<NrFlow>& flows, Slot& slot) const
{
    const auto now = Simulator::Now();
    const auto dataSymbols = slot.nSymbols - 1; // one is that of the DM-RS
    for (auto& flow : flows)
    {
        while (!flow.retransmissions.empty() && slot.nAssignments > 0)
        {
            const auto& block = flow.retransmissions.front();
            const auto nPrb = (block.resource + dataSymbols - 1) / dataSymbols;
            if (block.notBefore > now || nPrb > slot.quotas.GetRoom(flow.slice))
            {
                break;
            }
            slot.quotas.Take(flow.slice, nPrb);
            --slot.nAssignments;
            Change(flow, GetWeight(block.data.bytes, now));
            flow.served = now;
            slot.allocations.push_back({flow.ue, nPrb, block});
            flow.retransmissions.pop_front();
        }
    }
}

std::vector<NrScheduler::Candidate>
NrScheduler::Rank(std::vector<NrFlow>& flows) const
{
    const auto now = Simulator::Now();
    std::vector<Candidate> candidates;
    for (auto& flow : flows)
    {
        flow.bearer->Update();
        const auto sendable = flow.mcs >= 0 ? flow.bearer->GetSendable() : 0;
        if (sendable > 0)
        {
            const auto metric = m_rule(flow, GetAverage(flow, now), now);
            const auto bytes = std::min<uint64_t>(sendable, UINT32_MAX);
            candidates.push_back({metric, &flow, static_cast<uint32_t>(bytes), 0});
        }
    }
    std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
        return a.metric != b.metric ? a.metric > b.metric : a.flow->ue < b.flow->ue;
    });
    return candidates;
}

void
NrScheduler::Give(Candidate& candidate, uint32_t room, Slot& slot)
{
    if (room == 0 || (candidate.nPrb == 0 && slot.nAssignments == 0))
    {
        return;
    }
    const auto most = candidate.nPrb + room;
    const auto needed =
        NrTransportBlock::GetMinPrbs(candidate.flow->mcs, candidate.bytes, slot.nSymbols, most);
    const auto nPrb = needed > 0 ? needed : most;
    slot.nAssignments -= candidate.nPrb == 0 ? 1 : 0;
    slot.quotas.Take(candidate.flow->slice, nPrb - candidate.nPrb);
    candidate.nPrb = nPrb;
}

void
NrScheduler::Guarantee(std::vector<Candidate>& candidates, Slot& slot) const
{
    std::vector<std::size_t> next(m_policy.size(), 0); // candidate by slice
    const auto skipOthers = [&](uint32_t slice) {
        while (next[slice] < candidates.size() && candidates[next[slice]].flow->slice != slice)
        {
            ++next[slice];
        }
    };
    while (slot.nAssignments > 0)
    {
        auto least = m_policy.size();
        for (uint32_t slice = 0; slice < m_policy.size(); ++slice)
        {
            skipOthers(slice);
            if (next[slice] < candidates.size() && slot.quotas.GetGuaranteed(slice) > 0 &&
                (least == m_policy.size() ||
                 slot.quotas.GetFulfilment(slice) < slot.quotas.GetFulfilment(least)))
            {
                least = slice;
            }
        }
        if (least == m_policy.size())
        {
            return;
        }
        Give(candidates[next[least]++], slot.quotas.GetGuaranteed(least), slot);
    }
}

void
NrScheduler::Send(const Candidate& candidate, Slot& slot) const
{
    auto& flow = *candidate.flow;
    NrHarqProcess block;
    block.mcs = flow.mcs;
    block.sizeBits = NrTransportBlock::LookUpSize(block.mcs, candidate.nPrb, slot.nSymbols);
    block.resource = candidate.nPrb * (slot.nSymbols - 1);
    block.data = flow.bearer->Send(block.sizeBits / 8);
    Change(flow, GetWeight(block.data.bytes, Simulator::Now()));
    flow.served = Simulator::Now();
    slot.allocations.push_back({flow.ue, candidate.nPrb, block});
}

std::vector<NrScheduler::Allocation>
NrScheduler::Schedule(std::vector<NrFlow>& flows, uint32_t nSymbols, uint32_t broadcastPrbs) const
{
    Slot slot{NrSliceQuotas(m_policy, NrCarrier::N_PRB - broadcastPrbs),
              m_maxUes - (broadcastPrbs > 0 ? 1 : 0),
              nSymbols,
              {}};
    Retransmit(flows, slot);
    auto candidates = Rank(flows);
    Guarantee(candidates, slot);
    for (auto& candidate : candidates)
    {
        if (slot.quotas.GetFree() == 0)
        {
            break;
        }
        Give(candidate, slot.quotas.GetRoom(candidate.flow->slice), slot);
    }
    for (const auto& candidate : candidates)
    {
        if (candidate.nPrb > 0)
        {
            Send(candidate, slot);
        }
    }
    return std::move(slot.allocations);
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

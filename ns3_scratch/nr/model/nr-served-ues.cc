// SPDX-License-Identifier: GPL-2.0-only

#include "nr-served-ues.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

void
NrServedUes::Configure(uint32_t cell,
                       const NrRadioLinks& links,
                       Ptr<const NrLinkAdaptation> linkAdaptation,
                       Ptr<NrScheduler> scheduler)
{
    m_cell = cell;
    m_links = &links;
    m_linkAdaptation = linkAdaptation;
    m_scheduler = scheduler;
}

void
NrServedUes::Attach(uint32_t ue, Ptr<NrGbrBearer> bearer, uint32_t slice)
{
    NS_ABORT_MSG_IF(Find(ue), "UE " << ue << " is attached to gNB " << m_cell << " already");
    NrFlow flow;
    flow.ue = ue;
    flow.slice = slice;
    flow.bearer = bearer;
    flow.averageTime = Simulator::Now();
    m_linkAdaptation->Adapt(flow, m_links->GetReportedSinrDb(flow.ue));
    m_flows.push_back(flow);
}

void
NrServedUes::Detach(uint32_t ue)
{
    auto* flow = Find(ue);
    NS_ABORT_MSG_UNLESS(flow, "UE " << ue << " is not attached to gNB " << m_cell);
    flow->bearer->Reestablish();
    m_flows.erase(m_flows.begin() + (flow - m_flows.data()));
}

NrFlow*
NrServedUes::Find(uint32_t ue)
{
    const auto it = std::find_if(m_flows.begin(), m_flows.end(), [ue](const auto& flow) {
        return flow.ue == ue;
    });
    return it == m_flows.end() ? nullptr : &*it;
}

std::vector<NrFlow>&
NrServedUes::GetFlows()
{
    return m_flows;
}

void
NrServedUes::Adapt()
{
    for (auto& flow : m_flows)
    {
        m_linkAdaptation->Adapt(flow, m_links->GetReportedSinrDb(flow.ue));
    }
}

void
NrServedUes::ReceiveFeedback(const std::vector<Feedback>& feedback)
{
    for (const auto& [ue, isAck, isFirst, bytes, sent] : feedback)
    {
        auto* flow = Find(ue);
        if (!flow)
        {
            continue;
        }
        if (isFirst)
        {
            m_linkAdaptation->HandleFeedback(*flow, m_links->GetReportedSinrDb(ue), isAck);
        }
        if (!isAck)
        {
            m_scheduler->TakeOff(*flow, bytes, sent);
        }
    }
}

Time
NrServedUes::GetNextDue(Time holdOff)
{
    auto next = Time::Max();
    for (auto& flow : m_flows)
    {
        for (const auto& process : flow.retransmissions)
        {
            next = std::min(next, process.notBefore);
        }
        if (flow.mcs >= 0)
        {
            flow.bearer->Update();
            next = std::min(next, flow.bearer->GetHeadOfLine() + holdOff);
        }
    }
    return next;
}

double
NrServedUes::GetNeededAirtime() const
{
    auto needed = 0.0;
    for (const auto& flow : m_flows)
    {
        needed +=
            flow.bearer->GetBitRate() / m_linkAdaptation->GetDemandRate(flow) * flow.cost.Get();
    }
    return needed;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nr-data-plane.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

void
NrDataPlane::Configure(uint32_t cell,
                       const Parts& parts,
                       const NrHarq::Settings& harq,
                       BlockCallback block)
{
    m_scheduler = parts.scheduler;
    m_feedbackDelay = harq.feedbackDelay;
    m_block = block;
    m_served.Configure(cell, *parts.links, parts.linkAdaptation, parts.scheduler);
    m_harq.Configure(*parts.links, parts.amc, parts.random, harq);
}

void
NrDataPlane::Detach(uint32_t ue)
{
    const auto isOfUe = [ue](const auto& sent) { return sent.ue == ue; };
    m_inFlight.erase(std::remove_if(m_inFlight.begin(), m_inFlight.end(), isOfUe),
                     m_inFlight.end());
    m_served.Detach(ue);
}

NrServedUes&
NrDataPlane::GetUes()
{
    return m_served;
}

void
NrDataPlane::StartSlot(uint32_t nSymbols, uint32_t broadcastPrbs)
{
    m_slotStart = Simulator::Now();
    m_inFlight = m_scheduler->Schedule(m_served.GetFlows(), nSymbols, broadcastPrbs);
}

Time
NrDataPlane::GetSlotStart() const
{
    return m_slotStart;
}

bool
NrDataPlane::EndSlot()
{
    const auto sent = std::move(m_inFlight);
    m_inFlight.clear();
    std::vector<NrServedUes::Feedback> feedback;
    for (const auto& block : sent)
    {
        const auto outcome = m_harq.Receive(*m_served.Find(block.ue), block, m_slotStart);
        const auto& process = outcome.process;
        const auto isFirst = process.transmissions == 1;
        feedback.push_back({block.ue, outcome.isAck, isFirst, process.data.bytes, m_slotStart});
        m_block(block, outcome);
    }
    if (sent.empty())
    {
        return false;
    }
    Simulator::Schedule(m_feedbackDelay, &NrServedUes::ReceiveFeedback, &m_served, feedback);
    return true;
}

} // namespace ns3

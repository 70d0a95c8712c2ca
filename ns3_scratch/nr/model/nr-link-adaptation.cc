// SPDX-License-Identifier: GPL-2.0-only

#include "nr-link-adaptation.h"

#include "ns3/double.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NrLinkAdaptation);

TypeId
NrLinkAdaptation::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrLinkAdaptation")
            .SetParent<Object>()
            .SetGroupName("Nr")
            .AddConstructor<NrLinkAdaptation>()
            .AddAttribute("Step",
                          "What a NACK takes from a flow's SINR (dB); 0 turns the outer loop off.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&NrLinkAdaptation::m_stepDb),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute("Target",
                          "Share of first transmissions that fail in the long run; no less than "
                          "collisions of nodes that contend by design.",
                          DoubleValue(0.3),
                          MakeDoubleAccessor(&NrLinkAdaptation::m_target),
                          MakeDoubleChecker<double>(0.001, 0.5))
            .AddAttribute("Floor",
                          "The outer loop's correction of a SINR is no lower than this (dB).",
                          DoubleValue(-10.0),
                          MakeDoubleAccessor(&NrLinkAdaptation::m_floorDb),
                          MakeDoubleChecker<double>(-40.0, 0.0));
    return tid;
}

NrLinkAdaptation::NrLinkAdaptation() = default;

void
NrLinkAdaptation::SetAmc(Ptr<const NrAmc> amc)
{
    m_amc = amc;
}

void
NrLinkAdaptation::Adapt(NrFlow& flow, double sinrDb) const
{
    // A UE in range keeps the lowest MCS at least: without transmissions there would be no feedback
    // to raise the offset again.
    const auto lowest = m_amc->GetSinrThreshold(0);
    const auto corrected = sinrDb + flow.offsetDb;
    const auto effective = sinrDb >= lowest ? std::max(corrected, lowest) : corrected;
    flow.mcs = m_amc->SelectMcs(effective);
    flow.fullBandRate = m_amc->GetFullBandRate(effective);
}

void
NrLinkAdaptation::HandleFeedback(NrFlow& flow, double sinrDb, bool isAck) const
{
    const auto change = isAck ? m_stepDb * m_target / (1 - m_target) : -m_stepDb;
    // No lower than the lowest MCS needs, or the way back up would be long.
    const auto lowest = std::max(m_floorDb, m_amc->GetSinrThreshold(0) - sinrDb);
    flow.offsetDb = std::min(std::max(flow.offsetDb + change, lowest), 0.0);
    Adapt(flow, sinrDb);
}

double
NrLinkAdaptation::GetDemandRate(const NrFlow& flow) const
{
    return flow.mcs >= 0 ? flow.fullBandRate : m_amc->GetFullBandRate(m_amc->GetSinrThreshold(0));
}

} // namespace ns3

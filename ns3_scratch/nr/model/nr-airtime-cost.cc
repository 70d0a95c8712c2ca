// SPDX-License-Identifier: GPL-2.0-only

#include "nr-airtime-cost.h"

#include "nr-carrier.h"

#include "ns3/simulator.h"

#include <cmath>

namespace ns3
{

void
NrAirtimeCost::Add(double spent, double useful, Time memory)
{
    const auto now = Simulator::Now();
    const auto fading = std::exp(-(now - m_updated).GetSeconds() / memory.GetSeconds());
    m_updated = now;
    m_spent = m_spent * fading + spent;
    m_useful = m_useful * fading + useful;
}

double
NrAirtimeCost::Get() const
{
    return (m_spent + NrCarrier::SLOT_S) / (m_useful + NrCarrier::SLOT_S);
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-broadcast.h"

#include "ns3/simulator.h"

#include <cmath>

namespace ns3
{

namespace
{
/**
 * @param ratio linear
 * @return ratio (dB)
 */
double
ToDb(double ratio)
{
    return 10 * std::log10(ratio);
}

/// SINR from which a discovery burst is detected and measured (dB).
constexpr double DETECTION_SINR_DB = -6.0;
/// A SIBx (bit).
constexpr uint32_t SIBX_BITS = 40;
} // namespace

void
NruBroadcast::Configure(uint32_t cell,
                        const NruDownlink& downlink,
                        Ptr<const NruAmc> amc,
                        const std::vector<Ptr<NruUe>>& ues,
                        Ptr<UniformRandomVariable> random)
{
    m_cell = cell;
    m_downlink = downlink;
    m_amc = amc;
    m_ues = ues;
    m_random = random;
}

void
NruBroadcast::Deliver(Time start, Ptr<const Packet> sibx, Time measured) const
{
    const auto now = Simulator::Now();
    for (const auto& ue : m_ues)
    {
        const auto signal = m_downlink.GetSignal(ue->GetMobility());
        if (ToDb(signal / m_downlink.GetNoise()) < DETECTION_SINR_DB)
        {
            continue; // whatever the interference
        }
        const auto sinrDb = ToDb(m_downlink.GetSinr(ue->GetMobility(), start, now));
        if (sinrDb < DETECTION_SINR_DB)
        {
            continue;
        }
        ue->Measure(m_cell, ToDb(signal) + 30, sinrDb);
        if (sibx && m_random->GetValue() >= m_amc->GetBler(0, sinrDb, SIBX_BITS))
        {
            ue->ReceiveSibx(sibx, measured);
        }
    }
}

void
NruBroadcast::DeliverWithData(Time start, Ptr<const Packet> sibx, Time measured) const
{
    for (const auto& ue : m_ues)
    {
        const auto signal = m_downlink.GetSignal(ue->GetMobility());
        if (ToDb(signal / m_downlink.GetNoise()) < DETECTION_SINR_DB)
        {
            continue; // whatever the interference
        }
        const auto sinr = m_downlink.GetSinr(ue->GetMobility(), start, Simulator::Now());
        if (m_random->GetValue() >= m_amc->GetBler(0, ToDb(sinr), SIBX_BITS))
        {
            ue->ReceiveSibx(sibx, measured);
        }
    }
}

uint32_t
NruBroadcast::GetSibxPrbs(uint32_t nSymbols)
{
    return NruAmc::GetMinPrbs(0, SIBX_BITS / 8, nSymbols);
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-broadcast.h"

#include "nr-decibel.h"
#include "nr-transport-block.h"

#include "ns3/simulator.h"

namespace ns3
{

namespace
{
/// SINR from which a discovery burst is detected and measured (dB).
constexpr double DETECTION_SINR_DB = -6.0;
/// A SIBx (bit).
constexpr uint32_t SIBX_BITS = 40;
} // namespace

void
NruBroadcast::Configure(uint32_t cell,
                        const NrDownlink& downlink,
                        Ptr<const NrAmc> amc,
                        const std::vector<Ptr<NruUe>>& ues,
                        Ptr<UniformRandomVariable> random,
                        bool hasSibxLoss)
{
    m_cell = cell;
    m_downlink = downlink;
    m_amc = amc;
    m_ues = ues;
    m_random = random;
    m_hasSibxLoss = hasSibxLoss;
}

bool
NruBroadcast::IsInRange(Ptr<const NruUe> ue) const
{
    const auto signal = m_downlink.GetSignal(ue->GetMobility());
    return NrToDb(signal / m_downlink.GetNoise()) >= DETECTION_SINR_DB;
}

void
NruBroadcast::DeliverSibx(Ptr<const Packet> sibx, Time measured) const
{
    if (m_hasSibxLoss)
    {
        return;
    }
    for (const auto& ue : m_ues)
    {
        if (IsInRange(ue))
        {
            ue->ReceiveSibx(sibx, measured);
        }
    }
}

void
NruBroadcast::Deliver(Time start, Ptr<const Packet> sibx, Time measured) const
{
    const auto now = Simulator::Now();
    for (const auto& ue : m_ues)
    {
        if (!IsInRange(ue))
        {
            continue; // whatever the interference
        }
        const auto sinrDb = NrToDb(m_downlink.GetSinr(ue->GetMobility(), start, now));
        if (sinrDb < DETECTION_SINR_DB)
        {
            continue;
        }
        ue->Measure(m_cell, m_downlink.GetRsrpDbm(ue->GetMobility()), sinrDb);
        // the same random numbers whether or not SIBx are lost
        const auto isDecoded = sibx && m_random->GetValue() >= m_amc->GetBler(0, sinrDb, SIBX_BITS);
        if (isDecoded && m_hasSibxLoss)
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
        if (!IsInRange(ue))
        {
            continue; // whatever the interference
        }
        const auto sinrDb = NrToDb(m_downlink.GetSinr(ue->GetMobility(), start, Simulator::Now()));
        // the same random numbers whether or not SIBx are lost
        const auto isDecoded = m_random->GetValue() >= m_amc->GetBler(0, sinrDb, SIBX_BITS);
        if (isDecoded && m_hasSibxLoss)
        {
            ue->ReceiveSibx(sibx, measured);
        }
    }
}

uint32_t
NruBroadcast::GetSibxPrbs(uint32_t nSymbols)
{
    return NrTransportBlock::GetMinPrbs(0, SIBX_BITS / 8, nSymbols);
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nr-harq.h"

#include "nr-carrier.h"
#include "nr-decibel.h"

#include "ns3/simulator.h"

namespace ns3
{

namespace
{

/**
 * @param block of which all data are useful but for padding
 * @return airtime that its data take in full slots (s), times their share of the resource blocks
 */
double
GetUsefulAirtime(const NrHarqProcess& block)
{
    constexpr double SLOT_RESOURCE =
        NrCarrier::N_PRB * (NrCarrier::SYMBOLS_PER_SLOT - NrScheduler::OVERHEAD_SYMBOLS);
    const auto filled = block.data.bytes * 8.0 / block.sizeBits;
    return block.resource / SLOT_RESOURCE * NrCarrier::SLOT_S * filled;
}

} // namespace

void
NrHarq::Configure(const NrRadioLinks& links,
                  Ptr<const NrAmc> amc,
                  Ptr<UniformRandomVariable> random,
                  const Settings& settings)
{
    m_links = &links;
    m_amc = amc;
    m_random = random;
    m_settings = settings;
}

NrHarq::Outcome
NrHarq::Receive(NrFlow& flow, const NrScheduler::Allocation& sent, Time start) const
{
    const auto now = Simulator::Now();
    auto process = sent.block;
    process.sinr += m_links->GetSinr(sent.ue, start, now);
    ++process.transmissions;
    const auto sinrDb = NrToDb(process.sinr);
    const auto isAck =
        m_random->GetValue() >= m_amc->GetBler(process.mcs, sinrDb, process.sizeBits);
    flow.cost.Add((now - start).GetSeconds() * sent.nPrb / NrCarrier::N_PRB,
                  isAck ? GetUsefulAirtime(process) : 0.0,
                  m_settings.memory);
    if (isAck)
    {
        flow.bearer->Deliver(process.data);
    }
    else if (process.transmissions < m_settings.transmissions)
    {
        process.notBefore = now + m_settings.feedbackDelay;
        flow.retransmissions.push_back(process);
    }
    else
    {
        flow.bearer->Resend(process.data);
    }
    return {process, isAck};
}

} // namespace ns3

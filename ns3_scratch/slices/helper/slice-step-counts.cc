// SPDX-License-Identifier: GPL-2.0-only

#include "slice-step-counts.h"

namespace ns3
{

void
SliceStepCounts::Measure(const NrGbrBearer& bearer,
                         const SliceCell& cell,
                         const SliceEdgeHost& host,
                         uint32_t ue)
{
    const auto bytes = bearer.GetCounters();
    m_step.offeredBytes = bytes.offered - m_bytes.offered;
    m_step.deliveredBytes = bytes.delivered - m_bytes.delivered;
    m_step.droppedBytes = bytes.dropped - m_bytes.dropped;
    m_step.lateBytes = bytes.late - m_bytes.late;
    m_step.queuedBytes = bytes.queued;
    m_bytes = bytes;

    const auto& delays = bearer.GetDelays().Get();
    for (uint32_t bin = 0; bin < NrDelayCounts::N_BINS; ++bin)
    {
        m_step.delays[bin] = delays[bin] - m_delays[bin];
    }
    m_delays = delays;

    const auto& radio = cell.GetCounters(ue);
    m_step.prbs = radio.prbs - m_radio.prbs;
    m_step.rateBps = (radio.rateSum - m_radio.rateSum) / (cell.GetNReports() - m_nReports);
    m_radio = radio;
    m_nReports = cell.GetNReports();

    const auto work = host.GetCounters(ue);
    m_step.cpuOffered = work.offered - m_work.offered;
    m_step.cpuDone = work.done - m_work.done;
    m_step.cpuDropped = work.dropped - m_work.dropped;
    m_step.cpuQueued = work.queued;
    m_work = work;
}

const SliceStepCounts::OfStep&
SliceStepCounts::Get() const
{
    return m_step;
}

} // namespace ns3

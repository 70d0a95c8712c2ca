// SPDX-License-Identifier: GPL-2.0-only

#include "slice-cell.h"

#include "nr-carrier.h"
#include "nr-decibel.h"

#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(SliceCell);

TypeId
SliceCell::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::SliceCell")
            .SetParent<Object>()
            .SetGroupName("Slices")
            .AddConstructor<SliceCell>()
            .AddAttribute("HarqFeedbackDelay",
                          "From the end of a transport block to its HARQ feedback, which the outer "
                          "loop and a retransmission wait for.",
                          TimeValue(MilliSeconds(2)),
                          MakeTimeAccessor(&SliceCell::m_harqFeedbackDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("HarqTransmissions",
                          "HARQ gives a transport block up after so many transmissions.",
                          UintegerValue(4),
                          MakeUintegerAccessor(&SliceCell::m_harqTransmissions),
                          MakeUintegerChecker<uint32_t>(1, 16))
            .AddAttribute("ReportPeriod",
                          "Period in which UEs report their SINR; four slots are the shortest of "
                          "CSI-ReportPeriodicityAndOffset (TS 38.331 clause 6.3.2).",
                          TimeValue(MilliSeconds(2)),
                          MakeTimeAccessor(&SliceCell::m_reportPeriod),
                          MakeTimeChecker(NanoSeconds(NrCarrier::SLOT_NS)));
    return tid;
}

SliceCell::SliceCell()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

void
SliceCell::DoDispose()
{
    m_data = {};
    m_scheduler = nullptr;
    m_random = nullptr;
    m_fading.reset();
    Object::DoDispose();
}

void
SliceCell::Configure(uint32_t index,
                     const std::vector<Ue>& ues,
                     Ptr<NrScheduler> scheduler,
                     Ptr<const NrAmc> amc,
                     Ptr<const NrLinkAdaptation> linkAdaptation,
                     std::unique_ptr<NrBlockFading> fading)
{
    m_scheduler = scheduler;
    m_fading = std::move(fading);
    m_counters.resize(ues.size());
    // What data cost matters to loads, which nobody asks a licensed cell for.
    m_data.Configure(index,
                     {this, amc, linkAdaptation, scheduler, m_random},
                     {m_harqFeedbackDelay, m_harqTransmissions, Seconds(2)},
                     MakeCallback(&SliceCell::HandleBlock, this));
    for (uint32_t ue = 0; ue < ues.size(); ++ue)
    {
        m_meanSnr.push_back(std::pow(10, ues[ue].meanSnrDb / 10));
        m_reportedDb.push_back(ues[ue].meanSnrDb);
        m_data.GetUes().Attach(ue, ues[ue].bearer, ues[ue].slice);
    }
}

int64_t
SliceCell::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1 + (m_fading ? m_fading->AssignStreams(stream + 1) : 0);
}

void
SliceCell::StartSlot()
{
    const auto now = Simulator::Now();
    if (m_fading)
    {
        m_fading->Advance(now);
    }
    if (now >= m_nextReport)
    {
        Report();
        m_nextReport = now + m_reportPeriod;
    }
    m_data.StartSlot(NrCarrier::SYMBOLS_PER_SLOT - NrScheduler::CONTROL_SYMBOLS);
}

void
SliceCell::EndSlot()
{
    m_data.EndSlot();
}

void
SliceCell::Report()
{
    ++m_nReports;
    if (m_fading)
    {
        const auto now = Simulator::Now();
        for (uint32_t ue = 0; ue < m_reportedDb.size(); ++ue)
        {
            m_reportedDb[ue] = NrToDb(GetSinr(ue, now, now));
        }
        m_data.GetUes().Adapt();
    }
    for (const auto& flow : m_data.GetUes().GetFlows())
    {
        m_counters[flow.ue].rateSum += flow.fullBandRate;
    }
}

double
SliceCell::GetSinr(uint32_t ue, Time, Time) const
{
    return m_meanSnr[ue] * (m_fading ? m_fading->GetGain(ue) : 1.0);
}

double
SliceCell::GetReportedSinrDb(uint32_t ue) const
{
    return m_reportedDb[ue];
}

void
SliceCell::HandleBlock(const NrScheduler::Allocation& sent, const NrHarq::Outcome&)
{
    m_counters[sent.ue].prbs += sent.nPrb;
}

Ptr<NrScheduler>
SliceCell::GetScheduler() const
{
    return m_scheduler;
}

const SliceCell::Counters&
SliceCell::GetCounters(uint32_t ue) const
{
    return m_counters[ue];
}

uint64_t
SliceCell::GetNReports() const
{
    return m_nReports;
}

} // namespace ns3

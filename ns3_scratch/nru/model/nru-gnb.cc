// SPDX-License-Identifier: GPL-2.0-only

#include "nru-gnb.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("NruGnb");
NS_OBJECT_ENSURE_REGISTERED(NruGnb);

namespace
{
const Time SLOT = NanoSeconds(NrCarrier::SLOT_NS);
} // namespace

TypeId
NruGnb::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruGnb")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruGnb>()
            .AddAttribute("HoldOff",
                          "Contend once the oldest packet has waited this long, so that a channel "
                          "occupancy carries more than a packet.",
                          TimeValue(MilliSeconds(5)),
                          MakeTimeAccessor(&NruGnb::m_holdOff),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("HarqFeedbackDelay",
                          "From the end of a transport block to its HARQ feedback, which the outer "
                          "loop, the contention window and a retransmission wait for.",
                          TimeValue(MilliSeconds(2)),
                          MakeTimeAccessor(&NruGnb::m_harqFeedbackDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("HarqTransmissions",
                          "HARQ gives a transport block up after so many transmissions.",
                          UintegerValue(4),
                          MakeUintegerAccessor(&NruGnb::m_harqTransmissions),
                          MakeUintegerChecker<uint32_t>(1, 16))
            .AddAttribute("UeNoiseFigure",
                          "Noise figure of the UEs (dB).",
                          DoubleValue(9.0),
                          MakeDoubleAccessor(&NruGnb::m_noiseFigureDb),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute(
                "AveragingWindow",
                "Time over which a guaranteed bit rate is promised, 2 s for the 5QIs that "
                "have one (TS 23.501 clause 5.7.3.6, Table 5.7.4-1): the load counts the "
                "airtime that was left in it, and what the UEs' data have cost.",
                TimeValue(Seconds(2)),
                MakeTimeAccessor(&NruGnb::m_averagingWindow),
                MakeTimeChecker(MicroSeconds(1)))
            .AddTraceSource("Cot",
                            "A channel occupancy begins: gNB, start, duration.",
                            MakeTraceSourceAccessor(&NruGnb::m_cotTrace),
                            "ns3::NruGnb::CotTracedCallback")
            .AddTraceSource("Block",
                            "A transport block was received or not: gNB, UE, process, ACK.",
                            MakeTraceSourceAccessor(&NruGnb::m_blockTrace),
                            "ns3::NruGnb::BlockTracedCallback")
            .AddTraceSource("Discovery",
                            "A discovery burst went on the air: gNB, whether with SIBx.",
                            MakeTraceSourceAccessor(&NruGnb::m_discoveryTrace),
                            "ns3::NruGnb::DiscoveryTracedCallback");
    return tid;
}

NruGnb::NruGnb()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

void
NruGnb::DoDispose()
{
    m_trafficEvent.Cancel();
    m_data = {};
    m_ues.clear();
    for (const auto& part : {Ptr<Object>(m_parts.selector),
                             Ptr<Object>(m_parts.discovery),
                             Ptr<Object>(m_parts.access),
                             Ptr<Object>(m_parts.phy)})
    {
        if (part)
        {
            part->Dispose();
        }
    }
    m_parts = {};
    m_downlink = {};
    m_broadcast = {};
    m_random = nullptr;
    m_sibx = nullptr;
    m_slotSibx = nullptr;
    Object::DoDispose();
}

int64_t
NruGnb::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1 + m_parts.access->AssignStreams(stream + 1);
}

void
NruGnb::Configure(uint32_t index, const Parts& parts, const std::vector<Ptr<NruUe>>& ues)
{
    m_index = index;
    m_parts = parts;
    m_ues = ues;
    m_downlink.Configure(parts.phy, parts.pathGain, parts.transmissionLog, m_noiseFigureDb);
    m_broadcast
        .Configure(index, m_downlink, parts.amc, ues, m_random, parts.discovery->HasSibxLoss());
    m_data.Configure(index,
                     {this, parts.amc, parts.linkAdaptation, parts.scheduler, m_random},
                     {m_harqFeedbackDelay, m_harqTransmissions, m_averagingWindow},
                     MakeCallback(&NruGnb::HandleBlock, this));
    m_parts.phy->SetGnbId(index);
    m_parts.discovery->Configure(index,
                                 parts.access,
                                 {MakeCallback(&NruGnb::SendDiscovery, this),
                                  MakeCallback(&NruGnb::HandleDiscoveryChange, this)});
    m_loadMeter.Configure(parts.access,
                          parts.discovery->GetBurst().GetSeconds() /
                              parts.discovery->GetPeriod().GetSeconds(),
                          m_averagingWindow);
    m_parts.access->SetGrantCallback(MakeCallback(&NruGnb::StartCot, this));
}

void
NruGnb::Start(uint32_t nGnbs)
{
    // The cells' bursts are due evenly spread, so that they do not meet by design.
    const auto slots = m_parts.discovery->GetPeriod().GetNanoSeconds() / NrCarrier::SLOT_NS;
    m_parts.discovery->Start(SLOT * (slots * m_index / nGnbs));
    if (m_parts.selector)
    {
        // the golden ratio spreads the decisions of any number of gNBs evenly
        const auto offset = std::fmod(m_index * 0.6180339887498949, 1.0);
        m_parts.selector->Start(m_parts.access, MakeCallback(&NruGnb::SetChannel, this), offset);
    }
    m_loadMeter.Start();
    CheckTraffic();
}

const NrDownlink&
NruGnb::GetDownlink() const
{
    return m_downlink;
}

Ptr<NrSpectrumPhy>
NruGnb::GetPhy() const
{
    return m_parts.phy;
}

Ptr<NruChannelAccessManager>
NruGnb::GetAccess() const
{
    return m_parts.access;
}

// ---------------------------------------------------------------------------- attached UEs

void
NruGnb::Attach(Ptr<NruUe> ue)
{
    m_data.GetUes().Attach(ue->GetIndex(), ue->GetBearer());
    CheckTraffic();
}

void
NruGnb::Detach(uint32_t ue)
{
    m_data.Detach(ue);
}

double
NruGnb::GetSinr(uint32_t ue, Time from, Time to) const
{
    return m_downlink.GetSinr(m_ues[ue]->GetMobility(), from, to);
}

double
NruGnb::GetReportedSinrDb(uint32_t ue) const
{
    return m_ues[ue]->GetCell(m_index).sinrDb;
}

// ------------------------------------------------------------------------- channel occupancy

void
NruGnb::CheckTraffic()
{
    m_trafficEvent.Cancel();
    if (m_isContending || m_inCot)
    {
        return;
    }
    if (m_parts.discovery->IsType1Needed())
    {
        RequestAccess();
        return;
    }
    const auto next = m_data.GetUes().GetNextDue(m_holdOff);
    if (next < Time::Max())
    {
        const auto delay = std::max(next - Simulator::Now(), Time(0));
        m_trafficEvent = Simulator::Schedule(delay, &NruGnb::RequestAccess, this);
    }
}

void
NruGnb::RequestAccess()
{
    m_trafficEvent.Cancel();
    m_isContending = true;
    m_loadMeter.StartContention();
    m_isForDiscovery = m_parts.discovery->IsType1Needed();
    if (m_isForDiscovery)
    {
        m_parts.access->RequestAccess(NruDiscovery::PRIORITY_CLASS);
    }
    else
    {
        m_parts.access->RequestAccess();
    }
}

void
NruGnb::HandleDiscoveryChange()
{
    if (m_isContending)
    {
        m_parts.access->CancelRequest();
        m_isContending = false;
        m_loadMeter.EndContention();
    }
    CheckTraffic();
}

void
NruGnb::StartCot(Time maxCot)
{
    const auto now = Simulator::Now();
    m_isContending = false;
    m_loadMeter.EndContention();
    m_inCot = true;
    if (m_isForDiscovery)
    {
        Occupy(NrCarrier::CeilToSlot(now) + m_parts.discovery->GetBurst(), NrSignalKind::DISCOVERY);
        return;
    }
    const auto boundary = NrCarrier::CeilToSlot(now + NanoSeconds(1));
    const auto firstSymbols = NrCarrier::GetSymbols(now, boundary);
    const auto fullSlotShare =
        firstSymbols >= NrScheduler::MIN_SYMBOLS
            ? static_cast<double>(firstSymbols - NrScheduler::OVERHEAD_SYMBOLS) /
                  (NrCarrier::SYMBOLS_PER_SLOT - NrScheduler::OVERHEAD_SYMBOLS)
            : 0.0;
    const auto needed =
        m_parts.scheduler->GetBacklogAirtime(m_data.GetUes().GetFlows()) / NrCarrier::SLOT_S;
    if (needed == 0)
    {
        EndCot(); // discarded or handed over while waiting for the channel
        return;
    }
    auto slots = std::max(0, static_cast<int>(std::ceil(needed - fullSlotShare)));
    if (m_parts.discovery->IsDue())
    {
        slots += m_parts.discovery->GetBurstSlots();
    }
    m_reference.Start();
    Occupy(std::min(boundary + slots * SLOT, now + maxCot), NrSignalKind::DATA);
}

void
NruGnb::Occupy(Time end, NrSignalKind kind)
{
    const auto now = Simulator::Now();
    m_cotEnd = end;
    NS_LOG_INFO("gNB " << m_index << " COT of " << (end - now).As(Time::MS));
    m_cotTrace(m_index, now, end - now);
    Transmit(end - now, kind);
    StartSlot();
}

void
NruGnb::StartSlot()
{
    const auto now = Simulator::Now();
    EndSlot();
    if (now >= m_cotEnd)
    {
        EndCot();
        return;
    }
    auto end = std::min(NrCarrier::CeilToSlot(now + NanoSeconds(1)), m_cotEnd);
    const auto symbols = NrCarrier::GetSymbols(now, end);
    const auto burstEnd = now + m_parts.discovery->GetBurst();
    if (m_parts.discovery->IsDue() && symbols == NrCarrier::SYMBOLS_PER_SLOT &&
        burstEnd <= m_cotEnd)
    {
        StartDiscovery();
        end = burstEnd;
    }
    else if (symbols >= NrScheduler::MIN_SYMBOLS && !m_isForDiscovery)
    {
        const auto pdschSymbols = symbols - NrScheduler::CONTROL_SYMBOLS;
        m_slotSibx = m_parts.discovery->TakeSibx(m_loadMeter.GetLoad());
        m_data.StartSlot(pdschSymbols, m_slotSibx ? NruBroadcast::GetSibxPrbs(pdschSymbols) : 0);
    }
    Simulator::Schedule(end - now, &NruGnb::StartSlot, this);
}

void
NruGnb::EndSlot()
{
    if (m_slotSibx)
    {
        m_broadcast.DeliverWithData(m_data.GetSlotStart(), m_slotSibx, m_loadMeter.GetMeasured());
        m_slotSibx = nullptr;
    }
    if (m_data.EndSlot() && m_reference.EndSlot())
    {
        // access that is asked for before the feedback draws from the window as it stands
        Simulator::Schedule(m_harqFeedbackDelay, &NruGnb::ReportReference, this, m_reference);
    }
}

void
NruGnb::HandleBlock(const NrScheduler::Allocation& sent, const NrHarq::Outcome& outcome)
{
    m_reference.Count(outcome.isAck);
    m_blockTrace(m_index, sent.ue, outcome.process, outcome.isAck);
}

void
NruGnb::ReportReference(NruReferenceDuration reference)
{
    reference.Report(*m_parts.access);
}

void
NruGnb::EndCot()
{
    m_inCot = false;
    m_parts.access->NotifyCotEnd();
    ApplyChannel();
    if (m_parts.scheduler->GetBacklogAirtime(m_data.GetUes().GetFlows()) >= NrCarrier::SLOT_S)
    {
        RequestAccess();
    }
    else
    {
        CheckTraffic();
    }
}

void
NruGnb::Transmit(Time duration, NrSignalKind kind)
{
    m_loadMeter.AddTransmission(duration);
    m_parts.phy->StartTx(duration, kind, m_sibx);
}

void
NruGnb::SetChannel(uint8_t channel)
{
    NS_ABORT_MSG_UNLESS(channel < m_parts.phy->GetNChannels(),
                        "channel of gNB " << m_index << " = " << +channel << " is not within 0 to "
                                          << m_parts.phy->GetNChannels() - 1);
    m_newChannel = channel;
    ApplyChannel();
}

void
NruGnb::ApplyChannel()
{
    if (!m_newChannel || m_inCot)
    {
        return;
    }
    if (m_parts.phy->IsTransmitting()) // a discovery burst, or the last instant of a COT
    {
        Simulator::Schedule(SLOT, &NruGnb::ApplyChannel, this);
        return;
    }
    if (*m_newChannel != m_parts.phy->GetChannelIndex())
    {
        m_parts.phy->SetChannelIndex(*m_newChannel);
        m_loadMeter.ChangeChannel();
    }
    m_newChannel.reset();
}

// -------------------------------------------------------------------- discovery bursts, SIBx

void
NruGnb::SendDiscovery()
{
    StartDiscovery();
    Transmit(m_parts.discovery->GetBurst(), NrSignalKind::DISCOVERY);
}

void
NruGnb::StartDiscovery()
{
    m_sibx = m_parts.discovery->Take(m_loadMeter.GetLoad());
    m_discoveryTrace(m_index, m_sibx != nullptr);
    Simulator::Schedule(m_parts.discovery->GetBurst(),
                        &NruGnb::EndDiscovery,
                        this,
                        Simulator::Now());
}

void
NruGnb::EndDiscovery(Time start)
{
    m_broadcast.Deliver(start, m_sibx, m_loadMeter.GetMeasured());
    m_sibx = nullptr;
    m_data.GetUes().Adapt();
    CheckTraffic();
}

// ------------------------------------------------------------------------------------ load

void
NruGnb::MeasureLoad()
{
    m_loadMeter.Measure(m_data.GetUes().GetNeededAirtime());
}

void
NruGnb::OpenSiWindow()
{
    m_parts.discovery->OpenSiWindow();
    m_broadcast.DeliverSibx(m_parts.discovery->CreateSibx(m_loadMeter.GetLoad()),
                            m_loadMeter.GetMeasured());
}

const NruLoadMeter&
NruGnb::GetLoadMeter() const
{
    return m_loadMeter;
}

Ptr<const NruDiscovery>
NruGnb::GetDiscovery() const
{
    return m_parts.discovery;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-ue.h"

#include "nru-sibx-header.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("NruUe");
NS_OBJECT_ENSURE_REGISTERED(NruUe);

TypeId
NruUe::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruUe")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruUe>()
            .AddAttribute("ChoRsrpThreshold",
                          "A CHO candidate is entered at this SS-RSRP or more (dBm).",
                          DoubleValue(-118.0),
                          MakeDoubleAccessor(&NruUe::m_choRsrpThreshold),
                          MakeDoubleChecker<double>(-156.0, -31.0))
            .AddAttribute("ChoTimeToTrigger",
                          "How long the CHO execution condition has to hold.",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&NruUe::m_choTimeToTrigger),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ChoLoadCondition",
                          "Whether a CHO candidate must also cost less than the serving cell, by "
                          "the loads last heard in SIBx (cho_lb_en).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&NruUe::m_choLoadCondition),
                          MakeBooleanChecker())
            .AddAttribute("ChoCostMargin",
                          "By how much it must cost less, with cost 1/(1 - load).",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&NruUe::m_choCostMargin),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute("ChoMaxCandidates",
                          "Most cells that are prepared (maxNrofCondCells-r16, TS 38.331).",
                          UintegerValue(8),
                          MakeUintegerAccessor(&NruUe::m_choMaxCandidates),
                          MakeUintegerChecker<uint32_t>(1, 8))
            .AddAttribute("T304",
                          "A handover that has not completed by then has failed.",
                          TimeValue(MilliSeconds(1000)),
                          MakeTimeAccessor(&NruUe::m_t304),
                          MakeTimeChecker(MilliSeconds(50), MilliSeconds(10000)))
            .AddAttribute("T301",
                          "A re-establishment that takes longer is tried in the next best cell.",
                          TimeValue(MilliSeconds(400)),
                          MakeTimeAccessor(&NruUe::m_t301),
                          MakeTimeChecker(MilliSeconds(100), MilliSeconds(2000)))
            .AddAttribute("PrachPeriod",
                          "From one PRACH occasion to the next.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&NruUe::m_prachPeriod),
                          MakeTimeChecker(MicroSeconds(500)))
            .AddAttribute("Reestablishment",
                          "From a failure that leaves no prepared cell to the first preamble of "
                          "re-establishment: cell search, system information, RRC processing.",
                          TimeValue(MilliSeconds(200)),
                          MakeTimeAccessor(&NruUe::m_reestablishment),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("A3Offset",
                          "a3-Offset (dB), TS 38.331 clause 5.5.4.4.",
                          DoubleValue(3.0),
                          MakeDoubleAccessor(&NruUe::m_a3Offset),
                          MakeDoubleChecker<double>(-15.0, 15.0))
            .AddAttribute("A3Hysteresis",
                          "Hysteresis of event A3 (dB).",
                          DoubleValue(1.0),
                          MakeDoubleAccessor(&NruUe::m_a3Hysteresis),
                          MakeDoubleChecker<double>(0.0, 15.0))
            .AddAttribute("A3TimeToTrigger",
                          "How long event A3 has to hold.",
                          TimeValue(MilliSeconds(256)),
                          MakeTimeAccessor(&NruUe::m_a3TimeToTrigger),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Interruption",
                          "From detaching from the source to data from the target: RRC processing, "
                          "synchronisation and random access.",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&NruUe::m_interruption),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("PingPongWindow",
                          "A handover back to the cell left no longer ago than this is a ping-pong "
                          "(minimum time of stay, TR 36.839 clause 5.2.2).",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&NruUe::m_pingPongWindow),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("L3FilterK",
                          "Filter coefficient k of the layer 3 filter, a = 2^(-k/4) a 200 ms "
                          "(TS 38.331 clause 5.5.3.2).",
                          UintegerValue(4),
                          MakeUintegerAccessor(&NruUe::m_filterK),
                          MakeUintegerChecker<uint32_t>(0, 19))
            .AddTraceSource("HandoverStart",
                            "A handover starts: UE, source, target.",
                            MakeTraceSourceAccessor(&NruUe::m_handoverStartTrace),
                            "ns3::NruUe::HandoverTracedCallback")
            .AddTraceSource("HandoverEnd",
                            "A handover has completed: UE, source, target.",
                            MakeTraceSourceAccessor(&NruUe::m_handoverEndTrace),
                            "ns3::NruUe::HandoverTracedCallback")
            .AddTraceSource("HandoverFailure",
                            "T304 has expired: UE, source, target.",
                            MakeTraceSourceAccessor(&NruUe::m_handoverFailureTrace),
                            "ns3::NruUe::HandoverTracedCallback")
            .AddTraceSource("PingPong",
                            "A handover went back to the cell just left: UE, source, target.",
                            MakeTraceSourceAccessor(&NruUe::m_pingPongTrace),
                            "ns3::NruUe::HandoverTracedCallback")
            .AddTraceSource("Sibx",
                            "A SIBx was decoded: UE, cell, load.",
                            MakeTraceSourceAccessor(&NruUe::m_sibxTrace),
                            "ns3::NruUe::SibxTracedCallback");
    return tid;
}

NruUe::NruUe() = default;

void
NruUe::DoDispose()
{
    m_trigger.Cancel();
    m_mobility = nullptr;
    m_bearer = nullptr;
    m_conditions = {};
    m_handoverStart = HandoverCallback();
    m_handoverComplete = HandoverCallback();
    m_randomAccess = RandomAccessCallback();
    m_accessEvent.Cancel();
    m_timer.Cancel();
    Object::DoDispose();
}

void
NruUe::Configure(uint32_t index,
                 Ptr<MobilityModel> mobility,
                 Ptr<NrGbrBearer> bearer,
                 Ptr<const NruCellOffsets> offsets,
                 uint32_t nCells)
{
    m_index = index;
    m_mobility = mobility;
    m_bearer = bearer;
    m_cells.Configure(nCells);
    m_conditions.Configure(offsets, nCells);
}

void
NruUe::SetHandoverCallbacks(HandoverCallback start, HandoverCallback complete)
{
    m_handoverStart = start;
    m_handoverComplete = complete;
}

void
NruUe::SetRandomAccessCallback(RandomAccessCallback randomAccess)
{
    m_randomAccess = randomAccess;
}

void
NruUe::Camp(uint32_t cell)
{
    NS_ABORT_MSG_UNLESS(cell < m_cells.Get().size(),
                        "cell " << cell << " of " << m_cells.Get().size());
    m_serving = cell;
    m_access = Access::NONE;
}

void
NruUe::Measure(uint32_t index, double rsrpDbm, double sinrDb)
{
    if (m_access != Access::NONE && m_access != Access::IDLE)
    {
        return;
    }
    m_cells.Measure(index, rsrpDbm, sinrDb, m_filterK);
    if (m_access == Access::NONE)
    {
        Evaluate();
    }
}

void
NruUe::ReceiveSibx(Ptr<const Packet> sibx, Time measured)
{
    NruSibxHeader header;
    sibx->PeekHeader(header);
    m_cells.ReceiveSibx(header.GetPci(), header.GetLoad(), measured);
    m_sibxTrace(m_index, header.GetPci(), header.GetLoad());
    if (m_access == Access::NONE)
    {
        Evaluate(); // the load condition may hold now, or no longer
    }
}

void
NruUe::SetChoTarget(int32_t target)
{
    NS_ABORT_MSG_UNLESS(target >= NO_TARGET && target < static_cast<int32_t>(m_cells.Get().size()),
                        "cho_target of UE " << m_index << " = " << target << " is not within -1 to "
                                            << m_cells.Get().size() - 1);
    if (m_access != Access::NONE)
    {
        return; // detached: no configuration reaches it
    }
    if (target != m_conditions.GetCandidate())
    {
        m_conditions.SetCandidate(target);
        m_conditions.Forget();
    }
    Evaluate();
}

void
NruUe::Evaluate()
{
    const auto [target, next] = m_conditions.Judge(m_cells.Get(),
                                                   m_serving,
                                                   {m_choRsrpThreshold,
                                                    m_choTimeToTrigger,
                                                    m_choLoadCondition,
                                                    m_choCostMargin,
                                                    m_a3Offset,
                                                    m_a3Hysteresis,
                                                    m_a3TimeToTrigger});
    m_trigger.Cancel();
    if (target)
    {
        StartHandover(*target);
    }
    else if (next)
    {
        m_trigger = Simulator::Schedule(*next - Simulator::Now(), &NruUe::Evaluate, this);
    }
}

void
NruUe::StartHandover(uint32_t target)
{
    NS_LOG_INFO("UE " << m_index << " from " << m_serving << " to " << target);
    m_conditions.Forget();
    m_handoverStartTrace(m_index, m_serving, target);
    m_handoverStart(m_index, m_serving, target);
    StartAccess(Access::HANDOVER, target, m_interruption);
}

void
NruUe::StartAccess(Access access, uint32_t target, Time delay)
{
    m_access = access;
    m_target = target;
    m_accessEvent = Simulator::Schedule(delay, &NruUe::TryAccess, this);
    const auto limit = access == Access::REESTABLISHMENT ? delay + m_t301 : m_t304;
    m_timer = Simulator::Schedule(limit, &NruUe::ExpireAccess, this);
}

void
NruUe::TryAccess()
{
    if (m_randomAccess.IsNull() || m_randomAccess(m_index, m_target))
    {
        CompleteAccess();
    }
    else
    {
        m_accessEvent = Simulator::Schedule(m_prachPeriod, &NruUe::TryAccess, this);
    }
}

bool
NruUe::IsPrepared(uint32_t index) const
{
    const auto& cells = m_cells.Get();
    const auto rsrpDbm = cells[index].rsrpDbm;
    uint32_t better = 0;
    for (uint32_t i = 0; i < cells.size(); ++i)
    {
        better += i != m_serving && i != m_target && cells[i].rsrpDbm > rsrpDbm;
    }
    return index != m_serving && rsrpDbm >= m_choRsrpThreshold && better + 1 < m_choMaxCandidates;
}

void
NruUe::ExpireAccess()
{
    NS_LOG_INFO("UE " << m_index << " cannot reach " << m_target);
    m_accessEvent.Cancel();
    m_failed.push_back(m_target);
    if (m_access != Access::REESTABLISHMENT)
    {
        ++m_handoverFailures;
        m_handoverFailureTrace(m_index, m_serving, m_target);
    }
    if (m_failed.size() == m_cells.Get().size())
    {
        m_failed.clear();
    }
    const auto selected = m_cells.FindBest(m_failed);
    if (m_access == Access::HANDOVER && IsPrepared(selected))
    {
        StartAccess(Access::RECOVERY, selected, m_interruption);
    }
    else
    {
        StartAccess(Access::REESTABLISHMENT, selected, m_reestablishment);
    }
}

void
NruUe::CompleteAccess()
{
    const auto now = Simulator::Now();
    const auto source = m_serving;
    m_timer.Cancel();
    m_failed.clear();
    m_serving = m_target;
    if (m_access != Access::REESTABLISHMENT)
    {
        ++m_handovers;
        if (m_previous == m_target && now - m_lastHandover <= m_pingPongWindow)
        {
            ++m_pingPongs;
            m_pingPongTrace(m_index, source, m_target);
        }
        m_previous = source;
        m_lastHandover = now;
        m_handoverEndTrace(m_index, source, m_target);
    }
    m_access = Access::NONE;
    if (m_conditions.GetCandidate() != NO_TARGET)
    {
        m_conditions.SetCandidate(static_cast<int32_t>(m_serving)); // it is released; stay
    }
    // Conditions are judged from the next measurement on: were it at once, three cells that are
    // each better than the one before would pass a UE on for ever if handovers took no time.
    m_handoverComplete(m_index, source, m_serving);
}

uint32_t
NruUe::GetIndex() const
{
    return m_index;
}

Ptr<MobilityModel>
NruUe::GetMobility() const
{
    return m_mobility;
}

Ptr<NrGbrBearer>
NruUe::GetBearer() const
{
    return m_bearer;
}

uint32_t
NruUe::GetServing() const
{
    return m_serving;
}

const NruUe::Cell&
NruUe::GetCell(uint32_t cell) const
{
    return m_cells.Get().at(cell);
}

uint32_t
NruUe::GetHandovers() const
{
    return m_handovers;
}

uint32_t
NruUe::GetHandoverFailures() const
{
    return m_handoverFailures;
}

uint32_t
NruUe::GetPingPongs() const
{
    return m_pingPongs;
}

} // namespace ns3

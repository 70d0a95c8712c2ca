// SPDX-License-Identifier: GPL-2.0-only

#include "nru-ue.h"

#include "nru-sibx-header.h"

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

NS_LOG_COMPONENT_DEFINE("NruUe");
NS_OBJECT_ENSURE_REGISTERED(NruUe);

namespace
{
/// Layer 1 measurement period that the layer 3 filter coefficient refers to (TS 38.331 5.5.3.2).
const Time FILTER_PERIOD = MilliSeconds(200);
} // namespace

TypeId
NruUe::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruUe")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruUe>()
            .AddAttribute("ChoRsrpThreshold",
                          "A CHO candidate is entered at this RSRP or more (dBm).",
                          DoubleValue(-90.0),
                          MakeDoubleAccessor(&NruUe::m_choRsrpThreshold),
                          MakeDoubleChecker<double>())
            .AddAttribute("ChoTimeToTrigger",
                          "How long the CHO execution condition has to hold.",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&NruUe::m_choTimeToTrigger),
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
    m_offsets = nullptr;
    m_handoverStart.Nullify();
    m_handoverComplete.Nullify();
    Object::DoDispose();
}

void
NruUe::Configure(uint32_t index,
                 Ptr<MobilityModel> mobility,
                 Ptr<NruGbrBearer> bearer,
                 Ptr<const NruCellOffsets> offsets,
                 uint32_t nCells)
{
    m_index = index;
    m_mobility = mobility;
    m_bearer = bearer;
    m_offsets = offsets;
    m_cells.assign(nCells, {});
}

void
NruUe::SetHandoverCallbacks(HandoverCallback start, HandoverCallback complete)
{
    m_handoverStart = start;
    m_handoverComplete = complete;
}

void
NruUe::Camp(uint32_t cell)
{
    NS_ABORT_MSG_UNLESS(cell < m_cells.size(), "cell " << cell << " of " << m_cells.size());
    m_serving = cell;
}

double
NruUe::GetFilterWeight(Time elapsed) const
{
    const auto weight = std::pow(2.0, -0.25 * m_filterK);
    return 1 - std::pow(1 - weight, elapsed.GetSeconds() / FILTER_PERIOD.GetSeconds());
}

void
NruUe::Measure(uint32_t index, double rsrpDbm, double sinrDb)
{
    if (m_inHandover)
    {
        return;
    }
    auto& cell = m_cells.at(index);
    const auto now = Simulator::Now();
    const auto weight = std::isinf(cell.rsrpDbm) ? 1.0 : GetFilterWeight(now - cell.measured);
    if (weight == 1.0)
    {
        cell.rsrpDbm = rsrpDbm;
        cell.sinrDb = sinrDb;
    }
    else
    {
        cell.rsrpDbm += weight * (rsrpDbm - cell.rsrpDbm);
        cell.sinrDb += weight * (sinrDb - cell.sinrDb);
    }
    cell.measured = now;
    Evaluate();
}

void
NruUe::ReceiveSibx(Ptr<const Packet> sibx, Time measured)
{
    NruSibxHeader header;
    sibx->PeekHeader(header);
    auto& cell = m_cells.at(header.GetPci());
    cell.sibxLoad = header.GetLoad();
    cell.sibxMeasured = measured;
    ++cell.sibxHeard;
    m_sibxTrace(m_index, header.GetPci(), header.GetLoad());
}

void
NruUe::SetChoTarget(int32_t target)
{
    NS_ABORT_MSG_UNLESS(target >= NO_TARGET && target < static_cast<int32_t>(m_cells.size()),
                        "cho_target of UE " << m_index << " = " << target << " is not within -1 to "
                                            << m_cells.size() - 1);
    if (target != m_choTarget)
    {
        m_choTarget = target;
        for (auto& cell : m_cells)
        {
            cell.conditionHeld.reset();
        }
    }
    if (!m_inHandover)
    {
        Evaluate();
    }
}

bool
NruUe::IsConditionFulfilled(uint32_t index) const
{
    const auto& cell = m_cells[index];
    if (m_choTarget != NO_TARGET)
    {
        return static_cast<int32_t>(index) == m_choTarget && cell.rsrpDbm >= m_choRsrpThreshold;
    }
    const auto& serving = m_cells[m_serving];
    if (std::isinf(cell.rsrpDbm) || std::isinf(serving.rsrpDbm))
    {
        return false;
    }
    // entering and leaving condition, A3-1 and A3-2
    const auto hysteresis = cell.conditionHeld ? -m_a3Hysteresis : m_a3Hysteresis;
    return cell.rsrpDbm + m_offsets->Get(m_serving, index) - hysteresis >
           serving.rsrpDbm + m_a3Offset;
}

void
NruUe::Evaluate()
{
    const auto now = Simulator::Now();
    const auto timeToTrigger = m_choTarget != NO_TARGET ? m_choTimeToTrigger : m_a3TimeToTrigger;
    std::optional<uint32_t> target;
    std::optional<Time> next;
    for (uint32_t i = 0; i < m_cells.size(); ++i)
    {
        auto& cell = m_cells[i];
        if (i == m_serving || !IsConditionFulfilled(i))
        {
            cell.conditionHeld.reset();
            continue;
        }
        if (!cell.conditionHeld)
        {
            cell.conditionHeld = now;
        }
        const auto due = *cell.conditionHeld + timeToTrigger;
        if (due > now)
        {
            next = next ? std::min(*next, due) : due;
        }
        else if (!target || cell.rsrpDbm > m_cells[*target].rsrpDbm)
        {
            target = i;
        }
    }
    m_trigger.Cancel();
    if (target)
    {
        StartHandover(*target);
    }
    else if (next)
    {
        m_trigger = Simulator::Schedule(*next - now, &NruUe::Evaluate, this);
    }
}

void
NruUe::StartHandover(uint32_t target)
{
    NS_LOG_INFO("UE " << m_index << " from " << m_serving << " to " << target);
    m_inHandover = true;
    for (auto& cell : m_cells)
    {
        cell.conditionHeld.reset();
    }
    m_handoverStartTrace(m_index, m_serving, target);
    m_handoverStart(m_index, m_serving, target);
    Simulator::Schedule(m_interruption, &NruUe::CompleteHandover, this, target);
}

void
NruUe::CompleteHandover(uint32_t target)
{
    const auto now = Simulator::Now();
    const auto source = m_serving;
    ++m_handovers;
    if (m_previous == target && now - m_lastHandover <= m_pingPongWindow)
    {
        ++m_pingPongs;
    }
    m_previous = source;
    m_lastHandover = now;
    m_serving = target;
    m_inHandover = false;
    m_handoverEndTrace(m_index, source, target);
    m_handoverComplete(m_index, source, target);
    Evaluate();
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

Ptr<NruGbrBearer>
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
    return m_cells.at(cell);
}

uint32_t
NruUe::GetHandovers() const
{
    return m_handovers;
}

uint32_t
NruUe::GetPingPongs() const
{
    return m_pingPongs;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-handover-conditions.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

namespace
{

/**
 * @param cell a neighbour
 * @param serving the serving cell
 * @param margin by which it has to cost less
 * @return true if it costs less by the loads last heard
 */
bool
IsCheaper(const NruMeasurements::Cell& cell, const NruMeasurements::Cell& serving, double margin)
{
    if (!cell.sibxLoad || !serving.sibxLoad)
    {
        return false;
    }
    const auto getCost = [](double load) { return load < 1 ? 1 / (1 - load) : INFINITY; };
    return getCost(*cell.sibxLoad) + margin < getCost(*serving.sibxLoad);
}

} // namespace

void
NruHandoverConditions::Configure(Ptr<const NruCellOffsets> offsets, uint32_t nCells)
{
    m_offsets = offsets;
    m_held.assign(nCells, {});
}

void
NruHandoverConditions::SetCandidate(int32_t candidate)
{
    m_candidate = candidate;
}

int32_t
NruHandoverConditions::GetCandidate() const
{
    return m_candidate;
}

void
NruHandoverConditions::Forget()
{
    for (auto& held : m_held)
    {
        held.reset();
    }
}

bool
NruHandoverConditions::IsFulfilled(const std::vector<NruMeasurements::Cell>& cells,
                                   uint32_t servingIndex,
                                   uint32_t index,
                                   const Settings& settings) const
{
    const auto& cell = cells[index];
    const auto& serving = cells[servingIndex];
    if (m_candidate != NO_CANDIDATE)
    {
        return static_cast<int32_t>(index) == m_candidate &&
               cell.rsrpDbm >= settings.choRsrpThresholdDbm &&
               (!settings.choLoadCondition || IsCheaper(cell, serving, settings.choCostMargin));
    }
    if (std::isinf(cell.rsrpDbm) || std::isinf(serving.rsrpDbm))
    {
        return false;
    }
    // The entering condition, A3-1. The leaving condition takes a cell off the list of those that
    // have triggered; one that has triggered is handed over to at once.
    return cell.rsrpDbm + m_offsets->Get(servingIndex, index) - settings.a3HysteresisDb >
           serving.rsrpDbm + settings.a3OffsetDb;
}

NruHandoverConditions::Judgement
NruHandoverConditions::Judge(const std::vector<NruMeasurements::Cell>& cells,
                             uint32_t serving,
                             const Settings& settings)
{
    const auto now = Simulator::Now();
    const auto timeToTrigger =
        m_candidate != NO_CANDIDATE ? settings.choTimeToTrigger : settings.a3TimeToTrigger;
    Judgement judgement;
    for (uint32_t i = 0; i < m_held.size(); ++i)
    {
        auto& held = m_held[i];
        if (i == serving || !IsFulfilled(cells, serving, i, settings))
        {
            held.reset();
            continue;
        }
        if (!held)
        {
            held = now;
        }
        const auto due = *held + timeToTrigger;
        auto& [target, next] = judgement;
        if (due > now)
        {
            next = next ? std::min(*next, due) : due;
        }
        else if (!target || cells[i].rsrpDbm > cells[*target].rsrpDbm)
        {
            target = i;
        }
    }
    return judgement;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-measurements.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

namespace
{

/// Period that the layer 3 filter coefficient refers to (TS 38.331 clause 5.5.3.2), s.
constexpr double FILTER_PERIOD_S = 0.2;

/**
 * @param filterK layer 3 filter coefficient
 * @param elapsed time since the cell's measurement before
 * @return weight of the new measurement
 */
double
GetFilterWeight(uint32_t filterK, Time elapsed)
{
    const auto weight = std::pow(2.0, -0.25 * filterK);
    return 1 - std::pow(1 - weight, elapsed.GetSeconds() / FILTER_PERIOD_S);
}

} // namespace

void
NruMeasurements::Configure(uint32_t nCells)
{
    m_cells.assign(nCells, {});
}

void
NruMeasurements::Measure(uint32_t index, double rsrpDbm, double sinrDb, uint32_t filterK)
{
    auto& cell = m_cells.at(index);
    const auto now = Simulator::Now();
    const auto weight =
        std::isinf(cell.rsrpDbm) ? 1.0 : GetFilterWeight(filterK, now - cell.measured);
    const auto filter = [weight](double old, double measured) {
        return weight == 1.0 ? measured : old + weight * (measured - old);
    };
    cell.rsrpDbm = filter(cell.rsrpDbm, rsrpDbm);
    cell.sinrDb = filter(cell.sinrDb, sinrDb);
    cell.measured = now;
}

void
NruMeasurements::ReceiveSibx(uint32_t index, double load, Time measured)
{
    auto& cell = m_cells.at(index);
    cell.sibxLoad = load;
    cell.sibxMeasured = measured;
    ++cell.sibxHeard;
}

uint32_t
NruMeasurements::FindBest(const std::vector<uint32_t>& without) const
{
    std::optional<uint32_t> best;
    for (uint32_t i = 0; i < m_cells.size(); ++i)
    {
        const auto counts = std::find(without.begin(), without.end(), i) == without.end();
        if (counts && (!best || m_cells[i].rsrpDbm > m_cells[*best].rsrpDbm))
        {
            best = i;
        }
    }
    return *best;
}

} // namespace ns3

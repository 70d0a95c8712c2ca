// SPDX-License-Identifier: GPL-2.0-only

#include "nr-delay-counts.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

namespace
{

using Edges = std::array<double, NrDelayCounts::N_BINS - 1>;

/// @return upper edges of all bins but the last (s)
Edges
MakeEdges()
{
    Edges edges{};
    for (std::size_t k = 0; k < edges.size(); ++k)
    {
        edges[k] = 0.5e-3 * std::pow(1.25, static_cast<double>(k));
    }
    return edges;
}

} // namespace

uint32_t
NrDelayCounts::GetBin(Time delay)
{
    static const auto edges = MakeEdges();
    return std::upper_bound(edges.begin(), edges.end(), delay.GetSeconds()) - edges.begin();
}

void
NrDelayCounts::Add(Time delay)
{
    ++m_bins[GetBin(delay)];
}

const NrDelayCounts::Bins&
NrDelayCounts::Get() const
{
    return m_bins;
}

} // namespace ns3

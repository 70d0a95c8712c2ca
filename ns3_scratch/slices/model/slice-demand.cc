// SPDX-License-Identifier: GPL-2.0-only

#include "slice-demand.h"

namespace ns3
{

namespace
{

// Odd constants of SplitMix64: the golden ratio's, and two of the mixing.
constexpr uint64_t GOLDEN = 0x9E3779B97F4A7C15;
constexpr uint64_t MIX_1 = 0xBF58476D1CE4E5B9;
constexpr uint64_t MIX_2 = 0x94D049BB133111EB;

/**
 * @param z any number
 * @return it, mixed
 */
uint64_t
Mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * MIX_1;
    z = (z ^ (z >> 27)) * MIX_2;
    return z ^ (z >> 31);
}

} // namespace

SliceDemand::SliceDemand(uint64_t seed, uint32_t nUes, const Levels& levels, uint64_t change)
    : m_seed(seed),
      m_levels(levels),
      m_change(change),
      m_drawn(std::size_t{nUes} * N_RESOURCES)
{
}

void
SliceDemand::Advance(uint32_t step)
{
    for (uint64_t i = 0; i < m_drawn.size(); ++i)
    {
        const auto hash = Mix(m_seed * GOLDEN + i * MIX_1 + step * MIX_2);
        if (step == 0 || (hash >> 32) < m_change)
        {
            m_drawn[i] = hash % N_LEVELS;
        }
    }
}

double
SliceDemand::GetLevel(uint32_t ue, uint32_t resource) const
{
    return m_levels[m_drawn[std::size_t{ue} * N_RESOURCES + resource]];
}

} // namespace ns3

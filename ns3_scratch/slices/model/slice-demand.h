// SPDX-License-Identifier: GPL-2.0-only

#ifndef SLICE_DEMAND_H
#define SLICE_DEMAND_H

#include <array>
#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup slices
 * @brief How demands change: the same levels, step by step, wherever they are worked out.
 *
 * A level is a factor of a mean demand. It holds from step to step, and is drawn anew with a fixed
 * probability in each, by a hash of seed, UE, resource and step (Steele, Lea, Flood, "Fast
 * splittable pseudorandom number generators", OOPSLA 2014: SplitMix64's mixing): no state of a
 * generator, and nothing but whole numbers.
 */
class SliceDemand
{
  public:
    static constexpr uint32_t N_LEVELS = 64;   //!< that are drawn from
    static constexpr uint32_t N_RESOURCES = 2; //!< of a UE: radio and computing

    /// Factors of mean demands.
    using Levels = std::array<double, N_LEVELS>;

    /**
     * @param seed of the run
     * @param nUes number of UEs
     * @param levels that are drawn from, each as likely as another
     * @param change probability times 2^32 that a level is drawn anew in a step
     */
    SliceDemand(uint64_t seed, uint32_t nUes, const Levels& levels, uint64_t change);

    /**
     * @brief Go on to a step.
     * @param step its number, one above that of the last call; at first 0
     */
    void Advance(uint32_t step);

    /**
     * @param ue index
     * @param resource 0 radio, 1 computing
     * @return factor of its mean demand
     */
    double GetLevel(uint32_t ue, uint32_t resource) const;

  private:
    uint64_t m_seed;              //!< of the run
    Levels m_levels;              //!< that are drawn from
    uint64_t m_change;            //!< probability of a draw, times 2^32
    std::vector<uint8_t> m_drawn; //!< index of a level, by UE and resource
};

} // namespace ns3

#endif // SLICE_DEMAND_H

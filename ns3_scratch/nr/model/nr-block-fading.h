// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_BLOCK_FADING_H
#define NR_BLOCK_FADING_H

#include "ns3/nstime.h"
#include "ns3/ptr.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Rayleigh block fading of a cell's links, flat over the carrier.
 *
 * A link's power gain is constant for a coherence time, then drawn anew, independently; blocks of
 * all links begin together, at multiples of the coherence time. It is the mean of `diversity`
 * exponentials of mean 1 (maximum ratio combining of as many branches of equal mean): gamma
 * distributed, of mean 1 and variance 1 / diversity. Two instants a lag apart, wherever in a block
 * the first is, correlate by max(0, 1 - lag / coherence).
 */
class NrBlockFading
{
  public:
    /**
     * @param nLinks number of links
     * @param coherence length of a block
     * @param diversity number of branches, 1 or more
     */
    NrBlockFading(uint32_t nLinks, Time coherence, uint32_t diversity);

    /**
     * @brief Fix the random streams.
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * @brief Draw the blocks that have begun, those that nobody has seen as well.
     * @param now current time
     */
    void Advance(Time now);

    /**
     * @param link index
     * @return power gain of the block that was begun last, linear
     */
    double GetGain(uint32_t link) const;

  private:
    Time m_coherence;                          //!< length of a block
    uint32_t m_diversity;                      //!< number of branches
    Ptr<ExponentialRandomVariable> m_branches; //!< gains of branches
    std::vector<double> m_gains;               //!< of this block, by link
    Time m_end;                                //!< of this block
};

} // namespace ns3

#endif // NR_BLOCK_FADING_H

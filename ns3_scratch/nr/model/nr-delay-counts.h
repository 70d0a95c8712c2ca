// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_DELAY_COUNTS_H
#define NR_DELAY_COUNTS_H

#include "ns3/nstime.h"

#include <array>
#include <cstdint>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Packets counted by delay, in bins that each reach a quarter further than the one before.
 *
 * Bin 0 has delays below 0.5 ms, bin k those from 0.5 ms 1.25^(k-1) to below 0.5 ms 1.25^k, and the
 * last all from 0.4 s on: a percentile is known to a quarter of itself.
 */
class NrDelayCounts
{
  public:
    static constexpr uint32_t N_BINS = 32; //!< number of bins

    /// Counts by bin.
    using Bins = std::array<uint64_t, N_BINS>;

    /**
     * @param delay of a packet
     */
    void Add(Time delay);

    /**
     * @return counts since the start
     */
    const Bins& Get() const;

    /**
     * @param delay of a packet
     * @return the bin that counts it
     */
    static uint32_t GetBin(Time delay);

  private:
    Bins m_bins{}; //!< counts
};

} // namespace ns3

#endif // NR_DELAY_COUNTS_H

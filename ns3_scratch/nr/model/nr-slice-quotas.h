// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_SLICE_QUOTAS_H
#define NR_SLICE_QUOTAS_H

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief What a slice may have of a cell's resource blocks: RRMPolicyRatio of TS 28.541
 * clause 4.3.36 (recalled, not quoted), as decimal fractions.
 */
struct NrPolicyRatio
{
    double dedicated{0.0}; //!< for this slice alone, used or not
    double minimum{0.0};   //!< for this slice first, dedicated included; others get what it leaves
    double maximum{1.0};   //!< at most for this slice
};

/**
 * @ingroup nr
 * @brief The resource blocks of one slot by slice: how many each may still take.
 *
 * A ratio is worth the whole resource blocks in it, rounded down.
 */
class NrSliceQuotas
{
  public:
    /**
     * @param ratios by slice; dedicated <= minimum <= maximum, minima of at most 1 in sum
     * @param nPrb resource blocks that are free, of the carrier's 51
     */
    NrSliceQuotas(const std::vector<NrPolicyRatio>& ratios, uint32_t nPrb);

    /**
     * @return resource blocks that nobody has taken
     */
    uint32_t GetFree() const;

    /**
     * @param slice index
     * @return resource blocks that it may take, and others may not keep from it: those up to its
     * minimum
     */
    uint32_t GetGuaranteed(uint32_t slice) const;

    /**
     * @param slice index
     * @return resource blocks that it may take: up to its maximum, none of those that are dedicated
     * to others
     */
    uint32_t GetRoom(uint32_t slice) const;

    /**
     * @param slice index
     * @return share of its minimum that it has taken; 1 or more without a minimum
     */
    double GetFulfilment(uint32_t slice) const;

    /**
     * @param slice index
     * @param nPrb resource blocks that it takes
     */
    void Take(uint32_t slice, uint32_t nPrb);

  private:
    /// Resource blocks of a slice.
    struct Quota
    {
        uint32_t dedicated; //!< for it alone
        uint32_t minimum;   //!< for it first
        uint32_t maximum;   //!< at most
        uint32_t taken;     //!< so far
    };

    uint32_t m_free;             //!< of all
    std::vector<Quota> m_quotas; //!< by slice
};

} // namespace ns3

#endif // NR_SLICE_QUOTAS_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_AIRTIME_COST_H
#define NR_AIRTIME_COST_H

#include "ns3/nstime.h"

namespace ns3
{

/**
 * @ingroup nr
 * @brief What a flow's data cost: airtime spent on them, over what they would take in full slots.
 *
 * The rate of an MCS is that of full slots in which all gets through, without padding. A flow costs
 * more: blocks are sent again, the first and last slot of an occupancy are cut short and carry
 * control all the same, and a block is seldom just full. Resource blocks that nobody has a use for
 * are no flow's: they fill when there is more to send.
 *
 * Both sums fade with a time constant. One slot at no extra cost is added to each, so that a flow
 * of which little is known costs nothing extra, and one that gets nothing through a finite amount.
 */
class NrAirtimeCost
{
  public:
    /**
     * @brief Something has been sent.
     * @param spent airtime of it (s), times its share of the resource blocks
     * @param useful what the bytes that have arrived by it take in a full slot (s), likewise
     * @param memory time constant by which the past fades
     */
    void Add(double spent, double useful, Time memory);

    /**
     * @return airtime spent over airtime of use, of the order of 1
     */
    double Get() const;

  private:
    double m_spent{0.0};  //!< s
    double m_useful{0.0}; //!< s
    Time m_updated;       //!< when the sums were
};

} // namespace ns3

#endif // NR_AIRTIME_COST_H

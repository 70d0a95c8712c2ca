// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_REFERENCE_DURATION_H
#define NRU_REFERENCE_DURATION_H

#include "nru-channel-access-manager.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup nru
 * @brief The HARQ feedback that counts for the contention window (TS 37.213 clause 4.1.4.2).
 *
 * The reference duration runs from the start of a channel occupancy to the end of its first slot
 * with unicast PDSCH over all the resources allocated for it, which a PDSCH that starts late in a
 * slot (mapping type B) has too, or to the end of the occupancy.
 */
class NruReferenceDuration
{
  public:
    /// A channel occupancy begins.
    void Start();

    /**
     * @brief A transport block of the present slot was received or not.
     * @param isAck whether it was
     */
    void Count(bool isAck);

    /**
     * @brief A slot, or part of one, with unicast PDSCH has ended.
     * @return whether the reference duration has ended with it
     */
    bool EndSlot();

    /**
     * @brief The feedback has arrived; what was counted is forgotten.
     * @param access gets it, if there was any
     */
    void Report(NruChannelAccessManager& access);

  private:
    bool m_isOpen{false}; //!< feedback counts
    uint32_t m_acks{0};   //!< so far
    uint32_t m_nacks{0};  //!< so far
};

} // namespace ns3

#endif // NRU_REFERENCE_DURATION_H

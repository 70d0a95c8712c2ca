// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_PRIORITY_CLASS_H
#define NRU_PRIORITY_CLASS_H

#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Number of channel access priority classes.
 */
constexpr uint32_t NRU_N_PRIORITY_CLASSES = 4;

/**
 * @ingroup nru
 * @brief Channel access priority class of the downlink (TS 37.213 Table 4.1.1-1).
 */
struct NruPriorityClass
{
    uint32_t deferSlots; //!< m_p, sensing slots after T_f in a defer duration
    uint32_t cwMin;      //!< smallest contention window
    uint32_t cwMax;      //!< largest contention window
    Time mcot;           //!< longest channel occupancy when other technologies may be present
    Time mcotAlone;      //!< longest channel occupancy when their absence is guaranteed

    /** @return defer duration T_d = 16 us + m_p x 9 us */
    Time GetDeferDuration() const;

    /**
     * @brief Next higher allowed contention window.
     * @param cw an allowed window of this class
     * @return 2 (cw + 1) - 1, at most cwMax
     */
    uint32_t GetNextCw(uint32_t cw) const;
};

/**
 * @ingroup nru
 * @brief Parameters of a downlink channel access priority class.
 * @param priorityClass the class, 1 to 4
 * @return its row in TS 37.213 Table 4.1.1-1
 */
const NruPriorityClass& GetNruPriorityClass(uint32_t priorityClass);

/**
 * @ingroup nru
 * @return sensing slot duration T_sl, 9 us
 */
Time GetNruSensingSlot();

/**
 * @ingroup nru
 * @return T_f, 16 us, which starts with a sensing slot
 */
Time GetNruShortDefer();

/**
 * @ingroup nru
 * @return time below threshold that makes a sensing slot idle, 4 us
 */
Time GetNruSlotIdleTime();

} // namespace ns3

#endif // NRU_PRIORITY_CLASS_H

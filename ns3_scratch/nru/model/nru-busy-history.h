// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_BUSY_HISTORY_H
#define NRU_BUSY_HISTORY_H

#include "ns3/nstime.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief When a channel was busy, as far back as anybody still asks.
 *
 * Answers whether a sensing slot was idle: below threshold for at least 4 us of its 9 us
 * (TS 37.213 clause 4), wherever in the slot they lie.
 */
class NruBusyHistory
{
  public:
    /**
     * @brief Record the state of the channel from now on.
     * @param now the current time
     * @param busy whether the channel is busy
     * @return whether the state changed
     */
    bool Set(Time now, bool busy);

    /** @return whether the channel is busy */
    bool IsBusy() const;

    /** @return end of the last busy period that ended; zero before the first */
    Time GetLastBusyEnd() const;

    /**
     * @brief Drop what ended at or before a time.
     * @param time the time
     */
    void ForgetBefore(Time time);

    /** @brief Drop everything: idle for ever. */
    void Clear();

    /**
     * @brief Busy time inside an interval. A busy period that has not ended lasts to its end.
     * @param from start of the interval
     * @param to end of the interval
     * @return busy time
     */
    Time GetBusyTime(Time from, Time to) const;

    /**
     * @brief Whether a sensing slot is idle, given what is known now.
     * @param start start of the slot
     * @return whether it is below threshold for at least 4 us
     */
    bool IsSlotIdle(Time start) const;

    /**
     * @brief First busy sensing slot of a sequence as Type 1 and Type 2A sense it: a slot that
     * starts T_f of 16 us, then consecutive slots.
     * @param origin start of the sequence
     * @param nSlots number of slots
     * @return index of the first busy slot, nSlots when all are idle
     */
    uint32_t GetFirstBusySlot(Time origin, uint32_t nSlots) const;

    /**
     * @brief Start of a slot of such a sequence.
     * @param origin start of the sequence
     * @param index index of the slot
     * @return its start
     */
    static Time GetSlotStart(Time origin, uint32_t index);

  private:
    /** @brief A busy period. */
    struct Period
    {
        Time start; //!< start
        Time end;   //!< end, Time::Max() while it lasts
    };

    std::vector<Period> m_periods; //!< busy periods, oldest first
    Time m_lastBusyEnd;            //!< end of the last one that ended
    bool m_busy{false};            //!< state now
};

} // namespace ns3

#endif // NRU_BUSY_HISTORY_H

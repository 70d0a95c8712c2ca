// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_TYPE2A_SENSOR_H
#define NRU_TYPE2A_SENSOR_H

#include "nru-busy-history.h"

#include "ns3/callback.h"
#include "ns3/event-id.h"

namespace ns3
{

/**
 * @ingroup nru
 * @brief Type 2A sensing (TS 37.213 clause 4.1.2.1): one 25 us interval, T_f of 16 us and a
 * sensing slot, both of whose sensing slots must be idle.
 */
class NruType2aSensor
{
  public:
    /**
     * @brief Whether a discovery burst may use Type 2A (clause 4.1.2): at most 1 ms long, duty
     * cycle at most 1/20. Otherwise it needs Type 1.
     * @param burst length of the burst
     * @param period period of the bursts
     * @return whether it may
     */
    static bool IsAllowed(Time burst, Time period);

    ~NruType2aSensor();

    /**
     * @brief Sense an interval from now on. A pending one is denied.
     * @param callback told true after 25 us idle, or false as soon as a slot is certain to be busy;
     * never from inside this call
     */
    void Start(Callback<void, bool> callback);

    /** @brief Deny the pending interval, if any, at once but not from inside this call. */
    void Deny();

    /** @return whether an interval is being sensed */
    bool IsPending() const;

    /**
     * @brief Record the state of the channel from now on.
     * @param busy whether it is busy
     */
    void SetBusy(bool busy);

    /**
     * @brief Forget the channel's past, as after a change of channel.
     * @param busy whether the channel is busy now
     */
    void Reset(bool busy);

    /** @brief Drop the pending interval without an answer. */
    void Cancel();

  private:
    /** @brief Schedule the outcome as far as it can be foreseen. */
    void Plan();

    /**
     * @brief Answer.
     * @param granted the outcome
     */
    void End(bool granted);

    NruBusyHistory m_history;        //!< when the channel was busy
    Callback<void, bool> m_callback; //!< told of the outcome, null when none is pending
    Time m_origin;                   //!< start of the interval
    EventId m_event;                 //!< outcome
};

} // namespace ns3

#endif // NRU_TYPE2A_SENSOR_H

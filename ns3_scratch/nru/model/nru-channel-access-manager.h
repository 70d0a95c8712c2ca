// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CHANNEL_ACCESS_MANAGER_H
#define NRU_CHANNEL_ACCESS_MANAGER_H

#include "nr-spectrum-phy.h"
#include "nru-airtime-ledger.h"
#include "nru-busy-history.h"
#include "nru-contention-window.h"
#include "nru-type2a-sensor.h"

#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Downlink channel access of a gNB by listen-before-talk (TS 37.213 clause 4.1).
 *
 * Type 1 (clause 4.1.1): sensing starts with the request. A defer duration T_d must be idle, then N
 * sensing slots, N drawn uniformly from 0..CW_p at the request; N is decremented before its slot is
 * sensed, so that a busy slot consumes one count, and after a busy period another T_d must be
 * idle. After a busy period T_d starts when the energy falls below the threshold, so nodes that
 * hear one another keep their slots aligned. No events are spent on slots: the countdown is
 * evaluated when the channel turns idle and when it would end.
 *
 * Type 2A (clause 4.1.2.1): both sensing slots of one 25 us interval must be idle, or the request
 * is denied as soon as one of them cannot be. It uses the threshold for discovery bursts
 * (T_A = 5 dB).
 *
 * Callbacks never run inside a request. The radio's own transmission counts as busy.
 */
class NruChannelAccessManager : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruChannelAccessManager();
    ~NruChannelAccessManager() override;

    /**
     * @brief Set the radio. Its transmit power, channel and received energy drive the procedure.
     * Attributes and the radio's transmit power take effect here and at every request.
     * @param phy the radio, before any request
     */
    void SetPhy(Ptr<NrSpectrumPhy> phy);

    /** @return the radio */
    Ptr<NrSpectrumPhy> GetPhy() const
    {
        return m_phy;
    }

    /**
     * @brief Set who is told of a Type 1 grant. The argument is the longest channel occupancy.
     * @param callback told at the instant the transmission may start
     */
    void SetGrantCallback(Callback<void, Time> callback);

    /** @brief Request the channel by Type 1 with the class of attribute PriorityClass. */
    void RequestAccess();

    /**
     * @brief Request the channel by Type 1. Ignored while a request is pending; not allowed
     * during a channel occupancy.
     * @param priorityClass the class, 1 to 4
     */
    void RequestAccess(uint32_t priorityClass);

    /** @brief Withdraw the pending Type 1 request, if any. */
    void CancelRequest();

    /** @return whether a Type 1 request is pending */
    bool IsRequested() const;

    /** @return whether this node holds the channel (from grant to NotifyCotEnd()) */
    bool IsCotActive() const
    {
        return m_state == State::OCCUPYING;
    }

    /**
     * @brief End the channel occupancy; also when the grant was not used. The next access is a
     * full Type 1 with a fresh N.
     */
    void NotifyCotEnd();

    /**
     * @brief Report the HARQ-ACK feedback of the reference duration of the last occupancy: from
     * its start to the end of its first slot with unicast PDSCH (clause 4.1.4.2).
     * @param nAck transport blocks acknowledged
     * @param nNack transport blocks not acknowledged
     */
    void ReportHarqFeedback(uint32_t nAck, uint32_t nNack);

    /**
     * @brief Request the channel by Type 2A. Replaces a pending Type 2A request, which is then
     * denied. Denied while the node transmits or holds the channel: a burst inside an occupancy
     * needs no access of its own.
     * @param callback told true when granted, 25 us after the request, or false when denied
     */
    void RequestType2a(Callback<void, bool> callback);

    /** @return energy detection threshold of Type 1, dBm */
    double GetThresholdDbm() const;

    /** @return energy detection threshold of Type 2A, dBm */
    double GetType2aThresholdDbm() const;

    /**
     * @brief Longest channel occupancy.
     * @param priorityClass the class, 1 to 4
     * @return T_mcot
     */
    Time GetMcot(uint32_t priorityClass) const;

    /**
     * @brief Contention window.
     * @param priorityClass the class, 1 to 4
     * @return CW_p
     */
    uint32_t GetCw(uint32_t priorityClass) const
    {
        return m_window.Get(priorityClass);
    }

    /** @return whether the own channel is at or above the threshold or in use by this node */
    bool IsBusy() const
    {
        return m_history.IsBusy();
    }

    /** @return time the own channel was at or above threshold while this node was silent */
    Time GetBusyTime();

    /**
     * @brief Airtime that each other transmitter held the own channel at or above threshold since
     * the last call, as heard while this node was silent.
     * @return airtime by gNB identity; other technologies under NrSpectrumPhy::OTHER_TECHNOLOGY
     */
    std::map<uint32_t, Time> TakeHeardAirtime();

    /**
     * @brief Share of time since the last call in which each channel was at or above threshold: of
     * all time on the own channel, where others are silent while this node transmits, of the
     * listening time on the others.
     * @return share by channel index; zeros when the node never listened
     */
    std::vector<double> TakeChannelOccupancy();

    /**
     * @brief Fix the random stream.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * @brief TracedCallback signature: channel turns busy.
     */
    typedef void (*BusyTracedCallback)();

    /**
     * @brief TracedCallback signature: channel turns idle.
     * @param busyDuration length of the busy period
     */
    typedef void (*IdleTracedCallback)(Time busyDuration);

    /**
     * @brief TracedCallback signature: backoff drawn.
     * @param n slots to count, N_init
     * @param cw window it was drawn from
     */
    typedef void (*BackoffTracedCallback)(uint32_t n, uint32_t cw);

    /**
     * @brief TracedCallback signature: Type 1 grant.
     * @param accessDelay time from the request
     * @param mcot longest occupancy
     */
    typedef void (*GrantTracedCallback)(Time accessDelay, Time mcot);

    /**
     * @brief TracedCallback signature: occupancy ends.
     * @param duration time from the grant
     */
    typedef void (*CotEndTracedCallback)(Time duration);

    /**
     * @brief TracedCallback signature: contention window changes.
     * @param priorityClass the class, 1 to 4
     * @param oldCw window before
     * @param newCw window after
     */
    typedef void (*CwTracedCallback)(uint32_t priorityClass, uint32_t oldCw, uint32_t newCw);

  protected:
    void DoDispose() override;

  private:
    /** @brief Where a Type 1 access stands. */
    enum class State
    {
        INACTIVE,   //!< nothing requested
        CONTENDING, //!< defer or countdown
        ALIGNING,   //!< counted down, waiting for a slot boundary
        OCCUPYING,  //!< granted
    };

    /**
     * @brief The radio's received power, own transmission or channel changed.
     * @param channelChanged whether the channel index changed
     */
    void NotifyRadioChange(bool channelChanged);

    /** @brief Take over the attributes; stops if one is not allowed. */
    void ApplyAttributes();

    /**
     * @brief Draw N for a new access.
     * @param origin when sensing starts
     */
    void DrawBackoff(Time origin);

    /**
     * @brief Sense a defer duration and N slots.
     * @param origin when sensing starts
     */
    void StartSensing(Time origin);

    /** @brief A busy period has ended: consume counts and defer anew, if a slot was busy. */
    void EvaluateAfterBusy();

    /** @brief The countdown is over, if all its slots were idle. */
    void EndCountdown();

    /** @brief The slot boundary is here: transmit, or contend anew. */
    void EndAlignment();

    /** @brief Grant Type 1. */
    void Grant();

    /**
     * @brief Answer a Type 2A request.
     * @param callback told the outcome
     * @param granted whether the interval was idle
     */
    void EndType2a(Callback<void, bool> callback, bool granted);

    /**
     * @brief Compute a threshold.
     * @param discoveryBurstOnly whether it is that of discovery bursts
     * @return the threshold, dBm
     */
    double ComputeThresholdDbm(bool discoveryBurstOnly) const;

    Ptr<NrSpectrumPhy> m_phy;                               //!< the radio
    Ptr<UniformRandomVariable> m_uniform;                   //!< draws N
    Callback<void, Time> m_grantCallback;                   //!< told of Type 1 grants
    NruContentionWindow m_window;                           //!< CW of each class
    NruBusyHistory m_history;                               //!< busy periods, Type 1 threshold
    NruType2aSensor m_type2a;                               //!< Type 2A
    NruAirtimeLedger m_ledger;                              //!< who held the channel
    State m_state{State::INACTIVE};                         //!< Type 1 state
    uint32_t m_requestClass{0};                             //!< class of the request
    uint32_t m_remaining{0};                                //!< N
    Time m_requestTime;                                     //!< when access was requested
    Time m_origin;                                          //!< start of the current defer duration
    Time m_grantTime;                                       //!< start of the occupancy
    Time m_busyStart;                                       //!< start of the current busy period
    EventId m_event;                                        //!< end of countdown, or slot boundary
    double m_thresholdW{0.0};                               //!< Type 1 threshold, W
    double m_type2aThresholdW{0.0};                         //!< Type 2A threshold, W
    uint32_t m_priorityClass;                               //!< default class
    std::string m_cwUpdateRule;                             //!< nr or laa80
    uint32_t m_maxCwUses;                                   //!< K
    std::string m_startAlignment;                           //!< symbol or slot
    Time m_slotDuration;                                    //!< distance of slot boundaries
    std::string m_thresholdRule;                            //!< formula or fixed
    double m_fixedThresholdDbm;                             //!< threshold of rule Fixed, dBm
    bool m_otherTechnologyAbsent;                           //!< absence of others is guaranteed
    TracedCallback<> m_busyTrace;                           //!< channel turns busy
    TracedCallback<Time> m_idleTrace;                       //!< channel turns idle
    TracedCallback<uint32_t, uint32_t> m_backoffTrace;      //!< N and CW drawn
    TracedCallback<Time, Time> m_grantTrace;                //!< access delay and MCOT
    TracedCallback<Time> m_cotEndTrace;                     //!< duration of the occupancy
    TracedCallback<uint32_t, uint32_t, uint32_t> m_cwTrace; //!< class, old and new window
};

} // namespace ns3

#endif // NRU_CHANNEL_ACCESS_MANAGER_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_GBR_BEARER_H
#define NR_GBR_BEARER_H

#include "nr-delay-counts.h"

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cmath>
#include <deque>

namespace ns3
{

/**
 * @ingroup nr
 * @brief A UE's downlink data radio bearer with a guaranteed bit rate: its packets and their queue.
 *
 * Packets of one size arrive at constant intervals, at the guaranteed bit rate unless told
 * otherwise. They follow from the clock alone, so they cost no events: a bearer is brought up to
 * date whenever somebody looks at it. A packet that finds the queue full is dropped. One of which
 * nothing has been sent is discarded when it has waited for the packet delay budget (PDCP
 * discardTimer, TS 38.323 clauses 5.3 and 7.3; TS 38.322 clause 5.4); one that has been begun is
 * finished. What HARQ has given up is sent again as long as its packet is within the delay budget
 * (RLC acknowledged mode, TS 38.322 clause 5.3.2, whose status report comes with the last NACK). A
 * packet is delivered once all its bytes have been received, and lost if one of them is. At all
 * times
 *
 *     offered = delivered + dropped + queued
 *
 * in whole packets, where `queued` includes what is in flight in HARQ processes. A packet's delay
 * is counted from its arrival until it is whole at the UE.
 *
 * A maximum bit rate (MFBR, TS 23.501 clause 5.7.2.5) shapes what is sent: a token bucket of
 * `BurstTime` lets a packet be begun once there are tokens for all of it.
 */
class NrGbrBearer : public Object
{
  public:
    /// Bytes and packets since the start.
    struct Counters
    {
        uint64_t offered{0};   //!< bytes that arrived
        uint64_t delivered{0}; //!< bytes of packets that the UE has received
        uint64_t late{0};      //!< bytes of these that were older than the delay budget by then
        uint64_t dropped{0};   //!< bytes of those too late or without room
        uint64_t queued{0};    //!< bytes of those waiting or in flight now
    };

    /// What a transport block carries: bytes of consecutive packets.
    struct Piece
    {
        uint64_t packet{0}; //!< number of the first, in order of sending
        uint32_t offset{0}; //!< bytes of it that went before
        uint32_t bytes{0};  //!< in all
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NrGbrBearer();

    /**
     * @param bitRate guaranteed bit rate (bit/s), positive
     * @param phase arrival of the first packet, as a share of the interval, within [0, 1)
     */
    void Start(double bitRate, double phase);

    /**
     * @brief Let packets arrive at another rate from now on; the part of an interval that has
     * passed counts.
     * @param bitRate of arrivals (bit/s); 0: none
     */
    void SetArrivalRate(double bitRate);

    /**
     * @param bitRate guaranteed bit rate from now on (bit/s), not negative
     */
    void SetBitRate(double bitRate);

    /**
     * @param bitRate maximum bit rate from now on (bit/s), not negative
     */
    void SetMaximumBitRate(double bitRate);

    /**
     * @return guaranteed bit rate (bit/s)
     */
    double GetBitRate() const;

    /**
     * @return packet delay budget
     */
    Time GetDelayBudget() const;

    /// Bring the queue up to the current time: arrivals, discards.
    void Update();

    /**
     * @return bytes waiting to be sent, without those in flight, as of the last Update()
     */
    uint64_t GetBacklog() const;

    /**
     * @return bytes of the backlog that may be sent, as the maximum bit rate has it
     */
    uint64_t GetSendable() const;

    /**
     * @return arrival of the oldest byte waiting; of the next packet to come when none waits
     */
    Time GetHeadOfLine() const;

    /**
     * @brief Take bytes from the head of the queue into a transport block.
     * @param maxBytes what the transport block has room for
     * @return what was taken, now in flight
     */
    Piece Send(uint32_t maxBytes);

    /**
     * @param piece in flight until now, received
     */
    void Deliver(const Piece& piece);

    /**
     * @param piece in flight until now, given up by HARQ: to be sent again, before all else
     */
    void Resend(const Piece& piece);

    /**
     * @brief Forget what is in flight; packets that are not complete wait again from their first
     * byte (RLC re-establishment and PDCP data recovery at a handover).
     */
    void Reestablish();

    /**
     * @return the counters, as of the last Update()
     */
    Counters GetCounters() const;

    /**
     * @return packets delivered since the start, by delay
     */
    const NrDelayCounts& GetDelays() const;

  private:
    /// A packet of which something has been sent.
    struct Begun
    {
        Time arrival;         //!< when it arrived
        uint32_t sent{0};     //!< bytes
        uint32_t received{0}; //!< bytes of them
        uint32_t lost{0};     //!< bytes of them
    };

    /// Set m_next from m_arrivals, without accumulating rounding.
    void ScheduleNext();
    /**
     * @brief Fill the token bucket.
     * @param now current time
     */
    void Refill(Time now);
    /**
     * @return packets that wait and may be begun, as the maximum bit rate has it
     */
    uint64_t CountAllowed() const;
    /**
     * @brief Discard what has waited too long.
     * @param now then
     */
    void Expire(Time now);
    /**
     * @param piece whose fate is known
     * @param fate where it counts: `received` or `lost`
     */
    void Settle(const Piece& piece, uint32_t Begun::* fate);
    /**
     * @param packet all of whose bytes have been received or lost
     */
    void Finish(const Begun& packet);
    /**
     * @param packet number of one that has been begun
     * @return when it arrived
     */
    Time GetArrival(uint64_t packet) const;
    /**
     * @brief Take bytes that are to be sent again.
     * @param maxBytes room for them
     * @return those of consecutive packets
     */
    Piece SendAgain(uint32_t maxBytes);
    /**
     * @return whether the last packet begun has bytes that wait
     */
    bool IsCut() const;

    uint32_t m_packetSize;      //!< bytes
    Time m_delayBudget;         //!< packet delay budget
    uint64_t m_queueLimit;      //!< bytes
    Time m_burstTime;           //!< of the maximum bit rate that tokens are kept for
    double m_bitRate{0.0};      //!< guaranteed (bit/s)
    double m_interval{0.0};     //!< ns between packets
    double m_first{0.0};        //!< arrival of the first packet at this rate, ns
    Time m_next{Time::Max()};   //!< arrival of the next packet
    uint64_t m_arrivals{0};     //!< packets so far at this rate
    double m_maximum{INFINITY}; //!< maximum bit rate (bit/s)
    double m_tokens{0.0};       //!< bytes of packets that may be begun
    Time m_refilled;            //!< when tokens came in last
    std::deque<Time> m_waiting; //!< arrivals of packets of which nothing was sent, oldest first
    std::deque<Begun> m_begun;  //!< from the oldest of unknown fate on, in order of sending
    uint64_t m_firstBegun{0};   //!< number of the first of m_begun
    uint64_t m_unsettled{0};    //!< those of m_begun of unknown fate
    std::deque<Piece> m_again;  //!< to be sent again, each of one packet, oldest first
    Counters m_counters;        //!< all but queued
    NrDelayCounts m_delays;     //!< of packets delivered
};

} // namespace ns3

#endif // NR_GBR_BEARER_H

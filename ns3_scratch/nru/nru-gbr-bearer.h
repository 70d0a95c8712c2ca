// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_GBR_BEARER_H
#define NRU_GBR_BEARER_H

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <deque>

namespace ns3
{

/**
 * @ingroup nru
 * @brief A UE's downlink data radio bearer with a guaranteed bit rate: its packets and their queue.
 *
 * Packets of one size arrive at constant intervals that make up the guaranteed bit rate. They
 * follow from the clock alone, so they cost no events: a bearer is brought up to date whenever
 * somebody looks at it. A packet waits until it is sent, is discarded when it has waited for the
 * packet delay budget (PDCP discard, TS 38.323 clause 7.3), or is dropped on arrival when the queue
 * is full. At all times
 *
 *     offered = delivered + dropped + queued
 *
 * where `queued` includes what is in flight in HARQ processes.
 */
class NruGbrBearer : public Object
{
  public:
    /// Bytes and packets since the start.
    struct Counters
    {
        uint64_t offered{0};   //!< bytes that arrived
        uint64_t delivered{0}; //!< bytes that the UE has received
        uint64_t dropped{0};   //!< bytes discarded: too late, queue full, or HARQ exhausted
        uint64_t queued{0};    //!< bytes waiting or in flight now
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruGbrBearer();

    /**
     * @param bitRate guaranteed bit rate (bit/s), positive
     * @param phase arrival of the first packet, as a share of the interval, within [0, 1)
     */
    void Start(double bitRate, double phase);

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
     * @return arrival of the oldest byte waiting; of the next packet to come when none waits
     */
    Time GetHeadOfLine() const;

    /**
     * @brief Take bytes from the head of the queue into a transport block.
     * @param maxBytes what the transport block has room for
     * @return bytes taken, now in flight
     */
    uint32_t Send(uint32_t maxBytes);

    /**
     * @param bytes a transport block's, in flight until now, received
     */
    void Deliver(uint32_t bytes);

    /**
     * @param bytes a transport block's, in flight until now, lost for good
     */
    void Drop(uint32_t bytes);

    /**
     * @brief Put bytes in flight back at the head of the queue (RLC re-establishment).
     * @param bytes a transport block's
     * @param arrival when the oldest of them arrived
     */
    void Return(uint32_t bytes, Time arrival);

    /**
     * @return the counters, as of the last Update()
     */
    Counters GetCounters() const;

  private:
    /// A packet, or what is left of it.
    struct Segment
    {
        Time arrival;   //!< when the packet arrived
        uint32_t bytes; //!< not yet sent
    };

    uint32_t m_packetSize;          //!< bytes
    Time m_delayBudget;             //!< packet delay budget
    uint64_t m_queueLimit;          //!< bytes
    double m_bitRate{0.0};          //!< bit/s
    double m_interval{0.0};         //!< ns between packets
    double m_first{0.0};            //!< arrival of the first packet, ns
    Time m_next;                    //!< arrival of the next packet
    uint64_t m_arrivals{0};         //!< packets so far
    std::deque<Segment> m_segments; //!< waiting, oldest first
    uint64_t m_backlog{0};          //!< bytes in m_segments
    uint64_t m_inFlight{0};         //!< bytes
    Counters m_counters;            //!< all but queued

    /// Set m_next from m_arrivals, without accumulating rounding.
    void ScheduleNext();
};

} // namespace ns3

#endif // NRU_GBR_BEARER_H

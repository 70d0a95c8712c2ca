// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_SCHEDULER_H
#define NR_SCHEDULER_H

#include "nr-airtime-cost.h"
#include "nr-gbr-bearer.h"

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <deque>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief A HARQ process: a transport block until it is received or given up.
 */
struct NrHarqProcess
{
    uint8_t mcs{0};           //!< index in TS 38.214 Table 5.1.3.1-2
    uint32_t sizeBits{0};     //!< transport block size (bit)
    uint32_t resource{0};     //!< PRBs times symbols with data, of the first transmission
    NrGbrBearer::Piece data;  //!< of the bearer; the rest is padding
    double sinr{0.0};         //!< sum of the linear SINRs of all transmissions (chase combining)
    uint8_t transmissions{0}; //!< so far
    Time notBefore;           //!< a retransmission has to wait for the feedback until then
};

/**
 * @ingroup nr
 * @brief One UE's data in a cell, as the scheduler sees it.
 */
struct NrFlow
{
    uint32_t ue{0};                            //!< the UE's index
    Ptr<NrGbrBearer> bearer;                   //!< its data
    double offsetDb{0.0};                      //!< outer loop's correction of its SINR
    int mcs{-1};                               //!< what its channel carries; -1: nothing
    double fullBandRate{0.0};                  //!< bit/s with all PRBs at that MCS
    double average{0.0};                       //!< bit/s sent and not known to be lost
    Time averageTime;                          //!< when `average` was brought up to date
    NrAirtimeCost cost;                        //!< of its data
    std::deque<NrHarqProcess> retransmissions; //!< failed blocks, oldest first
};

/**
 * @ingroup nr
 * @brief QoS-aware downlink OFDMA scheduler: who gets which part of a slot.
 *
 * Order of service: HARQ retransmissions; then bearers that are behind their guaranteed bit rate,
 * by deficit times proportional fair metric; then the rest by the proportional fair metric. Both
 * are raised by D = PDB / (PDB - head of line delay) as a packet nears its delay budget. What a
 * flow has got of late is what it was sent less what it refused: a NACK takes it off again, so that
 * a flow in interference does not lose its turn to flows that already have what they need. A UE
 * gets no more PRBs than its backlog needs (resource allocation type 1, TS 38.214
 * clause 5.1.2.2.2).
 */
class NrScheduler : public Object
{
  public:
    /// Symbols of a slot, or of the part of one that is left, that carry control, not PDSCH.
    static constexpr uint32_t CONTROL_SYMBOLS = 2;

    /// Symbols of a slot, or of the part of one that is left, without data: control and DM-RS.
    static constexpr uint32_t OVERHEAD_SYMBOLS = CONTROL_SYMBOLS + 1;

    /// Fewest symbols that carry data: PDSCH has two at least (TS 38.214 Table 5.1.2.1-1).
    static constexpr uint32_t MIN_SYMBOLS = CONTROL_SYMBOLS + 2;

    /// A share of a slot.
    struct Allocation
    {
        uint32_t ue;         //!< index of the UE
        uint32_t nPrb;       //!< resource blocks
        NrHarqProcess block; //!< what is sent
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NrScheduler();

    /**
     * @brief Share out a slot, or the part of one that is left.
     *
     * Takes the data out of the bearers and the retransmissions out of the flows.
     * @param flows the cell's flows; their bearers are brought up to date
     * @param nSymbols PDSCH symbols, 2 to 12
     * @param broadcastPrbs resource blocks that a broadcast takes, with one of the assignments; 0:
     * there is none
     * @return allocations of together at most 51 PRBs
     */
    std::vector<Allocation>
    Schedule(std::vector<NrFlow>& flows, uint32_t nSymbols, uint32_t broadcastPrbs = 0) const;

    /**
     * @brief A NACK comes in: what was sent does not count as given.
     * @param flow that it was sent to
     * @param bytes of its data
     * @param sent when they were
     */
    void TakeOff(NrFlow& flow, uint32_t bytes, Time sent) const;

    /**
     * @brief Time on the air that it takes to send all that waits.
     * @param flows the cell's flows; their bearers are brought up to date
     * @return seconds of full slots, with retransmissions that are ready, without flows out of
     * range
     */
    double GetBacklogAirtime(const std::vector<NrFlow>& flows) const;

  private:
    /**
     * @param flow a flow
     * @param now current time
     * @return its average rate now (bit/s)
     */
    double GetAverage(const NrFlow& flow, Time now) const;

    /**
     * @param bytes of data
     * @param sent when they were
     * @return what they are worth in an average rate now (bit/s)
     */
    double GetWeight(uint32_t bytes, Time sent) const;

    /**
     * @brief Bring a flow's average rate up to date.
     * @param flow the flow
     * @param change to it (bit/s)
     */
    void Change(NrFlow& flow, double change) const;

    /**
     * @param flow a flow with data
     * @param now current time
     * @return the larger the sooner it is served; at least `GBR_FIRST` if behind its bit rate
     */
    double GetMetric(const NrFlow& flow, Time now) const;

    Time m_window;     //!< of the average rate
    uint32_t m_maxUes; //!< new transport blocks in a slot
};

} // namespace ns3

#endif // NR_SCHEDULER_H

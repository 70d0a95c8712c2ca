// SPDX-License-Identifier: GPL-2.0-only

#ifndef SLICE_STEP_COUNTS_H
#define SLICE_STEP_COUNTS_H

#include "nr-delay-counts.h"
#include "nr-gbr-bearer.h"
#include "slice-cell.h"
#include "slice-edge-host.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup slices
 * @brief What happened to a UE in one step, made of counts since the start.
 */
class SliceStepCounts
{
  public:
    /// In the step; what is queued, at its end.
    struct OfStep
    {
        double rateBps{0};            //!< of the full band by its MCSs, in the mean
        double offeredBytes{0};       //!< of packets that arrived
        double deliveredBytes{0};     //!< of packets that were received
        double droppedBytes{0};       //!< of packets that were given up
        double lateBytes{0};          //!< of those received after their delay budget
        double queuedBytes{0};        //!< of packets that wait or are in flight
        double prbs{0};               //!< resource blocks that were sent to it, times slots
        double cpuOffered{0};         //!< work of jobs that arrived
        double cpuDone{0};            //!< work
        double cpuDropped{0};         //!< work of jobs that found the queue full
        double cpuQueued{0};          //!< work that is left to do
        NrDelayCounts::Bins delays{}; //!< packets that were received, by delay
    };

    /**
     * @brief Count what is new since the last call.
     * @param bearer of the UE, up to date
     * @param cell that serves it
     * @param host that works for it, up to date
     * @param ue its index within the site
     */
    void Measure(const NrGbrBearer& bearer,
                 const SliceCell& cell,
                 const SliceEdgeHost& host,
                 uint32_t ue);

    /**
     * @return what happened in the step that has ended
     */
    const OfStep& Get() const;

  private:
    OfStep m_step;                    //!< the last one
    NrGbrBearer::Counters m_bytes;    //!< since the start, at its end
    NrDelayCounts::Bins m_delays{};   //!< since the start, at its end
    SliceCell::Counters m_radio;      //!< since the start, at its end
    uint64_t m_nReports{0};           //!< since the start, at its end
    SliceEdgeHost::Counters m_work{}; //!< since the start, at its end
};

} // namespace ns3

#endif // SLICE_STEP_COUNTS_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef SLICE_CELL_H
#define SLICE_CELL_H

#include "nr-amc.h"
#include "nr-block-fading.h"
#include "nr-data-plane.h"
#include "nr-gbr-bearer.h"
#include "nr-link-adaptation.h"
#include "nr-radio-links.h"
#include "nr-scheduler.h"

#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{

/**
 * @ingroup slices
 * @brief A cell in licensed spectrum of its own: whatever waits is sent in the next slot.
 *
 * Its UEs receive it with a mean SNR each and block fading around it; no other cell is in its band
 * within reach. They report their SINR once in a report period, all in the same slot.
 */
class SliceCell : public Object, private NrRadioLinks
{
  public:
    /// A UE that the cell serves.
    struct Ue
    {
        Ptr<NrGbrBearer> bearer; //!< its data
        uint32_t slice;          //!< index of its slice
        double meanSnrDb;        //!< SNR in the mean over fading (dB)
    };

    /// What is known of a UE since the start.
    struct Counters
    {
        uint64_t prbs{0};    //!< resource blocks that were sent to it, times slots
        double rateSum{0.0}; //!< rates of the full band by its MCSs, one a report (bit/s)
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    SliceCell();

    /**
     * @param index of the cell
     * @param ues that it serves
     * @param scheduler of the cell
     * @param amc modulation and coding
     * @param linkAdaptation chooses MCS
     * @param fading of the links to its UEs, by index; null: none
     */
    void Configure(uint32_t index,
                   const std::vector<Ue>& ues,
                   Ptr<NrScheduler> scheduler,
                   Ptr<const NrAmc> amc,
                   Ptr<const NrLinkAdaptation> linkAdaptation,
                   std::unique_ptr<NrBlockFading> fading);

    /**
     * @brief Fix the random streams.
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /// A slot begins now.
    void StartSlot();
    /// The slot that was started last ends now.
    void EndSlot();

    /**
     * @return its scheduler
     */
    Ptr<NrScheduler> GetScheduler() const;
    /**
     * @param ue index of a UE, within the cell
     * @return what is known of it
     */
    const Counters& GetCounters(uint32_t ue) const;
    /**
     * @return reports of each UE since the start
     */
    uint64_t GetNReports() const;

  protected:
    void DoDispose() override;

  private:
    // Inherited from NrRadioLinks
    double GetSinr(uint32_t ue, Time from, Time to) const override;
    double GetReportedSinrDb(uint32_t ue) const override;

    /// All UEs report their SINR.
    void Report();
    /**
     * @param sent a block whose slot ends now
     * @param outcome what became of it
     */
    void HandleBlock(const NrScheduler::Allocation& sent, const NrHarq::Outcome& outcome);

    Time m_harqFeedbackDelay;     //!< before a retransmission
    uint32_t m_harqTransmissions; //!< at most, of a block
    Time m_reportPeriod;          //!< of a UE

    Ptr<NrScheduler> m_scheduler;            //!< shares out slots
    std::unique_ptr<NrBlockFading> m_fading; //!< of links; null: none
    Ptr<UniformRandomVariable> m_random;     //!< decides on block errors
    NrDataPlane m_data;                      //!< to UEs
    std::vector<double> m_meanSnr;           //!< linear, by UE
    std::vector<double> m_reportedDb;        //!< SINR by UE (dB)
    Time m_nextReport;                       //!< when it is due
    std::vector<Counters> m_counters;        //!< by UE
    uint64_t m_nReports{0};                  //!< of each UE
};

} // namespace ns3

#endif // SLICE_CELL_H

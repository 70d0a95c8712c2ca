// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_DATA_PLANE_H
#define NR_DATA_PLANE_H

#include "nr-amc.h"
#include "nr-harq.h"
#include "nr-link-adaptation.h"
#include "nr-radio-links.h"
#include "nr-scheduler.h"
#include "nr-served-ues.h"

#include "ns3/callback.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief What a cell sends in a slot, and what becomes of it.
 *
 * Whoever has the spectrum says when a slot, or the part of one that is left, begins and ends: the
 * scheduler fills it, HARQ evaluates it, and after a delay its feedback reaches the outer loops and
 * the scheduler.
 */
class NrDataPlane
{
  public:
    /// What it works with.
    struct Parts
    {
        const NrRadioLinks* links;                  //!< how UEs receive the cell
        Ptr<const NrAmc> amc;                       //!< error rates
        Ptr<const NrLinkAdaptation> linkAdaptation; //!< chooses MCS
        Ptr<NrScheduler> scheduler;                 //!< shares out slots
        Ptr<UniformRandomVariable> random;          //!< decides on block errors
    };

    /// Called with each block that has been sent, and what became of it.
    using BlockCallback = Callback<void, const NrScheduler::Allocation&, const NrHarq::Outcome&>;

    /**
     * @param cell index of the cell
     * @param parts what it works with; the links exist for as long as this
     * @param harq what a block gets
     * @param block called with each block at the end of its slot
     */
    void
    Configure(uint32_t cell, const Parts& parts, const NrHarq::Settings& harq, BlockCallback block);

    /**
     * @param ue index of an attached UE that leaves; what was in flight to it goes back to its
     * bearer
     */
    void Detach(uint32_t ue);

    /**
     * @return the UEs that the cell serves
     */
    NrServedUes& GetUes();

    /**
     * @brief A slot, or the part of one that is left, begins now.
     * @param nSymbols PDSCH symbols, 2 to 12
     * @param broadcastPrbs resource blocks that a broadcast takes; 0: there is none
     */
    void StartSlot(uint32_t nSymbols, uint32_t broadcastPrbs = 0);

    /**
     * @return when the last slot began
     */
    Time GetSlotStart() const;

    /**
     * @brief The slot that was started last ends now.
     * @return whether it carried data
     */
    bool EndSlot();

  private:
    Ptr<NrScheduler> m_scheduler;                    //!< shares out slots
    Time m_feedbackDelay;                            //!< from the end of a slot to its feedback
    BlockCallback m_block;                           //!< called with each block
    NrServedUes m_served;                            //!< attached UEs
    NrHarq m_harq;                                   //!< what becomes of blocks
    Time m_slotStart;                                //!< of the present slot
    std::vector<NrScheduler::Allocation> m_inFlight; //!< in the present slot
};

} // namespace ns3

#endif // NR_DATA_PLANE_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_HARQ_H
#define NR_HARQ_H

#include "nr-amc.h"
#include "nr-radio-links.h"
#include "nr-scheduler.h"

#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

namespace ns3
{

/**
 * @ingroup nr
 * @brief What becomes of a cell's transport blocks: received, to be sent again, or given up.
 *
 * Chase combining: the SINRs of all transmissions of a block add up. A block that is given up goes
 * back to its bearer.
 */
class NrHarq
{
  public:
    /// What a block gets.
    struct Settings
    {
        Time feedbackDelay;        //!< from the end of a slot to its feedback
        uint32_t transmissions{1}; //!< of a block, at most
        Time memory;               //!< by which what a flow's data cost fades
    };

    /// What became of a transmission.
    struct Outcome
    {
        NrHarqProcess process; //!< the block, this transmission included
        bool isAck;            //!< whether it was received
    };

    /**
     * @param links how the cell is received; exist for as long as this
     * @param amc error rates
     * @param random decides on block errors
     * @param settings what a block gets
     */
    void Configure(const NrRadioLinks& links,
                   Ptr<const NrAmc> amc,
                   Ptr<UniformRandomVariable> random,
                   const Settings& settings);

    /**
     * @brief The slot of a block ends now.
     * @param flow that it was sent to: gets it, or what is to be sent again, and what it cost
     * @param sent the block
     * @param start of the slot
     * @return what became of it
     */
    Outcome Receive(NrFlow& flow, const NrScheduler::Allocation& sent, Time start) const;

  private:
    const NrRadioLinks* m_links{nullptr}; //!< how the cell is received
    Ptr<const NrAmc> m_amc;               //!< error rates
    Ptr<UniformRandomVariable> m_random;  //!< decides on block errors
    Settings m_settings;                  //!< what a block gets
};

} // namespace ns3

#endif // NR_HARQ_H

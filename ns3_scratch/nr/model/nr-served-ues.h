// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_SERVED_UES_H
#define NR_SERVED_UES_H

#include "nr-link-adaptation.h"
#include "nr-radio-links.h"
#include "nr-scheduler.h"

#include "ns3/nstime.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief The UEs that a cell serves: a flow for each, which follows what its UE reports.
 */
class NrServedUes
{
  public:
    /// HARQ feedback on a block.
    struct Feedback
    {
        uint32_t ue;    //!< index of the UE
        bool isAck;     //!< what it says
        bool isFirst;   //!< the block had not been sent before
        uint32_t bytes; //!< of data in it
        Time sent;      //!< when its slot began
    };

    /**
     * @param cell index of the cell
     * @param links how UEs receive the cell; exist for as long as this
     * @param linkAdaptation chooses MCS
     * @param scheduler of the cell
     */
    void Configure(uint32_t cell,
                   const NrRadioLinks& links,
                   Ptr<const NrLinkAdaptation> linkAdaptation,
                   Ptr<NrScheduler> scheduler);

    /**
     * @param ue index of a UE that the cell serves from now on
     * @param bearer its data
     * @param slice index of its network slice
     */
    void Attach(uint32_t ue, Ptr<NrGbrBearer> bearer, uint32_t slice = 0);

    /**
     * @brief A UE leaves; what was in flight to it goes back to its bearer.
     * @param ue index of an attached UE
     */
    void Detach(uint32_t ue);

    /**
     * @param ue index of a UE
     * @return its flow; nullptr if it is not attached
     */
    NrFlow* Find(uint32_t ue);

    /**
     * @return flows of all attached UEs, in the order in which they came
     */
    std::vector<NrFlow>& GetFlows();

    /// UEs report what they have measured: all MCSs follow.
    void Adapt();

    /**
     * @param feedback of a slot: the outer loops and the scheduler follow it
     */
    void ReceiveFeedback(const std::vector<Feedback>& feedback);

    /**
     * @param holdOff for which a new packet waits for others
     * @return when there is first something to send; Time::Max() if nothing waits
     */
    Time GetNextDue(Time holdOff);

    /**
     * @return share of all airtime that the UEs' demand needs, each at the rate of its link and at
     * what its data cost; above 1 in overload
     */
    double GetNeededAirtime() const;

  private:
    uint32_t m_cell{0};                           //!< index of the cell
    const NrRadioLinks* m_links{nullptr};         //!< how UEs receive the cell
    Ptr<const NrLinkAdaptation> m_linkAdaptation; //!< chooses MCS
    Ptr<NrScheduler> m_scheduler;                 //!< of the cell
    std::vector<NrFlow> m_flows;                  //!< of attached UEs
};

} // namespace ns3

#endif // NR_SERVED_UES_H

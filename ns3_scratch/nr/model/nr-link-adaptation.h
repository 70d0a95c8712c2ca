// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_LINK_ADAPTATION_H
#define NR_LINK_ADAPTATION_H

#include "nr-amc.h"
#include "nr-scheduler.h"

#include "ns3/object.h"

namespace ns3
{

/**
 * @ingroup nr
 * @brief Which MCS a flow gets: from the SINR that its UE reports, corrected by HARQ feedback.
 *
 * UEs measure SINR on discovery bursts, mostly sent on a channel found idle. Interference from
 * nodes that the gNB does not hear meets the data all the same, so an outer loop lowers the SINR on
 * each NACK of a first transmission and raises it on each ACK, such that a share of `Target` fails.
 *
 * It is there for what a report gets wrong, not for collisions: saturated nodes of one channel that
 * hear one another start at the same time with a probability of 0.11 (two of class 3) to 0.29
 * (five), and no lower rate avoids that. With a target below it the loop would drive all rates to
 * its floor. The floor bounds what a hidden neighbour can cost: 10 dB about halve the highest
 * rates, as does a neighbour that is on the air for half of the time.
 */
class NrLinkAdaptation : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NrLinkAdaptation();

    /**
     * @param amc modulation and coding
     */
    void SetAmc(Ptr<const NrAmc> amc);

    /**
     * @brief Set a flow's MCS and rate.
     * @param flow the flow
     * @param sinrDb what its UE has reported (dB)
     */
    void Adapt(NrFlow& flow, double sinrDb) const;

    /**
     * @brief Correct a flow by the feedback on a first transmission, and adapt it.
     * @param flow the flow
     * @param sinrDb what its UE has reported (dB)
     * @param isAck whether the block was received
     */
    void HandleFeedback(NrFlow& flow, double sinrDb, bool isAck) const;

    /**
     * @brief The rate that a flow's demand is counted with in the load.
     * @param flow the flow
     * @return bit/s with all PRBs; that of the lowest MCS for a flow out of range
     */
    double GetDemandRate(const NrFlow& flow) const;

  private:
    Ptr<const NrAmc> m_amc; //!< modulation and coding
    double m_stepDb;        //!< on a NACK
    double m_target;        //!< share of NACKs
    double m_floorDb;       //!< of the correction
};

} // namespace ns3

#endif // NR_LINK_ADAPTATION_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CHANNEL_SELECTOR_H
#define NRU_CHANNEL_SELECTOR_H

#include "nru-channel-access-manager.h"

#include "ns3/callback.h"
#include "ns3/object.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Time-dependent channel selection: a gNB moves to the channel that others use least.
 *
 * The gNB measures on every channel the share of time with energy at or above its threshold, while
 * it is silent itself, and averages it exponentially over some periods. It moves when another
 * channel has been less occupied than its own by more than `Hysteresis`. gNBs decide one after
 * another within a period, so that they do not all flee to the same channel.
 */
class NruChannelSelector : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruChannelSelector();

    /**
     * @brief Start to measure and decide.
     * @param access channel access of the gNB, which measures
     * @param move called with the channel to move to
     * @param offset of the decisions within the period, as a share of it
     */
    void Start(Ptr<NruChannelAccessManager> access, Callback<void, uint8_t> move, double offset);

    /**
     * @brief The choice by itself.
     * @param occupancy share of time that others occupy each channel
     * @param present index of the present channel
     * @param hysteresis by how much another one has to be less occupied
     * @return index of the channel to be on
     */
    static uint8_t Choose(const std::vector<double>& occupancy, uint8_t present, double hysteresis);

  protected:
    void DoDispose() override;

  private:
    /// A period is over.
    void Decide();

    Time m_period;       //!< between decisions
    double m_hysteresis; //!< share of time
    double m_weight;     //!< of a new measurement

    Ptr<NruChannelAccessManager> m_access; //!< measures
    Callback<void, uint8_t> m_move;        //!< moves the gNB
    std::vector<double> m_occupancy;       //!< by channel, averaged
};

} // namespace ns3

#endif // NRU_CHANNEL_SELECTOR_H

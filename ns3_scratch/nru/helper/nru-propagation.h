// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_PROPAGATION_H
#define NRU_PROPAGATION_H

#include "nru-hall-channel-condition-model.h"
#include "nru-hall.h"

#include "ns3/object.h"
#include "ns3/three-gpp-propagation-loss-model.h"

#include <string>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Chooses path loss, line of sight and shadowing of the hall, by name, from TR 38.901.
 */
class NruPropagation : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruPropagation();

    /**
     * @param frequency of the carrier (Hz)
     * @param hall where the nodes stand
     * @return the propagation loss model, with its channel condition model
     */
    Ptr<PropagationLossModel> Create(double frequency, Ptr<const NruHall> hall);

    /**
     * @brief Fix the random streams. Call after Create().
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  private:
    std::string m_model;                           //!< name
    bool m_shadowing;                              //!< on or off
    Ptr<ThreeGppPropagationLossModel> m_loss;      //!< path loss and shadowing
    Ptr<NruHallChannelConditionModel> m_condition; //!< line of sight
};

} // namespace ns3

#endif // NRU_PROPAGATION_H

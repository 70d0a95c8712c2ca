// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CACHED_LOSS_MODEL_H
#define NRU_CACHED_LOSS_MODEL_H

#include "nru-path-gain.h"

#include "ns3/propagation-loss-model.h"

namespace ns3
{

/**
 * @ingroup nru
 * @brief The propagation loss of a spectrum channel, out of a cache of path gains.
 *
 * Most nodes stand still, and a spectrum channel asks for the loss at every transmission, to every
 * receiver.
 */
class NruCachedLossModel : public PropagationLossModel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @param pathGain the cache
     */
    void SetPathGain(Ptr<NruPathGain> pathGain);

  protected:
    void DoDispose() override;

  private:
    // Inherited from PropagationLossModel
    double
    DoCalcRxPower(double txPowerDbm, Ptr<MobilityModel> a, Ptr<MobilityModel> b) const override;
    int64_t DoAssignStreams(int64_t stream) override;

    Ptr<NruPathGain> m_pathGain; //!< the cache
};

} // namespace ns3

#endif // NRU_CACHED_LOSS_MODEL_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_HALL_CHANNEL_CONDITION_MODEL_H
#define NRU_HALL_CHANNEL_CONDITION_MODEL_H

#include "nru-gaussian-field.h"
#include "nru-hall.h"

#include "ns3/channel-condition-model.h"

#include <functional>
#include <map>
#include <string>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Line of sight in the hall, by where the two nodes stand.
 *
 * - **Both at the height of the gNBs**: in line of sight, since what stands in the hall stands
 * below them (`CeilingLinks` = los).
 * - **One there, the other lower**: spatially consistent (`LosState` = consistent, TR 38.901 clause
 *   7.6.3.3). Each upper node has a standard normal field Z over the floor; the link is in line of
 *   sight where Phi(Z) is below the probability that the clause 7.4.2 has for the distance. So the
 *   probability of each link is exact, the state changes as the lower node walks, and
 *   lower nodes that stand near share it.
 * - **Both lower**, or as the attributes say: drawn once a link, by that probability.
 *
 * A field is drawn when its node is asked about for the first time, all of it.
 */
class NruHallChannelConditionModel : public ChannelConditionModel
{
  public:
    /**
     * @brief Probability of line of sight between two nodes.
     * @return within [0, 1]
     */
    typedef std::function<double(Ptr<const MobilityModel>, Ptr<const MobilityModel>)> Probability;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruHallChannelConditionModel();

    /**
     * @param hall its floor, and the height of the gNBs
     * @param drawn draws a state once a link
     * @param probability by which it draws
     * @param correlation distance over which a consistent state is correlated (m)
     */
    void Configure(Ptr<const NruHall> hall,
                   Ptr<ChannelConditionModel> drawn,
                   Probability probability,
                   double correlation);

    // Inherited from ChannelConditionModel
    Ptr<ChannelCondition> GetChannelCondition(Ptr<const MobilityModel> a,
                                              Ptr<const MobilityModel> b) const override;
    int64_t AssignStreams(int64_t stream) override;

  protected:
    void DoDispose() override;

  private:
    /**
     * @param node a node
     * @return true if it stands at the height of the gNBs
     */
    bool IsUpper(Ptr<const MobilityModel> node) const;

    /**
     * @param upper node at the height of the gNBs
     * @param lower node below it
     * @return true if they see each other
     */
    bool IsLos(Ptr<const MobilityModel> upper, Ptr<const MobilityModel> lower) const;

    std::string m_ceilingLinks; //!< los or drawn
    std::string m_losState;     //!< consistent or drawn

    Ptr<const NruHall> m_hall;                                             //!< where
    Ptr<ChannelConditionModel> m_drawn;                                    //!< draws once a link
    Probability m_probability;                                             //!< of line of sight
    double m_correlation{0.0};                                             //!< m
    Ptr<NormalRandomVariable> m_normal;                                    //!< draws the fields
    Ptr<ChannelCondition> m_los;                                           //!< in line of sight
    Ptr<ChannelCondition> m_nlos;                                          //!< not
    mutable std::map<Ptr<const MobilityModel>, NruGaussianField> m_fields; //!< by upper node
};

} // namespace ns3

#endif // NRU_HALL_CHANNEL_CONDITION_MODEL_H

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NR_INDOOR_FACTORY_CHANNEL_CONDITION_MODEL_H
#define NR_INDOOR_FACTORY_CHANNEL_CONDITION_MODEL_H

#include "nr-indoor-factory-formulas.h"

#include "ns3/channel-condition-model.h"

#include <string>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Line of sight or not in an indoor factory (TR 38.901 clause 7.4.2).
 *
 * Drawn once per pair of nodes, or anew every UpdatePeriod, as in ns-3's other 3GPP models. The
 * clutter's density and size follow the scenario unless set: 20 % and 10 m where it is sparse, 60 %
 * and 2 m where it is dense (Tables 7.2-4 and 7.8-7).
 */
class NrIndoorFactoryChannelConditionModel : public ThreeGppChannelConditionModel
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    NrIndoorFactoryChannelConditionModel() = default;
    ~NrIndoorFactoryChannelConditionModel() override = default;

    /// @return the clutter in force: what was set, or what the scenario implies
    NrClutter GetClutter() const;

    /**
     * @brief Probability that two nodes see each other.
     * @param a mobility of one node
     * @param b mobility of the other node
     * @return probability
     */
    double GetLosProbability(Ptr<const MobilityModel> a, Ptr<const MobilityModel> b) const;

  private:
    double ComputePlos(Ptr<const MobilityModel> a, Ptr<const MobilityModel> b) const override;

    void SetScenario(const std::string& name); //!< @param name two letters of the scenario
    std::string GetScenario() const;           //!< @return two letters of the scenario

    NrIndoorFactoryScenario m_scenario{NrIndoorFactoryScenario::SL}; //!< kind of factory
    double m_clutterSize{0.0};    //!< size, m; 0 for the scenario's
    double m_clutterDensity{0.0}; //!< share of the floor; 0 for the scenario's
    double m_clutterHeight{2.0};  //!< height, m
};

} // namespace ns3

#endif // NR_INDOOR_FACTORY_CHANNEL_CONDITION_MODEL_H

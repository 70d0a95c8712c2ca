// SPDX-License-Identifier: GPL-2.0-only
#ifndef NR_INDOOR_FACTORY_PROPAGATION_LOSS_MODEL_H
#define NR_INDOOR_FACTORY_PROPAGATION_LOSS_MODEL_H

#include "nr-indoor-factory-formulas.h"

#include "ns3/three-gpp-propagation-loss-model.h"

#include <string>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Path loss and shadowing of an indoor factory (TR 38.901 clauses 7.4.1 and 7.4.4).
 *
 * Set the same Scenario on its NrIndoorFactoryChannelConditionModel; the constructor installs
 * none. Frequency, shadowing and the map of shadowing values are ns-3's.
 */
class NrIndoorFactoryPropagationLossModel : public ThreeGppPropagationLossModel
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    NrIndoorFactoryPropagationLossModel() = default;
    ~NrIndoorFactoryPropagationLossModel() override = default;

  private:
    // ns-3 hands over distances and heights up to some release, mobility models from then on. Both
    // forms are declared; the one that its base class has is the override, so neither says so.
    double GetLossLos(double distance2d, double distance3d, double hUt, double hBs) const;
    double GetLossNlos(double distance2d, double distance3d, double hUt, double hBs) const;
    double GetLossLos(Ptr<MobilityModel> a, Ptr<MobilityModel> b) const;
    double GetLossNlos(Ptr<MobilityModel> a, Ptr<MobilityModel> b) const;

    double GetO2iDistance2dIn() const override;
    double GetShadowingStd(Ptr<MobilityModel> a,
                           Ptr<MobilityModel> b,
                           ChannelCondition::LosConditionValue cond) const override;
    double GetShadowingCorrelationDistance(ChannelCondition::LosConditionValue cond) const override;

    /**
     * @brief Check a distance against the range of the formulas.
     * @param distance3d distance, m; outside 1 m to 600 m the program stops if
     * EnforceParameterRanges
     */
    void CheckDistance(double distance3d) const;

    void SetScenario(const std::string& name); //!< @param name two letters of the scenario
    std::string GetScenario() const;           //!< @return two letters of the scenario

    NrIndoorFactoryScenario m_scenario{NrIndoorFactoryScenario::SL}; //!< kind of factory
};

} // namespace ns3

#endif // NR_INDOOR_FACTORY_PROPAGATION_LOSS_MODEL_H

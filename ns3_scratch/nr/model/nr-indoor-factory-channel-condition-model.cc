// SPDX-License-Identifier: GPL-2.0-only
#include "nr-indoor-factory-channel-condition-model.h"

#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/mobility-model.h"
#include "ns3/string.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("NrIndoorFactoryChannelConditionModel");

NS_OBJECT_ENSURE_REGISTERED(NrIndoorFactoryChannelConditionModel);

TypeId
NrIndoorFactoryChannelConditionModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrIndoorFactoryChannelConditionModel")
            .SetParent<ThreeGppChannelConditionModel>()
            .SetGroupName("Nr")
            .AddConstructor<NrIndoorFactoryChannelConditionModel>()
            .AddAttribute("Scenario",
                          "Kind of factory: SL, DL, SH, DH or HH (TR 38.901 Table 7.2-4)",
                          StringValue("SL"),
                          MakeStringAccessor(&NrIndoorFactoryChannelConditionModel::SetScenario,
                                             &NrIndoorFactoryChannelConditionModel::GetScenario),
                          MakeStringChecker())
            .AddAttribute("ClutterSize",
                          "Typical size of the clutter, m; 0: 10 m if sparse, 2 m if dense",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&NrIndoorFactoryChannelConditionModel::m_clutterSize),
                          MakeDoubleChecker<double>(0.0, 600.0))
            .AddAttribute(
                "ClutterDensity",
                "Share of the floor that clutter covers, a fraction below 1 (not a percentage); "
                "0: 0.2 if sparse, 0.6 if dense",
                DoubleValue(0.0),
                MakeDoubleAccessor(&NrIndoorFactoryChannelConditionModel::m_clutterDensity),
                MakeDoubleChecker<double>(0.0, 0.99))
            .AddAttribute(
                "ClutterHeight",
                "Effective height of the clutter, m; for SH and DH between the heights of UE and "
                "gNB",
                DoubleValue(2.0),
                MakeDoubleAccessor(&NrIndoorFactoryChannelConditionModel::m_clutterHeight),
                MakeDoubleChecker<double>(0.0, 25.0));
    return tid;
}

NrClutter
NrIndoorFactoryChannelConditionModel::GetClutter() const
{
    const bool dense = NrIndoorFactory::IsDense(m_scenario);
    return {m_clutterSize > 0 ? m_clutterSize : (dense ? 2.0 : 10.0),
            m_clutterDensity > 0 ? m_clutterDensity : (dense ? 0.6 : 0.2),
            m_clutterHeight};
}

double
NrIndoorFactoryChannelConditionModel::GetLosProbability(Ptr<const MobilityModel> a,
                                                        Ptr<const MobilityModel> b) const
{
    const Vector from = a->GetPosition();
    const Vector to = b->GetPosition();
    const double k = NrIndoorFactory::GetLosDistance(m_scenario, GetClutter(), from.z, to.z);
    return NrIndoorFactory::GetLosProbability(Calculate2dDistance(from, to), k);
}

double
NrIndoorFactoryChannelConditionModel::ComputePlos(Ptr<const MobilityModel> a,
                                                  Ptr<const MobilityModel> b) const
{
    NS_LOG_FUNCTION(this << a << b);
    return GetLosProbability(a, b);
}

void
NrIndoorFactoryChannelConditionModel::SetScenario(const std::string& name)
{
    m_scenario = NrIndoorFactory::Parse(name);
}

std::string
NrIndoorFactoryChannelConditionModel::GetScenario() const
{
    return NrIndoorFactory::GetName(m_scenario);
}

} // namespace ns3

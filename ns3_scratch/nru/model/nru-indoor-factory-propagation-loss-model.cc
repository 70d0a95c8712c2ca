// SPDX-License-Identifier: GPL-2.0-only
#include "nru-indoor-factory-propagation-loss-model.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/mobility-model.h"
#include "ns3/string.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("NruIndoorFactoryPropagationLossModel");

NS_OBJECT_ENSURE_REGISTERED(NruIndoorFactoryPropagationLossModel);

TypeId
NruIndoorFactoryPropagationLossModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruIndoorFactoryPropagationLossModel")
            .SetParent<ThreeGppPropagationLossModel>()
            .SetGroupName("Nru")
            .AddConstructor<NruIndoorFactoryPropagationLossModel>()
            .AddAttribute("Scenario",
                          "Kind of factory: SL, DL, SH, DH or HH (TR 38.901 Table 7.2-4)",
                          StringValue("SL"),
                          MakeStringAccessor(&NruIndoorFactoryPropagationLossModel::SetScenario,
                                             &NruIndoorFactoryPropagationLossModel::GetScenario),
                          MakeStringChecker());
    return tid;
}

double
NruIndoorFactoryPropagationLossModel::GetLossLos(double /* distance2d */,
                                                 double distance3d,
                                                 double /* hUt */,
                                                 double /* hBs */) const
{
    CheckDistance(distance3d);
    return NruIndoorFactory::GetLossLos(distance3d, m_frequency / 1e9);
}

double
NruIndoorFactoryPropagationLossModel::GetLossNlos(double /* distance2d */,
                                                  double distance3d,
                                                  double /* hUt */,
                                                  double /* hBs */) const
{
    CheckDistance(distance3d);
    return NruIndoorFactory::GetLossNlos(m_scenario, distance3d, m_frequency / 1e9);
}

double
NruIndoorFactoryPropagationLossModel::GetLossLos(Ptr<MobilityModel> a, Ptr<MobilityModel> b) const
{
    return GetLossLos(0.0, a->GetDistanceFrom(b), 0.0, 0.0);
}

double
NruIndoorFactoryPropagationLossModel::GetLossNlos(Ptr<MobilityModel> a, Ptr<MobilityModel> b) const
{
    return GetLossNlos(0.0, a->GetDistanceFrom(b), 0.0, 0.0);
}

double
NruIndoorFactoryPropagationLossModel::GetO2iDistance2dIn() const
{
    return 0.0; // every node is indoors
}

double
NruIndoorFactoryPropagationLossModel::GetShadowingStd(
    Ptr<MobilityModel> /* a */,
    Ptr<MobilityModel> /* b */,
    ChannelCondition::LosConditionValue cond) const
{
    return cond == ChannelCondition::LosConditionValue::LOS
               ? NruIndoorFactory::LOS_SHADOWING_DB
               : NruIndoorFactory::GetNlosShadowing(m_scenario);
}

double
NruIndoorFactoryPropagationLossModel::GetShadowingCorrelationDistance(
    ChannelCondition::LosConditionValue /* cond */) const
{
    return NruIndoorFactory::SHADOWING_CORRELATION_M;
}

void
NruIndoorFactoryPropagationLossModel::CheckDistance(double distance3d) const
{
    if (distance3d >= NruIndoorFactory::MIN_DISTANCE_M &&
        distance3d <= NruIndoorFactory::MAX_DISTANCE_M)
    {
        return;
    }
    NS_ABORT_MSG_IF(m_enforceRanges,
                    "Distance " << distance3d << " m is not in 1 m to 600 m (TR 38.901, InF)");
    NS_LOG_WARN("Distance " << distance3d << " m is not in 1 m to 600 m (TR 38.901, InF)");
}

void
NruIndoorFactoryPropagationLossModel::SetScenario(const std::string& name)
{
    m_scenario = NruIndoorFactory::Parse(name);
}

std::string
NruIndoorFactoryPropagationLossModel::GetScenario() const
{
    return NruIndoorFactory::GetName(m_scenario);
}

} // namespace ns3

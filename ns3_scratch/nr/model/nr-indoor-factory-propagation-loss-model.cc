// SPDX-License-Identifier: GPL-2.0-only
#include "nr-indoor-factory-propagation-loss-model.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/mobility-model.h"
#include "ns3/string.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("NrIndoorFactoryPropagationLossModel");

NS_OBJECT_ENSURE_REGISTERED(NrIndoorFactoryPropagationLossModel);

TypeId
NrIndoorFactoryPropagationLossModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrIndoorFactoryPropagationLossModel")
            .SetParent<ThreeGppPropagationLossModel>()
            .SetGroupName("Nr")
            .AddConstructor<NrIndoorFactoryPropagationLossModel>()
            .AddAttribute("Scenario",
                          "Kind of factory: SL, DL, SH, DH or HH (TR 38.901 Table 7.2-4)",
                          StringValue("SL"),
                          MakeStringAccessor(&NrIndoorFactoryPropagationLossModel::SetScenario,
                                             &NrIndoorFactoryPropagationLossModel::GetScenario),
                          MakeStringChecker());
    return tid;
}

double
NrIndoorFactoryPropagationLossModel::GetLossLos(double /* distance2d */,
                                                double distance3d,
                                                double /* hUt */,
                                                double /* hBs */) const
{
    CheckDistance(distance3d);
    return NrIndoorFactory::GetLossLos(distance3d, m_frequency / 1e9);
}

double
NrIndoorFactoryPropagationLossModel::GetLossNlos(double /* distance2d */,
                                                 double distance3d,
                                                 double /* hUt */,
                                                 double /* hBs */) const
{
    CheckDistance(distance3d);
    return NrIndoorFactory::GetLossNlos(m_scenario, distance3d, m_frequency / 1e9);
}

double
NrIndoorFactoryPropagationLossModel::GetLossLos(Ptr<MobilityModel> a, Ptr<MobilityModel> b) const
{
    return GetLossLos(0.0, a->GetDistanceFrom(b), 0.0, 0.0);
}

double
NrIndoorFactoryPropagationLossModel::GetLossNlos(Ptr<MobilityModel> a, Ptr<MobilityModel> b) const
{
    return GetLossNlos(0.0, a->GetDistanceFrom(b), 0.0, 0.0);
}

double
NrIndoorFactoryPropagationLossModel::GetO2iDistance2dIn() const
{
    return 0.0; // every node is indoors
}

double
NrIndoorFactoryPropagationLossModel::GetShadowingStd(Ptr<MobilityModel> /* a */,
                                                     Ptr<MobilityModel> /* b */,
                                                     ChannelCondition::LosConditionValue cond) const
{
    return cond == ChannelCondition::LosConditionValue::LOS
               ? NrIndoorFactory::LOS_SHADOWING_DB
               : NrIndoorFactory::GetNlosShadowing(m_scenario);
}

double
NrIndoorFactoryPropagationLossModel::GetShadowingCorrelationDistance(
    ChannelCondition::LosConditionValue /* cond */) const
{
    return NrIndoorFactory::SHADOWING_CORRELATION_M;
}

void
NrIndoorFactoryPropagationLossModel::CheckDistance(double distance3d) const
{
    if (distance3d >= NrIndoorFactory::MIN_DISTANCE_M &&
        distance3d <= NrIndoorFactory::MAX_DISTANCE_M)
    {
        return;
    }
    NS_ABORT_MSG_IF(m_enforceRanges,
                    "Distance " << distance3d << " m is not in 1 m to 600 m (TR 38.901, InF)");
    NS_LOG_WARN("Distance " << distance3d << " m is not in 1 m to 600 m (TR 38.901, InF)");
}

void
NrIndoorFactoryPropagationLossModel::SetScenario(const std::string& name)
{
    m_scenario = NrIndoorFactory::Parse(name);
}

std::string
NrIndoorFactoryPropagationLossModel::GetScenario() const
{
    return NrIndoorFactory::GetName(m_scenario);
}

} // namespace ns3

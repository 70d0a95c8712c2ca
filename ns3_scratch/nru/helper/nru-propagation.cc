// SPDX-License-Identifier: GPL-2.0-only

#include "nru-propagation.h"

#include "nr-indoor-factory-channel-condition-model.h"
#include "nr-indoor-factory-propagation-loss-model.h"
#include "nr-indoor-office-formulas.h"
#include "nr-name-checker.h"

#include "ns3/boolean.h"
#include "ns3/mobility-model.h"
#include "ns3/string.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruPropagation);

TypeId
NruPropagation::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruPropagation")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruPropagation>()
            .AddAttribute(
                "Model",
                "inh-open, inh-mixed (indoor office), inf-sl, inf-dl, inf-sh, inf-dh or "
                "inf-hh (indoor factory).",
                StringValue("inh-open"),
                MakeStringAccessor(&NruPropagation::m_model),
                MakeNrNameChecker(
                    {"inh-open", "inh-mixed", "inf-sl", "inf-dl", "inf-sh", "inf-dh", "inf-hh"}))
            .AddAttribute("Shadowing",
                          "Whether there is shadow fading.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&NruPropagation::m_shadowing),
                          MakeBooleanChecker());
    return tid;
}

NruPropagation::NruPropagation() = default;

Ptr<PropagationLossModel>
NruPropagation::Create(double frequency, Ptr<const NruHall> hall)
{
    m_condition = CreateObject<NruHallChannelConditionModel>();
    if (m_model.rfind("inf-", 0) == 0)
    {
        auto scenario = m_model.substr(4);
        std::transform(scenario.begin(), scenario.end(), scenario.begin(), ::toupper);
        m_loss = CreateObject<NrIndoorFactoryPropagationLossModel>();
        m_loss->SetAttribute("Scenario", StringValue(scenario));
        const auto drawn = CreateObject<NrIndoorFactoryChannelConditionModel>();
        drawn->SetAttribute("Scenario", StringValue(scenario));
        m_condition->Configure(
            hall,
            drawn,
            [drawn](auto a, auto b) { return drawn->GetLosProbability(a, b); },
            NrIndoorFactory::GetLosCorrelation(drawn->GetClutter()));
    }
    else
    {
        m_loss = CreateObject<ThreeGppIndoorOfficePropagationLossModel>();
        Ptr<ChannelConditionModel> drawn;
        auto probability = &NrIndoorOffice::GetLosProbabilityOpen;
        if (m_model == "inh-open")
        {
            drawn = CreateObject<ThreeGppIndoorOpenOfficeChannelConditionModel>();
        }
        else
        {
            drawn = CreateObject<ThreeGppIndoorMixedOfficeChannelConditionModel>();
            probability = &NrIndoorOffice::GetLosProbabilityMixed;
        }
        m_condition->Configure(
            hall,
            drawn,
            [probability](auto a, auto b) {
                const auto from = a->GetPosition();
                const auto to = b->GetPosition();
                return probability(std::hypot(from.x - to.x, from.y - to.y));
            },
            NrIndoorOffice::LOS_CORRELATION_M);
    }
    m_loss->SetChannelConditionModel(m_condition);
    m_loss->SetFrequency(frequency);
    m_loss->SetAttribute("ShadowingEnabled", BooleanValue(m_shadowing));
    return m_loss;
}

int64_t
NruPropagation::AssignStreams(int64_t stream)
{
    const auto used = m_loss->AssignStreams(stream);
    return used + m_condition->AssignStreams(stream + used);
}

} // namespace ns3

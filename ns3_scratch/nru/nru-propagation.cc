// SPDX-License-Identifier: GPL-2.0-only

#include "nru-propagation.h"

#include "nru-check-name.h"
#include "nru-indoor-factory-channel-condition-model.h"
#include "nru-indoor-factory-propagation-loss-model.h"

#include "ns3/boolean.h"
#include "ns3/string.h"

#include <algorithm>
#include <cctype>

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
            .AddAttribute("Model",
                          "inh-open, inh-mixed (indoor office), inf-sl, inf-dl, inf-sh, inf-dh or "
                          "inf-hh (indoor factory).",
                          StringValue("inh-open"),
                          MakeStringAccessor(&NruPropagation::m_model),
                          MakeStringChecker())
            .AddAttribute("Shadowing",
                          "Whether there is shadow fading.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&NruPropagation::m_shadowing),
                          MakeBooleanChecker());
    return tid;
}

NruPropagation::NruPropagation() = default;

Ptr<PropagationLossModel>
NruPropagation::Create(double frequency)
{
    CheckName("Model",
              m_model,
              {"inh-open", "inh-mixed", "inf-sl", "inf-dl", "inf-sh", "inf-dh", "inf-hh"});
    if (m_model.rfind("inf-", 0) == 0)
    {
        auto scenario = m_model.substr(4);
        std::transform(scenario.begin(), scenario.end(), scenario.begin(), ::toupper);
        m_loss = CreateObject<NruIndoorFactoryPropagationLossModel>();
        m_condition = CreateObject<NruIndoorFactoryChannelConditionModel>();
        m_loss->SetAttribute("Scenario", StringValue(scenario));
        m_condition->SetAttribute("Scenario", StringValue(scenario));
    }
    else
    {
        m_loss = CreateObject<ThreeGppIndoorOfficePropagationLossModel>();
        if (m_model == "inh-open")
        {
            m_condition = CreateObject<ThreeGppIndoorOpenOfficeChannelConditionModel>();
        }
        else
        {
            m_condition = CreateObject<ThreeGppIndoorMixedOfficeChannelConditionModel>();
        }
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

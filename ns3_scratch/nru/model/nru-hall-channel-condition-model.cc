// SPDX-License-Identifier: GPL-2.0-only

#include "nru-hall-channel-condition-model.h"

#include "nr-name-checker.h"

#include "ns3/mobility-model.h"
#include "ns3/string.h"

#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruHallChannelConditionModel);

namespace
{
/// Heights that differ by less are the same (m).
constexpr double SAME_HEIGHT_M = 1e-3;
} // namespace

TypeId
NruHallChannelConditionModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruHallChannelConditionModel")
            .SetParent<ChannelConditionModel>()
            .SetGroupName("Nru")
            .AddConstructor<NruHallChannelConditionModel>()
            .AddAttribute("CeilingLinks",
                          "Links between two nodes at the height of the gNBs: los (in line of "
                          "sight) or drawn (as links down to UEs, once a link).",
                          StringValue("los"),
                          MakeStringAccessor(&NruHallChannelConditionModel::m_ceilingLinks),
                          MakeNrNameChecker({"los", "drawn"}))
            .AddAttribute("LosState",
                          "Line of sight between a node at the height of the gNBs and a lower one: "
                          "consistent (in space, TR 38.901 clause 7.6.3.3) or drawn (once a link).",
                          StringValue("consistent"),
                          MakeStringAccessor(&NruHallChannelConditionModel::m_losState),
                          MakeNrNameChecker({"consistent", "drawn"}));
    return tid;
}

NruHallChannelConditionModel::NruHallChannelConditionModel()
    : m_normal(CreateObject<NormalRandomVariable>()),
      m_los(CreateObject<ChannelCondition>(ChannelCondition::LOS)),
      m_nlos(CreateObject<ChannelCondition>(ChannelCondition::NLOS))
{
}

void
NruHallChannelConditionModel::DoDispose()
{
    m_hall = nullptr;
    m_drawn = nullptr;
    m_probability = nullptr;
    m_normal = nullptr;
    m_fields.clear();
    ChannelConditionModel::DoDispose();
}

void
NruHallChannelConditionModel::Configure(Ptr<const NruHall> hall,
                                        Ptr<ChannelConditionModel> drawn,
                                        Probability probability,
                                        double correlation)
{
    m_hall = hall;
    m_drawn = drawn;
    m_probability = std::move(probability);
    m_correlation = correlation;
}

bool
NruHallChannelConditionModel::IsUpper(Ptr<const MobilityModel> node) const
{
    return std::abs(node->GetPosition().z - m_hall->GetGnbHeight()) < SAME_HEIGHT_M;
}

bool
NruHallChannelConditionModel::IsLos(Ptr<const MobilityModel> upper,
                                    Ptr<const MobilityModel> lower) const
{
    auto field = m_fields.find(upper);
    if (field == m_fields.end())
    {
        const NruGaussianField drawn(m_hall->GetLength(),
                                     m_hall->GetWidth(),
                                     m_correlation,
                                     m_normal);
        field = m_fields.emplace(upper, drawn).first;
    }
    const auto normal = field->second.Get(lower->GetPosition());
    return std::erfc(-normal / std::sqrt(2.0)) / 2 < m_probability(upper, lower);
}

Ptr<ChannelCondition>
NruHallChannelConditionModel::GetChannelCondition(Ptr<const MobilityModel> a,
                                                  Ptr<const MobilityModel> b) const
{
    const auto isUpperA = IsUpper(a);
    const auto isUpperB = IsUpper(b);
    if (isUpperA && isUpperB && m_ceilingLinks == "los")
    {
        return m_los;
    }
    if (isUpperA != isUpperB && m_losState == "consistent")
    {
        return (isUpperA ? IsLos(a, b) : IsLos(b, a)) ? m_los : m_nlos;
    }
    return m_drawn->GetChannelCondition(a, b);
}

int64_t
NruHallChannelConditionModel::AssignStreams(int64_t stream)
{
    m_normal->SetStream(stream);
    return 1 + m_drawn->AssignStreams(stream + 1);
}

} // namespace ns3

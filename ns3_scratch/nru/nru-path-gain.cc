// SPDX-License-Identifier: GPL-2.0-only

#include "nru-path-gain.h"

#include "ns3/double.h"

#include <cmath>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruPathGain);

TypeId
NruPathGain::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruPathGain")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruPathGain>()
            .AddAttribute("UpdateDistance",
                          "A link's gain is computed anew once an end has moved farther than this "
                          "(m). 0 is exact.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&NruPathGain::m_updateDistance),
                          MakeDoubleChecker<double>(0.0));
    return tid;
}

NruPathGain::NruPathGain() = default;

void
NruPathGain::DoDispose()
{
    m_model = nullptr;
    m_index.clear();
    m_links.clear();
    Object::DoDispose();
}

void
NruPathGain::SetPropagationLossModel(Ptr<PropagationLossModel> model)
{
    m_model = model;
    m_links.assign(m_links.size(), {});
}

uint32_t
NruPathGain::GetIndex(const MobilityModel* mobility)
{
    const auto [it, isNew] = m_index.try_emplace(mobility, m_index.size());
    if (isNew)
    {
        m_links.emplace_back();
    }
    return it->second;
}

double
NruPathGain::Get(Ptr<MobilityModel> a, Ptr<MobilityModel> b)
{
    return Update(a, b).gain;
}

double
NruPathGain::GetDb(Ptr<MobilityModel> a, Ptr<MobilityModel> b)
{
    return Update(a, b).gainDb;
}

const NruPathGain::Link&
NruPathGain::Update(Ptr<MobilityModel> a, Ptr<MobilityModel> b)
{
    auto low = GetIndex(PeekPointer(a));
    auto high = GetIndex(PeekPointer(b));
    if (low > high)
    {
        std::swap(low, high);
        std::swap(a, b);
    }
    auto& row = m_links[high];
    if (row.size() <= low)
    {
        row.resize(high + 1);
    }
    Link& link = row[low];
    const auto positionA = a->GetPosition();
    const auto positionB = b->GetPosition();
    const auto hasMoved = [this](const Vector& from, const Vector& to) {
        return (from.x != to.x || from.y != to.y || from.z != to.z) &&
               CalculateDistance(from, to) > m_updateDistance;
    };
    if (link.gain < 0)
    {
        // ns-3 forgets where a link was evaluated first, so shadowing is correlated along a path
        // only from the second evaluation on.
        m_model->CalcRxPower(0.0, a, b);
    }
    if (link.gain < 0 || hasMoved(link.a, positionA) || hasMoved(link.b, positionB))
    {
        const auto gainDb = m_model->CalcRxPower(0.0, a, b);
        link = {std::pow(10.0, gainDb / 10), gainDb, positionA, positionB};
    }
    return link;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nr-path-gain.h"

#include "ns3/abort.h"
#include "ns3/double.h"

#include <cmath>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NrPathGain);

TypeId
NrPathGain::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrPathGain")
            .SetParent<Object>()
            .SetGroupName("Nr")
            .AddConstructor<NrPathGain>()
            .AddAttribute("UpdateDistance",
                          "A link's gain is computed anew once an end has moved farther than this "
                          "(m).",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&NrPathGain::m_updateDistance),
                          MakeDoubleChecker<double>(0.0));
    return tid;
}

NrPathGain::NrPathGain() = default;

void
NrPathGain::DoDispose()
{
    m_model = nullptr;
    m_index.clear();
    m_ends.clear();
    Object::DoDispose();
}

void
NrPathGain::SetPropagationLossModel(Ptr<PropagationLossModel> model)
{
    m_model = model;
    for (auto& end : m_ends)
    {
        end.links.assign(end.links.size(), {});
    }
}

uint32_t
NrPathGain::GetIndex(Ptr<MobilityModel> mobility)
{
    const auto [it, isNew] = m_index.try_emplace(PeekPointer(mobility), m_ends.size());
    if (isNew)
    {
        m_ends.push_back({mobility, mobility->GetPosition(), {}});
        m_ends.back().links.resize(it->second);
    }
    return it->second;
}

double
NrPathGain::Get(Ptr<MobilityModel> a, Ptr<MobilityModel> b)
{
    return Find(a, b).gain;
}

double
NrPathGain::GetDb(Ptr<MobilityModel> a, Ptr<MobilityModel> b)
{
    return Find(a, b).gainDb;
}

NrPathGain::Link
NrPathGain::Compute(Ptr<MobilityModel> a, Ptr<MobilityModel> b) const
{
    const auto gainDb = m_model->CalcRxPower(0.0, a, b);
    return {std::pow(10.0, gainDb / 10), gainDb};
}

const NrPathGain::Link&
NrPathGain::Find(Ptr<MobilityModel> a, Ptr<MobilityModel> b)
{
    auto low = GetIndex(a);
    auto high = GetIndex(b);
    if (low > high)
    {
        std::swap(low, high);
        std::swap(a, b);
    }
    NS_ABORT_MSG_IF(low == high, "a path gain from a node to itself");
    auto& link = m_ends[high].links[low];
    if (link.gain < 0)
    {
        // ns-3 forgets where a link was evaluated first, so shadowing is correlated along a path
        // only from the second evaluation on.
        m_model->CalcRxPower(0.0, a, b);
        link = Compute(a, b);
    }
    return link;
}

void
NrPathGain::Refresh()
{
    std::vector<bool> hasMoved;
    for (auto& end : m_ends)
    {
        const auto position = end.mobility->GetPosition();
        hasMoved.push_back(CalculateDistance(position, end.position) > m_updateDistance);
        if (hasMoved.back())
        {
            end.position = position;
        }
    }
    for (std::size_t high = 0; high < m_ends.size(); ++high)
    {
        for (std::size_t low = 0; low < high; ++low)
        {
            auto& link = m_ends[high].links[low];
            if (link.gain >= 0 && (hasMoved[low] || hasMoved[high]))
            {
                link = Compute(m_ends[low].mobility, m_ends[high].mobility);
            }
        }
    }
}

} // namespace ns3

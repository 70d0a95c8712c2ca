// SPDX-License-Identifier: GPL-2.0-only

#include "nru-channel-selector.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruChannelSelector);

TypeId
NruChannelSelector::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruChannelSelector")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruChannelSelector>()
            .AddAttribute("Period",
                          "Between a gNB's decisions.",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&NruChannelSelector::m_period),
                          MakeTimeChecker(MilliSeconds(10)))
            .AddAttribute("Hysteresis",
                          "By how much less another channel has to be occupied (share of time).",
                          DoubleValue(0.1),
                          MakeDoubleAccessor(&NruChannelSelector::m_hysteresis),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("Weight",
                          "Of the newest measurement in the average.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&NruChannelSelector::m_weight),
                          MakeDoubleChecker<double>(0.01, 1.0));
    return tid;
}

NruChannelSelector::NruChannelSelector() = default;

void
NruChannelSelector::DoDispose()
{
    m_access = nullptr;
    m_move = Callback<void, uint8_t>();
    Object::DoDispose();
}

void
NruChannelSelector::Start(Ptr<NruChannelAccessManager> access,
                          Callback<void, uint8_t> move,
                          double offset)
{
    m_access = access;
    m_move = move;
    const auto first = m_period.GetSeconds() * (1 + offset);
    Simulator::Schedule(Seconds(first), &NruChannelSelector::Decide, this);
}

uint8_t
NruChannelSelector::Choose(const std::vector<double>& occupancy, uint8_t present, double hysteresis)
{
    const auto least = std::min_element(occupancy.begin(), occupancy.end());
    return *least + hysteresis < occupancy.at(present) ? least - occupancy.begin() : present;
}

void
NruChannelSelector::Decide()
{
    const auto measured = m_access->TakeChannelOccupancy();
    if (m_occupancy.empty())
    {
        m_occupancy = measured;
    }
    for (std::size_t i = 0; i < measured.size(); ++i)
    {
        m_occupancy[i] += m_weight * (measured[i] - m_occupancy[i]);
    }
    const uint8_t present = m_access->GetPhy()->GetChannelIndex();
    const auto channel = Choose(m_occupancy, present, m_hysteresis);
    if (channel != present)
    {
        m_move(channel);
    }
    Simulator::Schedule(m_period, &NruChannelSelector::Decide, this);
}

} // namespace ns3

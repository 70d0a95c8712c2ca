// SPDX-License-Identifier: GPL-2.0-only

#include "iot-cores.h"

#include <algorithm>

namespace ns3
{

IotCores::IotCores(IotPlaces places, const Limits& limits)
    : m_limits(limits),
      m_places(std::move(places)),
      m_levels(m_places.size(), 0)
{
}

void
IotCores::Apply(uint32_t core, Move move)
{
    auto& place = m_places.at(core);
    auto& level = m_levels.at(core);
    switch (move)
    {
    case Move::UP:
        place.y = std::min(place.y + m_limits.step, m_limits.area.y);
        break;
    case Move::DOWN:
        place.y = std::max<int64_t>(place.y - m_limits.step, 0);
        break;
    case Move::LEFT:
        place.x = std::max<int64_t>(place.x - m_limits.step, 0);
        break;
    case Move::RIGHT:
        place.x = std::min(place.x + m_limits.step, m_limits.area.x);
        break;
    case Move::STAY:
        break;
    case Move::SHRINK:
        level = std::min(level + 1, m_limits.nLevels);
        break;
    case Move::EXPAND:
        level = std::max(level - 1, -m_limits.nLevels);
        break;
    }
}

const IotPlaces&
IotCores::GetPlaces() const
{
    return m_places;
}

const std::vector<int32_t>&
IotCores::GetLevels() const
{
    return m_levels;
}

double
IotCores::GetScale(uint32_t core) const
{
    const auto square = m_limits.factor * m_limits.factor;
    double scale = 1.0;
    for (auto level = m_levels.at(core); level > 0; --level)
    {
        scale *= square;
    }
    for (auto level = m_levels.at(core); level < 0; ++level)
    {
        scale /= square;
    }
    return scale;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "gym-names.h"

namespace ns3
{

ns3opengym::SpaceType
GymKindToWire(GymKind kind)
{
    switch (kind)
    {
    case GymKind::DISCRETE:
        return ns3opengym::Discrete;
    case GymKind::BOX:
        return ns3opengym::Box;
    case GymKind::TUPLE:
        return ns3opengym::Tuple;
    default:
        return ns3opengym::Dict;
    }
}

std::string
GymTypeName(ns3opengym::SpaceType type)
{
    const auto& name = ns3opengym::SpaceType_Name(type);
    return name.empty() ? std::to_string(static_cast<int>(type)) : std::string(name);
}

std::string
GymEntryPath(const std::string& path, const std::string& key)
{
    return path + "['" + key + "']";
}

std::string
GymElementPath(const std::string& path, std::size_t index)
{
    return path + "[" + std::to_string(index) + "]";
}

} // namespace ns3

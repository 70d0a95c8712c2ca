// SPDX-License-Identifier: GPL-2.0-only

#include "nru-flag-text.h"

#include "ns3/type-id.h"

#include <cmath>
#include <cstdlib>
#include <sstream>

namespace ns3
{

std::optional<double>
NruFlagText::ParseNumber(const std::string& text)
{
    char* end = nullptr;
    const auto value = std::strtod(text.c_str(), &end);
    if (text.empty() || end != text.c_str() + text.size() || !std::isfinite(value))
    {
        return std::nullopt;
    }
    return value;
}

std::string
NruFlagText::ToText(double value)
{
    std::ostringstream text;
    text.precision(17);
    text << value;
    return text.str();
}

std::string
NruFlagText::Join(const std::vector<std::string>& options)
{
    std::string list;
    for (const auto& option : options)
    {
        list += (list.empty() ? "" : ", ") + option;
    }
    return list;
}

Ptr<const AttributeChecker>
NruFlagText::GetChecker(const std::string& name)
{
    const auto split = name.rfind("::");
    TypeId::AttributeInformation information;
    TypeId::LookupByName(name.substr(0, split))
        .LookupAttributeByName(name.substr(split + 2), &information);
    return information.checker;
}

} // namespace ns3

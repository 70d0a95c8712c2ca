// SPDX-License-Identifier: GPL-2.0-only

#include "iot-scenario-flags.h"

#include "iot-scenario.h"

#include "ns3/config.h"
#include "ns3/string.h"

#include <cctype>
#include <cmath>
#include <cstdlib>
#include <map>
#include <vector>

namespace ns3
{

namespace
{

/// Flags that have one of a few values.
const std::map<std::string, std::vector<std::string>> CHOICES{
    {"distanceTo", {"head", "core"}},
    {"phy", {"wifi", "disc"}},
    {"wifiRateMbps", {"6", "9", "12", "18", "24", "36", "48", "54"}},
};

} // namespace

IotScenarioFlags::IotScenarioFlags()
{
    const auto type = IotScenario::GetTypeId();
    for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
    {
        const auto attribute = type.GetAttribute(i);
        auto name = attribute.name;
        name[0] = static_cast<char>(std::tolower(name[0]));
        m_flags.push_back(
            {name, attribute, attribute.initialValue->SerializeToString(attribute.checker)});
    }
}

void
IotScenarioFlags::AddTo(CommandLine& cmd)
{
    for (auto& flag : m_flags)
    {
        cmd.AddValue(flag.name, flag.attribute.help, flag.text);
    }
}

std::string
IotScenarioFlags::FindMistake(const Flag& flag)
{
    if (const auto choices = CHOICES.find(flag.name); choices != CHOICES.end())
    {
        std::string list;
        for (const auto& choice : choices->second)
        {
            if (choice == flag.text)
            {
                return "";
            }
            list += (list.empty() ? "" : ", ") + choice;
        }
        return "not one of " + list;
    }
    const auto& checker = *flag.attribute.checker;
    if (!checker.HasUnderlyingTypeInformation() ||
        checker.GetValueTypeName().find("String") != std::string::npos)
    {
        return "";
    }
    char* end = nullptr;
    const auto value = std::strtod(flag.text.c_str(), &end);
    if (flag.text.empty() || *end != '\0' || !std::isfinite(value))
    {
        return "not a number";
    }
    const auto isWhole = checker.GetValueTypeName().find("Uinteger") != std::string::npos;
    if (isWhole && value != std::floor(value))
    {
        return "not a whole number";
    }
    return "";
}

std::string
IotScenarioFlags::Apply() const
{
    for (const auto& flag : m_flags)
    {
        const auto given = "--" + flag.name + "=" + flag.text + ": ";
        if (const auto mistake = FindMistake(flag); !mistake.empty())
        {
            return given + mistake;
        }
        const auto attribute = "ns3::IotScenario::" + flag.attribute.name;
        if (!Config::SetDefaultFailSafe(attribute, StringValue(flag.text)))
        {
            return given + "not allowed by " + attribute + " (" +
                   flag.attribute.checker->GetUnderlyingTypeInformation() + ")";
        }
    }
    return "";
}

} // namespace ns3

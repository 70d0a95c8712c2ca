// SPDX-License-Identifier: GPL-2.0-only

#include "nr-flag.h"

#include "nr-name-checker.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/nstime.h"
#include "ns3/string.h"
#include "ns3/type-id.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

namespace ns3
{

namespace
{

/**
 * @param name of a flag of a time
 * @return the unit that it ends in, as ns-3 writes it
 */
std::string
GetTimeUnit(const std::string& name)
{
    return name.size() > 2 && name.substr(name.size() - 2) == "Ms" ? "ms" : "s";
}

} // namespace

NrFlag::NrFlag(std::string name,
               const std::string& attribute,
               std::string help,
               double scale,
               std::vector<std::string> allowed)
    : m_name(std::move(name)),
      m_attribute("ns3::" + attribute),
      m_help(std::move(help)),
      m_scale(scale),
      m_allowed(std::move(allowed))
{
    const auto split = m_attribute.rfind("::");
    TypeId::AttributeInformation information;
    const auto isKnown = TypeId::LookupByName(m_attribute.substr(0, split))
                             .LookupAttributeByName(m_attribute.substr(split + 2), &information);
    NS_ABORT_MSG_UNLESS(isKnown, "there is no attribute " << m_attribute);
    m_checker = information.checker;
    m_default = Spell(*information.initialValue);
    m_text = m_default;
    if (const auto* names = dynamic_cast<const NrNameChecker*>(PeekPointer(m_checker)))
    {
        m_allowed = names->GetNames();
    }
    else if (Is("Boolean"))
    {
        m_allowed = {"true", "false"};
    }
}

bool
NrFlag::Is(const std::string& type) const
{
    const auto found = m_checker->GetValueTypeName();
    return found == "ns3::" + type + "Value" ||
           found == type + "Value"; // as ns-3 3.37 calls a bool
}

std::string
NrFlag::Spell(const AttributeValue& value) const
{
    if (Is("Time"))
    {
        const auto time = dynamic_cast<const TimeValue&>(value).Get();
        return ToText(time.ToDouble(GetTimeUnit(m_name) == "ms" ? Time::MS : Time::S));
    }
    if (Is("Double"))
    {
        return ToText(dynamic_cast<const DoubleValue&>(value).Get() / m_scale);
    }
    return value.SerializeToString(m_checker);
}

void
NrFlag::AddTo(CommandLine& cmd)
{
    cmd.AddValue(m_name, m_help, m_text);
}

std::string
NrFlag::Apply() const
{
    if (m_text == m_default)
    {
        return "";
    }
    const auto given = "--" + m_name + "=" + m_text + ": ";
    auto value = m_text;
    if (Is("Double") || Is("Uinteger") || Is("Time"))
    {
        const auto number = ParseNumber(m_text);
        if (!number || (Is("Uinteger") && *number != std::floor(*number)))
        {
            return given + (Is("Uinteger") ? "not a whole number" : "not a number");
        }
        value = ToText(*number * m_scale);
    }
    if (!m_allowed.empty() &&
        std::find(m_allowed.begin(), m_allowed.end(), value) == m_allowed.end())
    {
        std::string list;
        for (const auto& option : m_allowed)
        {
            list += (list.empty() ? "" : ", ") + option;
        }
        return given + "not one of " + list;
    }
    value += Is("Time") ? GetTimeUnit(m_name) : "";
    if (!Config::SetDefaultFailSafe(m_attribute, StringValue(value)))
    {
        return given + "not allowed by " + m_attribute + " (" +
               (m_checker->HasUnderlyingTypeInformation()
                    ? m_checker->GetUnderlyingTypeInformation()
                    : m_checker->GetValueTypeName()) +
               ")";
    }
    return "";
}

void
NrFlag::Set(const std::string& text)
{
    m_text = text;
}

const std::string&
NrFlag::GetName() const
{
    return m_name;
}

const std::string&
NrFlag::GetText() const
{
    return m_text;
}

double
NrFlag::GetNumber() const
{
    return *ParseNumber(m_text);
}

std::optional<double>
NrFlag::ParseNumber(const std::string& text)
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
NrFlag::ToText(double value)
{
    const auto write = [value](int digits) {
        std::ostringstream text;
        text.precision(digits);
        text << value;
        return text.str();
    };
    const auto shorter = write(15); // enough for what was written in decimal
    return ParseNumber(shorter) == value ? shorter : write(17);
}

} // namespace ns3

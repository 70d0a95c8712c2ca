// SPDX-License-Identifier: GPL-2.0-only

#include "nr-name-checker.h"

#include "ns3/string.h"

#include <algorithm>

namespace ns3
{

NrNameChecker::NrNameChecker(std::vector<std::string> names)
    : m_names(std::move(names))
{
}

const std::vector<std::string>&
NrNameChecker::GetNames() const
{
    return m_names;
}

bool
NrNameChecker::Check(const AttributeValue& value) const
{
    const auto* text = dynamic_cast<const StringValue*>(&value);
    return text && std::find(m_names.begin(), m_names.end(), text->Get()) != m_names.end();
}

std::string
NrNameChecker::GetValueTypeName() const
{
    return "ns3::StringValue";
}

bool
NrNameChecker::HasUnderlyingTypeInformation() const
{
    return true;
}

std::string
NrNameChecker::GetUnderlyingTypeInformation() const
{
    std::string list;
    for (const auto& name : m_names)
    {
        list += (list.empty() ? "" : "|") + name;
    }
    return list;
}

Ptr<AttributeValue>
NrNameChecker::Create() const
{
    return ns3::Create<StringValue>();
}

bool
NrNameChecker::Copy(const AttributeValue& source, AttributeValue& destination) const
{
    const auto* from = dynamic_cast<const StringValue*>(&source);
    auto* to = dynamic_cast<StringValue*>(&destination);
    if (!from || !to)
    {
        return false;
    }
    *to = *from;
    return true;
}

Ptr<const AttributeChecker>
MakeNrNameChecker(std::vector<std::string> names)
{
    return Create<NrNameChecker>(std::move(names));
}

} // namespace ns3

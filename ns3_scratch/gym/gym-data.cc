// SPDX-License-Identifier: GPL-2.0-only

#include "gym-data.h"

#include "gym-error.h"

#include <algorithm>

namespace ns3
{

GymData::GymData(GymKind kind)
    : m_kind{kind}
{
}

GymKind
GymData::GetKind() const
{
    return m_kind;
}

GymDiscreteData::GymDiscreteData(int32_t value)
    : GymData{GymKind::DISCRETE},
      m_value{value}
{
}

int32_t
GymDiscreteData::GetValue() const
{
    return m_value;
}

GymBoxData::GymBoxData(Values values)
    : GymData{GymKind::BOX},
      m_values{std::move(values)}
{
}

GymDtype
GymBoxData::GetDtype() const
{
    return static_cast<GymDtype>(m_values.index());
}

std::size_t
GymBoxData::GetSize() const
{
    return std::visit([](const auto& values) { return values.size(); }, m_values);
}

const GymBoxData::Values&
GymBoxData::GetValues() const
{
    return m_values;
}

void
GymBoxData::ThrowWrongType(GymDtype asked) const
{
    throw GymError(std::string{"a Box of "} + GymDtypeName(GetDtype()) + " was read as " +
                   GymDtypeName(asked));
}

GymTupleData::GymTupleData()
    : GymData{GymKind::TUPLE}
{
}

void
GymTupleData::Add(Ptr<const GymData> data)
{
    m_elements.push_back(std::move(data));
}

const std::vector<Ptr<const GymData>>&
GymTupleData::GetElements() const
{
    return m_elements;
}

GymDictData::GymDictData()
    : GymData{GymKind::DICT}
{
}

void
GymDictData::Add(std::string key, Ptr<const GymData> data)
{
    if (Find(key))
    {
        throw GymError("the entry '" + key + "' is there twice");
    }
    m_entries.emplace_back(std::move(key), std::move(data));
}

void
GymDictData::AddBox(std::string key, GymBoxData::Values values)
{
    Add(std::move(key), Create<GymBoxData>(std::move(values)));
}

Ptr<const GymData>
GymDictData::Find(const std::string& key) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&key](const Entry& entry) {
        return entry.first == key;
    });
    return found == m_entries.end() ? nullptr : found->second;
}

const GymBoxData*
GymDictData::FindBoxData(const std::string& key) const
{
    const auto data = Find(key);
    if (data && data->GetKind() != GymKind::BOX)
    {
        throw GymError("the entry '" + key + "' was read as a Box, which it is not");
    }
    return static_cast<const GymBoxData*>(PeekPointer(data));
}

const std::vector<GymDictData::Entry>&
GymDictData::GetEntries() const
{
    return m_entries;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "gym-space.h"

#include "gym-error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{

namespace
{

/**
 * @brief Narrow to what the wire carries.
 * @param value a number, or an infinity
 * @return the nearest float, an infinity when it is beyond all of them
 */
float
ToFloat(double value)
{
    constexpr auto infinity = std::numeric_limits<float>::infinity();
    if (std::abs(value) > std::numeric_limits<float>::max())
    {
        return value > 0 ? infinity : -infinity;
    }
    return static_cast<float>(value);
}

} // namespace

const char*
GymDtypeName(GymDtype dtype)
{
    switch (dtype)
    {
    case GymDtype::INT32:
        return "int32";
    case GymDtype::UINT32:
        return "uint32";
    case GymDtype::FLOAT:
        return "float";
    default:
        return "double";
    }
}

GymSpace::GymSpace(GymKind kind)
    : m_kind{kind}
{
}

GymKind
GymSpace::GetKind() const
{
    return m_kind;
}

GymDiscreteSpace::GymDiscreteSpace(int32_t n)
    : GymSpace{GymKind::DISCRETE},
      m_n{n}
{
    if (n < 1)
    {
        throw GymError("a Discrete space has at least 1 value, not " + std::to_string(n));
    }
}

int32_t
GymDiscreteSpace::GetN() const
{
    return m_n;
}

GymBoxSpace::GymBoxSpace(double low, double high, std::vector<uint32_t> shape, GymDtype dtype)
    : GymSpace{GymKind::BOX},
      m_low{low},
      m_high{high},
      m_shape{std::move(shape)},
      m_size{1},
      m_dtype{dtype}
{
    if (!(low <= high))
    {
        throw GymError("a Box space needs low <= high, not low " + std::to_string(low) +
                       " and high " + std::to_string(high));
    }
    for (const double bound : {low, high})
    {
        if (std::isfinite(bound) && std::isinf(ToFloat(bound)))
        {
            throw GymError("a Box space's bounds are sent as floats, which " +
                           std::to_string(bound) + " is beyond");
        }
    }
    for (const uint32_t length : m_shape)
    {
        m_size *= length; // no overflow: both factors are below 2^32
        if (m_size > std::numeric_limits<int32_t>::max())
        {
            throw GymError("a Box space has at most 2^31 - 1 elements");
        }
    }
}

double
GymBoxSpace::GetLow() const
{
    return m_low;
}

double
GymBoxSpace::GetHigh() const
{
    return m_high;
}

const std::vector<uint32_t>&
GymBoxSpace::GetShape() const
{
    return m_shape;
}

std::size_t
GymBoxSpace::GetSize() const
{
    return m_size;
}

GymDtype
GymBoxSpace::GetDtype() const
{
    return m_dtype;
}

bool
GymBoxSpace::Contains(double value) const
{
    if (m_dtype == GymDtype::INT32 || m_dtype == GymDtype::UINT32)
    {
        return value >= m_low && value <= m_high;
    }
    const float narrowed = ToFloat(value);
    return narrowed >= static_cast<float>(m_low) && narrowed <= static_cast<float>(m_high);
}

GymTupleSpace::GymTupleSpace()
    : GymSpace{GymKind::TUPLE}
{
}

void
GymTupleSpace::Add(Ptr<const GymSpace> space)
{
    m_elements.push_back(std::move(space));
}

const std::vector<Ptr<const GymSpace>>&
GymTupleSpace::GetElements() const
{
    return m_elements;
}

GymDictSpace::GymDictSpace()
    : GymSpace{GymKind::DICT}
{
}

void
GymDictSpace::Add(std::string key, Ptr<const GymSpace> space)
{
    if (key.empty() || Find(key))
    {
        throw GymError("a Dict space's keys are unique and not empty, '" + key + "' is not");
    }
    m_entries.emplace_back(std::move(key), std::move(space));
}

void
GymDictSpace::AddBox(std::string key,
                     double low,
                     double high,
                     std::vector<uint32_t> shape,
                     GymDtype dtype)
{
    Add(std::move(key), Create<GymBoxSpace>(low, high, std::move(shape), dtype));
}

Ptr<const GymSpace>
GymDictSpace::Find(const std::string& key) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&key](const Entry& entry) {
        return entry.first == key;
    });
    return found == m_entries.end() ? nullptr : found->second;
}

const std::vector<GymDictSpace::Entry>&
GymDictSpace::GetEntries() const
{
    return m_entries;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "gym-box-codec.h"

#include "gym-error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

namespace ns3
{

namespace
{

namespace pb = ns3opengym;

/**
 * @brief A number type as the wire numbers it.
 * @param dtype the number type
 * @return the wire's enumerator
 */
pb::Dtype
ToWire(GymDtype dtype)
{
    switch (dtype)
    {
    case GymDtype::INT32:
        return pb::INT;
    case GymDtype::UINT32:
        return pb::UINT;
    case GymDtype::FLOAT:
        return pb::FLOAT;
    default:
        return pb::DOUBLE;
    }
}

/**
 * @brief Write a number in the fewest digits that tell it from its neighbours.
 * @tparam T a number type
 * @param value the number
 * @return its digits, "inf" or "nan"
 */
template <typename T>
std::string
ToText(T value)
{
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
}

/**
 * @brief Write a shape.
 * @tparam T a container of lengths
 * @param shape the length of each dimension
 * @return such as [100, 10]
 */
template <typename T>
std::string
ShapeText(const T& shape)
{
    std::string text;
    for (const uint32_t length : shape)
    {
        text += (text.empty() ? "" : ", ") + std::to_string(length);
    }
    return "[" + text + "]";
}

/**
 * @brief Name an element of a Box.
 * @param path what the Box is
 * @param shape the length of each dimension
 * @param index the element's index in row-major order
 * @return such as action['cio_db'][3, 1]
 */
std::string
ElementPath(const std::string& path, const std::vector<uint32_t>& shape, std::size_t index)
{
    std::vector<uint32_t> indices(shape.size());
    for (std::size_t i = shape.size(); i-- > 0;)
    {
        indices[i] = index % shape[i];
        index /= shape[i];
    }
    return path + ShapeText(indices);
}

/**
 * @brief Convert a number if the other type can hold it.
 *
 * A floating type holds all that is not beyond its largest number, rounded; an integer type holds
 * just the integers of its range.
 *
 * @tparam To the other type
 * @tparam From the number's type
 * @param from the number
 * @param to where to put it
 * @return false if the other type cannot hold it
 */
template <typename To, typename From>
bool
Convert(From from, To& to)
{
    using Limits = std::numeric_limits<To>;
    if constexpr (std::is_floating_point_v<To>)
    {
        if (std::isfinite(static_cast<double>(from)) &&
            std::abs(static_cast<double>(from)) > Limits::max())
        {
            return false;
        }
    }
    else
    {
        // A double holds every number of 32 bits exactly. NaN fails the first comparison.
        const auto value = static_cast<double>(from);
        if (!(value >= Limits::min() && value <= Limits::max()) || value != std::trunc(value))
        {
            return false;
        }
    }
    to = static_cast<To>(from);
    return true;
}

/**
 * @brief Read the numbers of a Box in the type of its space.
 * @tparam To number type of the space
 * @tparam From a repeated field of the wire
 * @param wire the numbers on the wire
 * @param space the space
 * @param path what the Box is, for errors
 * @return the Box
 */
template <typename To, typename From>
Ptr<const GymData>
ReadNumbers(const From& wire, const GymBoxSpace& space, const std::string& path)
{
    std::vector<To> values(wire.size());
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        const auto number = wire.Get(static_cast<int>(i));
        if (!Convert(number, values[i]) || !space.Contains(static_cast<double>(number)))
        {
            const bool integers = std::is_integral_v<To>;
            throw GymError(ElementPath(path, space.GetShape(), i) + " is " + ToText(number) +
                           ", allowed is " + (integers ? "an integer in " : "") +
                           ToText(space.GetLow()) + " .. " + ToText(space.GetHigh()) + " (" +
                           GymDtypeName(space.GetDtype()) + ")");
        }
    }
    return Create<GymBoxData>(std::move(values));
}

/**
 * @brief Read the numbers of a Box, of whatever type the space has.
 * @tparam From a repeated field of the wire
 * @param wire the numbers on the wire
 * @param space the space
 * @param path what the Box is, for errors
 * @return the Box
 */
template <typename From>
Ptr<const GymData>
ReadField(const From& wire, const GymBoxSpace& space, const std::string& path)
{
    if (static_cast<std::size_t>(wire.size()) != space.GetSize())
    {
        throw GymError(path + " has " + std::to_string(wire.size()) +
                       " numbers, its space has shape " + ShapeText(space.GetShape()));
    }
    switch (space.GetDtype())
    {
    case GymDtype::INT32:
        return ReadNumbers<int32_t>(wire, space, path);
    case GymDtype::UINT32:
        return ReadNumbers<uint32_t>(wire, space, path);
    case GymDtype::FLOAT:
        return ReadNumbers<float>(wire, space, path);
    default:
        return ReadNumbers<double>(wire, space, path);
    }
}

/**
 * @brief Refuse a shape that is neither the space's nor flat; none at all counts as flat.
 * @param box the packed Box
 * @param space its space
 * @param path what it is, for errors
 */
void
CheckShape(const pb::BoxDataContainer& box, const GymBoxSpace& space, const std::string& path)
{
    const auto& shape = box.shape();
    const auto& allowed = space.GetShape();
    const bool flat = shape.empty() || (shape.size() == 1 && shape.Get(0) == space.GetSize());
    if (!flat && !std::equal(shape.begin(), shape.end(), allowed.begin(), allowed.end()))
    {
        throw GymError(path + " has shape " + ShapeText(shape) + ", its space has " +
                       ShapeText(allowed) + " (or flat, [" + std::to_string(space.GetSize()) +
                       "])");
    }
}

/**
 * @brief Refuse a dtype that is none, or that of another field than the one with the numbers.
 * @param box the packed Box, with numbers in one field at most
 * @param path what it is, for errors
 */
void
CheckDtype(const pb::BoxDataContainer& box, const std::string& path)
{
    const auto held = !box.intdata().empty()      ? pb::INT
                      : !box.uintdata().empty()   ? pb::UINT
                      : !box.floatdata().empty()  ? pb::FLOAT
                      : !box.doubledata().empty() ? pb::DOUBLE
                                                  : box.dtype();
    if (!pb::Dtype_IsValid(box.dtype()) || (box.dtype() != pb::NoDType && box.dtype() != held))
    {
        throw GymError(path + " is of dtype " + std::to_string(box.dtype()) +
                       ", its numbers are of dtype " + std::to_string(held) +
                       ", allowed are 0 (not told) to 4, and the one that they are of");
    }
}

} // namespace

pb::BoxSpace
DescribeGymBox(const GymBoxSpace& space, bool flat)
{
    pb::BoxSpace wire;
    wire.set_low(static_cast<float>(space.GetLow()));
    wire.set_high(static_cast<float>(space.GetHigh()));
    wire.set_dtype(ToWire(space.GetDtype()));
    if (flat)
    {
        wire.add_shape(space.GetSize());
    }
    else
    {
        wire.mutable_shape()->Add(space.GetShape().begin(), space.GetShape().end());
    }
    return wire;
}

void
EncodeGymBox(const GymBoxData& data, const GymBoxSpace& space, GymWriter& writer)
{
    if (data.GetDtype() != space.GetDtype())
    {
        throw GymError(std::string(" is of ") + GymDtypeName(data.GetDtype()) + ", its space of " +
                       GymDtypeName(space.GetDtype()));
    }
    if (data.GetSize() != space.GetSize())
    {
        throw GymError(" has " + std::to_string(data.GetSize()) + " numbers, its space has shape " +
                       ShapeText(space.GetShape()));
    }
    using Box = pb::BoxDataContainer;
    std::visit(
        [&writer](const auto& values) {
            using T = typename std::decay_t<decltype(values)>::value_type;
            constexpr int FIELD = std::is_same_v<T, int32_t>    ? Box::kIntDataFieldNumber
                                  : std::is_same_v<T, uint32_t> ? Box::kUintDataFieldNumber
                                  : std::is_same_v<T, float>    ? Box::kFloatDataFieldNumber
                                                                : Box::kDoubleDataFieldNumber;
            writer.AddNumbers(FIELD, values);
        },
        data.GetValues());
    writer.AddNumbers(Box::kShapeFieldNumber, space.GetShape());
    writer.AddNumber(Box::kDtypeFieldNumber, ToWire(data.GetDtype()));
}

Ptr<const GymData>
DecodeGymBox(const pb::BoxDataContainer& box, const GymBoxSpace& space, const std::string& path)
{
    const int fields = !box.intdata().empty() + !box.uintdata().empty() + !box.floatdata().empty() +
                       !box.doubledata().empty();
    if (fields > 1)
    {
        throw GymError(
            path + " has numbers in " + std::to_string(fields) +
            " of the fields intData, uintData, floatData and doubleData, allowed is one");
    }
    CheckDtype(box, path);
    CheckShape(box, space, path);
    if (!box.intdata().empty())
    {
        return ReadField(box.intdata(), space, path);
    }
    if (!box.uintdata().empty())
    {
        return ReadField(box.uintdata(), space, path);
    }
    if (!box.floatdata().empty())
    {
        return ReadField(box.floatdata(), space, path);
    }
    return ReadField(box.doubledata(), space, path);
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "gym-codec.h"

#include "gym-box-codec.h"
#include "gym-error.h"
#include "gym-message.h"
#include "gym-names.h"

namespace ns3
{

namespace
{

namespace pb = ns3opengym;

/// Deepest nesting of spaces. Each level is an Any of its own, so protobuf's own limit never bites.
constexpr int MAX_DEPTH = 32;

/**
 * @brief Unpack the message inside a container.
 * @tparam T the message that the container's type announces
 * @param container the container
 * @param path what it is, for errors
 * @param maxElements largest number of elements, or of numbers, that its space has use for
 * @return the message
 * @throws GymError if it is another message or malformed
 */
template <typename T>
T
Unpack(const pb::DataContainer& container, const std::string& path, std::size_t maxElements = 1)
{
    const auto& any = container.data();
    if (!any.Is<T>())
    {
        throw GymError(path + " should hold a " + std::string(T::descriptor()->full_name()) +
                       " but holds '" + std::string(any.type_url()) + "'");
    }
    T message;
    ParseGymMessage(any.value().data(), any.value().size(), message, path, maxElements);
    return message;
}

/**
 * @brief Pack a message.
 * @param message the message
 * @param any where to pack it
 * @param path what it is, for errors
 * @throws GymError if it is larger than protobuf can hold
 */
void
Pack(const google::protobuf::Message& message, google::protobuf::Any* any, const std::string& path)
{
    if (!any->PackFrom(message))
    {
        throw GymError(path + " is too large for a message");
    }
}

/**
 * @brief Describe a space that may be nested.
 * @param space the space
 * @param description where to describe it
 * @param path what it is, for errors
 * @param flat whether to describe Boxes in one dimension
 * @param depth how many spaces it is inside of
 */
void
Describe(const Ptr<const GymSpace>& space,
         pb::SpaceDescription& description,
         const std::string& path,
         bool flat,
         int depth)
{
    if (!space)
    {
        throw GymError(path + " has no space");
    }
    if (depth > MAX_DEPTH)
    {
        throw GymError(path + " nests more than " + std::to_string(MAX_DEPTH) + " spaces");
    }
    description.set_type(GymKindToWire(space->GetKind()));
    switch (space->GetKind())
    {
    case GymKind::DISCRETE:
    {
        pb::DiscreteSpace wire;
        wire.set_n(static_cast<const GymDiscreteSpace&>(*space).GetN());
        Pack(wire, description.mutable_space(), path);
        break;
    }
    case GymKind::BOX:
    {
        Pack(DescribeGymBox(static_cast<const GymBoxSpace&>(*space), flat),
             description.mutable_space(),
             path);
        break;
    }
    case GymKind::TUPLE:
    {
        pb::TupleSpace wire;
        for (const auto& element : static_cast<const GymTupleSpace&>(*space).GetElements())
        {
            const auto elementPath = GymElementPath(path, wire.element_size());
            Describe(element, *wire.add_element(), elementPath, flat, depth + 1);
        }
        Pack(wire, description.mutable_space(), path);
        break;
    }
    case GymKind::DICT:
    {
        pb::DictSpace wire;
        for (const auto& [key, entry] : static_cast<const GymDictSpace&>(*space).GetEntries())
        {
            auto* element = wire.add_element();
            element->set_name(key);
            Describe(entry, *element, GymEntryPath(path, key), flat, depth + 1);
        }
        Pack(wire, description.mutable_space(), path);
        break;
    }
    }
}

/**
 * @brief Unpack a Discrete.
 * @param value the number on the wire
 * @param space its space
 * @param path what it is, for errors
 * @return the Discrete
 */
Ptr<const GymData>
DecodeDiscrete(int32_t value, const GymDiscreteSpace& space, const std::string& path)
{
    if (value < 0 || value >= space.GetN())
    {
        throw GymError(path + " is " + std::to_string(value) + ", allowed is 0 .. " +
                       std::to_string(space.GetN() - 1));
    }
    return Create<GymDiscreteData>(value);
}

/**
 * @brief Unpack a Tuple.
 * @param wire the packed Tuple
 * @param space its space
 * @param path what it is, for errors
 * @return the Tuple
 */
Ptr<const GymData>
DecodeTuple(const pb::TupleDataContainer& wire, const GymTupleSpace& space, const std::string& path)
{
    const auto& spaces = space.GetElements();
    if (static_cast<std::size_t>(wire.element_size()) != spaces.size())
    {
        throw GymError(path + " has " + std::to_string(wire.element_size()) +
                       " elements, its space has " + std::to_string(spaces.size()));
    }
    auto data = Create<GymTupleData>();
    for (int i = 0; i < wire.element_size(); ++i)
    {
        data->Add(DecodeGymData(wire.element(i), *spaces[i], GymElementPath(path, i)));
    }
    return data;
}

/**
 * @brief Unpack a Dict.
 * @param wire the packed Dict
 * @param space its space
 * @param path what it is, for errors
 * @return the Dict
 */
Ptr<const GymData>
DecodeDict(const pb::DictDataContainer& wire, const GymDictSpace& space, const std::string& path)
{
    auto data = Create<GymDictData>();
    for (const auto& element : wire.element())
    {
        const auto entryPath = GymEntryPath(path, element.name());
        const auto entrySpace = space.Find(element.name());
        if (!entrySpace)
        {
            std::string known;
            for (const auto& [key, ignored] : space.GetEntries())
            {
                known += (known.empty() ? "'" : ", '") + key + "'";
            }
            throw GymError(entryPath + " is not in its space, which has " + known);
        }
        if (data->Find(element.name()))
        {
            throw GymError(entryPath + " is there twice");
        }
        data->Add(element.name(), DecodeGymData(element, *entrySpace, entryPath));
    }
    return data;
}

} // namespace

void
DescribeGymSpace(const Ptr<const GymSpace>& space,
                 pb::SpaceDescription& description,
                 const std::string& path,
                 bool flat)
{
    Describe(space, description, path, flat, 1);
}

Ptr<const GymData>
DecodeGymData(const pb::DataContainer& container, const GymSpace& space, const std::string& path)
{
    if (container.type() != GymKindToWire(space.GetKind()))
    {
        throw GymError(path + " is of type " + GymTypeName(container.type()) + ", its space is a " +
                       GymTypeName(GymKindToWire(space.GetKind())));
    }
    switch (space.GetKind())
    {
    case GymKind::DISCRETE:
        return DecodeDiscrete(Unpack<pb::DiscreteDataContainer>(container, path).data(),
                              static_cast<const GymDiscreteSpace&>(space),
                              path);
    case GymKind::BOX:
    {
        const auto& box = static_cast<const GymBoxSpace&>(space);
        return DecodeGymBox(Unpack<pb::BoxDataContainer>(container, path, box.GetSize()),
                            box,
                            path);
    }
    case GymKind::TUPLE:
    {
        const auto& tuple = static_cast<const GymTupleSpace&>(space);
        const auto n = tuple.GetElements().size();
        return DecodeTuple(Unpack<pb::TupleDataContainer>(container, path, n), tuple, path);
    }
    default:
    {
        const auto& dict = static_cast<const GymDictSpace&>(space);
        const auto n = dict.GetEntries().size();
        return DecodeDict(Unpack<pb::DictDataContainer>(container, path, n), dict, path);
    }
    }
}

} // namespace ns3

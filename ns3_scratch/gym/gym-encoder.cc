// SPDX-License-Identifier: GPL-2.0-only
//
// The half of gym-codec.h that runs at each state.

#include "gym-box-codec.h"
#include "gym-codec.h"
#include "gym-error.h"
#include "gym-names.h"

#include <array>
#include <string_view>

namespace ns3
{

namespace
{

namespace pb = ns3opengym;

/**
 * @brief Type URL of the message that an Any holds.
 * @param kind kind of the data
 * @return the type URL
 */
const std::string&
TypeUrl(GymKind kind)
{
    static const auto name = [](const google::protobuf::Descriptor* message) {
        return "type.googleapis.com/" + std::string(message->full_name());
    };
    static const std::array<std::string, 4> urls{name(pb::DiscreteDataContainer::descriptor()),
                                                 name(pb::BoxDataContainer::descriptor()),
                                                 name(pb::TupleDataContainer::descriptor()),
                                                 name(pb::DictDataContainer::descriptor())};
    return urls[static_cast<std::size_t>(kind)];
}

void WriteContainer(const GymData* data,
                    const GymSpace& space,
                    GymWriter& writer,
                    std::string_view name);

/**
 * @brief Write a Tuple, last element first.
 *
 * An error gets to know where it happened on its way out: a path that is not needed costs nothing.
 *
 * @param data the Tuple
 * @param space its space
 * @param writer where to write the TupleDataContainer
 */
void
WriteTuple(const GymTupleData& data, const GymTupleSpace& space, GymWriter& writer)
{
    const auto& elements = data.GetElements();
    const auto& spaces = space.GetElements();
    if (elements.size() != spaces.size())
    {
        throw GymError(" has " + std::to_string(elements.size()) + " elements, its space has " +
                       std::to_string(spaces.size()));
    }
    for (std::size_t i = elements.size(); i-- > 0;)
    {
        const auto end = writer.GetSize();
        try
        {
            WriteContainer(PeekPointer(elements[i]), *spaces[i], writer, "");
        }
        catch (const GymError& error)
        {
            throw GymError(GymElementPath("", i) + error.what());
        }
        writer.CloseField(pb::TupleDataContainer::kElementFieldNumber, end);
    }
}

/**
 * @brief Write a Dict in the order of its space, last entry first.
 * @param data the Dict
 * @param space its space
 * @param writer where to write the DictDataContainer
 */
void
WriteDict(const GymDictData& data, const GymDictSpace& space, GymWriter& writer)
{
    const auto& spaces = space.GetEntries();
    for (auto entry = spaces.rbegin(); entry != spaces.rend(); ++entry)
    {
        const auto end = writer.GetSize();
        try
        {
            WriteContainer(PeekPointer(data.Find(entry->first)),
                           *entry->second,
                           writer,
                           entry->first);
        }
        catch (const GymError& error)
        {
            throw GymError(GymEntryPath("", entry->first) + error.what());
        }
        writer.CloseField(pb::DictDataContainer::kElementFieldNumber, end);
    }
    if (data.GetEntries().size() > spaces.size()) // keys are unique, and all of the space are there
    {
        for (const auto& [key, ignored] : data.GetEntries())
        {
            if (!space.Find(key))
            {
                throw GymError(GymEntryPath("", key) + " is not in its space");
            }
        }
    }
}

/**
 * @brief Write data of any kind.
 * @param data the data, null if it is missing
 * @param space its space
 * @param writer where to write the DataContainer
 * @param name its key if it is an entry of a Dict, else empty
 * @throws GymError whose text goes on after what the data is called
 */
void
WriteContainer(const GymData* data, const GymSpace& space, GymWriter& writer, std::string_view name)
{
    if (!data)
    {
        throw GymError(" is missing");
    }
    if (data->GetKind() != space.GetKind())
    {
        throw GymError(" is a " + GymTypeName(GymKindToWire(data->GetKind())) +
                       ", its space is a " + GymTypeName(GymKindToWire(space.GetKind())));
    }
    writer.AddText(pb::DataContainer::kNameFieldNumber, name);
    const auto anyEnd = writer.GetSize();
    switch (data->GetKind())
    {
    case GymKind::DISCRETE:
        writer.AddNumber(pb::DiscreteDataContainer::kDataFieldNumber,
                         static_cast<const GymDiscreteData&>(*data).GetValue());
        break;
    case GymKind::BOX:
        EncodeGymBox(static_cast<const GymBoxData&>(*data),
                     static_cast<const GymBoxSpace&>(space),
                     writer);
        break;
    case GymKind::TUPLE:
        WriteTuple(static_cast<const GymTupleData&>(*data),
                   static_cast<const GymTupleSpace&>(space),
                   writer);
        break;
    case GymKind::DICT:
        WriteDict(static_cast<const GymDictData&>(*data),
                  static_cast<const GymDictSpace&>(space),
                  writer);
        break;
    }
    if (writer.GetSize() > anyEnd)
    {
        writer.CloseField(google::protobuf::Any::kValueFieldNumber, anyEnd);
    }
    writer.AddText(google::protobuf::Any::kTypeUrlFieldNumber, TypeUrl(data->GetKind()));
    writer.CloseField(pb::DataContainer::kDataFieldNumber, anyEnd);
    writer.AddNumber(pb::DataContainer::kTypeFieldNumber, GymKindToWire(data->GetKind()));
}

} // namespace

void
EncodeGymData(const Ptr<const GymData>& data,
              const GymSpace& space,
              GymWriter& writer,
              const std::string& path)
{
    try
    {
        WriteContainer(PeekPointer(data), space, writer, "");
    }
    catch (const GymError& error)
    {
        throw GymError(path + error.what());
    }
}

} // namespace ns3

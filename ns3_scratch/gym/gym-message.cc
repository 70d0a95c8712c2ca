// SPDX-License-Identifier: GPL-2.0-only

#include "gym-message.h"

#include "gym-error.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdint>
#include <limits>

namespace ns3
{

namespace
{

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

/// Longest name of an entry, bytes.
constexpr int MAX_NAME = 255;

/// Most dimensions of a Box.
constexpr std::size_t MAX_RANK = 32;

/** @brief Holds a message against the rules before it is parsed. */
class Examiner
{
  public:
    /**
     * @param bytes the message
     * @param size number of bytes
     * @param path what it is, for errors
     * @param maxElements largest number of elements, or of numbers
     */
    Examiner(const void* bytes, std::size_t size, const std::string& path, std::size_t maxElements)
        : m_in{static_cast<const uint8_t*>(bytes), static_cast<int>(size)},
          m_path{path},
          m_maxElements{maxElements}
    {
    }

    /**
     * @brief Examine the message, or what is left of one inside it.
     * @param type what it is
     * @return false if it is malformed
     * @throws GymError if it breaks a rule
     */
    bool Examine(const Descriptor& type)
    {
        std::size_t dimensions = 0;
        std::size_t elements = 0;
        while (const auto tag = m_in.ReadTag())
        {
            const auto* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
            const auto wireType = WireFormatLite::GetTagWireType(tag);
            if (wireType == WireFormatLite::WIRETYPE_START_GROUP ||
                wireType == WireFormatLite::WIRETYPE_END_GROUP)
            {
                return false; // these messages have none
            }
            if (!field)
            {
                if (!WireFormatLite::SkipField(&m_in, tag))
                {
                    return false;
                }
                continue;
            }
            const bool isShape = field->name() == "shape";
            auto& count = isShape ? dimensions : elements;
            if (!ExamineField(*field, wireType, count))
            {
                return false;
            }
            const auto allowed = isShape ? MAX_RANK : m_maxElements;
            if (count > allowed)
            {
                throw GymError(m_path + " has " + std::to_string(count) +
                               (isShape ? " dimensions" : " elements or numbers") +
                               ", allowed are " + std::to_string(allowed));
            }
        }
        return m_in.ConsumedEntireMessage() || m_in.BytesUntilLimit() == 0;
    }

  private:
    /**
     * @brief Examine a field.
     * @param field which
     * @param wireType how it is sent
     * @param count counts the elements of repeated fields
     * @return false if it is malformed
     */
    bool ExamineField(const FieldDescriptor& field,
                      WireFormatLite::WireType wireType,
                      std::size_t& count)
    {
        const auto natural = WireFormatLite::WireTypeForFieldType(
            static_cast<WireFormatLite::FieldType>(field.type()));
        const bool isPacked =
            field.is_packable() && wireType == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
        if (wireType != natural && !isPacked)
        {
            throw GymError(m_path + " is not a valid " +
                           std::string(field.containing_type()->name()) + ": field " +
                           std::to_string(field.number()) +
                           " does not belong there, or not with that type");
        }
        if (isPacked)
        {
            return ExaminePacked(field, natural, count);
        }
        count += field.is_repeated();
        switch (wireType)
        {
        case WireFormatLite::WIRETYPE_VARINT:
            return ExamineVarint(field);
        case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
            return ExamineContent(field);
        default:
            return m_in.Skip(wireType == WireFormatLite::WIRETYPE_FIXED32 ? 4 : 8);
        }
    }

    /** @brief Examine numbers that are sent as one field; arguments as ExamineField's. */
    bool ExaminePacked(const FieldDescriptor& field,
                       WireFormatLite::WireType natural,
                       std::size_t& count)
    {
        uint32_t size = 0;
        if (!m_in.ReadVarint32(&size) ||
            size > static_cast<uint32_t>(m_in.BytesUntilTotalBytesLimit()))
        {
            return false;
        }
        if (natural != WireFormatLite::WIRETYPE_VARINT)
        {
            const std::size_t width = natural == WireFormatLite::WIRETYPE_FIXED32 ? 4 : 8;
            count += size / width;
            return size % width == 0 && m_in.Skip(static_cast<int>(size));
        }
        const auto limit = m_in.PushLimit(static_cast<int>(size));
        while (m_in.BytesUntilLimit() > 0)
        {
            ++count;
            if (!ExamineVarint(field))
            {
                return false;
            }
        }
        m_in.PopLimit(limit);
        return true;
    }

    /**
     * @brief Examine a number.
     * @param field its field
     * @return false if it is malformed
     */
    bool ExamineVarint(const FieldDescriptor& field)
    {
        uint64_t number = 0;
        if (!m_in.ReadVarint64(&number))
        {
            return false;
        }
        const bool isUnsigned = field.type() == FieldDescriptor::TYPE_UINT32;
        const bool isSigned = field.type() == FieldDescriptor::TYPE_INT32 ||
                              field.type() == FieldDescriptor::TYPE_ENUM;
        const auto value = static_cast<int64_t>(number);
        if ((isUnsigned && number > std::numeric_limits<uint32_t>::max()) ||
            (isSigned && (value < std::numeric_limits<int32_t>::min() ||
                          value > std::numeric_limits<int32_t>::max())))
        {
            throw GymError(m_path + " has the number " +
                           (isUnsigned ? std::to_string(number) : std::to_string(value)) + " in " +
                           std::string(field.name()) + ", allowed are " +
                           (isUnsigned ? "uint32" : "int32"));
        }
        return true;
    }

    /**
     * @brief Examine a text, bytes or a message.
     * @param field its field
     * @return false if it is malformed
     */
    bool ExamineContent(const FieldDescriptor& field)
    {
        uint32_t size = 0;
        if (!m_in.ReadVarint32(&size) ||
            size > static_cast<uint32_t>(m_in.BytesUntilTotalBytesLimit()))
        {
            return false;
        }
        if (field.type() == FieldDescriptor::TYPE_MESSAGE)
        {
            const auto limit = m_in.PushLimit(static_cast<int>(size));
            const bool isWhole = Examine(*field.message_type());
            m_in.PopLimit(limit);
            return isWhole;
        }
        if (field.name() == "name" && size > MAX_NAME)
        {
            throw GymError(m_path + " has a name of " + std::to_string(size) +
                           " bytes, allowed are " + std::to_string(MAX_NAME));
        }
        return m_in.Skip(static_cast<int>(size));
    }

    google::protobuf::io::CodedInputStream m_in; //!< the message
    const std::string& m_path;                   //!< what it is
    std::size_t m_maxElements;                   //!< largest number of elements, or of numbers
};

} // namespace

void
ParseGymMessage(const void* bytes,
                std::size_t size,
                google::protobuf::Message& message,
                const std::string& path,
                std::size_t maxElements)
{
    Examiner examiner(bytes, size, path, maxElements);
    if (!examiner.Examine(*message.GetDescriptor()) ||
        !message.ParseFromArray(bytes, static_cast<int>(size)))
    {
        throw GymError(path + ", " + std::to_string(size) + " bytes, is not a valid " +
                       std::string(message.GetDescriptor()->name()) + ": malformed or truncated");
    }
}

} // namespace ns3

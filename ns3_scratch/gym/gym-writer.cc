// SPDX-License-Identifier: GPL-2.0-only

#include "gym-writer.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// How a field lies on the wire, the lower three bits of its tag.
enum WireType : uint8_t
{
    VARINT = 0,
    DELIMITED = 2,
    FIXED32 = 5
};

} // namespace

void
GymWriter::Clear()
{
    m_begin = m_memory.size();
}

std::string_view
GymWriter::GetMessage() const
{
    return {m_memory.data() + m_begin, GetSize()};
}

std::size_t
GymWriter::GetSize() const
{
    return m_memory.size() - m_begin;
}

void
GymWriter::Reserve(std::size_t size)
{
    if (size <= m_begin)
    {
        return;
    }
    const auto written = GetSize();
    std::vector<char> larger(2 * (written + size));
    std::copy_backward(m_memory.end() - written, m_memory.end(), larger.end());
    m_memory = std::move(larger);
    m_begin = m_memory.size() - written;
}

void
GymWriter::AddBytes(const void* bytes, std::size_t size)
{
    Reserve(size);
    m_begin -= size;
    if (size > 0)
    {
        std::memcpy(m_memory.data() + m_begin, bytes, size);
    }
}

void
GymWriter::AddVarint(uint64_t number)
{
    Reserve(MAX_VARINT);
    PutVarint(number);
}

void
GymWriter::AddNumber(int field, uint64_t number)
{
    if (number != 0)
    {
        AddVarint(number);
        AddVarint(field << 3 | VARINT);
    }
}

void
GymWriter::AddFloat(int field, float number)
{
    uint32_t bits = 0;
    std::memcpy(&bits, &number, sizeof(bits));
    if (bits != 0) // the negative zero is sent
    {
        AddBytes(&bits, sizeof(bits));
        AddVarint(field << 3 | FIXED32);
    }
}

void
GymWriter::AddText(int field, std::string_view text)
{
    if (!text.empty())
    {
        const auto since = GetSize();
        AddBytes(text.data(), text.size());
        CloseField(field, since);
    }
}

void
GymWriter::CloseField(int field, std::size_t since)
{
    AddVarint(GetSize() - since);
    AddVarint(field << 3 | DELIMITED);
}

} // namespace ns3

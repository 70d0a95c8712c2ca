// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_WRITER_H
#define GYM_WRITER_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "numbers are sent as they lie in memory, the wire is little-endian");

namespace ns3
{

/**
 * @brief Writes a protobuf message from its end to its beginning.
 *
 * Protobuf puts the length of a field before its content. Backwards, the length is known when its
 * turn comes, however deep messages nest: every byte is written once, to its place, into memory
 * that is kept from message to message. So fields are added last one first, and what is to lie in a
 * field before the field:
 *
 * @code
 *   const auto end = writer.GetSize();
 *   writer.AddBytes(text.data(), text.size());
 *   writer.CloseField(5, end); // field 5 is the text
 * @endcode
 *
 * Fields that are zero or empty are left out, as protobuf (proto3) does.
 */
class GymWriter
{
  public:
    /** @brief Start a new message. */
    void Clear();

    /** @return the message; valid until something is added */
    std::string_view GetMessage() const;

    /** @return bytes written so far */
    std::size_t GetSize() const;

    /**
     * @brief Add bytes before all others.
     * @param bytes the bytes
     * @param size how many
     */
    void AddBytes(const void* bytes, std::size_t size);

    /**
     * @brief Add a number of variable length (7 bits a byte) before all bytes.
     * @param number the number
     */
    void AddVarint(uint64_t number);

    /**
     * @brief Add a field that holds a number; none if it is zero.
     * @param field its number in the message
     * @param number the number
     */
    void AddNumber(int field, uint64_t number);

    /**
     * @brief Add a field that holds a number of single precision; none if it is zero.
     * @param field its number in the message
     * @param number the number
     */
    void AddFloat(int field, float number);

    /**
     * @brief Add a field that holds text; none if it is empty.
     * @param field its number in the message
     * @param text the text
     */
    void AddText(int field, std::string_view text);

    /**
     * @brief Add a field that holds numbers, packed; none if there are none.
     * @tparam T number type
     * @param field its number in the message
     * @param numbers the numbers
     */
    template <typename T>
    void AddNumbers(int field, const std::vector<T>& numbers);

    /**
     * @brief Make a field of what was added since.
     * @param field its number in the message
     * @param since GetSize() of before
     */
    void CloseField(int field, std::size_t since);

  private:
    /// Longest varint, bytes.
    static constexpr std::size_t MAX_VARINT = 10;

    /**
     * @brief Make room before the first byte.
     * @param size bytes that are to be added
     */
    void Reserve(std::size_t size);

    /**
     * @brief Add a varint where there is room for it.
     * @param number the number
     */
    void PutVarint(uint64_t number);

    std::vector<char> m_memory; //!< the message lies at its end
    std::size_t m_begin{0};     //!< where it begins
};

inline void
GymWriter::PutVarint(uint64_t number)
{
    if (number < 0x80)
    {
        m_memory[--m_begin] = static_cast<char>(number);
        return;
    }
    std::size_t size = 1;
    for (auto rest = number >> 7; rest > 0; rest >>= 7)
    {
        ++size;
    }
    m_begin -= size;
    for (auto at = m_begin; size > 0; --size, number >>= 7)
    {
        m_memory[at++] = static_cast<char>((number & 0x7f) | (size > 1 ? 0x80 : 0));
    }
}

template <typename T>
void
GymWriter::AddNumbers(int field, const std::vector<T>& numbers)
{
    if (numbers.empty())
    {
        return;
    }
    const auto since = GetSize();
    if constexpr (std::is_floating_point_v<T>)
    {
        AddBytes(numbers.data(), numbers.size() * sizeof(T));
    }
    else
    {
        uint32_t bits = 0;
        for (const auto number : numbers)
        {
            bits |= static_cast<uint32_t>(number);
        }
        if (bits < 0x80) // each takes one byte: the rule for counts and indices
        {
            Reserve(numbers.size());
            m_begin -= numbers.size();
            char* to = m_memory.data() + m_begin;
            for (const auto number : numbers)
            {
                *to++ = static_cast<char>(number);
            }
        }
        else
        {
            Reserve(numbers.size() * MAX_VARINT);
            for (auto number = numbers.rbegin(); number != numbers.rend(); ++number)
            {
                // Negative ones are extended to 64 bits: protobuf's way.
                PutVarint(static_cast<uint64_t>(static_cast<int64_t>(*number)));
            }
        }
    }
    CloseField(field, since);
}

} // namespace ns3

#endif // GYM_WRITER_H

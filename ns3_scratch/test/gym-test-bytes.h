// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_TEST_BYTES_H
#define GYM_TEST_BYTES_H

#include <string>

/**
 * @file
 * @brief Wire bytes put together by hand, so that tests do not ask protobuf what protobuf should
 * say.
 */

namespace ns3
{

/**
 * @brief A length-delimited field.
 * @param number field number, below 16
 * @param bytes what it holds, below 2^14 bytes
 * @return its bytes
 */
inline std::string
WireField(int number, const std::string& bytes)
{
    const auto size = bytes.size();
    std::string head{static_cast<char>(number << 3 | 2)};
    if (size < 128)
    {
        head += static_cast<char>(size);
    }
    else
    {
        head += static_cast<char>(size % 128 | 128);
        head += static_cast<char>(size / 128);
    }
    return head + bytes;
}

/**
 * @brief A field of a small non-negative integer, boolean or enumerator.
 * @param number field number, below 16
 * @param value its value, below 128
 * @return its bytes
 */
inline std::string
WireNumber(int number, int value)
{
    return {static_cast<char>(number << 3), static_cast<char>(value)};
}

/**
 * @brief A SpaceDescription or DataContainer.
 * @param type the SpaceType's number
 * @param message name of the message inside
 * @param bytes the message inside
 * @param key its key if it is in a Dict
 * @return its bytes
 */
inline std::string
WireContainer(int type,
              const std::string& message,
              const std::string& bytes,
              const std::string& key = "")
{
    const std::string any =
        WireField(1, "type.googleapis.com/ns3opengym." + message) + WireField(2, bytes);
    return WireNumber(1, type) + WireField(2, any) + (key.empty() ? "" : WireField(3, key));
}

} // namespace ns3

#endif // GYM_TEST_BYTES_H

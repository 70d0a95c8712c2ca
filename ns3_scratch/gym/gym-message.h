// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_MESSAGE_H
#define GYM_MESSAGE_H

#include <google/protobuf/message.h>

#include <cstddef>
#include <string>

namespace ns3
{

/**
 * @brief Parse a message more strictly than protobuf does.
 *
 * Fields that the message does not have are those of a later version, and skipped. Refused are its
 * own fields with another type, for those are another message's, which protobuf takes for unknown;
 * integers beyond their 32 bits, which protobuf cuts; and, before memory is spent on them, names of
 * more than 255 bytes, more than 32 dimensions, and more elements than there is use for.
 * pyagents/wire/protocol/strictness.py has the same rules.
 *
 * @param bytes the message
 * @param size number of bytes
 * @param message where to parse it
 * @param path what it is, for errors
 * @param maxElements largest number of elements, or of numbers, that it may hold
 * @throws GymError if it is malformed or breaks a rule
 */
void ParseGymMessage(const void* bytes,
                     std::size_t size,
                     google::protobuf::Message& message,
                     const std::string& path,
                     std::size_t maxElements = 1);

} // namespace ns3

#endif // GYM_MESSAGE_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_NAMES_H
#define GYM_NAMES_H

#include "gym-space.h"

#include <messages.pb.h>

#include <cstddef>
#include <string>

/**
 * @file
 * @brief What kinds, entries and elements are called, on the wire and in messages.
 */

namespace ns3
{

/**
 * @brief A kind as the wire numbers it.
 * @param kind the kind
 * @return the wire's enumerator
 */
ns3opengym::SpaceType GymKindToWire(GymKind kind);

/**
 * @brief A kind as it is called in messages.
 * @param type the wire's enumerator, which a peer may have set to any number
 * @return its name, or its number if it has none
 */
std::string GymTypeName(ns3opengym::SpaceType type);

/**
 * @brief Name an entry of a Dict.
 * @param path what the Dict is
 * @param key the entry's key
 * @return such as action['channel']
 */
std::string GymEntryPath(const std::string& path, const std::string& key);

/**
 * @brief Name an element of a Tuple.
 * @param path what the Tuple is
 * @param index the element's index
 * @return such as action[2]
 */
std::string GymElementPath(const std::string& path, std::size_t index);

} // namespace ns3

#endif // GYM_NAMES_H

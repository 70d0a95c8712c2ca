// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_CODEC_H
#define GYM_CODEC_H

#include "gym-data.h"
#include "gym-space.h"
#include "gym-writer.h"

#include <messages.pb.h>

#include <cstddef>
#include <string>

/**
 * @file
 * @brief Between the scenario's spaces and data and the messages on the wire.
 */

namespace ns3
{

/**
 * @brief Describe a space.
 * @param space the space
 * @param description where to describe it
 * @param path what it is, for errors
 * @param flat whether to describe Boxes in one dimension: a stock agent packs no other actions
 * @throws GymError if spaces nest more than 32 deep or one is null
 */
void DescribeGymSpace(const Ptr<const GymSpace>& space,
                      ns3opengym::SpaceDescription& description,
                      const std::string& path,
                      bool flat = false);

/**
 * @brief Write data.
 * @param data the data
 * @param space the space it belongs to
 * @param writer where to write the DataContainer
 * @param path what it is, for errors
 * @throws GymError if a kind, key, size or number type is not that of the space
 */
void EncodeGymData(const Ptr<const GymData>& data,
                   const GymSpace& space,
                   GymWriter& writer,
                   const std::string& path);

/**
 * @brief Unpack data and hold it against its space.
 *
 * A Box may come flat or in its space's shape, and its numbers in any one of the four data fields:
 * they are converted to the number type of the space. A Dict may leave entries out.
 *
 * @param container the packed data
 * @param space the space it belongs to
 * @param path what it is, for errors
 * @return the data
 * @throws GymError if it is malformed or not in the space
 */
Ptr<const GymData> DecodeGymData(const ns3opengym::DataContainer& container,
                                 const GymSpace& space,
                                 const std::string& path);

} // namespace ns3

#endif // GYM_CODEC_H

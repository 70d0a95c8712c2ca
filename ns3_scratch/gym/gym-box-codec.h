// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_BOX_CODEC_H
#define GYM_BOX_CODEC_H

#include "gym-data.h"
#include "gym-space.h"
#include "gym-writer.h"

#include <messages.pb.h>

#include <string>

namespace ns3
{

/**
 * @brief Describe a Box space.
 * @param space the space
 * @param flat whether to describe it in one dimension
 * @return its description
 */
ns3opengym::BoxSpace DescribeGymBox(const GymBoxSpace& space, bool flat);

/**
 * @brief Write a Box, in the shape of its space.
 * @param data the Box
 * @param space its space
 * @param writer where to write the BoxDataContainer
 * @throws GymError if its size or number type is not that of the space; the text goes on after what
 * the Box is called
 */
void EncodeGymBox(const GymBoxData& data, const GymBoxSpace& space, GymWriter& writer);

/**
 * @brief Unpack a Box and hold it against its space, as DecodeGymData tells.
 * @param box the packed Box
 * @param space its space
 * @param path what it is, for errors
 * @return the Box, of the number type of the space
 * @throws GymError if its shape, its size or one of its numbers is not in the space
 */
Ptr<const GymData> DecodeGymBox(const ns3opengym::BoxDataContainer& box,
                                const GymBoxSpace& space,
                                const std::string& path);

} // namespace ns3

#endif // GYM_BOX_CODEC_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_KEYS_H
#define GYM_KEYS_H

#include <string>

namespace ns3
{

/**
 * @brief What a scenario needs to speak to its agent by CURVE, libzmq's encryption (zmq_curve(7)):
 * the agent's public key, by which it knows the agent, and its own pair, by which the agent knows
 * it. Each is 40 characters of Z85 (ZeroMQ RFC 32).
 */
struct GymKeys
{
    std::string agentPublic;    //!< whom it speaks to
    std::string scenarioPublic; //!< as whom
    std::string scenarioSecret; //!< what proves that
};

/**
 * @brief Read the keys that `nru keys` has made.
 * @param folder holds agent.public, scenario.public and scenario.secret
 * @return the keys
 * @throws GymError if one is missing or is no key, or if others than its owner can read the secret
 */
GymKeys ReadGymKeys(const std::string& folder);

} // namespace ns3

#endif // GYM_KEYS_H

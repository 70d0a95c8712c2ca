// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_ERROR_H
#define GYM_ERROR_H

#include <stdexcept>

namespace ns3
{

/**
 * @brief Anything that ends a session with the agent: a peer that is gone or silent, a message or a
 * value that the protocol or a space does not allow.
 *
 * GymInterface catches it, also out of the scenario's own callbacks, prints its text on stderr and
 * ends the simulation; it never leaves GymInterface.
 */
class GymError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

} // namespace ns3

#endif // GYM_ERROR_H

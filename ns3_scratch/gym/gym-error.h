// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_ERROR_H
#define GYM_ERROR_H

#include <cstddef>
#include <stdexcept>
#include <string>

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
    /** @param text what is wrong; cut and made plain, for parts of it may be the peer's */
    explicit GymError(const std::string& text)
        : std::runtime_error(
              ToPlain(text.size() > MAX_TEXT ? text.substr(0, MAX_TEXT) + " ..." : text))
    {
    }

  private:
    /**
     * @param text a text
     * @return the same in one line, ? for what controls a terminal
     */
    static std::string ToPlain(std::string text)
    {
        for (auto& character : text)
        {
            const auto code = static_cast<unsigned char>(character);
            character = code < 0x20 || code == 0x7f ? '?' : character;
        }
        return text;
    }

    static constexpr std::size_t MAX_TEXT = 1000; //!< longest text, bytes
};

} // namespace ns3

#endif // GYM_ERROR_H

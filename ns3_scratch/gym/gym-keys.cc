// SPDX-License-Identifier: GPL-2.0-only

#include "gym-keys.h"

#include "gym-error.h"

#include <zmq.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace ns3
{

namespace
{

/// Bytes of a key of Curve25519.
constexpr std::size_t KEY_BYTES = 32;

/// Characters of a key in Z85: five for each four bytes.
constexpr std::size_t KEY_CHARACTERS = KEY_BYTES / 4 * 5;

/**
 * @brief Read a key.
 * @param path its file: the key alone on the first line
 * @return the key
 */
std::string
ReadKey(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::string key;
    if (!std::getline(file, key))
    {
        throw GymError("there is no key in " + path.string() + "; `nru keys` makes it");
    }
    std::array<uint8_t, KEY_BYTES> bytes;
    if (key.size() != KEY_CHARACTERS || !zmq_z85_decode(bytes.data(), key.c_str()))
    {
        throw GymError(path.string() + " holds no key, allowed are " +
                       std::to_string(KEY_CHARACTERS) + " characters of Z85 on the first line");
    }
    return key;
}

using std::filesystem::perms;

/**
 * @brief Whether others have rights to a file or a folder.
 * @param path where it is
 * @param rights theirs
 * @return whether they have one of them; not where nothing is there
 */
bool
IsOpen(const std::filesystem::path& path, perms rights)
{
    std::error_code absent;
    const auto mode = std::filesystem::status(path, absent).permissions();
    return !absent && (mode & rights) != perms::none;
}

/**
 * @brief Refuse a secret that is none, and keys that others can replace.
 * @param folder the folder of the keys
 */
void
CheckSecrecy(const std::filesystem::path& folder)
{
    if (IsOpen(folder, perms::group_write | perms::others_write))
    {
        throw GymError("others may write to " + folder.string() +
                       ", allowed is its owner alone (chmod go-w)");
    }
    const auto secret = folder / "scenario.secret";
    if (IsOpen(secret, perms::group_all | perms::others_all))
    {
        throw GymError(secret.string() + " is open to others, allowed is mode 0600 (chmod 600)");
    }
}

} // namespace

GymKeys
ReadGymKeys(const std::string& folder)
{
    const std::filesystem::path path(folder);
    CheckSecrecy(path);
    return {ReadKey(path / "agent.public"),
            ReadKey(path / "scenario.public"),
            ReadKey(path / "scenario.secret")};
}

} // namespace ns3

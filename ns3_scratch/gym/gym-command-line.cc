// SPDX-License-Identifier: GPL-2.0-only

#include "gym-command-line.h"

#include "ns3/rng-seed-manager.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

namespace ns3
{

namespace
{

/**
 * @brief Set the run number of the random streams.
 * @param text the number, as it stands on the command line
 * @return false if it is not a number of 64 bits
 */
bool
SetSimSeed(const std::string& text)
{
    uint64_t run = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, run);
    if (parsed.ec != std::errc{} || parsed.ptr != end)
    {
        return false;
    }
    RngSeedManager::SetRun(run);
    return true;
}

} // namespace

void
AddGymFlags(CommandLine& cmd)
{
    cmd.AddValue("openGymPort", "ns3::GymInterface::Port");
    cmd.AddValue("openGymEndpoint", "ns3::GymInterface::Endpoint");
    cmd.AddValue("openGymKeys", "ns3::GymInterface::Keys");
    cmd.AddValue("openGymTimeout", "ns3::GymInterface::ReplyTimeout");
    cmd.AddValue(
        "simSeed",
        "Run number of the random streams, 0 .. 2^64 - 1",
        [](const std::string& text) { return SetSimSeed(text); },
        std::to_string(RngSeedManager::GetRun()));
}

void
ParseStrictly(CommandLine& cmd, int argc, char* argv[])
{
    cmd.Parse(argc, argv);
    if (cmd.GetNExtraNonOptions() > 0)
    {
        std::cerr << cmd.GetName() << ": '" << cmd.GetExtraNonOption(0)
                  << "' is no flag, allowed is --NAME=VALUE" << std::endl;
        std::exit(2);
    }
}

} // namespace ns3

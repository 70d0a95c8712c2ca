// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_COMMAND_LINE_H
#define GYM_COMMAND_LINE_H

#include "ns3/command-line.h"

namespace ns3
{

/**
 * @brief Add the flags that an agent starts a scenario with.
 *
 * `--openGymPort`, `--openGymEndpoint` (wins over the port), `--openGymKeys` and `--openGymTimeout`
 * set the attributes of every GymInterface created after the command line is parsed; `--simSeed`
 * sets the run number of ns-3's random streams, as `--RngRun` does (the later of the two counts).
 *
 * @param cmd the command line, not parsed yet
 */
void AddGymFlags(CommandLine& cmd);

/**
 * @brief Parse the command line; end the program with code 2 at a word that is no flag and that it
 * did not ask for, which ns-3 passes over.
 *
 * @param cmd the command line
 * @param argc number of words
 * @param argv the words
 */
void ParseStrictly(CommandLine& cmd, int argc, char* argv[]);

} // namespace ns3

#endif // GYM_COMMAND_LINE_H

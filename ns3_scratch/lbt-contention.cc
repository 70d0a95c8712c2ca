// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * @brief Channel access in one collision domain, for comparison with other models.
 *
 * Nodes that all hear one another contend; the program prints one line of JSON: for each
 * technology the probability that a node starts to transmit in a virtual slot (Bianchi's tau), the
 * probability that such an attempt collides, and how the time was spent. Example:
 *
 *     lbt-contention --gnbs=5 --priorityClass=3 --duration=60s --seed=1
 */

#include "nru-contention-experiment.h"

#include "ns3/command-line.h"

#include <iomanip>
#include <iostream>

using namespace ns3;

namespace
{

/**
 * @brief Print what one technology achieved.
 * @param name the technology
 * @param nodes number of its nodes
 * @param outcome what it achieved
 */
void
Print(const std::string& name, uint32_t nodes, const NruContentionOutcome& outcome)
{
    std::cout << "\"" << name << "\": {\"nodes\": " << nodes << ", \"tau\": " << outcome.tau
              << ", \"p\": " << outcome.p << ", \"attempts\": " << outcome.attempts
              << ", \"throughput_mbps\": " << outcome.throughputMbps << "}, ";
}

} // namespace

int
main(int argc, char* argv[])
{
    NruContentionConfig config;
    CommandLine cmd(__FILE__);
    cmd.AddValue("gnbs", "Number of NR-U transmitters", config.nGnbs);
    cmd.AddValue("wifiPairs", "Number of Wi-Fi senders, each with a receiver", config.nWifiPairs);
    cmd.AddValue("priorityClass", "NR-U priority class, 1 to 4", config.priorityClass);
    cmd.AddValue("maxCwUses", "K of NR-U, 1 to 8; 0: never reset", config.maxCwUses);
    cmd.AddValue("saturated", "Every node always has something to send", config.saturated);
    cmd.AddValue("offeredLoad",
                 "Offered load of a node when not saturated, Mb/s",
                 config.offeredMbps);
    cmd.AddValue("loss", "Loss between any two nodes, dB", config.lossDb);
    cmd.AddValue("duration", "Simulated time counted", config.duration);
    cmd.AddValue("seed", "Seed", config.seed);
    cmd.AddValue("wifiStandard", "Wi-Fi standard, ax or a", config.wifiStandard);
    cmd.AddValue("wifiMcs", "HE MCS 0 to 11, or for a the rate in Mb/s", config.wifiMcs);
    cmd.AddValue("wifiPayload", "Wi-Fi payload, bytes", config.wifiPayloadBytes);
    cmd.Parse(argc, argv);
    if (cmd.GetNExtraNonOptions() > 0)
    {
        std::cerr << "lbt-contention: '" << cmd.GetExtraNonOption(0)
                  << "' is no flag, allowed is --NAME=VALUE" << std::endl;
        return 2;
    }

    const NruContentionResult result = RunNruContention(config);
    const NruMediumShares& shares = result.shares;
    std::cout << std::setprecision(6) << "{";
    Print("nru", config.nGnbs, result.nru);
    Print("wifi", config.nWifiPairs, result.wifi);
    std::cout << "\"airtime\": {\"nru_success\": " << shares.nruSuccess
              << ", \"nru_collision\": " << shares.nruCollision
              << ", \"wifi_success\": " << shares.wifiSuccess
              << ", \"wifi_collision\": " << shares.wifiCollision
              << ", \"cross_collision\": " << shares.crossCollision
              << ", \"defer\": " << shares.defer << ", \"idle\": " << shares.idle
              << "}, \"virtual_slots\": " << result.virtualSlots
              << ", \"priority_class\": " << config.priorityClass
              << ", \"duration_s\": " << config.duration.GetSeconds()
              << ", \"seed\": " << config.seed << "}" << std::endl;
    return 0;
}

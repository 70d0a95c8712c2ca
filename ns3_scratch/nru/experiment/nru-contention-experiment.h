// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CONTENTION_EXPERIMENT_H
#define NRU_CONTENTION_EXPERIMENT_H

#include "nru-medium-monitor.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <string>

namespace ns3
{

/**
 * @ingroup nru
 * @brief What contends in one collision domain.
 */
struct NruContentionConfig
{
    uint32_t nGnbs{2};               //!< NR-U transmitters
    uint32_t nWifiPairs{0};          //!< Wi-Fi senders, each with a receiver
    uint32_t priorityClass{3};       //!< channel access priority class of NR-U, 1 to 4
    uint32_t maxCwUses{8};           //!< K, 0 for never
    bool saturated{true};            //!< every node always has something to send
    double offeredMbps{10.0};        //!< offered load of a node when not saturated, Mb/s
    double lossDb{60.0};             //!< loss between any two nodes, dB
    Time duration{Seconds(10)};      //!< time counted
    uint32_t seed{1};                //!< run number of ns-3's random streams
    std::string wifiStandard{"ax"};  //!< "ax" or "a"
    uint32_t wifiMcs{7};             //!< HE MCS 0 to 11; for "a" the rate, 6 to 54 Mb/s
    uint32_t wifiPayloadBytes{1500}; //!< Wi-Fi payload above the MAC, bytes
};

/**
 * @ingroup nru
 * @brief Access of the nodes of one technology.
 */
struct NruContentionOutcome
{
    double tau{0.0};            //!< attempts of a node per virtual slot
    double p{0.0};              //!< share of attempts that collided
    uint64_t attempts{0};       //!< attempts of all nodes
    double throughputMbps{0.0}; //!< delivered by all nodes, Mb/s
};

/**
 * @ingroup nru
 * @brief What a contention experiment measured.
 */
struct NruContentionResult
{
    NruContentionOutcome nru;  //!< NR-U
    NruContentionOutcome wifi; //!< Wi-Fi
    NruMediumShares shares;    //!< how time was spent
    uint64_t virtualSlots{0};  //!< virtual slots
};

/**
 * @ingroup nru
 * @brief Let nodes that all hear one another equally well contend, and count.
 *
 * Creates, runs and destroys an ns-3 simulation.
 *
 * @param config what contends
 * @return what was measured
 */
NruContentionResult RunNruContention(const NruContentionConfig& config);

} // namespace ns3

#endif // NRU_CONTENTION_EXPERIMENT_H

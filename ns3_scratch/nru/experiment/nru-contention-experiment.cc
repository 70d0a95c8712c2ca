// SPDX-License-Identifier: GPL-2.0-only

#include "nru-contention-experiment.h"

#include "nru-contention-node.h"
#include "nru-wifi-pair.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/multi-model-spectrum-channel.h"
#include "ns3/node.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <vector>

namespace ns3
{

namespace
{

constexpr double CARRIER_HZ = 5.18e9; //!< Wi-Fi channel 36

/**
 * @brief Stop if a value is not allowed.
 * @param config the values
 */
void
Check(const NruContentionConfig& config)
{
    NS_ABORT_MSG_IF(config.nGnbs + config.nWifiPairs == 0,
                    "0 gNBs and 0 Wi-Fi pairs; allowed: at least one node");
    NS_ABORT_MSG_IF(config.priorityClass < 1 || config.priorityClass > 4,
                    "priority class " << config.priorityClass << "; allowed: 1 to 4");
    NS_ABORT_MSG_IF(!config.duration.IsStrictlyPositive(),
                    "duration " << config.duration << "; allowed: above 0");
    NS_ABORT_MSG_IF(!config.saturated && !(config.offeredMbps > 0.0),
                    "offered load of " << config.offeredMbps << " Mb/s; allowed: above 0");
}

/**
 * @brief Spectrum channel of the experiment: the same loss between any two nodes, so that no frame
 * survives a collision, and no delay.
 * @param lossDb the loss, dB
 * @return the channel
 */
Ptr<SpectrumChannel>
CreateChannel(double lossDb)
{
    auto channel = CreateObject<MultiModelSpectrumChannel>();
    auto loss = CreateObject<FixedRssLossModel>();
    loss->SetRss(-lossDb); // the spectrum channel asks with 0 dBm
    channel->AddPropagationLossModel(loss);
    return channel;
}

/**
 * @brief Create an NR-U transmitter.
 * @param config the experiment
 * @param index index of the node
 * @param channel the spectrum channel
 * @param monitor the onlooker
 * @return the node
 */
Ptr<NruContentionNode>
CreateNode(const NruContentionConfig& config,
           uint32_t index,
           Ptr<SpectrumChannel> channel,
           Ptr<NruMediumMonitor> monitor)
{
    auto phy = CreateObjectWithAttributes<NrSpectrumPhy>("CarrierFrequency",
                                                         DoubleValue(CARRIER_HZ),
                                                         "Channels",
                                                         UintegerValue(1));
    phy->SetGnbId(index);
    auto mobility = CreateObject<ConstantPositionMobilityModel>();
    mobility->SetPosition(Vector(index, 0.0, 0.0)); // no loss applies between nodes at one place
    phy->SetMobility(mobility);
    // ns-3's Wi-Fi asks every transmitter for its device's node.
    auto device = CreateObject<SimpleNetDevice>();
    CreateObject<Node>()->AddDevice(device);
    phy->SetDevice(device);
    phy->SetChannel(channel);
    channel->AddRx(phy);
    auto access =
        CreateObjectWithAttributes<NruChannelAccessManager>("PriorityClass",
                                                            UintegerValue(config.priorityClass),
                                                            "MaxCwUses",
                                                            UintegerValue(config.maxCwUses));
    access->SetPhy(phy);
    auto node =
        CreateObjectWithAttributes<NruContentionNode>("Saturated",
                                                      BooleanValue(config.saturated),
                                                      "OfferedLoad",
                                                      DoubleValue(config.offeredMbps * 1e6));
    node->Install(phy, access, monitor);
    monitor->AddContender(phy, NruTechnology::NRU);
    return node;
}

/**
 * @brief Create a Wi-Fi pair.
 * @param config the experiment
 * @param index index of the pair
 * @param channel the spectrum channel
 * @param monitor the onlooker
 * @return the pair
 */
Ptr<NruWifiPair>
CreatePair(const NruContentionConfig& config,
           uint32_t index,
           Ptr<SpectrumChannel> channel,
           Ptr<NruMediumMonitor> monitor)
{
    auto pair = CreateObjectWithAttributes<NruWifiPair>("Saturated",
                                                        BooleanValue(config.saturated),
                                                        "OfferedLoad",
                                                        DoubleValue(config.offeredMbps * 1e6),
                                                        "PayloadSize",
                                                        UintegerValue(config.wifiPayloadBytes));
    pair->Install(channel, Vector(index, 1.0, 0.0), config.wifiStandard, config.wifiMcs);
    monitor->AddContender(pair->GetSender(), NruTechnology::WIFI);
    return pair;
}

/**
 * @brief Sum of what transmitters have delivered.
 * @tparam T NruContentionNode or NruWifiPair
 * @param nodes the transmitters
 * @return bits
 */
template <typename T>
double
GetDeliveredBits(const std::vector<Ptr<T>>& nodes)
{
    double bits = 0.0;
    for (const auto& node : nodes)
    {
        bits += node->GetDeliveredBits();
    }
    return bits;
}

/**
 * @brief Shortest defer duration in use.
 * @param config the experiment
 * @return the duration
 */
Time
GetDefer(const NruContentionConfig& config)
{
    const Time nru = GetNruPriorityClass(config.priorityClass).GetDeferDuration();
    const Time wifi = MicroSeconds(config.wifiStandard == "a" ? 34 : 43);
    if (config.nWifiPairs == 0)
    {
        return nru;
    }
    return config.nGnbs == 0 ? wifi : std::min(nru, wifi);
}

/**
 * @brief Probabilities of one technology.
 * @param counts its attempts
 * @param virtualSlots virtual slots
 * @return the probabilities
 */
NruContentionOutcome
GetOutcome(const NruAccessCounts& counts, uint64_t virtualSlots)
{
    NruContentionOutcome outcome;
    outcome.attempts = counts.attempts;
    if (counts.attempts > 0)
    {
        outcome.tau = static_cast<double>(counts.attempts) / counts.nodes / virtualSlots;
        outcome.p = static_cast<double>(counts.collided) / counts.attempts;
    }
    return outcome;
}

} // namespace

NruContentionResult
RunNruContention(const NruContentionConfig& config)
{
    Check(config);
    RngSeedManager::SetRun(config.seed);
    auto channel = CreateChannel(config.lossDb);
    auto monitor = CreateObject<NruMediumMonitor>();
    monitor->SetRxSpectrumModel(NrSpectrumPhy::GetSharedSpectrumModel(CARRIER_HZ, 1));
    monitor->SetDefer(GetDefer(config));
    channel->AddRx(monitor);

    int64_t stream = 1;
    std::vector<Ptr<NruContentionNode>> nodes;
    for (uint32_t i = 0; i < config.nGnbs; ++i)
    {
        nodes.push_back(CreateNode(config, i, channel, monitor));
        stream += nodes.back()->AssignStreams(stream);
        Simulator::Schedule(Time(), &NruContentionNode::Start, nodes.back());
    }

    std::vector<Ptr<NruWifiPair>> pairs;
    for (uint32_t i = 0; i < config.nWifiPairs; ++i)
    {
        pairs.push_back(CreatePair(config, i, channel, monitor));
        stream += pairs.back()->AssignStreams(stream);
        Simulator::Schedule(MilliSeconds(1), &NruWifiPair::Start, pairs.back());
    }

    const Time warmUp = MilliSeconds(100);
    double nruBefore = 0.0;
    double wifiBefore = 0.0;
    Simulator::Schedule(warmUp, [&]() {
        nruBefore = GetDeliveredBits(nodes);
        wifiBefore = GetDeliveredBits(pairs);
    });
    Simulator::Schedule(warmUp, &NruMediumMonitor::Start, monitor);
    Simulator::Stop(warmUp + config.duration);
    Simulator::Run();
    monitor->Stop();

    NruContentionResult result;
    result.virtualSlots = monitor->GetVirtualSlots();
    result.shares = monitor->GetShares();
    result.nru = GetOutcome(monitor->GetCounts(NruTechnology::NRU), result.virtualSlots);
    result.wifi = GetOutcome(monitor->GetCounts(NruTechnology::WIFI), result.virtualSlots);
    const double seconds = config.duration.GetSeconds();
    result.nru.throughputMbps = (GetDeliveredBits(nodes) - nruBefore) / seconds / 1e6;
    result.wifi.throughputMbps = (GetDeliveredBits(pairs) - wifiBefore) / seconds / 1e6;
    for (auto& node : nodes)
    {
        node->Dispose();
    }
    for (auto& pair : pairs)
    {
        pair->Dispose();
    }
    channel->Dispose();
    monitor->Dispose();
    Simulator::Destroy();
    return result;
}

} // namespace ns3

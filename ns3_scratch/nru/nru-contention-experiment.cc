// SPDX-License-Identifier: GPL-2.0-only

#include "nru-contention-experiment.h"

#include "nru-contention-node.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/multi-model-spectrum-channel.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
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
 * @brief Spectrum channel of the experiment: free space, propagation at the speed of light.
 * @return the channel
 */
Ptr<SpectrumChannel>
CreateChannel()
{
    auto channel = CreateObject<MultiModelSpectrumChannel>();
    auto loss = CreateObject<FriisPropagationLossModel>();
    loss->SetFrequency(CARRIER_HZ);
    channel->AddPropagationLossModel(loss);
    channel->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
    return channel;
}

/**
 * @brief Place a node on a circle of 1 m.
 * @param index index of the node
 * @param n number of nodes
 * @return its position
 */
Ptr<MobilityModel>
Place(uint32_t index, uint32_t n)
{
    const double angle = 2.0 * M_PI * index / n;
    auto mobility = CreateObject<ConstantPositionMobilityModel>();
    mobility->SetPosition({std::cos(angle), std::sin(angle), 1.0});
    return mobility;
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
    auto phy = CreateObjectWithAttributes<NruSpectrumPhy>("CarrierFrequency",
                                                          DoubleValue(CARRIER_HZ),
                                                          "Channels",
                                                          UintegerValue(1));
    phy->SetGnbId(index);
    phy->SetMobility(Place(index, config.nGnbs + config.nWifiPairs));
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
 * @brief Sum of what the transmitters have delivered.
 * @param nodes the transmitters
 * @return bits
 */
double
GetDeliveredBits(const std::vector<Ptr<NruContentionNode>>& nodes)
{
    double bits = 0.0;
    for (const auto& node : nodes)
    {
        bits += node->GetDeliveredBits();
    }
    return bits;
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
    auto channel = CreateChannel();
    auto monitor = CreateObject<NruMediumMonitor>();
    monitor->SetRxSpectrumModel(NruSpectrumPhy::GetSharedSpectrumModel(CARRIER_HZ, 1));
    monitor->SetDefer(GetNruPriorityClass(config.priorityClass).GetDeferDuration());
    channel->AddRx(monitor);

    int64_t stream = 1;
    std::vector<Ptr<NruContentionNode>> nodes;
    for (uint32_t i = 0; i < config.nGnbs; ++i)
    {
        nodes.push_back(CreateNode(config, i, channel, monitor));
        stream += nodes.back()->AssignStreams(stream);
        Simulator::Schedule(Time(), &NruContentionNode::Start, nodes.back());
    }

    const Time warmUp = MilliSeconds(100);
    double bitsBefore = 0.0;
    Simulator::Schedule(warmUp, [&nodes, &bitsBefore]() { bitsBefore = GetDeliveredBits(nodes); });
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
    result.nru.throughputMbps = (GetDeliveredBits(nodes) - bitsBefore) / seconds / 1e6;
    for (auto& node : nodes)
    {
        node->Dispose();
    }
    monitor->Dispose();
    Simulator::Destroy();
    return result;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * @brief An agent chooses the rate of a flow that shares a line with traffic that comes and goes.
 *
 * Observation: Box [4, 3], what the last four steps brought, oldest first: rate of the flow, its
 * throughput (both over the line's rate) and how full the line's queue is. Action: Discrete(3),
 * lower the rate, keep it, raise it. Reward: throughput over the line's rate, less how full the
 * queue is. The game is over where the queue was nearly full for ten steps on end.
 */

#include "gym-command-line.h"
#include "gym-interface.h"

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"

#include <algorithm>

using namespace ns3;

namespace
{

constexpr double LINE_BPS = 2e6;       //!< rate of the line (bit/s)
constexpr double RATE_STEP_BPS = 2e5;  //!< by how much an action changes the flow's rate (bit/s)
constexpr uint32_t QUEUE_PACKETS = 50; //!< longest queue
constexpr uint32_t N_STEPS_SEEN = 4;   //!< steps in an observation
constexpr uint32_t N_STEPS_FULL = 10;  //!< steps of a full queue that end the game

/// The flow, the line that it takes, and what was seen of both.
class Flow
{
  public:
    /**
     * @brief Build two nodes, the line between them, the flow and the traffic beside it.
     * @param step length of a step
     */
    explicit Flow(Time step)
        : m_step(step),
          m_seen(3 * N_STEPS_SEEN, 0.0F)
    {
        NodeContainer nodes(2);
        SimpleNetDeviceHelper line;
        line.SetNetDevicePointToPointMode(true);
        line.DisableFlowControl();
        line.SetDeviceAttribute("DataRate", DataRateValue(DataRate(uint64_t(LINE_BPS))));
        line.SetChannelAttribute("Delay", TimeValue(MilliSeconds(5)));
        line.SetQueue("ns3::DropTailQueue<Packet>",
                      "MaxSize",
                      QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, QUEUE_PACKETS)));
        const auto devices = line.Install(nodes);
        m_queue = DynamicCast<SimpleNetDevice>(devices.Get(0))->GetQueue();
        InternetStackHelper().Install(nodes);
        const auto addresses = Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(devices);

        const InetSocketAddress here(addresses.GetAddress(1), 9);
        const InetSocketAddress beside(addresses.GetAddress(1), 10);
        OnOffHelper steady("ns3::UdpSocketFactory", here);
        steady.SetConstantRate(DataRate(uint64_t(m_rateBps)), 1000);
        m_source = steady.Install(nodes.Get(0)).Get(0);
        OnOffHelper bursty("ns3::UdpSocketFactory", beside);
        bursty.SetAttribute("DataRate", DataRateValue(DataRate(uint64_t(0.6 * LINE_BPS))));
        bursty.SetAttribute("OnTime", StringValue("ns3::ExponentialRandomVariable[Mean=1]"));
        bursty.SetAttribute("OffTime", StringValue("ns3::ExponentialRandomVariable[Mean=1]"));
        bursty.SetAttribute("PacketSize", UintegerValue(1000));
        bursty.Install(nodes.Get(0));
        const auto sinks = PacketSinkHelper("ns3::UdpSocketFactory", here).Install(nodes.Get(1));
        m_sink = DynamicCast<PacketSink>(sinks.Get(0));
    }

    /** @return the space of the observations */
    Ptr<GymSpace> GetObservationSpace() const
    {
        return Create<GymBoxSpace>(0, 1, std::vector<uint32_t>{N_STEPS_SEEN, 3}, GymDtype::FLOAT);
    }

    /** @return the space of the actions */
    Ptr<GymSpace> GetActionSpace() const
    {
        return Create<GymDiscreteSpace>(3);
    }

    /** @return what the last steps brought */
    Ptr<GymData> GetObservation() const
    {
        return Create<GymBoxData>(m_seen);
    }

    /** @return the reward of the last step */
    float GetReward() const
    {
        return m_seen[m_seen.size() - 2] - m_seen.back();
    }

    /** @return whether the queue has been full for too long */
    bool IsGameOver() const
    {
        return m_nFull >= N_STEPS_FULL;
    }

    /** @return the rate, for people */
    std::string GetInfo() const
    {
        return "{\"rate_bps\": " + std::to_string(m_rateBps) + "}";
    }

    /** @param action what the agent decided */
    void Execute(Ptr<const GymData> action)
    {
        const int32_t change = DynamicCast<const GymDiscreteData>(action)->GetValue() - 1;
        m_rateBps = std::clamp(m_rateBps + change * RATE_STEP_BPS, RATE_STEP_BPS, LINE_BPS);
        m_source->SetAttribute("DataRate", DataRateValue(DataRate(uint64_t(m_rateBps))));
    }

    /** @brief Look at what the step brought. */
    void Measure()
    {
        const double bits = 8.0 * (m_sink->GetTotalRx() - m_received);
        m_received = m_sink->GetTotalRx();
        const double full = double(m_queue->GetNPackets()) / QUEUE_PACKETS;
        const double throughput = bits / m_step.GetSeconds() / LINE_BPS;
        m_nFull = full > 0.9 ? m_nFull + 1 : 0;
        m_seen.erase(m_seen.begin(), m_seen.begin() + 3);
        for (const double number : {m_rateBps / LINE_BPS, std::min(throughput, 1.0), full})
        {
            m_seen.push_back(static_cast<float>(number));
        }
    }

  private:
    Time m_step;                     //!< length of a step
    std::vector<float> m_seen;       //!< the observation
    double m_rateBps{RATE_STEP_BPS}; //!< the flow's rate (bit/s)
    uint64_t m_received{0};          //!< what had arrived when the step began (bytes)
    uint32_t m_nFull{0};             //!< for how many steps the queue has been full
    Ptr<Queue<Packet>> m_queue;      //!< the line's queue
    Ptr<Application> m_source;       //!< sends the flow
    Ptr<PacketSink> m_sink;          //!< takes the flow
};

/**
 * @brief A step is over: ask the agent, go on.
 * @param gym the session with the agent
 * @param flow the flow
 * @param step length of a step
 */
void
Decide(Ptr<GymInterface> gym, Flow* flow, Time step)
{
    flow->Measure();
    if (gym->NotifyCurrentState())
    {
        Simulator::Schedule(step, &Decide, gym, flow, step);
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    Time step = MilliSeconds(100);
    Time duration = Seconds(20);
    CommandLine cmd(__FILE__);
    AddGymFlags(cmd);
    cmd.AddValue("step", "Time between two decisions", step);
    cmd.AddValue("duration", "Simulated time", duration);
    ParseStrictly(cmd, argc, argv);

    Flow flow(step);
    auto gym = CreateObject<GymInterface>();
    gym->SetObservationCallbacks(MakeCallback(&Flow::GetObservationSpace, &flow),
                                 MakeCallback(&Flow::GetObservation, &flow));
    gym->SetActionCallbacks(MakeCallback(&Flow::GetActionSpace, &flow),
                            MakeCallback(&Flow::Execute, &flow));
    gym->SetRewardCallback(MakeCallback(&Flow::GetReward, &flow));
    gym->SetGameOverCallback(MakeCallback(&Flow::IsGameOver, &flow));
    gym->SetInfoCallback(MakeCallback(&Flow::GetInfo, &flow));
    if (gym->Init())
    {
        Simulator::Schedule(step, &Decide, gym, &flow, step);
        Simulator::Stop(duration);
        Simulator::Run();
        gym->NotifySimulationEnd();
    }
    const auto exitCode = gym->GetExitCode();
    gym->Dispose();
    Simulator::Destroy();
    return exitCode;
}

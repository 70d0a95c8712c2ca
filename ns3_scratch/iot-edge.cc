// SPDX-License-Identifier: GPL-2.0-only

// The family `iot-edge` on ns-3: devices in clusters around edge servers while vehicles pass,
// driven by an agent that moves the cores of clusters, or assigns devices. docs/iot-edge.md has the
// rules.

#include "gym-command-line.h"
#include "gym-error.h"
#include "gym-knobs.h"
#include "gym-record.h"
#include "gym-session.h"
#include "iot-network.h"
#include "iot-scenario-flags.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-channel.h"
#include "ns3/spectrum-wifi-helper.h"

#include <filesystem>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>

using namespace ns3;

namespace
{

constexpr double INF = std::numeric_limits<double>::infinity();
constexpr int32_t MAX_LEVEL = 50;  //!< of a weight, in any scenario
constexpr int32_t MAX_HOPS = 1000; //!< of a route, in any scenario
constexpr double MM_PER_M = 1000;  //!< snapshots give metres

/**
 * @brief What the agent sees: a Dict of Boxes, of N devices, K servers and V vehicles.
 *
 * Counts are of the step that has ended.
 */
class Observation
{
  public:
    /**
     * @param network what is observed; exists for as long as this
     */
    explicit Observation(const IotNetwork& network)
        : m_network(network),
          m_n(network.GetDevices().size()),
          m_k(network.GetScenario().servers.size())
    {
        AddPlaces();
        AddPlan();
        AddCounts();
    }

    Observation(const Observation&) = delete; // its getters hold its address
    Observation& operator=(const Observation&) = delete;

    /**
     * @return its space and its data
     */
    GymRecord& GetRecord()
    {
        return m_record;
    }

  private:
    /**
     * @param get gives places
     * @return their coordinates, by index and axis (m)
     */
    template <typename Get>
    static auto InMetres(Get get)
    {
        return [get](uint32_t i, uint32_t axis) {
            const IotPlace& place = get()[i];
            return (axis == 0 ? place.x : place.y) / MM_PER_M;
        };
    }

    /**
     * @param member of a plan
     * @return it, by index
     */
    auto OfPlan(std::vector<int32_t> IotPlan::* member) const
    {
        return [this, member](uint32_t i) { return (m_network.GetPlan().*member)[i]; };
    }

    /**
     * @param member of a device's counts
     * @return it, by index of the device
     */
    auto OfDevices(double IotStepCounts::OfDevice::* member) const
    {
        return [this, member](uint32_t i) { return m_network.GetCounts().GetDevice(i).*member; };
    }

    /**
     * @param member of a server's counts
     * @return it, by index of the server
     */
    auto OfServers(double IotStepCounts::OfServer::* member) const
    {
        return [this, member](uint32_t i) { return m_network.GetCounts().GetServer(i).*member; };
    }

    /// When it is, and where everything is.
    void AddPlaces()
    {
        const auto& scenario = m_network.GetScenario();
        const uint32_t v = scenario.GetVehicles(0).size();
        const auto add = [this](const char* key, uint32_t n, auto get) {
            m_record.Add<double>(key, {n, 2}, 0, INF, InMetres(get));
        };
        m_record.Add<double>("time_s", {1}, 0, INF, [] { return Simulator::Now().GetSeconds(); });
        add("device_position_m", m_n, [&scenario]() -> auto& { return scenario.devices; });
        add("server_position_m", m_k, [&scenario]() -> auto& { return scenario.servers; });
        add("vehicle_position_m", v, [this]() -> auto& { return m_network.GetVehicles(); });
        add("core_position_m", m_k, [this]() -> auto& { return m_network.GetCores().GetPlaces(); });
    }

    /// What is planned, and which way messages really go.
    void AddPlan()
    {
        const auto last = m_n - 1.0;
        m_record.Add<int32_t>("weight_level", {m_k}, -MAX_LEVEL, MAX_LEVEL, [this](uint32_t c) {
            return m_network.GetCores().GetLevels()[c];
        });
        m_record.Add<int32_t>("assigned", {m_n}, IotPlan::NONE, m_k - 1.0, [this](uint32_t i) {
            return m_network.GetAssigned()[i];
        });
        m_record.Add<int32_t>("cluster", {m_n}, 0, m_k - 1.0, OfPlan(&IotPlan::cluster));
        m_record.Add<int32_t>("head", {m_k}, IotPlan::NONE, last, OfPlan(&IotPlan::head));
        m_record.Add<int32_t>("parent", {m_n}, IotPlan::NOWHERE, last, OfPlan(&IotPlan::parent));
        m_record.Add<int32_t>("hops", {m_n}, 0, MAX_HOPS, OfPlan(&IotPlan::hops));
        m_record.Add<int32_t>("next_hop", {m_n}, IotPlan::NOWHERE, last, [this](uint32_t i) {
            return m_network.GetDevices()[i]->GetNextHop();
        });
        m_record.Add<int32_t>("sensing", {m_n}, 0, 1, [this](uint32_t i) {
            return m_network.IsSensing(i);
        });
        m_record.Add<double>("message_bytes", {m_n}, 0, INF, [this](uint32_t i) {
            return m_network.GetMessageBytes(i);
        });
    }

    /// What happened in the step.
    void AddCounts()
    {
        using Device = IotStepCounts::OfDevice;
        using Server = IotStepCounts::OfServer;
        m_record.Add<double>("sent_messages", {m_n}, 0, INF, OfDevices(&Device::sentMessages));
        m_record.Add<double>("sent_bytes", {m_n}, 0, INF, OfDevices(&Device::sentBytes));
        m_record.Add<double>("dropped_bytes", {m_n}, 0, INF, OfDevices(&Device::droppedBytes));
        m_record.Add<double>("dropped_by_cause_bytes",
                             {IotLedger::N_CAUSES},
                             0,
                             INF,
                             [this](uint32_t i) { return m_network.GetCounts().GetDropped(i); });
        m_record.Add<double>("queued_bytes", {m_n}, 0, INF, OfDevices(&Device::queuedBytes));
        m_record.Add<double>("control_bytes", {m_n}, 0, INF, OfDevices(&Device::controlBytes));
        m_record.Add<double>("busy_share", {m_n}, 0, 1, OfDevices(&Device::busyShare));
        m_record.Add<double>("received_messages", {m_k}, 0, INF, OfServers(&Server::messages));
        m_record.Add<double>("received_bytes", {m_k}, 0, INF, OfServers(&Server::bytes));
        m_record.Add<double>("delays", {IotLedger::N_DELAYS}, 0, INF, [this](uint32_t i) {
            return m_network.GetCounts().GetDelays()[i];
        });
    }

    const IotNetwork& m_network; //!< what is observed
    uint32_t m_n;                //!< devices
    uint32_t m_k;                //!< servers
    GymRecord m_record;          //!< what is known, by key
};

/**
 * @param network what the agent configures; exists for as long as what is returned
 * @return what it may set
 */
GymKnobs
MakeKnobs(IotNetwork& network)
{
    const uint32_t n = network.GetDevices().size();
    const uint32_t k = network.GetScenario().servers.size();
    const auto most = network.GetScenario().movesPerStep;
    GymKnobs knobs;
    knobs.Add<int32_t>("core_move", {k}, 0, 6, [&network, most](uint32_t core, int32_t move) {
        network.SetMove(core, static_cast<IotCores::Move>(move));
        if (network.GetNMoves() > most)
        {
            throw GymError("action['core_move'] has more than " + std::to_string(most) +
                           " entries that are not 4 (stay), allowed are that many");
        }
    });
    knobs.Add<int32_t>("cluster", {n}, -1, k - 1.0, [&network](uint32_t device, int32_t cluster) {
        network.SetCluster(device, cluster);
    });
    return knobs;
}

/**
 * @brief Simulate the area with an agent, until one of the two ends it.
 * @param scenario what is simulated; parsed
 * @param printsCost whether to say at the end, on stderr, what the run cost
 * @param pcap begin of the names of files for what Wi-Fi devices send and receive; empty: none
 * @return what main is to return
 */
int
Run(Ptr<const IotScenario> scenario, bool printsCost, const std::string& pcap)
{
    const auto network = CreateObject<IotNetwork>();
    GymSession session(scenario->steps);
    network->Build(scenario, MakeCallback(&GymSession::EndStep, &session));
    if (!pcap.empty())
    {
        SpectrumWifiPhyHelper helper;
        helper.SetPcapDataLinkType(WifiPhyHelper::DLT_IEEE802_11_RADIO);
        helper.EnablePcapAll(pcap);
    }
    Observation observation(*network);
    auto knobs = MakeKnobs(*network);
    const auto exitCode = session.Run(observation.GetRecord(), knobs, printsCost);
    Simulator::Destroy();
    network->Dispose();
    return exitCode;
}

} // namespace

int
main(int argc, char* argv[])
{
    IotScenarioFlags flags;
    CommandLine cmd(__FILE__);
    cmd.Usage("IoT devices in clusters around edge servers, driven by an agent over ns3-gym's "
              "protocol.");
    flags.AddTo(cmd);
    AddGymFlags(cmd);
    bool printsCost = false;
    cmd.AddValue("printCost", "Say at the end, on stderr, what the run cost", printsCost);
    std::string pcap;
    cmd.AddValue("pcap",
                 "Keep what Wi-Fi devices send and receive in PCAP-NODE-DEVICE.pcap; empty: do not",
                 pcap);
    ParseStrictly(cmd, argc, argv);
    if (const auto error = flags.Apply(); !error.empty())
    {
        std::cerr << "iot-edge: " << error << std::endl;
        return 2;
    }
    const auto folder = std::filesystem::path(pcap).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
    {
        std::cerr << "iot-edge: --pcap=" << pcap << ": there is no folder " << folder.string()
                  << std::endl;
        return 2;
    }
    try
    {
        const auto scenario = CreateObject<IotScenario>();
        scenario->Parse();
        return Run(scenario, printsCost, pcap);
    }
    catch (const std::invalid_argument& error) // an area that cannot be built
    {
        std::cerr << "iot-edge: " << error.what() << std::endl;
        return 2;
    }
}

// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * @brief Load balancing in a factory hall with 5G NR-U, for an agent that speaks ns3-gym's
 * protocol.
 *
 * A step is one SIBx period. At its end the agent gets everything that is known of the hall, as
 * Boxes by name (see Observation), and answers with what to configure: CHO targets, cell individual
 * offsets, channels. `indoor-factory --PrintHelp` lists the flags.
 */

#include "gym-command-line.h"
#include "gym-knobs.h"
#include "gym-record.h"
#include "gym-session.h"
#include "nru-network.h"
#include "nru-rate-knowledge.h"
#include "nru-scenario-flags.h"
#include "nru-sibx-header.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-channel.h"
#include "ns3/spectrum-wifi-helper.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <iostream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>

using namespace ns3;

namespace
{

constexpr double INF = std::numeric_limits<double>::infinity();

/**
 * @brief What the agent sees: a Dict of Boxes, of G gNBs and U UEs.
 *
 * `time_s` counts from the start of traffic; `delivered_bps` and counts of delays are since the
 * last observation, at first since the start.
 */
class Observation
{
  public:
    /**
     * @param network what is observed; exists for as long as this
     */
    explicit Observation(const NruNetwork& network)
        : m_network(network),
          m_gnbs(network.GetGnbs()),
          m_ues(network.GetUes()),
          m_rates(CreateObject<NruRateKnowledge>())
    {
        m_rates->Configure(m_gnbs, network.GetAmc());
        AddKnowledge();
        AddCounters();
        AddPlaces();
        AddWifi();
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
    using Counters = NrGbrBearer::Counters;

    /**
     * @param get a member of a UE, or what is called with one
     * @return it, by index of the UE
     */
    template <typename Get>
    auto OfUes(Get get) const
    {
        return [this, get](uint32_t u) { return std::invoke(get, *m_ues[u]); };
    }

    /**
     * @param get a member of what a UE knows of a cell, or what is called with it
     * @return it, by index of the UE and of the cell
     */
    template <typename Get>
    auto OfCells(Get get) const
    {
        return
            [this, get](uint32_t u, uint32_t g) { return std::invoke(get, m_ues[u]->GetCell(g)); };
    }

    /**
     * @param get a counter of a bearer
     * @return it, by index of the UE
     */
    auto OfBearers(uint64_t Counters::* get) const
    {
        return [this, get](uint32_t u) { return m_ues[u]->GetBearer()->GetCounters().*get; };
    }

    /**
     * @param get a member of a UE's report of RSSI
     * @return it, by index of the UE
     */
    auto OfReports(double NruRssiMeter::Report::* get) const
    {
        return [this, get](uint32_t u) { return m_network.GetRssiMeter()->GetReport(u).*get; };
    }

    /**
     * @param get a member of a load meter
     * @return it, by index of the gNB
     */
    template <typename Get>
    auto OfMeters(Get get) const
    {
        return [this, get](uint32_t g) { return std::invoke(get, m_gnbs[g]->GetLoadMeter()); };
    }

    /**
     * @param get a member of what sends discovery bursts
     * @return it, by index of the gNB
     */
    template <typename Get>
    auto OfDiscovery(Get get) const
    {
        return [this, get](uint32_t g) { return std::invoke(get, *m_gnbs[g]->GetDiscovery()); };
    }

    /**
     * @return what appends each UE's rate (bit/s) since its last call
     */
    auto MakeRateMeter() const
    {
        return [this, since = Time(), before = std::vector<uint64_t>(m_ues.size())](
                   std::vector<double>& to) mutable {
            const auto duration = (GetTime() - since).GetSeconds();
            since = GetTime();
            for (std::size_t i = 0; i < m_ues.size(); ++i)
            {
                const auto delivered = m_ues[i]->GetBearer()->GetCounters().delivered;
                to.push_back((delivered - before[i]) * 8 / duration);
                before[i] = delivered;
            }
        };
    }

    /**
     * @return time since traffic began
     */
    Time GetTime() const
    {
        return Simulator::Now() - m_network.GetStart();
    }

    /**
     * @param to gets what has come since the last call
     * @param counts since the start
     * @param before counts at the last call; becomes those of now
     */
    static void AddIncrease(std::vector<double>& to,
                            const NrDelayCounts::Bins& counts,
                            NrDelayCounts::Bins& before)
    {
        std::transform(counts.begin(),
                       counts.end(),
                       before.begin(),
                       std::back_inserter(to),
                       std::minus<>());
        before = counts;
    }

    /**
     * @param to gets three coordinates (m)
     * @param mobility of a node
     */
    static void AddPosition(std::vector<double>& to, const MobilityModel& mobility)
    {
        const auto position = mobility.GetPosition();
        to.insert(to.end(), {position.x, position.y, position.z});
    }

    /// What UEs and gNBs know: the basis of decisions.
    void AddKnowledge()
    {
        const uint32_t g = m_gnbs.size();
        const uint32_t u = m_ues.size();
        const auto maxLoad = NruSibxHeader::MAX_LOAD;
        const auto maxOffset = NruCellOffsets::MAX_DB;
        const auto nChannels = m_gnbs[0]->GetPhy()->GetNChannels();
        m_record.Add<double>("time_s", {1}, 0, INF, [this] { return GetTime().GetSeconds(); });
        m_record.Add<double>("rsrp_dbm", {u, g}, -INF, INF, OfCells(&NruUe::Cell::rsrpDbm));
        m_record.Add<double>("rate_bps", {u, g}, 0, INF, [this](uint32_t i, uint32_t j) {
            return m_rates->Get(m_ues[i], j);
        });
        m_record.Add<int32_t>("serving", {u}, 0, g - 1, OfUes(&NruUe::GetServing));
        m_record.Add<double>("demand_bps", {u}, 0, INF, [this](uint32_t i) {
            return m_ues[i]->GetBearer()->GetBitRate();
        });
        m_record.Add<double>("delivered_bps", {u}, 0, INF, MakeRateMeter());
        m_record.Add<double>("sib_load", {u, g}, 0, maxLoad, OfCells([](const auto& cell) {
                                 return cell.sibxLoad.value_or(NAN);
                             }));
        m_record.Add<double>("sib_age_s", {u, g}, 0, INF, OfCells([](const auto& cell) {
                                 const auto age = Simulator::Now() - cell.sibxMeasured;
                                 return cell.sibxLoad ? age.GetSeconds() : INF;
                             }));
        m_record.Add<double>("rssi_dbm", {u}, -INF, INF, OfReports(&NruRssiMeter::Report::rssiDbm));
        m_record.Add<double>("channel_occupancy",
                             {u},
                             0,
                             1,
                             OfReports(&NruRssiMeter::Report::occupancy));
        m_record.Add<double>("load", {g}, 0, maxLoad, OfMeters(&NruLoadMeter::GetLoad));
        m_record.Add<double>("airtime", {g}, 0, 1, OfMeters(&NruLoadMeter::GetAirtime));
        m_record.Add<double>("airtime_used", {g}, 0, 1, OfMeters(&NruLoadMeter::GetUsedAirtime));
        m_record.Add<double>("cio_db",
                             {g, g},
                             -maxOffset,
                             maxOffset,
                             [offsets = m_network.GetCellOffsets()](uint32_t i, uint32_t j) {
                                 return offsets->Get(i, j);
                             });
        m_record.Add<int32_t>("channel", {g}, 0, nChannels - 1, [this](uint32_t i) {
            return m_gnbs[i]->GetPhy()->GetChannelIndex();
        });
    }

    /// What has happened so far, to UEs and to their data.
    void AddCounters()
    {
        const uint32_t g = m_gnbs.size();
        const uint32_t u = m_ues.size();
        m_record.Add<double>("handovers", {u}, 0, INF, OfUes(&NruUe::GetHandovers));
        m_record.Add<double>("handover_failures", {u}, 0, INF, OfUes(&NruUe::GetHandoverFailures));
        m_record.Add<double>("ping_pongs", {u}, 0, INF, OfUes(&NruUe::GetPingPongs));
        m_record.Add<double>("offered_bytes", {u}, 0, INF, OfBearers(&Counters::offered));
        m_record.Add<double>("delivered_bytes", {u}, 0, INF, OfBearers(&Counters::delivered));
        m_record.Add<double>("late_bytes", {u}, 0, INF, OfBearers(&Counters::late));
        m_record.Add<double>("dropped_bytes", {u}, 0, INF, OfBearers(&Counters::dropped));
        m_record.Add<double>("queued_bytes", {u}, 0, INF, OfBearers(&Counters::queued));
        m_record.Add<double>(
            "delays",
            {u, NrDelayCounts::N_BINS},
            0,
            INF,
            [this, before = std::vector<NrDelayCounts::Bins>(u)](std::vector<double>& to) mutable {
                for (std::size_t i = 0; i < m_ues.size(); ++i)
                {
                    AddIncrease(to, m_ues[i]->GetBearer()->GetDelays().Get(), before[i]);
                }
            });
        m_record.Add<double>("sib_due", {g}, 0, INF, OfDiscovery(&NruDiscovery::GetSibxDue));
        m_record.Add<double>("sib_sent", {g}, 0, INF, OfDiscovery(&NruDiscovery::GetSibxSent));
        m_record.Add<double>("sib_heard", {u, g}, 0, INF, OfCells(&NruUe::Cell::sibxHeard));
    }

    /// Where nodes stand, and how gNBs hear each other.
    void AddPlaces()
    {
        const uint32_t g = m_gnbs.size();
        const uint32_t u = m_ues.size();
        m_record.Add<double>("ue_position_m", {u, 3}, -INF, INF, [this](std::vector<double>& to) {
            for (const auto& ue : m_ues)
            {
                AddPosition(to, *ue->GetMobility());
            }
        });
        m_record.Add<double>("gnb_position_m", {g, 3}, -INF, INF, [this](std::vector<double>& to) {
            for (const auto& gnb : m_gnbs)
            {
                AddPosition(to, *gnb->GetPhy()->GetMobility());
            }
        });
        m_record.Add<double>("gnb_rsrp_dbm", {g, g}, -INF, INF, [this](uint32_t i, uint32_t j) {
            const auto at = m_gnbs[i]->GetPhy()->GetMobility();
            return i == j ? NAN : m_gnbs[j]->GetDownlink().GetRsrpDbm(at);
        });
    }

    /// What concerns all Wi-Fi together.
    void AddWifi()
    {
        const auto sum = [this](auto get) {
            double total = 0;
            for (const auto& bss : m_network.GetWifi())
            {
                total += std::invoke(get, *bss);
            }
            return total;
        };
        m_record.Add<double>("wifi_offered_bytes", {1}, 0, INF, [sum] {
            return sum(&NruWifiBss::GetOfferedBytes);
        });
        m_record.Add<double>("wifi_delivered_bytes", {1}, 0, INF, [sum] {
            return sum(&NruWifiBss::GetDeliveredBytes);
        });
        m_record.Add<double>(
            "wifi_delays",
            {NrDelayCounts::N_BINS},
            0,
            INF,
            [this, before = NrDelayCounts::Bins{}](std::vector<double>& to) mutable {
                NrDelayCounts::Bins counts{};
                for (const auto& bss : m_network.GetWifi())
                {
                    const auto& bins = bss->GetDelays().Get();
                    std::transform(bins.begin(),
                                   bins.end(),
                                   counts.begin(),
                                   counts.begin(),
                                   std::plus<>());
                }
                AddIncrease(to, counts, before);
            });
    }

    const NruNetwork& m_network;            //!< what is observed
    const std::vector<Ptr<NruGnb>>& m_gnbs; //!< G
    const std::vector<Ptr<NruUe>>& m_ues;   //!< U
    Ptr<NruRateKnowledge> m_rates;          //!< what UEs know of rates
    GymRecord m_record;                     //!< what is known, by key
};

/**
 * @param network what the agent configures; exists for as long as what is returned
 * @return what it may set
 */
GymKnobs
MakeKnobs(const NruNetwork& network)
{
    const auto& gnbs = network.GetGnbs();
    const auto& ues = network.GetUes();
    const uint32_t g = gnbs.size();
    const uint32_t u = ues.size();
    const auto maxOffset = NruCellOffsets::MAX_DB;
    const auto nChannels = gnbs[0]->GetPhy()->GetNChannels();
    GymKnobs knobs;
    // The last to act: a UE judges its conditions anew, by the offsets that it is given.
    knobs.Add<int32_t>("cho_target",
                       {u},
                       NruUe::NO_TARGET,
                       g - 1,
                       [&ues](uint32_t i, int32_t target) { ues[i]->SetChoTarget(target); });
    knobs.Add<double>("cio_db",
                      {g, g},
                      -maxOffset,
                      maxOffset,
                      [offsets = network.GetCellOffsets()](uint32_t i, uint32_t j, double offset) {
                          offsets->Set(i, j, offset);
                      });
    knobs.Add<int32_t>("channel", {g}, -1, nChannels - 1, [&gnbs](uint32_t i, int32_t channel) {
        if (channel >= 0) // else it stays
        {
            gnbs[i]->SetChannel(channel);
        }
    });
    return knobs;
}

/**
 * @brief Simulate the hall with an agent, until one of the two ends it.
 * @param nSteps actions in an episode
 * @param printsCost whether to say at the end, on stderr, what the run cost
 * @param pcap begin of the names of files for what Wi-Fi devices send and receive; empty: none
 * @return what main is to return
 */
int
Run(uint32_t nSteps, bool printsCost, const std::string& pcap)
{
    const auto network = CreateObject<NruNetwork>();
    GymSession session(nSteps);
    network->Build(MakeCallback(&GymSession::EndStep, &session));
    if (!pcap.empty())
    {
        SpectrumWifiPhyHelper helper;
        helper.SetPcapDataLinkType(WifiPhyHelper::DLT_IEEE802_11_RADIO);
        helper.EnablePcapAll(pcap);
    }
    Observation observation(*network);
    auto knobs = MakeKnobs(*network);
    const auto exitCode = session.Run(observation.GetRecord(), knobs, printsCost);
    network->Dispose();
    Simulator::Destroy();
    return exitCode;
}

} // namespace

int
main(int argc, char* argv[])
{
    NruScenarioFlags flags;
    CommandLine cmd(__FILE__);
    cmd.Usage("Load balancing in a factory hall with 5G NR-U, driven by an agent over ns3-gym's "
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
        std::cerr << "indoor-factory: " << error << std::endl;
        return 2;
    }
    const auto folder = std::filesystem::path(pcap).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
    {
        std::cerr << "indoor-factory: --pcap=" << pcap << ": there is no folder " << folder.string()
                  << std::endl;
        return 2;
    }
    try
    {
        return Run(flags.GetSteps(), printsCost, pcap);
    }
    catch (const std::invalid_argument& error) // a hall that cannot be built
    {
        std::cerr << "indoor-factory: " << error.what() << std::endl;
        return 2;
    }
}

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
#include "gym-interface.h"
#include "nru-network.h"
#include "nru-rate-knowledge.h"
#include "nru-scenario-flags.h"
#include "nru-sibx-header.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

using namespace ns3;

namespace
{

constexpr double INF = std::numeric_limits<double>::infinity();

/// What a run costs, for `nru bench ns3`.
class Cost
{
  public:
    /// Prints what has been simulated since it was created, and at which cost, as a line of JSON.
    void Print() const
    {
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - m_start;
        std::cerr << "{\"simulated_s\": " << Simulator::Now().GetSeconds()
                  << ", \"wall_s\": " << wall.count() << ", \"cpu_s\": "
                  << static_cast<double>(std::clock() - m_cpuStart) / CLOCKS_PER_SEC
                  << ", \"events\": " << Simulator::GetEventCount()
                  << ", \"memory_kib\": " << GetPeakMemoryKib() << "}" << std::endl;
    }

  private:
    /**
     * @return most memory that this process has had in use (KiB); 0 where the system does not tell
     */
    static uint64_t GetPeakMemoryKib()
    {
        std::ifstream status("/proc/self/status");
        uint64_t peak = 0;
        for (std::string word; status >> word;)
        {
            if (word == "VmHWM:")
            {
                status >> peak;
            }
        }
        return peak;
    }

    std::chrono::steady_clock::time_point m_start{std::chrono::steady_clock::now()}; //!< wall
    std::clock_t m_cpuStart{std::clock()};                                           //!< CPU time
};

/// What the agent sees: a Dict of Boxes, of G gNBs and U UEs.
class Observation
{
  public:
    /**
     * @param network what is observed
     */
    explicit Observation(Ptr<const NruNetwork> network)
        : m_network(network),
          m_nGnbs(network->GetGnbs().size()),
          m_nUes(network->GetUes().size()),
          m_delivered(m_nUes, 0),
          m_delays(m_nUes),
          m_rates(CreateObject<NruRateKnowledge>())
    {
        m_rates->Configure(network->GetGnbs(), network->GetAmc());
    }

    /**
     * @return the space of Get()
     */
    Ptr<GymSpace> GetSpace() const
    {
        const auto g = m_nGnbs;
        const auto u = m_nUes;
        auto space = Create<GymDictSpace>();
        const auto real =
            [&](const char* key, double low, double high, std::vector<uint32_t> shape) {
                space->AddBox(key, low, high, std::move(shape), GymDtype::DOUBLE);
            };
        const auto integer = [&](const char* key, double high, std::vector<uint32_t> shape) {
            space->AddBox(key, 0, high, std::move(shape), GymDtype::INT32);
        };
        real("time_s", 0, INF, {1});
        real("rsrp_dbm", -INF, INF, {u, g});
        real("rate_bps", 0, INF, {u, g});
        integer("serving", g - 1, {u});
        real("demand_bps", 0, INF, {u});
        real("delivered_bps", 0, INF, {u});
        real("sib_load", 0, NruSibxHeader::MAX_LOAD, {u, g});
        real("sib_age_s", 0, INF, {u, g});
        real("load", 0, NruSibxHeader::MAX_LOAD, {g});
        real("airtime", 0, 1, {g});
        real("airtime_used", 0, 1, {g});
        real("cio_db", -NruCellOffsets::MAX_DB, NruCellOffsets::MAX_DB, {g, g});
        integer("channel", m_network->GetGnbs()[0]->GetPhy()->GetNChannels() - 1, {g});
        real("handovers", 0, INF, {u});
        real("handover_failures", 0, INF, {u});
        real("ping_pongs", 0, INF, {u});
        real("offered_bytes", 0, INF, {u});
        real("delivered_bytes", 0, INF, {u});
        real("late_bytes", 0, INF, {u});
        real("dropped_bytes", 0, INF, {u});
        real("queued_bytes", 0, INF, {u});
        real("delays", 0, INF, {u, NruDelayCounts::N_BINS});
        real("sib_due", 0, INF, {g});
        real("sib_sent", 0, INF, {g});
        real("sib_heard", 0, INF, {u, g});
        real("ue_position_m", -INF, INF, {u, 3});
        real("gnb_position_m", -INF, INF, {g, 3});
        real("gnb_rsrp_dbm", -INF, INF, {g, g});
        real("wifi_offered_bytes", 0, INF, {1});
        real("wifi_delivered_bytes", 0, INF, {1});
        real("wifi_delays", 0, INF, {NruDelayCounts::N_BINS});
        return space;
    }

    /**
     * @return what is known now; `time_s` counts from the start of traffic; `delivered_bps` and
     * counts of delays are since the last call, at first since the start
     */
    Ptr<GymData> Get()
    {
        auto data = Create<GymDictData>();
        data->AddBox("time_s", std::vector<double>{GetTime().GetSeconds()});
        AddLinks(*data);
        AddUes(*data);
        AddGnbs(*data);
        AddWifi(*data);
        return data;
    }

  private:
    /**
     * @return time since traffic began
     */
    Time GetTime() const
    {
        return Simulator::Now() - m_network->GetStart();
    }

    /**
     * @param data gets what each UE knows of each cell
     */
    void AddLinks(GymDictData& data) const
    {
        std::vector<double> rsrp;
        std::vector<double> rate;
        std::vector<double> sibLoad;
        std::vector<double> sibAge;
        std::vector<double> sibHeard;
        for (const auto& ue : m_network->GetUes())
        {
            for (uint32_t i = 0; i < m_nGnbs; ++i)
            {
                const auto& cell = ue->GetCell(i);
                rsrp.push_back(cell.rsrpDbm);
                rate.push_back(m_rates->Get(ue, i));
                sibLoad.push_back(cell.sibxLoad.value_or(NAN));
                sibAge.push_back(cell.sibxLoad ? (Simulator::Now() - cell.sibxMeasured).GetSeconds()
                                               : INF);
                sibHeard.push_back(cell.sibxHeard);
            }
        }
        data.AddBox("rsrp_dbm", std::move(rsrp));
        data.AddBox("rate_bps", std::move(rate));
        data.AddBox("sib_load", std::move(sibLoad));
        data.AddBox("sib_age_s", std::move(sibAge));
        data.AddBox("sib_heard", std::move(sibHeard));
    }

    /**
     * @param data gets what concerns each UE
     */
    void AddUes(GymDictData& data)
    {
        const auto duration = (GetTime() - m_observed).GetSeconds();
        m_observed = GetTime();
        std::vector<int32_t> serving;
        std::vector<double> handovers;
        std::vector<double> failures;
        std::vector<double> pingPongs;
        std::vector<double> demand;
        std::vector<double> deliveredRate;
        std::vector<double> offered;
        std::vector<double> delivered;
        std::vector<double> late;
        std::vector<double> dropped;
        std::vector<double> queued;
        std::vector<double> delays;
        std::vector<double> position;
        for (const auto& ue : m_network->GetUes())
        {
            serving.push_back(ue->GetServing());
            handovers.push_back(ue->GetHandovers());
            failures.push_back(ue->GetHandoverFailures());
            pingPongs.push_back(ue->GetPingPongs());
            demand.push_back(ue->GetBearer()->GetBitRate());
            const auto counters = ue->GetBearer()->GetCounters();
            auto& before = m_delivered[ue->GetIndex()];
            deliveredRate.push_back((counters.delivered - before) * 8 / duration);
            before = counters.delivered;
            offered.push_back(counters.offered);
            delivered.push_back(counters.delivered);
            late.push_back(counters.late);
            dropped.push_back(counters.dropped);
            queued.push_back(counters.queued);
            AddCounts(delays, ue->GetBearer()->GetDelays().Get(), m_delays[ue->GetIndex()]);
            AddPosition(position, ue->GetMobility());
        }
        data.AddBox("serving", std::move(serving));
        data.AddBox("handovers", std::move(handovers));
        data.AddBox("handover_failures", std::move(failures));
        data.AddBox("ping_pongs", std::move(pingPongs));
        data.AddBox("demand_bps", std::move(demand));
        data.AddBox("delivered_bps", std::move(deliveredRate));
        data.AddBox("offered_bytes", std::move(offered));
        data.AddBox("delivered_bytes", std::move(delivered));
        data.AddBox("late_bytes", std::move(late));
        data.AddBox("dropped_bytes", std::move(dropped));
        data.AddBox("queued_bytes", std::move(queued));
        data.AddBox("delays", std::move(delays));
        data.AddBox("ue_position_m", std::move(position));
    }

    /**
     * @param data gets what concerns each gNB
     */
    void AddGnbs(GymDictData& data) const
    {
        std::vector<double> load;
        std::vector<double> airtime;
        std::vector<double> airtimeUsed;
        std::vector<double> offsets;
        std::vector<int32_t> channel;
        std::vector<double> sibDue;
        std::vector<double> sibSent;
        std::vector<double> position;
        std::vector<double> rsrp;
        for (uint32_t i = 0; i < m_nGnbs; ++i)
        {
            const auto& gnb = m_network->GetGnbs()[i];
            load.push_back(gnb->GetLoadMeter().GetLoad());
            airtime.push_back(gnb->GetLoadMeter().GetAirtime());
            airtimeUsed.push_back(gnb->GetLoadMeter().GetUsedAirtime());
            channel.push_back(gnb->GetPhy()->GetChannelIndex());
            sibDue.push_back(gnb->GetDiscovery()->GetSibxDue());
            sibSent.push_back(gnb->GetDiscovery()->GetSibxSent());
            AddPosition(position, gnb->GetPhy()->GetMobility());
            for (uint32_t j = 0; j < m_nGnbs; ++j)
            {
                offsets.push_back(m_network->GetCellOffsets()->Get(i, j));
                const auto& other = m_network->GetGnbs()[j];
                rsrp.push_back(
                    i == j ? NAN : other->GetDownlink().GetRsrpDbm(gnb->GetPhy()->GetMobility()));
            }
        }
        data.AddBox("load", std::move(load));
        data.AddBox("airtime", std::move(airtime));
        data.AddBox("airtime_used", std::move(airtimeUsed));
        data.AddBox("cio_db", std::move(offsets));
        data.AddBox("channel", std::move(channel));
        data.AddBox("sib_due", std::move(sibDue));
        data.AddBox("sib_sent", std::move(sibSent));
        data.AddBox("gnb_position_m", std::move(position));
        data.AddBox("gnb_rsrp_dbm", std::move(rsrp));
    }

    /**
     * @param data gets what concerns all Wi-Fi together
     */
    void AddWifi(GymDictData& data)
    {
        double offered = 0;
        double delivered = 0;
        NruDelayCounts::Bins counts{};
        for (const auto& bss : m_network->GetWifi())
        {
            offered += bss->GetOfferedBytes();
            delivered += bss->GetDeliveredBytes();
            const auto& bins = bss->GetDelays().Get();
            std::transform(bins.begin(), bins.end(), counts.begin(), counts.begin(), std::plus<>());
        }
        std::vector<double> delays;
        AddCounts(delays, counts, m_wifiDelays);
        data.AddBox("wifi_offered_bytes", std::vector<double>{offered});
        data.AddBox("wifi_delivered_bytes", std::vector<double>{delivered});
        data.AddBox("wifi_delays", std::move(delays));
    }

    /**
     * @param to gets what has come since the last call
     * @param counts since the start
     * @param before counts at the last call; becomes those of now
     */
    static void AddCounts(std::vector<double>& to,
                          const NruDelayCounts::Bins& counts,
                          NruDelayCounts::Bins& before)
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
    static void AddPosition(std::vector<double>& to, Ptr<const MobilityModel> mobility)
    {
        const auto position = mobility->GetPosition();
        to.insert(to.end(), {position.x, position.y, position.z});
    }

    Ptr<const NruNetwork> m_network;            //!< what is observed
    uint32_t m_nGnbs;                           //!< G
    uint32_t m_nUes;                            //!< U
    std::vector<uint64_t> m_delivered;          //!< bytes at the last Get(), by UE
    std::vector<NruDelayCounts::Bins> m_delays; //!< counts at the last Get(), by UE
    NruDelayCounts::Bins m_wifiDelays{};        //!< counts of all Wi-Fi at the last Get()
    Time m_observed;                            //!< last Get()
    Ptr<NruRateKnowledge> m_rates;              //!< what UEs know of rates
};

/// The scenario between the network and the agent.
class IndoorFactory
{
  public:
    /**
     * @param nSteps length of the episode
     */
    explicit IndoorFactory(uint32_t nSteps)
        : m_nSteps(nSteps),
          m_network(CreateObject<NruNetwork>()),
          m_gym(CreateObject<GymInterface>())
    {
        m_network->Build(MakeCallback(&IndoorFactory::EndStep, this));
        m_observation = std::make_unique<Observation>(m_network);
        m_gym->SetObservationCallbacks(MakeCallback(&Observation::GetSpace, m_observation.get()),
                                       MakeCallback(&Observation::Get, m_observation.get()));
        m_gym->SetActionCallbacks(MakeCallback(&IndoorFactory::GetActionSpace, this),
                                  MakeCallback(&IndoorFactory::Execute, this));
    }

    /**
     * @param printsCost whether to say at the end what the run cost
     * @return what main is to return
     */
    int Run(bool printsCost)
    {
        if (m_gym->Init())
        {
            const Cost cost;
            Simulator::Run();
            if (printsCost)
            {
                cost.Print();
            }
        }
        const auto exitCode = m_gym->GetExitCode();
        m_gym->Dispose();
        m_network->Dispose();
        Simulator::Destroy();
        return exitCode;
    }

  private:
    /**
     * @return the space of actions
     */
    Ptr<GymSpace> GetActionSpace()
    {
        const uint32_t g = m_network->GetGnbs().size();
        const uint32_t u = m_network->GetUes().size();
        const auto maxOffset = NruCellOffsets::MAX_DB;
        const auto nChannels = m_network->GetGnbs()[0]->GetPhy()->GetNChannels();
        auto space = Create<GymDictSpace>();
        space->AddBox("cho_target", NruUe::NO_TARGET, g - 1, {u}, GymDtype::INT32);
        space->AddBox("cio_db", -maxOffset, maxOffset, {g, g}, GymDtype::DOUBLE);
        space->AddBox("channel", -1, nChannels - 1, {g}, GymDtype::INT32);
        return space;
    }

    /**
     * @param data an action; what it leaves out stays as it is
     */
    void Execute(Ptr<const GymData> data)
    {
        const auto& action = dynamic_cast<const GymDictData&>(*data);
        const auto nGnbs = m_network->GetGnbs().size();
        if (const auto* offsets = action.FindBox<double>("cio_db"))
        {
            for (uint32_t i = 0; i < offsets->size(); ++i)
            {
                m_network->GetCellOffsets()->Set(i / nGnbs, i % nGnbs, (*offsets)[i]);
            }
        }
        if (const auto* channels = action.FindBox<int32_t>("channel"))
        {
            for (uint32_t i = 0; i < nGnbs; ++i)
            {
                if ((*channels)[i] >= 0)
                {
                    m_network->GetGnbs()[i]->SetChannel((*channels)[i]);
                }
            }
        }
        if (const auto* targets = action.FindBox<int32_t>("cho_target"))
        {
            for (const auto& ue : m_network->GetUes())
            {
                ue->SetChoTarget((*targets)[ue->GetIndex()]);
            }
        }
    }

    /**
     * @param step number of the step that ends
     */
    void EndStep(uint32_t step)
    {
        if (step < m_nSteps)
        {
            m_gym->NotifyCurrentState();
        }
        else
        {
            m_gym->NotifySimulationEnd();
            Simulator::Stop();
        }
    }

    uint32_t m_nSteps;                          //!< actions in an episode
    Ptr<NruNetwork> m_network;                  //!< the hall
    std::unique_ptr<Observation> m_observation; //!< what the agent sees
    Ptr<GymInterface> m_gym;                    //!< the agent
};

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
    cmd.Parse(argc, argv);
    if (const auto error = flags.Apply(); !error.empty())
    {
        std::cerr << "indoor-factory: " << error << std::endl;
        return 2;
    }
    try
    {
        return IndoorFactory(flags.GetSteps()).Run(printsCost);
    }
    catch (const std::invalid_argument& error) // a hall that cannot be built
    {
        std::cerr << "indoor-factory: " << error.what() << std::endl;
        return 2;
    }
}

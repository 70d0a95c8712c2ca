// SPDX-License-Identifier: GPL-2.0-only

// The family `sliced-network` on ns-3: sites that each have a licensed NR cell and an edge host,
// and UEs in slices, driven by an agent that sets guaranteed rates, shares of hosts and quotas of
// slices. docs/sliced-network.md has the rules.

#include "gym-command-line.h"
#include "gym-error.h"
#include "gym-knobs.h"
#include "gym-record.h"
#include "gym-session.h"
#include "slice-network.h"
#include "slice-scenario-flags.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"

#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>

using namespace ns3;

namespace
{

constexpr double INF = std::numeric_limits<double>::infinity();
constexpr double MAX_BPS = 1e12;            //!< of a guaranteed rate
constexpr double ROUNDING = 1e-9;           //!< by which minima may exceed 1 in sum
constexpr auto S = SliceScenario::N_SLICES; //!< slices
constexpr uint32_t N_PARTS = 3;             //!< of a quota: dedicated, minimum, maximum

/// Parts of a quota, in the order of the array's last axis.
constexpr double NrPolicyRatio::* PARTS[N_PARTS]{&NrPolicyRatio::dedicated,
                                                 &NrPolicyRatio::minimum,
                                                 &NrPolicyRatio::maximum};

/**
 * @brief What the agent sees: a Dict of Boxes, of E sites, U UEs and S slices.
 *
 * Counts are of the step that has ended.
 */
class Observation
{
  public:
    /**
     * @param network what is observed; exists for as long as this
     */
    explicit Observation(const SliceNetwork& network)
        : m_network(network),
          m_e(network.GetScenario().nSites),
          m_u(network.GetScenario().GetNUes())
    {
        AddScenario();
        AddKnobs();
        AddCounts();
        AddSlices();
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
     * @param key of an entry
     * @param high largest value allowed
     * @param get gives a UE's, by index
     */
    template <typename Get>
    void AddOfUes(const char* key, double high, Get get)
    {
        m_record.Add<double>(key, {m_u}, 0, high, get);
    }

    /**
     * @param key of an entry
     * @param member of a UE's counts
     */
    void AddCount(const char* key, double SliceStepCounts::OfStep::* member)
    {
        AddOfUes(key, INF, [this, member](uint32_t u) {
            return m_network.GetUe(u).counts.Get().*member;
        });
    }

    /// When it is, and what is known from the start.
    void AddScenario()
    {
        const auto& scenario = m_network.GetScenario();
        m_record.Add<double>("time_s", {1}, 0, INF, [] { return Simulator::Now().GetSeconds(); });
        m_record.Add<int32_t>("slice", {m_u}, 0, S - 1, [&scenario](uint32_t u) {
            return static_cast<int32_t>(scenario.slices[u]);
        });
        m_record.Add<int32_t>("site", {m_u}, 0, m_e - 1.0, [&scenario](uint32_t u) {
            return static_cast<int32_t>(u / scenario.uesPerSite);
        });
        m_record.Add<double>("mean_snr_db", {m_u}, -INF, INF, [&scenario](uint32_t u) {
            return scenario.meanSnrDb[u];
        });
        AddOfUes("mean_rate_bps", INF, [&scenario](uint32_t u) { return scenario.meanRateBps[u]; });
    }

    /// What UEs demand, and what they are given.
    void AddKnobs()
    {
        AddOfUes("demand_bps", INF, [this](uint32_t u) { return m_network.GetUe(u).demandBps; });
        AddOfUes("gfbr_bps", INF, [this](uint32_t u) {
            return m_network.GetUe(u).gfbrBps.admitted;
        });
        AddOfUes("cpu_demand", INF, [this](uint32_t u) { return m_network.GetUe(u).cpuDemand; });
        AddOfUes("cpu_share", 1, [this](uint32_t u) { return m_network.GetUe(u).cpu.admitted; });
        m_record.Add<double>("prb_ratio", {m_e, S, N_PARTS}, 0, 1, [this](std::vector<double>& to) {
            for (uint32_t e = 0; e < m_e; ++e)
            {
                for (const auto& ratio : m_network.GetPolicy(e))
                {
                    for (const auto part : PARTS)
                    {
                        to.push_back(ratio.*part);
                    }
                }
            }
        });
    }

    /// What happened to UEs.
    void AddCounts()
    {
        using Step = SliceStepCounts::OfStep;
        AddCount("rate_bps", &Step::rateBps);
        AddCount("offered_bytes", &Step::offeredBytes);
        AddCount("delivered_bytes", &Step::deliveredBytes);
        AddCount("dropped_bytes", &Step::droppedBytes);
        AddCount("late_bytes", &Step::lateBytes);
        AddCount("queued_bytes", &Step::queuedBytes);
        AddOfUes("prb_share", 1, [this](uint32_t u) { return GetPrbShare(u); });
        AddCount("cpu_offered", &Step::cpuOffered);
        AddCount("cpu_done", &Step::cpuDone);
        AddCount("cpu_dropped", &Step::cpuDropped);
        AddCount("cpu_queued", &Step::cpuQueued);
    }

    /// What happened to slices.
    void AddSlices()
    {
        m_record.Add<double>("prb_used", {m_e, S}, 0, 1, [this](std::vector<double>& to) {
            const auto first = to.size();
            to.resize(first + std::size_t{m_e} * S);
            const auto& scenario = m_network.GetScenario();
            for (uint32_t u = 0; u < m_u; ++u)
            {
                to[first + u / scenario.uesPerSite * S + scenario.slices[u]] += GetPrbShare(u);
            }
        });
        m_record.Add<double>("delay_count",
                             {S, NrDelayCounts::N_BINS},
                             0,
                             INF,
                             [this](std::vector<double>& to) {
                                 const auto first = to.size();
                                 to.resize(first + S * NrDelayCounts::N_BINS);
                                 for (uint32_t u = 0; u < m_u; ++u)
                                 {
                                     AddDelays(u, &to[first]);
                                 }
                             });
    }

    /**
     * @param u index of a UE
     * @return share of the cell's resource blocks that were sent to it
     */
    double GetPrbShare(uint32_t u) const
    {
        return m_network.GetUe(u).counts.Get().prbs / m_network.GetPrbs();
    }

    /**
     * @param u index of a UE
     * @param to counts by slice and bin, which get its own
     */
    void AddDelays(uint32_t u, double* to) const
    {
        const auto& delays = m_network.GetUe(u).counts.Get().delays;
        for (uint32_t bin = 0; bin < NrDelayCounts::N_BINS; ++bin)
        {
            to[m_network.GetScenario().slices[u] * NrDelayCounts::N_BINS + bin] += delays[bin];
        }
    }

    const SliceNetwork& m_network; //!< what is observed
    uint32_t m_e;                  //!< sites
    uint32_t m_u;                  //!< UEs
    GymRecord m_record;            //!< what is known, by key
};

/**
 * @brief Refuse quotas that contradict one another.
 * @param site index
 * @param ratios by slice
 */
void
Check(uint32_t site, const std::vector<NrPolicyRatio>& ratios)
{
    auto minima = 0.0;
    for (uint32_t slice = 0; slice < S; ++slice)
    {
        const auto& [dedicated, minimum, maximum] = ratios[slice];
        if (dedicated > minimum || minimum > maximum)
        {
            throw GymError("action['prb_ratio'][" + std::to_string(site) + ", " +
                           std::to_string(slice) + "] = " + std::to_string(dedicated) + ", " +
                           std::to_string(minimum) + ", " + std::to_string(maximum) +
                           ", allowed is dedicated <= minimum <= maximum");
        }
        minima += minimum;
    }
    if (minima > 1 + ROUNDING)
    {
        throw GymError("action['prb_ratio'][" + std::to_string(site) + "] has minima of " +
                       std::to_string(minima) + " in sum, allowed is at most 1");
    }
}

/**
 * @param network what the agent configures; exists for as long as what is returned
 * @return what it may set
 */
GymKnobs
MakeKnobs(SliceNetwork& network)
{
    const auto e = network.GetScenario().nSites;
    const auto u = network.GetScenario().GetNUes();
    GymKnobs knobs;
    knobs.Add<double>("gfbr_bps", {u}, 0, MAX_BPS, [&network](uint32_t ue, double bitRate) {
        network.SetGfbr(ue, bitRate);
    });
    knobs.Add<double>("cpu_share", {u}, 0, 1, [&network](uint32_t ue, double share) {
        network.SetCpuShare(ue, share);
    });
    knobs.Add<double>("prb_ratio",
                      {e, S, N_PARTS},
                      0,
                      1,
                      [&network](uint32_t row, uint32_t part, double ratio) {
                          const auto site = row / S;
                          auto policy = network.GetPolicy(site);
                          policy[row % S].*PARTS[part] = ratio;
                          if (row % S == S - 1 && part == N_PARTS - 1) // a site's last
                          {
                              Check(site, policy);
                          }
                          network.SetPolicy(site, policy);
                      });
    return knobs;
}

/**
 * @brief Simulate the network with an agent, until one of the two ends it.
 * @param scenario what is simulated; parsed
 * @param printsCost whether to say at the end, on stderr, what the run cost
 * @return what main is to return
 */
int
Run(Ptr<const SliceScenario> scenario, bool printsCost)
{
    const auto network = CreateObject<SliceNetwork>();
    GymSession session(scenario->steps);
    network->Build(scenario, MakeCallback(&GymSession::EndStep, &session));
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
    SliceScenarioFlags flags;
    CommandLine cmd(__FILE__);
    cmd.Usage(
        "Sites with a licensed NR cell and an edge host each, and UEs in slices, driven by an "
        "agent over ns3-gym's protocol.");
    flags.AddTo(cmd);
    AddGymFlags(cmd);
    bool printsCost = false;
    cmd.AddValue("printCost", "Say at the end, on stderr, what the run cost", printsCost);
    ParseStrictly(cmd, argc, argv);
    if (const auto error = flags.Apply(); !error.empty())
    {
        std::cerr << "sliced-network: " << error << std::endl;
        return 2;
    }
    try
    {
        const auto scenario = CreateObject<SliceScenario>();
        scenario->Parse();
        return Run(scenario, printsCost);
    }
    catch (const std::invalid_argument& error) // a network that cannot be built
    {
        std::cerr << "sliced-network: " << error.what() << std::endl;
        return 2;
    }
}

// SPDX-License-Identifier: GPL-2.0-only

#include "slice-scenario.h"

#include "nr-flag.h"
#include "nr-name-checker.h"
#include "nr-scheduling-rule.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(SliceScenario);

namespace
{

constexpr double INF = std::numeric_limits<double>::infinity();

/// A flag that is a list of numbers.
struct List
{
    const char* flag;        //!< its name
    const std::string& text; //!< as given
    std::size_t size;        //!< numbers that it has to have
    double low;              //!< smallest number allowed
    double high;             //!< largest number allowed
    bool isWhole{false};     //!< whether numbers have to be whole
};

/**
 * @param number given in a list
 * @param list that it is in
 * @return what is wrong with it; empty if nothing
 */
std::string
FindMistake(double number, const List& list)
{
    if (!std::isfinite(number) || number < list.low || number > list.high)
    {
        return "not a number of " + NrFlag::ToText(list.low) +
               (list.high < INF ? " to " + NrFlag::ToText(list.high) : " or more");
    }
    return list.isWhole && number != std::floor(number) ? "not a whole number" : "";
}

/**
 * @param list `x:y:...`
 * @return its numbers
 */
std::vector<double>
ParseList(const List& list)
{
    const auto given = std::string("--") + list.flag + ": ";
    std::vector<double> numbers;
    std::istringstream stream(list.text);
    for (std::string text; std::getline(stream, text, ':');)
    {
        const auto number = NrFlag::ParseNumber(text).value_or(NAN);
        if (const auto mistake = FindMistake(number, list); !mistake.empty())
        {
            throw std::invalid_argument(given + "number " + std::to_string(numbers.size()) + " = " +
                                        text.substr(0, 20) + " is " + mistake);
        }
        numbers.push_back(number);
    }
    if (numbers.size() != list.size)
    {
        throw std::invalid_argument(given + std::to_string(numbers.size()) +
                                    " numbers, allowed are " + std::to_string(list.size));
    }
    return numbers;
}

} // namespace

TypeId
SliceScenario::GetTypeId()
{
    static TypeId tid = [] {
        auto type = TypeId("ns3::SliceScenario")
                        .SetParent<Object>()
                        .SetGroupName("Slices")
                        .AddConstructor<SliceScenario>();
        const auto whole = [&type](const char* name,
                                   const char* help,
                                   uint32_t initial,
                                   uint32_t SliceScenario::* member,
                                   uint32_t low,
                                   uint32_t high) {
            type.AddAttribute(name,
                              help,
                              UintegerValue(initial),
                              MakeUintegerAccessor(member),
                              MakeUintegerChecker<uint32_t>(low, high));
        };
        const auto real = [&type](const char* name,
                                  const char* help,
                                  double initial,
                                  double SliceScenario::* member,
                                  double low,
                                  double high) {
            type.AddAttribute(name,
                              help,
                              DoubleValue(initial),
                              MakeDoubleAccessor(member),
                              MakeDoubleChecker<double>(low, high));
        };
        const auto name = [&type](const char* attribute,
                                  const char* help,
                                  const char* initial,
                                  std::string SliceScenario::* member,
                                  const std::vector<std::string>& allowed) {
            type.AddAttribute(attribute,
                              help,
                              StringValue(initial),
                              MakeStringAccessor(member),
                              MakeNrNameChecker(allowed));
        };
        const auto list =
            [&type](const char* name, const char* help, std::string SliceScenario::* member) {
                type.AddAttribute(name,
                                  help,
                                  StringValue(""),
                                  MakeStringAccessor(member),
                                  MakeStringChecker());
            };
        using S = SliceScenario;
        whole("Steps", "Actions of a run", 50, &S::steps, 1, 1000000);
        whole("StepMs", "Length of a step (ms)", 100, &S::m_stepMs, 10, 10000);
        whole("NSites", "Number of sites", 10, &S::nSites, 1, 50);
        whole("UesPerSite", "Number of UEs of each site", 50, &S::uesPerSite, 1, 200);
        name("Scheduler",
             "Who is served first: qos, pf, rr or max-rate",
             "qos",
             &S::scheduler,
             GetNrSchedulingRules());
        type.AddAttribute(
            "IsReserved",
            "Whether a guaranteed rate and a share of the host bound a UE as well, and "
            "what it leaves stays idle: true or false",
            BooleanValue(true),
            MakeBooleanAccessor(&S::isReserved),
            MakeBooleanChecker());
        name("Fading", "Of a UE's SNR: none or rayleigh", "none", &S::fading, {"none", "rayleigh"});
        whole("CoherenceMs", "Length of a block of fading (ms)", 20, &S::coherenceMs, 1, 10000);
        whole("Diversity", "Branches that a UE's receiver combines", 1, &S::diversity, 1, 8);
        whole("EmbbPacketBytes",
              "Size of an eMBB UE's packets (bytes)",
              1400,
              &S::m_embbPacketBytes,
              32,
              9000);
        whole("UrllcPacketBytes",
              "Size of a URLLC UE's packets (bytes)",
              250,
              &S::m_urllcPacketBytes,
              32,
              9000);
        whole("MmtcPacketBytes",
              "Size of an mMTC UE's packets (bytes)",
              500,
              &S::m_mmtcPacketBytes,
              32,
              9000);
        real("CpuCapacity", "Of an edge host (work/s)", 16000, &S::cpuCapacity, 1, 1e9);
        real("JobWork", "Work of a job", 5, &S::jobWork, 0.001, 1e6);
        whole("CpuQueueJobs", "Most jobs of a UE at a host", 20, &S::cpuQueueJobs, 1, 100000);
        list("Slices", "Slice by UE, 0 eMBB, 1 URLLC, 2 mMTC: x:y:...", &S::m_slices);
        list("MeanSnrDb", "SNR in the mean over fading by UE (dB): x:y:...", &S::m_meanSnrDb);
        list("MeanRateBps",
             "What a UE could get of the carrier, by UE (bit/s): x:y:...",
             &S::m_meanRateBps);
        list("DemandBps", "Mean demand by UE (bit/s): x:y:...", &S::m_demandBps);
        list("CpuDemand", "Mean demand by UE (work/s): x:y:...", &S::m_cpuDemand);
        list("DemandLevels", "64 factors that demands are drawn from: x:y:...", &S::m_demandLevels);
        type.AddAttribute("DemandChange",
                          "Probability times 2^32 that a demand is drawn anew in a step",
                          UintegerValue(0),
                          MakeUintegerAccessor(&S::demandChange),
                          MakeUintegerChecker<uint64_t>(0, uint64_t{1} << 32));
        return type;
    }();
    return tid;
}

void
SliceScenario::Parse()
{
    const auto n = GetNUes();
    const auto given = ParseList({"slices", m_slices, n, 0, N_SLICES - 1, true});
    slices.assign(given.begin(), given.end());
    meanSnrDb = ParseList({"meanSnrDb", m_meanSnrDb, n, -100, 100});
    meanRateBps = ParseList({"meanRateBps", m_meanRateBps, n, 1, INF});
    demandBps = ParseList({"demandBps", m_demandBps, n, 0, INF});
    cpuDemand = ParseList({"cpuDemand", m_cpuDemand, n, 0, INF});
    const auto levels = ParseList({"demandLevels", m_demandLevels, SliceDemand::N_LEVELS, 0, INF});
    std::copy(levels.begin(), levels.end(), demandLevels.begin());
    if (fading != "none" && m_stepMs % coherenceMs != 0)
    {
        throw std::invalid_argument("--coherenceMs=" + std::to_string(coherenceMs) +
                                    ": not a divisor of --stepMs, " + std::to_string(m_stepMs));
    }
}

uint32_t
SliceScenario::GetNUes() const
{
    return nSites * uesPerSite;
}

Time
SliceScenario::GetStep() const
{
    return MilliSeconds(m_stepMs);
}

uint32_t
SliceScenario::GetPacketBytes(uint32_t slice) const
{
    const std::array<uint32_t, N_SLICES> sizes{m_embbPacketBytes,
                                               m_urllcPacketBytes,
                                               m_mmtcPacketBytes};
    return sizes.at(slice);
}

Time
SliceScenario::GetDelayBudget(uint32_t slice)
{
    constexpr std::array<int64_t, N_SLICES> BUDGETS_MS{150, 10, 50};
    return MilliSeconds(BUDGETS_MS.at(slice));
}

} // namespace ns3

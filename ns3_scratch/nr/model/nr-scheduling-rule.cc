// SPDX-License-Identifier: GPL-2.0-only

#include "nr-scheduling-rule.h"

#include "ns3/abort.h"

#include <algorithm>
#include <iterator>

namespace ns3
{

namespace
{

/// What lifts any flow that is behind its guaranteed bit rate above any that is not.
constexpr double GBR_FIRST = 1e12;
/// Floor of PDB - head of line delay, as a share of the PDB.
constexpr double MIN_SLACK = 0.05;
/// Floor of an average rate, so that a flow never served has a finite metric (bit/s).
constexpr double MIN_AVERAGE = 1e3;

/// The rule `qos`. Arguments as NrSchedulingRule.
double
RankByQos(const NrFlow& flow, double average, Time now)
{
    const auto budget = flow.bearer->GetDelayBudget().GetSeconds();
    const auto waited = (now - flow.bearer->GetHeadOfLine()).GetSeconds();
    const auto urgency = budget / std::max(budget - waited, MIN_SLACK * budget);
    const auto fair = flow.fullBandRate / std::max(average, MIN_AVERAGE) * urgency;
    const auto bitRate = flow.bearer->GetBitRate();
    const auto deficit = bitRate > 0 ? 1 - average / bitRate : 0.0;
    return deficit > 0 ? GBR_FIRST + fair * deficit : fair;
}

/// The rule `pf`. Arguments as NrSchedulingRule.
double
RankFairly(const NrFlow& flow, double average, Time)
{
    return flow.fullBandRate / std::max(average, MIN_AVERAGE);
}

/// The rule `rr`. Arguments as NrSchedulingRule.
double
RankByTurn(const NrFlow& flow, double, Time now)
{
    return static_cast<double>((now - flow.served).GetNanoSeconds());
}

/// The rule `max-rate`. Arguments as NrSchedulingRule.
double
RankByRate(const NrFlow& flow, double, Time)
{
    return flow.fullBandRate;
}

/// A rule by its name.
struct Rule
{
    const char* name;       //!< as attributes have it
    NrSchedulingRule order; //!< what it says
};

/// All rules.
constexpr Rule RULES[]{
    {"qos", RankByQos},
    {"pf", RankFairly},
    {"rr", RankByTurn},
    {"max-rate", RankByRate},
};

} // namespace

std::vector<std::string>
GetNrSchedulingRules()
{
    std::vector<std::string> names;
    for (const auto& rule : RULES)
    {
        names.emplace_back(rule.name);
    }
    return names;
}

NrSchedulingRule
FindNrSchedulingRule(const std::string& name)
{
    const auto* found = std::find_if(std::begin(RULES), std::end(RULES), [&name](const auto& rule) {
        return rule.name == name;
    });
    NS_ABORT_MSG_IF(found == std::end(RULES), "there is no scheduling rule '" << name << "'");
    return found->order;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_SCHEDULING_RULE_H
#define NR_SCHEDULING_RULE_H

#include "nr-flow.h"

#include "ns3/nstime.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Who is served first: gives a flow with data the larger a metric, the sooner its turn.
 *
 * Called with the flow, its average rate (bit/s), and the current time. By name:
 *
 * - `qos`: flows that are behind their guaranteed bit rate, by deficit times the metric of the
 *   others; then the rest by the proportional fair metric. Both are raised by
 *   D = PDB / (PDB - head of line delay) as a packet nears its delay budget;
 * - `pf`: proportional fair, the rate over the average rate;
 * - `rr`: round robin, who was last sent to longest ago;
 * - `max-rate`: the highest rate.
 */
using NrSchedulingRule = double (*)(const NrFlow& flow, double average, Time now);

/**
 * @ingroup nr
 * @return names of all rules
 */
std::vector<std::string> GetNrSchedulingRules();

/**
 * @ingroup nr
 * @param name of a rule
 * @return the rule
 */
NrSchedulingRule FindNrSchedulingRule(const std::string& name);

} // namespace ns3

#endif // NR_SCHEDULING_RULE_H

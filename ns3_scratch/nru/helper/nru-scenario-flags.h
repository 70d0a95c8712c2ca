// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_SCENARIO_FLAGS_H
#define NRU_SCENARIO_FLAGS_H

#include "nr-flag.h"

#include "ns3/command-line.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief The command line of the indoor factory: a flag for every number of the situation.
 *
 * Each flag has its unit in its name, and sets the default of one attribute: a flag and
 * `--ns3::Class::Attribute=` are two ways to say the same.
 */
class NruScenarioFlags
{
  public:
    NruScenarioFlags();

    /**
     * @param cmd gets all flags, with their defaults and what they mean
     */
    void AddTo(CommandLine& cmd);

    /**
     * @brief Set the defaults of the attributes to what the flags say.
     * @return an empty string, or which flag has which value and what is allowed
     */
    std::string Apply() const;

    /**
     * @return number of steps of the episode; only valid if Apply() found nothing to object to
     */
    uint32_t GetSteps() const;

  private:
    /**
     * @return what is wrong between two flags that are each allowed; empty if nothing
     */
    std::string FindConflict() const;

    /**
     * @param name of a flag that sets an attribute
     * @return the flag
     */
    const NrFlag& Find(const std::string& name) const;

    std::vector<NrFlag> m_flags;   //!< those that set an attribute
    std::string m_edThreshold;     //!< dBm; empty: by the formula
    std::string m_rateModel{"nr"}; //!< by which rates are had
    std::string m_steps{"50"};     //!< number of steps
};

} // namespace ns3

#endif // NRU_SCENARIO_FLAGS_H

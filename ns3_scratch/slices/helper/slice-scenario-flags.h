// SPDX-License-Identifier: GPL-2.0-only

#ifndef SLICE_SCENARIO_FLAGS_H
#define SLICE_SCENARIO_FLAGS_H

#include "nr-flag.h"

#include "ns3/command-line.h"

#include <list>
#include <string>

namespace ns3
{

/**
 * @ingroup slices
 * @brief The command line of the sliced network: a flag for every attribute of SliceScenario.
 *
 * A flag has the attribute's name with a small first letter, its default and its range.
 */
class SliceScenarioFlags
{
  public:
    SliceScenarioFlags();

    /**
     * @param cmd gets all flags; keeps references to this object
     */
    void AddTo(CommandLine& cmd);

    /**
     * @brief Set the defaults of the attributes to what the flags say.
     * @return an empty string, or which flag has which value and what is allowed
     */
    std::string Apply() const;

  private:
    std::list<NrFlag> m_flags; //!< by attribute
};

} // namespace ns3

#endif // SLICE_SCENARIO_FLAGS_H

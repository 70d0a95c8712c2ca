// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_SCENARIO_FLAGS_H
#define IOT_SCENARIO_FLAGS_H

#include "ns3/command-line.h"
#include "ns3/type-id.h"

#include <list>
#include <string>

namespace ns3
{

/**
 * @ingroup iot
 * @brief The command line of the IoT edge: a flag for every attribute of IotScenario.
 *
 * A flag has the attribute's name with a small first letter, its default and its range.
 */
class IotScenarioFlags
{
  public:
    IotScenarioFlags();

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
    /// A flag.
    struct Flag
    {
        std::string name;                       //!< without dashes
        TypeId::AttributeInformation attribute; //!< that it sets
        std::string text;                       //!< as given
    };

    /**
     * @param flag any
     * @return what is wrong with its value; empty if nothing
     */
    static std::string FindMistake(const Flag& flag);

    std::list<Flag> m_flags; //!< by attribute
};

} // namespace ns3

#endif // IOT_SCENARIO_FLAGS_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_SCENARIO_FLAGS_H
#define NRU_SCENARIO_FLAGS_H

#include "ns3/command-line.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief The command line of the indoor factory: a flag for every number of the situation.
 *
 * Each flag has its unit in its name and sets the default of one attribute, so a flag and
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
     * @brief Set the defaults of all attributes to what the flags say.
     * @return an empty string, or which flag has which value and what is allowed
     */
    std::string Apply() const;

    /**
     * @return number of steps of the episode; only valid if Apply() found nothing to object to
     */
    uint32_t GetSteps() const;

  private:
    /// How a flag's text becomes an attribute's.
    enum class Kind
    {
        NUMBER,  //!< times the scale
        INTEGER, //!< as it is
        TIME_MS, //!< with the unit ms
        TIME_S,  //!< with the unit s
        TEXT,    //!< as it is, or as the attribute has it
    };

    /// One flag.
    struct Flag
    {
        std::string name;                   //!< without dashes
        std::string value;                  //!< as given; until then the default
        std::string help;                   //!< what it means
        std::string attribute;              //!< class and attribute it sets
        Kind kind;                          //!< of value
        double scale{1.0};                  //!< attribute's unit in the flag's
        std::vector<std::string> allowed{}; //!< if not empty, the only values allowed
        std::vector<std::string> meant{};   //!< if not empty, how the attribute has each of them
    };

    /**
     * @param flag one
     * @return what is wrong with it; empty if nothing
     */
    static std::string Apply(const Flag& flag);

    /**
     * @param name of a flag
     * @return its value
     */
    const std::string& GetValue(const std::string& name) const;

    std::vector<Flag> m_flags;     //!< those that set an attribute
    std::string m_edThreshold;     //!< dBm; empty: by the formula
    std::string m_rateModel{"nr"}; //!< by which rates are had
    std::string m_steps{"50"};     //!< number of steps
};

} // namespace ns3

#endif // NRU_SCENARIO_FLAGS_H

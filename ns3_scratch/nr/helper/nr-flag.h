// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_FLAG_H
#define NR_FLAG_H

#include "ns3/attribute.h"
#include "ns3/command-line.h"
#include "ns3/ptr.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief A flag of a program that sets the default of one attribute.
 *
 * Kind, default and range are the attribute's own. Times are in the unit that the flag's name ends
 * in, Ms or S.
 */
class NrFlag
{
  public:
    /**
     * @param name without dashes, with its unit
     * @param attribute class and name of the attribute, without `ns3::`
     * @param help what it means
     * @param scale the flag's unit in the attribute's, for numbers
     * @param allowed if not empty, the only values of the attribute's range that are allowed
     */
    NrFlag(std::string name,
           const std::string& attribute,
           std::string help,
           double scale = 1.0,
           std::vector<std::string> allowed = {});

    /**
     * @param cmd gets the flag; keeps a reference to this object
     */
    void AddTo(CommandLine& cmd);

    /**
     * @brief Set the attribute's default, if the flag was given another value.
     * @return an empty string, or what the flag says and what is allowed
     */
    std::string Apply() const;

    /**
     * @brief Give the flag a value, as the command line does.
     * @param text the value
     */
    void Set(const std::string& text);

    /**
     * @return its name
     */
    const std::string& GetName() const;
    /**
     * @return its value, as given; until then the attribute's default
     */
    const std::string& GetText() const;
    /**
     * @return its value, in its own unit; only valid for a number that Apply() found nothing to
     * object to
     */
    double GetNumber() const;

    /**
     * @param text a number, and nothing else
     * @return its value; nothing if it is not a finite number
     */
    static std::optional<double> ParseNumber(const std::string& text);

    /**
     * @param value a number
     * @return it, in decimal
     */
    static std::string ToText(double value);

  private:
    /**
     * @param value of the attribute
     * @return it, as the flag has it
     */
    std::string Spell(const AttributeValue& value) const;

    /**
     * @return true if the attribute is of that type
     * @param type such as `Time`
     */
    bool Is(const std::string& type) const;

    std::string m_name;                    //!< without dashes
    std::string m_attribute;               //!< full name
    std::string m_help;                    //!< what it means
    double m_scale;                        //!< flag's unit in the attribute's
    std::vector<std::string> m_allowed;    //!< if not empty, the only values
    Ptr<const AttributeChecker> m_checker; //!< of the attribute
    std::string m_default;                 //!< attribute's, as the flag has it
    std::string m_text;                    //!< as given
};

} // namespace ns3

#endif // NR_FLAG_H

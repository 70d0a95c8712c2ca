// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_FLAG_TEXT_H
#define NRU_FLAG_TEXT_H

#include "ns3/attribute.h"
#include "ns3/ptr.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief How flags and attributes are written and read.
 */
struct NruFlagText
{
    /**
     * @param text a number, and nothing else
     * @return its value; nothing if it is not a finite number
     */
    static std::optional<double> ParseNumber(const std::string& text);

    /**
     * @param value a number
     * @return it, with all its digits
     */
    static std::string ToText(double value);

    /**
     * @param options possible values
     * @return them in a row
     */
    static std::string Join(const std::vector<std::string>& options);

    /**
     * @param name full name of an attribute
     * @return its checker
     */
    static Ptr<const AttributeChecker> GetChecker(const std::string& name);
};

} // namespace ns3

#endif // NRU_FLAG_TEXT_H

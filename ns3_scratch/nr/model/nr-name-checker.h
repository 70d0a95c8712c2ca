// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_NAME_CHECKER_H
#define NR_NAME_CHECKER_H

#include "ns3/attribute.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Checker of a string attribute that is one of a few names.
 *
 * What ns-3's enumerations do, for attributes that are kept as their names: another name is refused
 * when it is set.
 */
class NrNameChecker : public AttributeChecker
{
  public:
    /**
     * @param names allowed
     */
    explicit NrNameChecker(std::vector<std::string> names);

    /**
     * @return names allowed
     */
    const std::vector<std::string>& GetNames() const;

    bool Check(const AttributeValue& value) const override;
    std::string GetValueTypeName() const override;
    bool HasUnderlyingTypeInformation() const override;
    std::string GetUnderlyingTypeInformation() const override;
    Ptr<AttributeValue> Create() const override;
    bool Copy(const AttributeValue& source, AttributeValue& destination) const override;

  private:
    std::vector<std::string> m_names; //!< names allowed
};

/**
 * @ingroup nr
 * @brief Make a checker of a string attribute.
 * @param names allowed
 * @return the checker
 */
Ptr<const AttributeChecker> MakeNrNameChecker(std::vector<std::string> names);

} // namespace ns3

#endif // NR_NAME_CHECKER_H

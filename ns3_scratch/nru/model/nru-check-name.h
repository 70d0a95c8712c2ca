// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CHECK_NAME_H
#define NRU_CHECK_NAME_H

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Stop, with a message that says what is allowed, if a name is not one of those allowed.
 * @param field what the name is for
 * @param name given
 * @param allowed possible names
 */
void CheckName(const std::string& field,
               const std::string& name,
               const std::vector<std::string>& allowed);

} // namespace ns3

#endif // NRU_CHECK_NAME_H

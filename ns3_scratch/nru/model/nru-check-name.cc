// SPDX-License-Identifier: GPL-2.0-only

#include "nru-check-name.h"

#include "ns3/abort.h"

#include <algorithm>

namespace ns3
{

void
CheckName(const std::string& field,
          const std::string& name,
          const std::vector<std::string>& allowed)
{
    std::string list;
    for (const auto& option : allowed)
    {
        list += (list.empty() ? "" : ", ") + option;
    }
    NS_ABORT_MSG_IF(std::find(allowed.begin(), allowed.end(), name) == allowed.end(),
                    field << " \"" << name << "\" is not one of: " << list);
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "slice-scenario-flags.h"

#include "slice-scenario.h"

#include <cctype>

namespace ns3
{

SliceScenarioFlags::SliceScenarioFlags()
{
    const auto type = SliceScenario::GetTypeId();
    for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
    {
        const auto attribute = type.GetAttribute(i);
        auto name = attribute.name;
        name[0] = static_cast<char>(std::tolower(name[0]));
        m_flags.emplace_back(name, "SliceScenario::" + attribute.name, attribute.help);
    }
}

void
SliceScenarioFlags::AddTo(CommandLine& cmd)
{
    for (auto& flag : m_flags)
    {
        flag.AddTo(cmd);
    }
}

std::string
SliceScenarioFlags::Apply() const
{
    for (const auto& flag : m_flags)
    {
        if (const auto error = flag.Apply(); !error.empty())
        {
            return error;
        }
    }
    return "";
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "gym-knobs.h"

namespace ns3
{

Ptr<GymSpace>
GymKnobs::GetSpace() const
{
    return m_space;
}

void
GymKnobs::Execute(Ptr<const GymData> action) const
{
    const auto& entries = dynamic_cast<const GymDictData&>(*action);
    for (auto setter = m_setters.rbegin(); setter != m_setters.rend(); ++setter)
    {
        (*setter)(entries);
    }
}

} // namespace ns3

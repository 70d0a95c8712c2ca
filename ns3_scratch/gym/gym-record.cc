// SPDX-License-Identifier: GPL-2.0-only

#include "gym-record.h"

namespace ns3
{

Ptr<GymSpace>
GymRecord::GetSpace() const
{
    return m_space;
}

Ptr<GymData>
GymRecord::GetData() const
{
    auto data = Create<GymDictData>();
    for (const auto& [key, read] : m_rows)
    {
        data->AddBox(key, read());
    }
    return data;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-priority-class.h"

#include "ns3/abort.h"

#include <algorithm>
#include <array>

namespace ns3
{

Time
NruPriorityClass::GetDeferDuration() const
{
    return GetNruShortDefer() + deferSlots * GetNruSensingSlot();
}

uint32_t
NruPriorityClass::GetNextCw(uint32_t cw) const
{
    return std::min(2 * (cw + 1) - 1, cwMax);
}

const NruPriorityClass&
GetNruPriorityClass(uint32_t priorityClass)
{
    static const std::array<NruPriorityClass, NRU_N_PRIORITY_CLASSES> classes{{
        {1, 3, 7, MilliSeconds(2), MilliSeconds(2)},
        {1, 7, 15, MilliSeconds(3), MilliSeconds(3)},
        {3, 15, 63, MilliSeconds(8), MilliSeconds(10)},
        {7, 15, 1023, MilliSeconds(8), MilliSeconds(10)},
    }};
    NS_ABORT_MSG_IF(priorityClass < 1 || priorityClass > NRU_N_PRIORITY_CLASSES,
                    "priority class " << priorityClass << "; allowed: 1 to 4");
    return classes[priorityClass - 1];
}

Time
GetNruSensingSlot()
{
    return MicroSeconds(9);
}

Time
GetNruShortDefer()
{
    return MicroSeconds(16);
}

Time
GetNruSlotIdleTime()
{
    return MicroSeconds(4);
}

} // namespace ns3

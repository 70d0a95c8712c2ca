// SPDX-License-Identifier: GPL-2.0-only

#include "nru-busy-history.h"

#include "nru-priority-class.h"

#include <algorithm>

namespace ns3
{

bool
NruBusyHistory::Set(Time now, bool busy)
{
    if (busy == m_busy)
    {
        return false;
    }
    m_busy = busy;
    if (busy)
    {
        m_periods.push_back({now, Time::Max()});
        return true;
    }
    m_periods.back().end = now;
    m_lastBusyEnd = now;
    if (m_periods.back().start == now)
    {
        m_periods.pop_back();
    }
    return true;
}

bool
NruBusyHistory::IsBusy() const
{
    return m_busy;
}

Time
NruBusyHistory::GetLastBusyEnd() const
{
    return m_lastBusyEnd;
}

void
NruBusyHistory::ForgetBefore(Time time)
{
    const auto keep = std::find_if(m_periods.begin(), m_periods.end(), [time](const Period& p) {
        return p.end > time;
    });
    m_periods.erase(m_periods.begin(), keep);
}

void
NruBusyHistory::Clear()
{
    m_periods.clear();
    m_busy = false;
    m_lastBusyEnd = Time();
}

Time
NruBusyHistory::GetBusyTime(Time from, Time to) const
{
    Time busy;
    for (const auto& period : m_periods)
    {
        busy += std::max(Time(), std::min(to, period.end) - std::max(from, period.start));
    }
    return busy;
}

bool
NruBusyHistory::IsSlotIdle(Time start) const
{
    const Time slot = GetNruSensingSlot();
    return slot - GetBusyTime(start, start + slot) >= GetNruSlotIdleTime();
}

uint32_t
NruBusyHistory::GetFirstBusySlot(Time origin, uint32_t nSlots) const
{
    const auto relevant = std::find_if(m_periods.begin(),
                                       m_periods.end(),
                                       [origin](const Period& p) { return p.end > origin; });
    if (relevant == m_periods.end())
    {
        return nSlots;
    }
    // Slots that end before the first busy period starts are idle.
    const Time quiet = relevant->start - GetSlotStart(origin, 1);
    const int64_t skip =
        quiet.IsPositive() ? 1 + quiet.GetTimeStep() / GetNruSensingSlot().GetTimeStep() : 0;
    for (auto slot = static_cast<uint32_t>(std::min<int64_t>(skip, nSlots)); slot < nSlots; ++slot)
    {
        const Time start = GetSlotStart(origin, slot);
        if (!m_busy && start >= m_lastBusyEnd)
        {
            break;
        }
        if (!IsSlotIdle(start))
        {
            return slot;
        }
    }
    return nSlots;
}

Time
NruBusyHistory::GetSlotStart(Time origin, uint32_t index)
{
    if (index == 0)
    {
        return origin;
    }
    return origin + GetNruShortDefer() + (index - 1) * GetNruSensingSlot();
}

} // namespace ns3

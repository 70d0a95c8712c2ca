// SPDX-License-Identifier: GPL-2.0-only

#include "nru-type2a-sensor.h"

#include "nru-priority-class.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{

namespace
{

constexpr uint32_t N_SLOTS = 2; //!< one at the start of T_f, one after it

} // namespace

bool
NruType2aSensor::IsAllowed(Time burst, Time period)
{
    return burst <= MilliSeconds(1) && 20 * burst <= period;
}

NruType2aSensor::~NruType2aSensor()
{
    m_event.Cancel();
}

void
NruType2aSensor::Start(Callback<void, bool> callback)
{
    Deny();
    m_callback = callback;
    m_origin = Simulator::Now();
    m_history.ForgetBefore(m_origin);
    Plan();
}

void
NruType2aSensor::Deny()
{
    if (IsPending())
    {
        const auto callback = m_callback;
        Cancel();
        Simulator::ScheduleNow([callback]() { callback(false); });
    }
}

bool
NruType2aSensor::IsPending() const
{
    return !m_callback.IsNull();
}

void
NruType2aSensor::SetBusy(bool busy)
{
    if (!m_history.Set(Simulator::Now(), busy))
    {
        return;
    }
    if (IsPending())
    {
        Plan();
    }
    else
    {
        m_history.ForgetBefore(Simulator::Now());
    }
}

void
NruType2aSensor::Reset(bool busy)
{
    Deny();
    m_history.Clear();
    m_history.Set(Simulator::Now(), busy);
}

void
NruType2aSensor::Cancel()
{
    m_event.Cancel();
    m_callback = MakeNullCallback<void, bool>();
}

void
NruType2aSensor::Plan()
{
    m_event.Cancel();
    const Time now = Simulator::Now();
    const uint32_t busySlot = m_history.GetFirstBusySlot(m_origin, N_SLOTS);
    if (busySlot == N_SLOTS)
    {
        const Time end = NruBusyHistory::GetSlotStart(m_origin, N_SLOTS);
        m_event = Simulator::Schedule(end - now, &NruType2aSensor::End, this, true);
        return;
    }
    // The slot is lost once it has been busy for longer than 5 us; until then the energy may
    // vanish in time.
    const Time start = NruBusyHistory::GetSlotStart(m_origin, busySlot);
    const Time from = std::max(start, now);
    const Time spare = GetNruSensingSlot() - GetNruSlotIdleTime() -
                       m_history.GetBusyTime(start, from) + TimeStep(1);
    const Time lost = from + std::max(Time(), spare);
    m_event = Simulator::Schedule(lost - now, &NruType2aSensor::End, this, false);
}

void
NruType2aSensor::End(bool granted)
{
    const auto callback = std::exchange(m_callback, MakeNullCallback<void, bool>());
    callback(granted);
}

} // namespace ns3

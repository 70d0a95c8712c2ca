// SPDX-License-Identifier: GPL-2.0-only

#include "nru-load-meter.h"

#include "nru-priority-class.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

namespace
{
/// Floor of the available airtime, so that the load of a cell that gets none is finite.
constexpr double MIN_AIRTIME = 0.01;
} // namespace

void
NruLoadMeter::Configure(Ptr<NruChannelAccessManager> access, double discoveryShare)
{
    m_access = access;
    m_discoveryShare = discoveryShare;
    UintegerValue priorityClass;
    access->GetAttribute("PriorityClass", priorityClass);
    const auto& parameters = GetNruPriorityClass(priorityClass.Get());
    const auto cot = access->GetMcot(priorityClass.Get());
    const auto backoff = parameters.GetDeferDuration() + GetNruSensingSlot() * parameters.cwMin / 2;
    m_efficiency = cot.GetSeconds() / (cot + backoff).GetSeconds();
}

void
NruLoadMeter::Start()
{
    m_measured = Simulator::Now();
    m_access->TakeHeardAirtime();
    m_busyTime = m_access->GetBusyTime();
}

void
NruLoadMeter::AddTransmission(Time duration)
{
    m_txEnd = Simulator::Now() + duration;
    m_txTime += duration;
}

void
NruLoadMeter::StartContention()
{
    m_isContending = true;
    m_contentionStart = Simulator::Now();
}

void
NruLoadMeter::EndContention()
{
    if (m_isContending)
    {
        m_isContending = false;
        m_contending += Simulator::Now() - m_contentionStart;
    }
}

void
NruLoadMeter::Measure(double needed)
{
    const auto now = Simulator::Now();
    const auto elapsed = (now - m_measured).GetSeconds();
    NS_ABORT_MSG_UNLESS(elapsed > 0, "load measured twice at " << now.As(Time::S));
    m_measured = now;

    // What a transmission in progress still has to come counts for the next interval.
    const auto ahead = std::max(m_txEnd - now, Time(0));
    m_usedAirtime = (m_txTime - ahead).GetSeconds() / elapsed;
    m_txTime = ahead;
    if (m_isContending)
    {
        m_contending += now - m_contentionStart;
        m_contentionStart = now;
    }
    const auto contending = m_contending.GetSeconds() / elapsed;
    m_contending = Time(0);

    std::vector<double> others;
    for (const auto& [transmitter, airtime] : m_access->TakeHeardAirtime())
    {
        others.push_back(std::min(airtime.GetSeconds() / elapsed, 1.0));
    }
    const auto busyTime = m_access->GetBusyTime();
    const auto quiet = 1 - (busyTime - m_busyTime).GetSeconds() / elapsed;
    m_busyTime = busyTime;
    const auto fair = std::max(GetFairShare(others), quiet) * m_efficiency;
    const auto backlogged = std::min(m_usedAirtime + contending, 1.0);
    const auto got = backlogged > 0 ? m_usedAirtime / (m_usedAirtime + contending) : 0.0;
    m_airtime =
        std::max(backlogged * got + (1 - backlogged) * fair - m_discoveryShare, MIN_AIRTIME);
    m_load = needed / m_airtime;
}

double
NruLoadMeter::GetLoad() const
{
    return m_load;
}

double
NruLoadMeter::GetAirtime() const
{
    return m_airtime;
}

double
NruLoadMeter::GetUsedAirtime() const
{
    return m_usedAirtime;
}

Time
NruLoadMeter::GetMeasured() const
{
    return m_measured;
}

double
NruLoadMeter::GetFairShare(std::vector<double> others)
{
    // Those that need less than an even share keep what they need; the rest share evenly.
    std::sort(others.begin(), others.end());
    auto left = 1.0;
    auto contenders = others.size() + 1;
    for (const auto used : others)
    {
        if (used >= left / contenders)
        {
            break;
        }
        left -= used;
        --contenders;
    }
    return left / contenders;
}

} // namespace ns3

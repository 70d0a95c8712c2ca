// SPDX-License-Identifier: GPL-2.0-only

#include "nru-load-meter.h"

#include "nru-priority-class.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

void
NruLoadMeter::Configure(Ptr<NruChannelAccessManager> access, double discoveryShare)
{
    m_access = access;
    m_discoveryShare = discoveryShare;
    m_measured = Simulator::Now();
    UintegerValue priorityClass;
    access->GetAttribute("PriorityClass", priorityClass);
    const auto& parameters = GetNruPriorityClass(priorityClass.Get());
    const auto cot = access->GetMcot(priorityClass.Get());
    const auto backoff = parameters.GetDeferDuration() + GetNruSensingSlot() * parameters.cwMin / 2;
    m_efficiency = cot.GetSeconds() / (cot + backoff).GetSeconds();
}

void
NruLoadMeter::AddTransmission(Time duration)
{
    m_txEnd = Simulator::Now() + duration;
    m_txTime += duration;
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

    std::vector<double> others;
    for (const auto& [transmitter, airtime] : m_access->TakeHeardAirtime())
    {
        others.push_back(std::min(airtime.GetSeconds() / elapsed, 1.0));
    }
    m_airtime = std::max(GetFairShare(others) * m_efficiency - m_discoveryShare, m_discoveryShare);
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

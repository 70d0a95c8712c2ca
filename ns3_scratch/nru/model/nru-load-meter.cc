// SPDX-License-Identifier: GPL-2.0-only

#include "nru-load-meter.h"

#include "nru-priority-class.h"
#include "nru-sibx-header.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

void
NruLoadMeter::Configure(Ptr<NruChannelAccessManager> access, double discoveryShare, Time window)
{
    m_access = access;
    m_discoveryShare = discoveryShare;
    m_window = window;
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
    m_txMeasured = GetTxTime();
    ChangeChannel();
}

void
NruLoadMeter::ChangeChannel()
{
    m_intervals.clear();
    m_access->TakeHeardAirtime();
    BeginInterval();
}

void
NruLoadMeter::BeginInterval()
{
    m_began = Simulator::Now();
    m_txBegan = GetTxTime();
    m_busyBegan = m_access->GetBusyTime();
    m_contending = Time(0);
    m_contentionStart = m_began;
}

Time
NruLoadMeter::GetTxTime() const
{
    return m_txTime - std::max(m_txEnd - Simulator::Now(), Time(0));
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
    NS_ABORT_MSG_UNLESS(now > m_measured, "load measured twice at " << now.As(Time::S));
    m_usedAirtime = (GetTxTime() - m_txMeasured).GetSeconds() / (now - m_measured).GetSeconds();
    m_measured = now;
    m_txMeasured = GetTxTime();
    if (now > m_began) // the cell may have changed its channel at this very moment
    {
        const auto length = (now - m_began).GetSeconds();
        m_intervals.push_back({length, MeasureInterval(length)});
        BeginInterval();
        m_airtime = AverageAirtime();
    }
    m_load = needed < NruSibxHeader::MAX_LOAD * m_airtime ? needed / m_airtime
             : needed > 0                                 ? NruSibxHeader::MAX_LOAD
                                                          : 0.0;
}

double
NruLoadMeter::MeasureInterval(double length)
{
    const auto used = (GetTxTime() - m_txBegan).GetSeconds() / length;
    if (m_isContending)
    {
        m_contending += Simulator::Now() - m_contentionStart;
    }
    const auto contending = m_contending.GetSeconds() / length;
    std::vector<double> others;
    for (const auto& [transmitter, airtime] : m_access->TakeHeardAirtime())
    {
        others.push_back(std::min(airtime.GetSeconds() / length, 1.0));
    }
    const auto quiet = 1 - (m_access->GetBusyTime() - m_busyBegan).GetSeconds() / length;
    const auto fair = std::max(GetFairShare(others), quiet) * m_efficiency;
    // with data: used / (used + contending) of (used + contending)
    const auto left = used + std::max(1 - used - contending, 0.0) * fair;
    return std::clamp(left - m_discoveryShare, 0.0, 1.0);
}

double
NruLoadMeter::AverageAirtime()
{
    // the oldest interval counts with the part of it that lies in the window
    auto left = m_window.GetSeconds();
    auto sum = 0.0;
    auto it = m_intervals.rbegin();
    for (; it != m_intervals.rend() && left > 0; ++it)
    {
        const auto weight = std::min(it->length, left);
        sum += weight * it->airtime;
        left -= weight;
    }
    m_intervals.erase(m_intervals.begin(), it.base());
    return sum / (m_window.GetSeconds() - left);
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

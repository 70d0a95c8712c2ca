// SPDX-License-Identifier: GPL-2.0-only

#include "nru-airtime-ledger.h"

#include "ns3/simulator.h"

#include <utility>

namespace ns3
{

void
NruAirtimeLedger::SetNChannels(uint32_t nChannels)
{
    m_channelBusy.assign(nChannels, Time());
}

void
NruAirtimeLedger::Book(Time now)
{
    const Time elapsed = now - std::exchange(m_booked, now);
    if (!m_scene.listening || elapsed.IsZero())
    {
        return;
    }
    m_listened += elapsed;
    if (m_scene.ownChannelBusy)
    {
        m_busy += elapsed;
    }
    for (const uint32_t holder : m_scene.holders)
    {
        m_heard[holder] += elapsed;
    }
    for (const uint32_t channel : m_scene.busyChannels)
    {
        m_channelBusy.at(channel) += elapsed;
    }
}

void
NruAirtimeLedger::Hear(const NrSpectrumPhy& phy, double thresholdW)
{
    Book(Simulator::Now());
    m_scene = {};
    m_scene.listening = !phy.IsTransmitting();
    if (!m_scene.listening)
    {
        return;
    }
    const uint32_t own = phy.GetChannelIndex();
    for (uint32_t channel = 0; channel < phy.GetNChannels(); ++channel)
    {
        if (phy.GetReceivedPowerW(channel) >= thresholdW)
        {
            m_scene.busyChannels.push_back(channel);
            m_scene.ownChannelBusy |= channel == own;
        }
    }
    if (m_scene.ownChannelBusy)
    {
        for (const auto& [source, power] : phy.GetReceivedPowerBySourceW(own))
        {
            if (power >= thresholdW)
            {
                m_scene.holders.push_back(source);
            }
        }
    }
}

Time
NruAirtimeLedger::GetBusyTime(Time now)
{
    Book(now);
    return m_busy;
}

std::map<uint32_t, Time>
NruAirtimeLedger::TakeHeard(Time now)
{
    Book(now);
    return std::exchange(m_heard, {});
}

std::vector<double>
NruAirtimeLedger::TakeOccupancy(Time now, uint32_t ownChannel)
{
    Book(now);
    const double elapsed = (now - std::exchange(m_occupancyTaken, now)).GetSeconds();
    const double listened = std::exchange(m_listened, Time()).GetSeconds();
    std::vector<double> occupancy;
    for (uint32_t channel = 0; channel < m_channelBusy.size(); ++channel)
    {
        // On the own channel others are silent while this node transmits; elsewhere they are not.
        const double busy = std::exchange(m_channelBusy[channel], Time()).GetSeconds();
        const double time = channel == ownChannel ? elapsed : listened;
        occupancy.push_back(time > 0.0 ? busy / time : 0.0);
    }
    return occupancy;
}

} // namespace ns3

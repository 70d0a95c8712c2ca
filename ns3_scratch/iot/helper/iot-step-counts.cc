// SPDX-License-Identifier: GPL-2.0-only

#include "iot-step-counts.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace ns3
{

IotStepCounts::IotStepCounts(const std::vector<Ptr<IotDevice>>& devices,
                             Ptr<const IotLedger> ledger,
                             uint32_t nServers)
    : m_devices(devices),
      m_ledger(ledger),
      m_ofDevices(devices.size()),
      m_ofServers(nServers),
      m_before(devices.size()),
      m_receivedBefore(nServers)
{
}

void
IotStepCounts::Measure(Time period)
{
    std::vector<uint64_t> waiting(m_devices.size());
    for (uint32_t i = 0; i < m_devices.size(); ++i)
    {
        MeasureDevice(i, period, waiting);
    }
    m_ledger->Check(waiting);
    MeasureDropped();
    for (uint32_t k = 0; k < m_ofServers.size(); ++k)
    {
        const auto& now = m_ledger->GetReceived(k);
        auto& before = m_receivedBefore[k];
        m_ofServers[k] = {static_cast<double>(now.messages - before.messages),
                          static_cast<double>(now.bytes - before.bytes)};
        before = now;
    }
    if (m_devices.front()->GetRadio()->HasChannel())
    {
        const auto& now = m_ledger->GetDelays();
        std::transform(now.begin(),
                       now.end(),
                       m_delaysBefore.begin(),
                       m_delays.begin(),
                       std::minus<>());
        m_delaysBefore = now;
    }
}

void
IotStepCounts::MeasureDropped()
{
    Dropped now{};
    for (uint32_t i = 0; i < m_devices.size(); ++i)
    {
        const auto& ofDevice = m_ledger->GetAccount(i).dropped;
        std::transform(now.begin(), now.end(), ofDevice.begin(), now.begin(), std::plus<>());
    }
    std::transform(now.begin(),
                   now.end(),
                   m_droppedBefore.begin(),
                   m_dropped.begin(),
                   std::minus<>());
    m_droppedBefore = now;
}

void
IotStepCounts::MeasureDevice(uint32_t i, Time period, std::vector<uint64_t>& waiting)
{
    const auto& device = *m_devices[i];
    const auto radio = device.GetRadio();
    auto& count = m_ofDevices[i];
    auto& before = m_before[i];
    const auto& sent = device.GetCounters();
    const auto gaveUp = m_ledger->GetAccount(i).gaveUp;
    count.sentMessages = sent.messages - before.counters.messages;
    count.sentBytes = static_cast<double>(sent.bytes - before.counters.bytes);
    count.controlBytes = static_cast<double>(sent.control - before.counters.control);
    count.droppedBytes = static_cast<double>(gaveUp - before.gaveUp);
    count.queuedBytes = 0;
    for (const auto& message : device.GetWaiting())
    {
        waiting.at(message.origin) += message.bytes;
        count.queuedBytes += message.bytes;
    }
    before.counters = sent;
    before.gaveUp = gaveUp;
    // What spans two steps is told at once: what a step has no room for is the next one's.
    const auto busy = std::min(radio->GetBusyTime() - before.busy, period);
    before.busy += busy;
    count.busyShare = radio->HasChannel() ? busy.GetSeconds() / period.GetSeconds() : NAN;
}

const IotStepCounts::OfDevice&
IotStepCounts::GetDevice(uint32_t device) const
{
    return m_ofDevices.at(device);
}

const IotStepCounts::OfServer&
IotStepCounts::GetServer(uint32_t server) const
{
    return m_ofServers.at(server);
}

double
IotStepCounts::GetDropped(uint32_t cause) const
{
    return static_cast<double>(m_dropped.at(cause));
}

const IotLedger::Delays&
IotStepCounts::GetDelays() const
{
    return m_delays;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "iot-ledger.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotLedger);

namespace
{

/**
 * @return upper edges of all bins of delays but the last (s)
 */
std::array<double, IotLedger::N_DELAYS - 1>
MakeEdges()
{
    std::array<double, IotLedger::N_DELAYS - 1> edges;
    for (std::size_t k = 0; k < edges.size(); ++k)
    {
        edges[k] = 1e-3 * std::pow(10, k / 10.0);
    }
    return edges;
}

const auto EDGES = MakeEdges(); //!< of bins of delays (s)

} // namespace

TypeId
IotLedger::GetTypeId()
{
    static TypeId tid = TypeId("ns3::IotLedger")
                            .SetParent<Object>()
                            .SetGroupName("Iot")
                            .AddConstructor<IotLedger>();
    return tid;
}

void
IotLedger::Open(uint32_t nDevices, uint32_t nServers)
{
    m_accounts.resize(nDevices);
    m_received.resize(nServers);
}

uint64_t
IotLedger::GetKey(const IotMessage& message)
{
    return uint64_t{message.origin} << 32 | message.number;
}

void
IotLedger::Make(const IotMessage& message)
{
    m_accounts.at(message.origin).made += message.bytes;
    m_places[GetKey(message)] = {message.origin, message.hops};
}

void
IotLedger::Move(const IotMessage& message, uint32_t device)
{
    m_places.at(GetKey(message)) = {device, message.hops};
}

void
IotLedger::Receive(const IotMessage& message, uint32_t server)
{
    m_accounts.at(message.origin).received += message.bytes;
    m_received.at(server).messages++;
    m_received.at(server).bytes += message.bytes;
    const auto delay = (Simulator::Now() - message.made).GetSeconds();
    m_delays[std::lower_bound(EDGES.begin(), EDGES.end(), delay) - EDGES.begin()]++;
    m_places.erase(GetKey(message));
}

void
IotLedger::Drop(const IotMessage& message, Cause cause)
{
    const auto place = m_places.find(GetKey(message));
    NS_ABORT_MSG_IF(place == m_places.end(), "a message that ended is dropped");
    m_accounts.at(message.origin).dropped.at(static_cast<std::size_t>(cause)) += message.bytes;
    m_accounts.at(place->second.device).gaveUp += message.bytes;
    m_places.erase(place);
}

bool
IotLedger::IsWith(const IotMessage& message, uint32_t device) const
{
    const auto place = m_places.find(GetKey(message));
    return place != m_places.end() && place->second.device == device &&
           place->second.hops == message.hops;
}

const IotLedger::Account&
IotLedger::GetAccount(uint32_t device) const
{
    return m_accounts.at(device);
}

const IotLedger::Received&
IotLedger::GetReceived(uint32_t server) const
{
    return m_received.at(server);
}

const IotLedger::Delays&
IotLedger::GetDelays() const
{
    return m_delays;
}

void
IotLedger::Check(const std::vector<uint64_t>& waiting) const
{
    for (uint32_t i = 0; i < m_accounts.size(); ++i)
    {
        const auto& account = m_accounts[i];
        const auto ended = std::accumulate(account.dropped.begin(),
                                           account.dropped.end(),
                                           account.received + waiting.at(i));
        NS_ABORT_MSG_UNLESS(account.made == ended,
                            "device " << i << " made " << account.made << " bytes, of which "
                                      << ended << " are received, dropped or waiting");
    }
}

} // namespace ns3

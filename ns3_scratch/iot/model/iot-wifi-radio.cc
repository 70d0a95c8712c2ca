// SPDX-License-Identifier: GPL-2.0-only

#include "iot-wifi-radio.h"

#include "ns3/frame-exchange-manager.h"
#include "ns3/net-device-container.h"
#include "ns3/simulator.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-phy-state-helper.h"
#include "ns3/wifi-phy.h"

#include <array>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotWifiRadio);

namespace
{
constexpr uint32_t MAX_SIZE =
    1529; //!< 1500 bytes of a message and what is said of it; 802.11 allows 2304
constexpr uint16_t PROTOCOL = 0x88b5; //!< EtherType for local experiments (IEEE 802)
} // namespace

TypeId
IotWifiRadio::GetTypeId()
{
    static TypeId tid = TypeId("ns3::IotWifiRadio")
                            .SetParent<IotRadio>()
                            .SetGroupName("Iot")
                            .AddConstructor<IotWifiRadio>();
    return tid;
}

Mac48Address
IotWifiRadio::GetAddress(uint32_t index)
{
    const std::array<uint8_t, 6> bytes{2, // administered locally
                                       0,
                                       static_cast<uint8_t>(index >> 24),
                                       static_cast<uint8_t>(index >> 16),
                                       static_cast<uint8_t>(index >> 8),
                                       static_cast<uint8_t>(index)};
    Mac48Address address;
    address.CopyFrom(bytes.data());
    return address;
}

void
IotWifiRadio::Install(Ptr<WifiNetDevice> device, uint32_t index)
{
    m_device = device;
    device->SetAddress(GetAddress(index));
    device->SetReceiveCallback(MakeCallback(&IotWifiRadio::Receive, this));
    const auto mac = device->GetMac();
    mac->GetFrameExchangeManager()->SetAddress(GetAddress(index)); // of its only link
    mac->TraceConnectWithoutContext("AckedMpdu", MakeCallback(&IotWifiRadio::NotifyAcked, this));
    mac->TraceConnectWithoutContext("DroppedMpdu",
                                    MakeCallback(&IotWifiRadio::NotifyDropped, this));
    device->GetPhy()->GetState()->TraceConnectWithoutContext(
        "State",
        MakeCallback(&IotWifiRadio::NotifyState, this));
}

void
IotWifiRadio::Send(Ptr<Packet> frame, uint32_t to)
{
    m_device->Send(frame, GetAddress(to), PROTOCOL);
}

void
IotWifiRadio::Broadcast(Ptr<Packet> frame)
{
    m_device->Send(frame, Mac48Address::GetBroadcast(), PROTOCOL);
}

bool
IotWifiRadio::Receive(Ptr<NetDevice>, Ptr<const Packet> frame, uint16_t, const Address& from)
{
    std::array<uint8_t, 6> bytes;
    Mac48Address::ConvertFrom(from).CopyTo(bytes.data());
    m_receive(frame,
              uint32_t{bytes[2]} << 24 | uint32_t{bytes[3]} << 16 | uint32_t{bytes[4]} << 8 |
                  bytes[5]);
    return true;
}

void
IotWifiRadio::NotifyAcked(Ptr<const WifiMpdu> mpdu)
{
    if (mpdu->GetHeader().IsData())
    {
        Simulator::ScheduleNow(&IotWifiRadio::Finish, this, true);
    }
}

void
IotWifiRadio::NotifyDropped(WifiMacDropReason, Ptr<const WifiMpdu> mpdu)
{
    if (mpdu->GetHeader().IsData() && !mpdu->GetHeader().GetAddr1().IsBroadcast())
    {
        Simulator::ScheduleNow(&IotWifiRadio::Finish, this, false);
    }
}

void
IotWifiRadio::Finish(bool isAcked)
{
    if (!m_done.IsNull()) // which it is at the end of the simulation
    {
        m_done(isAcked);
    }
}

void
IotWifiRadio::NotifyState(Time, Time duration, WifiPhyState state)
{
    if (state == WifiPhyState::TX)
    {
        m_sendTime += duration;
    }
    if (state == WifiPhyState::TX || state == WifiPhyState::RX || state == WifiPhyState::CCA_BUSY)
    {
        m_busyTime += duration;
    }
}

uint32_t
IotWifiRadio::GetMaxSize() const
{
    return MAX_SIZE;
}

Time
IotWifiRadio::GetSendTime() const
{
    return m_sendTime;
}

Time
IotWifiRadio::GetBusyTime() const
{
    return m_busyTime;
}

int64_t
IotWifiRadio::AssignStreams(int64_t stream)
{
    WifiHelper wifi;
    return wifi.AssignStreams(NetDeviceContainer(m_device), stream);
}

void
IotWifiRadio::DoDispose()
{
    m_device = nullptr;
    IotRadio::DoDispose();
}

} // namespace ns3

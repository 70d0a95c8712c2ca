// SPDX-License-Identifier: GPL-2.0-only

#include "nru-wifi-bss.h"

#include "nru-arrival-tag.h"
#include "nru-wifi-bands.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-wifi-helper.h"
#include "ns3/ssid.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-net-device.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruWifiBss);

namespace
{
constexpr uint16_t PROTOCOL = 0x88b5; //!< EtherType for local experiments (IEEE 802)
/// They stand still, so what hides beacons from them is traffic: they wait for it to pass.
constexpr uint32_t MAX_MISSED_BEACONS = 1000000;

/**
 * @param centreHz centre of a channel (Hz)
 * @return Wi-Fi's number of it
 * @throws std::invalid_argument if Wi-Fi has none there
 */
int
GetChannelNumber(double centreHz)
{
    const auto number = (centreHz - 5e9) / 5e6;
    if (number != 36 && number != 40 && number != 44 && number != 48)
    {
        std::ostringstream why;
        why << "no Wi-Fi channel is centred at " << centreHz / 1e9
            << " GHz: Wi-Fi needs channels at 5.18, 5.2, 5.22 or 5.24 GHz";
        throw std::invalid_argument(why.str());
    }
    return static_cast<int>(number);
}
} // namespace

TypeId
NruWifiBss::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruWifiBss")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruWifiBss>()
            .AddAttribute("OfferedLoad",
                          "What the access point is given for its stations while on (bit/s).",
                          DoubleValue(5e6),
                          MakeDoubleAccessor(&NruWifiBss::m_offeredLoad),
                          MakeDoubleChecker<double>(1.0))
            .AddAttribute("MeanOn",
                          "Mean of the exponentially distributed times with traffic.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&NruWifiBss::m_meanOn),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MeanOff",
                          "Mean of the times without traffic; 0 to be always on.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&NruWifiBss::m_meanOff),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("PacketSize",
                          "Payload of a frame (bytes).",
                          UintegerValue(1500),
                          MakeUintegerAccessor(&NruWifiBss::m_packetSize),
                          MakeUintegerChecker<uint32_t>(1, 2296));
    return tid;
}

NruWifiBss::NruWifiBss()
    : m_random(CreateObject<ExponentialRandomVariable>())
{
}

void
NruWifiBss::DoDispose()
{
    m_arrival.Cancel();
    m_devices = NetDeviceContainer();
    m_random = nullptr;
    Object::DoDispose();
}

void
NruWifiBss::Build(Ptr<SpectrumChannel> spectrum,
                  double centreHz,
                  const Vector& accessPoint,
                  const std::vector<Vector>& stations,
                  const std::string& name)
{
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211ax);
    wifi.SetRemoteStationManager("ns3::IdealWifiManager");
    SpectrumWifiPhyHelper phy;
    phy.SetChannel(spectrum);
    std::ostringstream settings;
    settings << "{" << GetChannelNumber(centreHz) << ", 20, BAND_5GHZ, 0}";
    phy.Set("ChannelSettings", StringValue(settings.str()));
    const auto install = [&](const Vector& position, const WifiMacHelper& mac) {
        auto node = CreateObject<Node>();
        auto mobility = CreateObject<ConstantPositionMobilityModel>();
        mobility->SetPosition(position);
        node->AggregateObject(mobility);
        m_devices.Add(wifi.Install(phy, mac, node));
        TrackWholeWifiChannelOnly(m_devices.Get(m_devices.GetN() - 1));
    };
    WifiMacHelper mac;
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(Ssid(name)));
    install(accessPoint, mac);
    mac.SetType("ns3::StaWifiMac",
                "Ssid",
                SsidValue(Ssid(name)),
                "MaxMissedBeacons",
                UintegerValue(MAX_MISSED_BEACONS));
    for (const auto& position : stations)
    {
        m_served.push_back(m_devices.GetN());
        install(position, mac);
    }
    DynamicCast<WifiNetDevice>(m_devices.Get(0))
        ->GetMac()
        ->TraceConnectWithoutContext("AckedMpdu", MakeCallback(&NruWifiBss::CountAcked, this));
}

void
NruWifiBss::Start()
{
    if (m_served.empty())
    {
        return; // beacons only
    }
    if (m_meanOff.IsStrictlyPositive())
    {
        // in the steady state from the start
        const auto total = (m_meanOn + m_meanOff).GetSeconds();
        m_isOn = m_random->GetValue(1, 0) < -std::log(1 - m_meanOn.GetSeconds() / total);
        const auto mean = m_isOn ? m_meanOn : m_meanOff;
        Simulator::Schedule(Seconds(m_random->GetValue(mean.GetSeconds(), 0)),
                            &NruWifiBss::Toggle,
                            this);
    }
    m_arrival = Simulator::ScheduleNow(&NruWifiBss::Send, this);
}

void
NruWifiBss::LeaveOut(uint32_t station)
{
    m_served.erase(std::remove(m_served.begin(), m_served.end(), station + 1), m_served.end());
}

bool
NruWifiBss::IsAssociated() const
{
    for (const auto i : m_served)
    {
        const auto device = DynamicCast<WifiNetDevice>(m_devices.Get(i));
        if (!DynamicCast<StaWifiMac>(device->GetMac())->IsAssociated())
        {
            return false;
        }
    }
    return true;
}

void
NruWifiBss::Toggle()
{
    m_isOn = !m_isOn;
    const auto mean = m_isOn ? m_meanOn : m_meanOff;
    Simulator::Schedule(Seconds(m_random->GetValue(mean.GetSeconds(), 0)),
                        &NruWifiBss::Toggle,
                        this);
}

void
NruWifiBss::Send()
{
    if (m_isOn)
    {
        auto station = m_devices.Get(m_served[m_nextStation]);
        m_nextStation = (m_nextStation + 1) % m_served.size();
        auto packet = Create<Packet>(m_packetSize);
        packet->AddPacketTag(NruArrivalTag(Simulator::Now()));
        m_devices.Get(0)->Send(packet, station->GetAddress(), PROTOCOL);
        m_offered += m_packetSize;
    }
    const auto interval = m_random->GetValue(m_packetSize * 8 / m_offeredLoad, 0);
    m_arrival = Simulator::Schedule(Seconds(interval), &NruWifiBss::Send, this);
}

void
NruWifiBss::CountAcked(Ptr<const WifiMpdu> mpdu)
{
    NruArrivalTag given;
    if (mpdu->GetHeader().IsData() && mpdu->GetPacket()->PeekPacketTag(given))
    {
        m_delivered += m_packetSize;
        m_delays.Add(Simulator::Now() - given.GetArrival());
    }
}

const NetDeviceContainer&
NruWifiBss::GetDevices() const
{
    return m_devices;
}

uint64_t
NruWifiBss::GetOfferedBytes() const
{
    return m_offered;
}

uint64_t
NruWifiBss::GetDeliveredBytes() const
{
    return m_delivered;
}

const NrDelayCounts&
NruWifiBss::GetDelays() const
{
    return m_delays;
}

int64_t
NruWifiBss::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    WifiHelper wifi;
    return 1 + wifi.AssignStreams(m_devices, stream + 1);
}

} // namespace ns3

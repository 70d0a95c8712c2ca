// SPDX-License-Identifier: GPL-2.0-only

#include "nru-wifi-pair.h"

#include "nru-wifi-bands.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/he-configuration.h"
#include "ns3/packet.h"
#include "ns3/queue-size.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-wifi-helper.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-remote-station-manager.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruWifiPair);

namespace
{

constexpr uint16_t PROTOCOL = 0x88b5;   //!< EtherType for local experiments (IEEE 802)
constexpr uint32_t SATURATED_QUEUE = 3; //!< packets that keep a sender busy

/**
 * @brief Take care that nothing is dropped: frames are repeated for ever and wait for ever.
 * @param device the device
 */
void
DropNothing(Ptr<WifiNetDevice> device)
{
    // The retry limit is the MAC's since ns-3.43, the station manager's before.
    auto mac = device->GetMac();
    auto stations = device->GetRemoteStationManager();
    if (!mac->SetAttributeFailSafe("FrameRetryLimit", UintegerValue(65535)))
    {
        stations->SetAttribute("MaxSlrc", UintegerValue(65535));
        stations->SetAttribute("MaxSsrc", UintegerValue(65535));
    }
    stations->SetAttribute("RtsCtsThreshold", UintegerValue(22000));
    stations->SetAttribute("FragmentationThreshold", UintegerValue(22000));
    const AcIndex ac = mac->GetQosSupported() ? AC_BE : AC_BE_NQOS;
    mac->GetTxopQueue(ac)->SetMaxDelay(Days(365));
    mac->GetTxopQueue(ac)->SetMaxSize(QueueSize("100000p"));
    if (mac->GetQosSupported())
    {
        mac->SetAttribute("BE_MaxAmpduSize", UintegerValue(0));
        mac->SetAttribute("BE_MaxAmsduSize", UintegerValue(0));
    }
}

} // namespace

TypeId
NruWifiPair::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruWifiPair")
                            .SetParent<Object>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruWifiPair>()
                            .AddAttribute("Saturated",
                                          "Always something to send",
                                          BooleanValue(true),
                                          MakeBooleanAccessor(&NruWifiPair::m_saturated),
                                          MakeBooleanChecker())
                            .AddAttribute("OfferedLoad",
                                          "Offered load when not saturated, bit/s, Poisson",
                                          DoubleValue(10e6),
                                          MakeDoubleAccessor(&NruWifiPair::m_offeredBps),
                                          MakeDoubleChecker<double>(1.0))
                            .AddAttribute("PayloadSize",
                                          "Payload of a frame above the MAC, bytes",
                                          UintegerValue(1500),
                                          MakeUintegerAccessor(&NruWifiPair::m_payloadBytes),
                                          MakeUintegerChecker<uint32_t>(1, 2296));
    return tid;
}

NruWifiPair::NruWifiPair()
    : m_interval(CreateObject<ExponentialRandomVariable>())
{
}

NruWifiPair::~NruWifiPair()
{
}

void
NruWifiPair::DoDispose()
{
    m_event.Cancel();
    m_senderNode = nullptr;
    m_receiverNode = nullptr;
    m_sender = nullptr;
    m_receiver = nullptr;
    m_interval = nullptr;
    Object::DoDispose();
}

void
NruWifiPair::Install(Ptr<SpectrumChannel> channel,
                     const Vector& position,
                     const std::string& standard,
                     uint32_t mcs)
{
    NS_ABORT_MSG_IF(standard != "ax" && standard != "a",
                    "Wi-Fi standard '" << standard << "'; allowed: ax, a");
    const bool ax = standard == "ax";
    NS_ABORT_MSG_IF(ax && mcs > 11, "HE MCS " << mcs << "; allowed: 0 to 11");
    const std::string rate = std::to_string(mcs);
    const std::string dataMode = ax ? "HeMcs" + rate : "OfdmRate" + rate + "Mbps";
    NS_ABORT_MSG_IF(!ax && std::string(" 6 9 12 18 24 36 48 54 ").find(" " + rate + " ") ==
                               std::string::npos,
                    "802.11a rate " << mcs << " Mb/s; allowed: 6, 9, 12, 18, 24, 36, 48, 54");

    WifiHelper wifi;
    wifi.SetStandard(ax ? WIFI_STANDARD_80211ax : WIFI_STANDARD_80211a);
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                 "DataMode",
                                 StringValue(dataMode),
                                 "ControlMode",
                                 StringValue(ax ? "OfdmRate24Mbps" : dataMode));
    SpectrumWifiPhyHelper phy;
    phy.SetChannel(channel);
    phy.Set("ChannelSettings", StringValue("{36, 20, BAND_5GHZ, 0}"));
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac", "QosSupported", BooleanValue(ax));

    m_senderNode = CreateObject<Node>();
    m_receiverNode = CreateObject<Node>();
    for (const auto& node : {m_senderNode, m_receiverNode})
    {
        auto mobility = CreateObject<ConstantPositionMobilityModel>();
        mobility->SetPosition(node == m_senderNode ? position : position + Vector(0.0, 1.0, 0.0));
        node->AggregateObject(mobility);
        auto device = DynamicCast<WifiNetDevice>(wifi.Install(phy, mac, node).Get(0));
        if (ax)
        {
            device->GetHeConfiguration()->SetAttribute("GuardInterval",
                                                       TimeValue(NanoSeconds(800)));
        }
        TrackWholeWifiChannelOnly(device);
        DropNothing(device);
    }
    m_sender = DynamicCast<WifiNetDevice>(m_senderNode->GetDevice(0));
    m_receiver = DynamicCast<WifiNetDevice>(m_receiverNode->GetDevice(0));
    m_sender->GetMac()->TraceConnectWithoutContext("AckedMpdu",
                                                   MakeCallback(&NruWifiPair::Acked, this));
}

void
NruWifiPair::Start()
{
    NS_ABORT_MSG_IF(!m_sender, "a Wi-Fi pair needs its devices first");
    if (m_saturated)
    {
        for (uint32_t i = 0; i < SATURATED_QUEUE; ++i)
        {
            Send();
        }
        return;
    }
    m_interval->SetAttribute("Mean", DoubleValue(8.0 * m_payloadBytes / m_offeredBps));
    m_event = Simulator::Schedule(Seconds(m_interval->GetValue()), &NruWifiPair::Arrive, this);
}

void
NruWifiPair::Arrive()
{
    m_event = Simulator::Schedule(Seconds(m_interval->GetValue()), &NruWifiPair::Arrive, this);
    Send();
}

void
NruWifiPair::Send()
{
    m_sender->Send(Create<Packet>(m_payloadBytes), m_receiver->GetAddress(), PROTOCOL);
}

void
NruWifiPair::Acked(Ptr<const WifiMpdu> mpdu)
{
    if (!mpdu->GetHeader().IsData())
    {
        return;
    }
    m_deliveredBits += 8.0 * m_payloadBytes;
    if (m_saturated)
    {
        Simulator::ScheduleNow(&NruWifiPair::Send, this);
    }
}

Ptr<WifiNetDevice>
NruWifiPair::GetSender() const
{
    return m_sender;
}

double
NruWifiPair::GetDeliveredBits() const
{
    return m_deliveredBits;
}

int64_t
NruWifiPair::AssignStreams(int64_t stream)
{
    m_interval->SetStream(stream);
    WifiHelper wifi;
    NetDeviceContainer devices(m_sender);
    devices.Add(m_receiver);
    return 1 + wifi.AssignStreams(devices, stream + 1);
}

} // namespace ns3

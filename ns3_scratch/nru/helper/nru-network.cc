// SPDX-License-Identifier: GPL-2.0-only

#include "nru-network.h"

#include "nr-name-checker.h"
#include "nru-propagation.h"
#include "nru-sibx-header.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/random-waypoint-mobility-model.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruNetwork);

namespace
{
/// How often to see whether Wi-Fi stations are associated: a whole number of slots.
const Time WIFI_CHECK = MilliSeconds(20);
/// When to give up.
const Time WIFI_PATIENCE = Seconds(10);
} // namespace

TypeId
NruNetwork::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruNetwork")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruNetwork>()
            .AddAttribute("NGnbs",
                          "Number of gNBs.",
                          UintegerValue(10),
                          MakeUintegerAccessor(&NruNetwork::m_nGnbs),
                          MakeUintegerChecker<uint32_t>(1, NruSibxHeader::MAX_PCI + 1))
            .AddAttribute("NUes",
                          "Number of UEs.",
                          UintegerValue(100),
                          MakeUintegerAccessor(&NruNetwork::m_nUes),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("NChannels",
                          "Number of 20 MHz channels.",
                          UintegerValue(4),
                          MakeUintegerAccessor(&NruNetwork::m_nChannels),
                          MakeUintegerChecker<uint32_t>(1, 25))
            .AddAttribute("ChannelSelection",
                          "fixed: a gNB stays on its channel unless told to move; occupancy: see "
                          "NruChannelSelector.",
                          StringValue("fixed"),
                          MakeStringAccessor(&NruNetwork::m_channelSelection),
                          MakeNrNameChecker({"fixed", "occupancy"}))
            .AddAttribute("GnbLayout",
                          "Where the gNBs stand: grid or random (see NruHall).",
                          StringValue("grid"),
                          MakeStringAccessor(&NruNetwork::m_gnbLayout),
                          MakeNrNameChecker({"grid", "random"}))
            .AddAttribute("MobileShare",
                          "Share of the UEs that move by random waypoint.",
                          DoubleValue(0.1),
                          MakeDoubleAccessor(&NruNetwork::m_mobileShare),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("UeSpeed",
                          "Speed of the UEs that move (m/s).",
                          DoubleValue(1.0),
                          MakeDoubleAccessor(&NruNetwork::m_ueSpeed),
                          MakeDoubleChecker<double>(1e-3, 100.0))
            .AddAttribute("CarrierFrequency",
                          "Centre of channel (NChannels - 1) / 2, rounded down (Hz).",
                          DoubleValue(5.2e9),
                          MakeDoubleAccessor(&NruNetwork::m_carrierFrequency),
                          MakeDoubleChecker<double>(0.5e9, 100e9))
            .AddAttribute("NWifiAps",
                          "Number of Wi-Fi access points.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&NruNetwork::m_nWifiAps),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("WifiStationsPerAp",
                          "Number of stations of each access point.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&NruNetwork::m_wifiStations),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("WifiRadius",
                          "Stations are within this distance of their access point (m).",
                          DoubleValue(15.0),
                          MakeDoubleAccessor(&NruNetwork::m_wifiRadius),
                          MakeDoubleChecker<double>(1.0))
            .AddAttribute(
                "WifiChannels",
                "Indices of channels, separated by commas: access point i is on the i-th, "
                "starting over when there are fewer.",
                StringValue("0,1,2,3"),
                MakeStringAccessor(&NruNetwork::m_wifiChannels),
                MakeStringChecker())
            .AddAttribute("LinkPeriod",
                          "Between two updates of the path gains of nodes that move.",
                          TimeValue(MilliSeconds(50)),
                          MakeTimeAccessor(&NruNetwork::m_linkPeriod),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("WarmUpPeriods",
                          "SIBx periods that pass before the first step ends, for queues and link "
                          "adaptation to settle.",
                          UintegerValue(6),
                          MakeUintegerAccessor(&NruNetwork::m_warmUpPeriods),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("SibxPeriod",
                          "Period of SIBx; a step lasts as long.",
                          TimeValue(MilliSeconds(160)),
                          MakeTimeAccessor(&NruNetwork::m_sibxPeriod),
                          MakeTimeChecker(MilliSeconds(80)));
    return tid;
}

NruNetwork::NruNetwork() = default;

void
NruNetwork::DoDispose()
{
    for (const auto& gnb : m_gnbs)
    {
        gnb->Dispose();
    }
    for (const auto& ue : m_ues)
    {
        ue->Dispose();
    }
    m_wifi.Dispose();
    m_gnbs.clear();
    m_ues.clear();
    m_step.Nullify();
    m_hall = nullptr;
    m_spectrum = nullptr;
    m_pathGain = nullptr;
    m_transmissionLog = nullptr;
    m_randomAccess = nullptr;
    m_rssiMeter = nullptr;
    m_amc = nullptr;
    m_linkAdaptation = nullptr;
    m_offsets = nullptr;
    Object::DoDispose();
}

void
NruNetwork::Build(StepCallback step)
{
    m_step = step;
    m_hall = CreateObject<NruHall>();
    m_amc = CreateObject<NrAmc>();
    m_linkAdaptation = CreateObject<NrLinkAdaptation>();
    m_linkAdaptation->SetAmc(m_amc);
    m_offsets = Create<NruCellOffsets>(m_nGnbs);
    m_demand = CreateObject<NruDemand>();
    m_nextStream += m_hall->AssignStreams(m_nextStream);
    m_nextStream += m_demand->AssignStreams(m_nextStream);

    BuildSpectrum();
    // UEs are drawn first: the same seed has them in the same places whatever the gNBs' layout.
    const auto uePositions = m_hall->DrawUes(m_nUes);
    BuildUes(uePositions);
    BuildGnbs(m_gnbLayout == "grid" ? m_hall->GetGrid(m_nGnbs) : m_hall->DrawGnbs(m_nGnbs));
    FixLinks();
    m_nextStream += m_wifi.Build({m_nWifiAps, m_wifiStations, m_wifiRadius, m_wifiChannels},
                                 m_hall,
                                 m_spectrum,
                                 m_gnbs[0]->GetPhy(),
                                 m_nextStream);
    FixLinks();
    m_wifi.LeaveOutOfRange(m_pathGain);
    m_rssiMeter = CreateObject<NruRssiMeter>();
    m_rssiMeter->Configure(m_ues, m_gnbs, m_transmissionLog);
    Simulator::Schedule(m_linkPeriod, &NruNetwork::RefreshLinks, this);
    if (m_wifi.Get().empty())
    {
        Start();
    }
    else
    {
        Simulator::Schedule(WIFI_CHECK, &NruNetwork::AwaitWifi, this);
    }
}

void
NruNetwork::AwaitWifi()
{
    if (m_wifi.AreAssociated())
    {
        Start();
        return;
    }
    if (Simulator::Now() >= WIFI_PATIENCE)
    {
        throw std::invalid_argument("Wi-Fi stations have not associated within " +
                                    std::to_string(WIFI_PATIENCE.GetMilliSeconds() / 1000) +
                                    " s: fewer stations, a smaller WifiRadius or fewer access "
                                    "points on a channel will");
    }
    Simulator::Schedule(WIFI_CHECK, &NruNetwork::AwaitWifi, this);
}

void
NruNetwork::Start()
{
    m_start = Simulator::Now();
    for (uint32_t i = 0; i < m_nUes; ++i)
    {
        m_ues[i]->GetBearer()->Start(m_traffic[i].bitRate, m_traffic[i].phase);
    }
    SelectCells();
    for (const auto& gnb : m_gnbs)
    {
        gnb->Start(m_nGnbs);
    }
    m_wifi.Start();
    m_rssiMeter->Start();
    Simulator::Schedule(m_sibxPeriod, &NruNetwork::EndPeriod, this, 0);
}

void
NruNetwork::BuildSpectrum()
{
    const auto propagation = CreateObject<NruPropagation>();
    const auto loss = propagation->Create(m_carrierFrequency, m_hall);
    m_nextStream += propagation->AssignStreams(m_nextStream);
    m_spectrum = CreateObject<NruSpectrumChannel>();
    m_pathGain = CreateObject<NrPathGain>();
    m_pathGain->SetPropagationLossModel(loss);
    m_spectrum->SetPathGain(m_pathGain);
    m_spectrum->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
    m_transmissionLog = CreateObject<NrTransmissionLog>();
    m_transmissionLog->SetRxSpectrumModel(
        NrSpectrumPhy::GetSharedSpectrumModel(m_carrierFrequency, m_nChannels));
    m_transmissionLog->SetPathGain(m_pathGain);
    m_transmissionLog->SetChannel(m_spectrum);
    m_spectrum->AddRx(m_transmissionLog);
    m_randomAccess = CreateObject<NruRandomAccess>();
    m_randomAccess->Configure(m_transmissionLog, m_pathGain);
}

Ptr<MobilityModel>
NruNetwork::CreateMobility(const Vector& position, double speed)
{
    Ptr<MobilityModel> mobility;
    if (speed > 0)
    {
        auto constant = CreateObject<ConstantRandomVariable>();
        constant->SetAttribute("Constant", DoubleValue(speed));
        auto pause = CreateObject<ConstantRandomVariable>();
        pause->SetAttribute("Constant", DoubleValue(0));
        mobility = CreateObject<RandomWaypointMobilityModel>();
        mobility->SetAttribute("Speed", PointerValue(constant));
        mobility->SetAttribute("Pause", PointerValue(pause));
        mobility->SetAttribute("PositionAllocator", PointerValue(m_hall->GetWaypoints()));
    }
    else
    {
        mobility = CreateObject<ConstantPositionMobilityModel>();
    }
    mobility->SetPosition(position);
    m_nextStream += mobility->AssignStreams(m_nextStream);
    CreateObject<Node>()->AggregateObject(mobility);
    return mobility;
}

void
NruNetwork::BuildGnbs(const std::vector<Vector>& positions)
{
    for (uint32_t i = 0; i < m_nGnbs; ++i)
    {
        NruGnb::Parts parts;
        parts.phy = CreateObject<NrSpectrumPhy>();
        parts.phy->SetAttribute("CarrierFrequency", DoubleValue(m_carrierFrequency));
        parts.phy->SetAttribute("Channels", UintegerValue(m_nChannels));
        const auto mobility = CreateMobility(positions[i], 0.0);
        parts.phy->SetMobility(mobility);
        // ns-3's Wi-Fi asks who sends what it hears: a gNB is a device of its node
        const auto device = CreateObject<SimpleNetDevice>();
        mobility->GetObject<Node>()->AddDevice(device);
        parts.phy->SetDevice(device);
        parts.phy->SetChannel(m_spectrum);
        parts.phy->SetChannelIndex(i % m_nChannels);
        m_spectrum->AddRx(parts.phy);
        parts.access = CreateObject<NruChannelAccessManager>();
        parts.access->SetPhy(parts.phy);
        parts.discovery = CreateObject<NruDiscovery>();
        if (m_channelSelection == "occupancy")
        {
            parts.selector = CreateObject<NruChannelSelector>();
        }
        parts.scheduler = CreateObject<NrScheduler>();
        parts.amc = m_amc;
        parts.linkAdaptation = m_linkAdaptation;
        parts.transmissionLog = m_transmissionLog;
        parts.pathGain = m_pathGain;
        auto gnb = CreateObject<NruGnb>();
        gnb->Configure(i, parts, m_ues);
        m_nextStream += gnb->AssignStreams(m_nextStream);
        m_gnbs.push_back(gnb);
    }
}

void
NruNetwork::BuildUes(const std::vector<Vector>& positions)
{
    const auto nMobile = std::lround(m_mobileShare * m_nUes);
    for (uint32_t i = 0; i < m_nUes; ++i)
    {
        auto bearer = CreateObject<NrGbrBearer>();
        const auto bitRate = m_demand->Draw();
        m_traffic.push_back({bitRate, m_demand->DrawPhase()});
        auto ue = CreateObject<NruUe>();
        ue->Configure(i,
                      CreateMobility(positions[i], i < nMobile ? m_ueSpeed : 0.0),
                      bearer,
                      m_offsets,
                      m_nGnbs);
        ue->SetHandoverCallbacks(MakeCallback(&NruNetwork::StartHandover, this),
                                 MakeCallback(&NruNetwork::CompleteHandover, this));
        ue->SetRandomAccessCallback(MakeCallback(&NruNetwork::TryRandomAccess, this));
        m_ues.push_back(ue);
    }
}

void
NruNetwork::FixLinks()
{
    std::vector<Ptr<MobilityModel>> nodes;
    for (const auto& gnb : m_gnbs)
    {
        nodes.push_back(gnb->GetPhy()->GetMobility());
    }
    for (const auto& bss : m_wifi.Get())
    {
        for (uint32_t i = 0; i < bss->GetDevices().GetN(); ++i)
        {
            nodes.push_back(bss->GetDevices().Get(i)->GetNode()->GetObject<MobilityModel>());
        }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i)
    {
        for (std::size_t j = 0; j < i; ++j)
        {
            m_pathGain->Get(nodes[j], nodes[i]);
        }
        for (const auto& ue : m_ues)
        {
            m_pathGain->Get(nodes[i], ue->GetMobility());
        }
    }
}

void
NruNetwork::RefreshLinks()
{
    m_pathGain->Refresh();
    Simulator::Schedule(m_linkPeriod, &NruNetwork::RefreshLinks, this);
}

void
NruNetwork::SelectCells()
{
    DoubleValue noiseFigure;
    m_gnbs[0]->GetAttribute("UeNoiseFigure", noiseFigure);
    const auto noiseDbm =
        NrCarrier::GetRsrpDbm(NrCarrier::GetNoisePowerDbm(noiseFigure.Get())); // as RSRP
    for (const auto& ue : m_ues)
    {
        std::vector<double> rsrpDbm;
        for (const auto& gnb : m_gnbs)
        {
            rsrpDbm.push_back(gnb->GetDownlink().GetRsrpDbm(ue->GetMobility()));
            ue->Measure(rsrpDbm.size() - 1, rsrpDbm.back(), rsrpDbm.back() - noiseDbm);
        }
        const auto best = std::max_element(rsrpDbm.begin(), rsrpDbm.end()) - rsrpDbm.begin();
        ue->Camp(best);
        m_gnbs[best]->Attach(ue);
    }
}

void
NruNetwork::StartHandover(uint32_t ue, uint32_t source, uint32_t)
{
    m_gnbs[source]->Detach(ue);
}

void
NruNetwork::CompleteHandover(uint32_t ue, uint32_t, uint32_t target)
{
    m_gnbs[target]->Attach(m_ues[ue]);
}

bool
NruNetwork::TryRandomAccess(uint32_t ue, uint32_t cell)
{
    return m_randomAccess->TryPreamble(m_ues[ue], m_gnbs[cell]->GetPhy());
}

void
NruNetwork::EndPeriod(uint32_t period)
{
    for (const auto& ue : m_ues)
    {
        ue->GetBearer()->Update();
    }
    for (const auto& gnb : m_gnbs)
    {
        gnb->MeasureLoad();
    }
    m_rssiMeter->EndInterval();
    if (period >= m_warmUpPeriods)
    {
        m_step(period - m_warmUpPeriods);
    }
    for (const auto& gnb : m_gnbs)
    {
        gnb->OpenSiWindow();
    }
    Simulator::Schedule(m_sibxPeriod, &NruNetwork::EndPeriod, this, period + 1);
}

Time
NruNetwork::GetStart() const
{
    return m_start;
}

const std::vector<Ptr<NruGnb>>&
NruNetwork::GetGnbs() const
{
    return m_gnbs;
}

const std::vector<Ptr<NruUe>>&
NruNetwork::GetUes() const
{
    return m_ues;
}

const std::vector<Ptr<NruWifiBss>>&
NruNetwork::GetWifi() const
{
    return m_wifi.Get();
}

Ptr<const NruRssiMeter>
NruNetwork::GetRssiMeter() const
{
    return m_rssiMeter;
}

Ptr<NruCellOffsets>
NruNetwork::GetCellOffsets() const
{
    return m_offsets;
}

Ptr<NrPathGain>
NruNetwork::GetPathGain() const
{
    return m_pathGain;
}

Ptr<const NrAmc>
NruNetwork::GetAmc() const
{
    return m_amc;
}

Time
NruNetwork::GetSibxPeriod() const
{
    return m_sibxPeriod;
}

} // namespace ns3

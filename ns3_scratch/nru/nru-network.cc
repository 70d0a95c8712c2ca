// SPDX-License-Identifier: GPL-2.0-only

#include "nru-network.h"

#include "nru-indoor-factory-channel-condition-model.h"
#include "nru-indoor-factory-propagation-loss-model.h"
#include "nru-sibx-header.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/channel-condition-model.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/random-waypoint-mobility-model.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/three-gpp-propagation-loss-model.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruNetwork);

namespace
{
/**
 * @brief Stop if a name is not one of those allowed.
 * @param field what the name is for
 * @param name given
 * @param allowed possible names
 */
void
CheckName(const std::string& field,
          const std::string& name,
          const std::vector<std::string>& allowed)
{
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end())
    {
        return;
    }
    std::string list;
    for (const auto& option : allowed)
    {
        list += (list.empty() ? "" : ", ") + option;
    }
    NS_ABORT_MSG(field << " \"" << name << "\" is not one of: " << list);
}
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
                          MakeStringChecker())
            .AddAttribute("GnbLayout",
                          "Where the gNBs stand: grid or random (see NruHall).",
                          StringValue("grid"),
                          MakeStringAccessor(&NruNetwork::m_gnbLayout),
                          MakeStringChecker())
            .AddAttribute("MobileShare",
                          "Share of the UEs that move by random waypoint.",
                          DoubleValue(0.1),
                          MakeDoubleAccessor(&NruNetwork::m_mobileShare),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("UeSpeed",
                          "Speed of the UEs that move (m/s).",
                          DoubleValue(1.0),
                          MakeDoubleAccessor(&NruNetwork::m_ueSpeed),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute("Demand",
                          "Mean guaranteed bit rate of a UE (bit/s).",
                          DoubleValue(2.75e6),
                          MakeDoubleAccessor(&NruNetwork::m_demand),
                          MakeDoubleChecker<double>(1.0))
            .AddAttribute("DemandDistribution",
                          "Of the guaranteed bit rates: constant, uniform or gamma.",
                          StringValue("uniform"),
                          MakeStringAccessor(&NruNetwork::m_demandDistribution),
                          MakeStringChecker())
            .AddAttribute("DemandWidth",
                          "Width of the uniform distribution around its mean (bit/s).",
                          DoubleValue(4.5e6),
                          MakeDoubleAccessor(&NruNetwork::m_demandWidth),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute("DemandVariance",
                          "Variance of the gamma distribution ((bit/s)^2).",
                          DoubleValue(4.5e12),
                          MakeDoubleAccessor(&NruNetwork::m_demandVariance),
                          MakeDoubleChecker<double>(1.0))
            .AddAttribute("CarrierFrequency",
                          "Centre of channel (NChannels - 1) / 2, rounded down (Hz).",
                          DoubleValue(5.2e9),
                          MakeDoubleAccessor(&NruNetwork::m_carrierFrequency),
                          MakeDoubleChecker<double>(0.5e9, 100e9))
            .AddAttribute("Propagation",
                          "Path loss of TR 38.901: inh-open, inh-mixed (indoor office), inf-sl, "
                          "inf-dl, inf-sh, inf-dh or inf-hh (indoor factory).",
                          StringValue("inh-open"),
                          MakeStringAccessor(&NruNetwork::m_propagation),
                          MakeStringChecker())
            .AddAttribute("Shadowing",
                          "Whether there is shadow fading.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&NruNetwork::m_shadowing),
                          MakeBooleanChecker())
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
    m_gnbs.clear();
    m_ues.clear();
    m_step.Nullify();
    m_hall = nullptr;
    m_spectrum = nullptr;
    m_pathGain = nullptr;
    m_transmissionLog = nullptr;
    m_randomAccess = nullptr;
    m_amc = nullptr;
    m_linkAdaptation = nullptr;
    m_offsets = nullptr;
    Object::DoDispose();
}

void
NruNetwork::Build(StepCallback step)
{
    CheckName("ChannelSelection", m_channelSelection, {"fixed", "occupancy"});
    CheckName("GnbLayout", m_gnbLayout, {"grid", "random"});
    CheckName("DemandDistribution", m_demandDistribution, {"constant", "uniform", "gamma"});
    m_step = step;
    m_hall = CreateObject<NruHall>();
    m_amc = CreateObject<NruAmc>();
    m_linkAdaptation = CreateObject<NruLinkAdaptation>();
    m_linkAdaptation->SetAmc(m_amc);
    m_offsets = Create<NruCellOffsets>(m_nGnbs);
    m_uniform = CreateObject<UniformRandomVariable>();
    m_gamma = CreateObject<GammaRandomVariable>();
    m_nextStream += m_hall->AssignStreams(m_nextStream);
    m_uniform->SetStream(m_nextStream++);
    m_gamma->SetStream(m_nextStream++);

    BuildSpectrum();
    // UEs are drawn first: the same seed has them in the same places whatever the gNBs' layout.
    const auto uePositions = m_hall->DrawUes(m_nUes);
    BuildUes(uePositions);
    BuildGnbs(m_gnbLayout == "grid" ? m_hall->GetGrid(m_nGnbs) : m_hall->DrawGnbs(m_nGnbs));
    SelectCells();
    for (const auto& gnb : m_gnbs)
    {
        gnb->Start();
    }
    Simulator::Schedule(m_sibxPeriod, &NruNetwork::EndStep, this, 0);
}

Ptr<PropagationLossModel>
NruNetwork::CreatePropagationLossModel()
{
    CheckName("Propagation",
              m_propagation,
              {"inh-open", "inh-mixed", "inf-sl", "inf-dl", "inf-sh", "inf-dh", "inf-hh"});
    Ptr<ThreeGppPropagationLossModel> loss;
    Ptr<ChannelConditionModel> condition;
    if (m_propagation.rfind("inf-", 0) == 0)
    {
        auto scenario = m_propagation.substr(4);
        std::transform(scenario.begin(), scenario.end(), scenario.begin(), ::toupper);
        loss = CreateObject<NruIndoorFactoryPropagationLossModel>();
        condition = CreateObject<NruIndoorFactoryChannelConditionModel>();
        loss->SetAttribute("Scenario", StringValue(scenario));
        condition->SetAttribute("Scenario", StringValue(scenario));
    }
    else
    {
        loss = CreateObject<ThreeGppIndoorOfficePropagationLossModel>();
        if (m_propagation == "inh-open")
        {
            condition = CreateObject<ThreeGppIndoorOpenOfficeChannelConditionModel>();
        }
        else
        {
            condition = CreateObject<ThreeGppIndoorMixedOfficeChannelConditionModel>();
        }
    }
    loss->SetChannelConditionModel(condition);
    loss->SetFrequency(m_carrierFrequency);
    loss->SetAttribute("ShadowingEnabled", BooleanValue(m_shadowing));
    m_nextStream += loss->AssignStreams(m_nextStream);
    m_nextStream += condition->AssignStreams(m_nextStream);
    return loss;
}

void
NruNetwork::BuildSpectrum()
{
    const auto loss = CreatePropagationLossModel();
    m_spectrum = CreateObject<MultiModelSpectrumChannel>();
    m_spectrum->AddPropagationLossModel(loss);
    m_spectrum->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
    m_pathGain = CreateObject<NruPathGain>();
    m_pathGain->SetPropagationLossModel(loss);
    m_transmissionLog = CreateObject<NruTransmissionLog>();
    m_transmissionLog->SetRxSpectrumModel(
        NruSpectrumPhy::GetSharedSpectrumModel(m_carrierFrequency, m_nChannels));
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
        parts.phy = CreateObject<NruSpectrumPhy>();
        parts.phy->SetAttribute("CarrierFrequency", DoubleValue(m_carrierFrequency));
        parts.phy->SetAttribute("Channels", UintegerValue(m_nChannels));
        parts.phy->SetMobility(CreateMobility(positions[i], 0.0));
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
        parts.scheduler = CreateObject<NruScheduler>();
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

double
NruNetwork::DrawDemand()
{
    if (m_demandDistribution == "uniform")
    {
        NS_ABORT_MSG_UNLESS(m_demandWidth < 2 * m_demand,
                            "DemandWidth " << m_demandWidth << " bit/s is not below twice Demand, "
                                           << 2 * m_demand << " bit/s");
        return m_uniform->GetValue(m_demand - m_demandWidth / 2, m_demand + m_demandWidth / 2);
    }
    if (m_demandDistribution == "gamma")
    {
        // mean = alpha beta, variance = alpha beta^2
        const auto beta = m_demandVariance / m_demand;
        return std::max(m_gamma->GetValue(m_demand / beta, beta), 1.0);
    }
    return m_demand;
}

void
NruNetwork::BuildUes(const std::vector<Vector>& positions)
{
    const auto nMobile = std::lround(m_mobileShare * m_nUes);
    for (uint32_t i = 0; i < m_nUes; ++i)
    {
        auto bearer = CreateObject<NruGbrBearer>();
        const auto demand = DrawDemand();
        bearer->Start(demand, m_uniform->GetValue());
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
NruNetwork::SelectCells()
{
    for (const auto& ue : m_ues)
    {
        uint32_t best = 0;
        for (uint32_t i = 1; i < m_nGnbs; ++i)
        {
            if (m_gnbs[i]->GetRsrpDbm(ue) > m_gnbs[best]->GetRsrpDbm(ue))
            {
                best = i;
            }
        }
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
NruNetwork::EndStep(uint32_t step)
{
    for (const auto& ue : m_ues)
    {
        ue->GetBearer()->Update();
    }
    for (const auto& gnb : m_gnbs)
    {
        gnb->MeasureLoad();
    }
    m_step(step);
    for (const auto& gnb : m_gnbs)
    {
        gnb->OpenSiWindow();
    }
    Simulator::Schedule(m_sibxPeriod, &NruNetwork::EndStep, this, step + 1);
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

Ptr<NruCellOffsets>
NruNetwork::GetCellOffsets() const
{
    return m_offsets;
}

Ptr<const NruAmc>
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

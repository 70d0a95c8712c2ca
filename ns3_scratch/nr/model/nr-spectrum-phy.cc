// SPDX-License-Identifier: GPL-2.0-only

#include "nr-spectrum-phy.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <utility>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("NrSpectrumPhy");

NS_OBJECT_ENSURE_REGISTERED(NrSpectrumPhy);

TypeId
NrSpectrumPhy::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrSpectrumPhy")
            .SetParent<SpectrumPhy>()
            .SetGroupName("Nr")
            .AddConstructor<NrSpectrumPhy>()
            .AddAttribute("TxPower",
                          "Total transmit power, dBm",
                          DoubleValue(23.0),
                          MakeDoubleAccessor(&NrSpectrumPhy::m_txPowerDbm),
                          MakeDoubleChecker<double>())
            .AddAttribute(
                "CarrierFrequency",
                "Carrier of the channel plan, Hz: the channel with index (n - 1) / 2 of n",
                DoubleValue(5.2e9),
                MakeDoubleAccessor(&NrSpectrumPhy::m_carrierHz),
                MakeDoubleChecker<double>(0.5e9, 100e9))
            .AddAttribute("Channels",
                          "Number of 20 MHz channels of the plan",
                          UintegerValue(4),
                          MakeUintegerAccessor(&NrSpectrumPhy::m_nChannels),
                          MakeUintegerChecker<uint32_t>(1, 25))
            .AddTraceSource("TxStart",
                            "A transmission starts",
                            MakeTraceSourceAccessor(&NrSpectrumPhy::m_txStartTrace),
                            "ns3::NrSpectrumPhy::TxTracedCallback")
            .AddTraceSource("TxEnd",
                            "A transmission ends",
                            MakeTraceSourceAccessor(&NrSpectrumPhy::m_txEndTrace),
                            "ns3::NrSpectrumPhy::TxTracedCallback")
            .AddTraceSource("ReceivedPower",
                            "Power received on the own channel changes, W before and after",
                            MakeTraceSourceAccessor(&NrSpectrumPhy::m_powerTrace),
                            "ns3::NrSpectrumPhy::PowerTracedCallback");
    return tid;
}

NrSpectrumPhy::NrSpectrumPhy()
{
    NS_LOG_FUNCTION(this);
}

NrSpectrumPhy::~NrSpectrumPhy()
{
    NS_LOG_FUNCTION(this);
}

void
NrSpectrumPhy::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_txEnd.Cancel();
    m_txSignal = nullptr;
    m_device = nullptr;
    m_mobility = nullptr;
    m_channel = nullptr;
    m_changeCallback = MakeNullCallback<void, bool>();
    SpectrumPhy::DoDispose();
}

Ptr<const SpectrumModel>
NrSpectrumPhy::GetSharedSpectrumModel(double carrierHz, uint32_t nChannels)
{
    NS_ABORT_MSG_IF(nChannels == 0, "number of channels is 0; allowed: at least 1");
    static std::map<std::pair<double, uint32_t>, Ptr<const SpectrumModel>> models;
    auto& model = models[{carrierHz, nChannels}];
    if (!model)
    {
        Bands bands;
        for (uint32_t i = 0; i < nChannels; ++i)
        {
            const double offset = static_cast<double>(i) - (nChannels - 1) / 2;
            const double centre = carrierHz + offset * CHANNEL_SPACING_HZ;
            bands.push_back({centre - NrCarrier::OCCUPIED_BANDWIDTH_HZ / 2,
                             centre,
                             centre + NrCarrier::OCCUPIED_BANDWIDTH_HZ / 2});
        }
        model = Create<const SpectrumModel>(std::move(bands));
    }
    return model;
}

void
NrSpectrumPhy::SetDevice(Ptr<NetDevice> device)
{
    m_device = device;
}

Ptr<NetDevice>
NrSpectrumPhy::GetDevice() const
{
    return m_device;
}

void
NrSpectrumPhy::SetMobility(Ptr<MobilityModel> mobility)
{
    m_mobility = mobility;
}

Ptr<MobilityModel>
NrSpectrumPhy::GetMobility() const
{
    if (!m_mobility && m_device && m_device->GetNode())
    {
        return m_device->GetNode()->GetObject<MobilityModel>();
    }
    return m_mobility;
}

void
NrSpectrumPhy::SetChannel(Ptr<SpectrumChannel> channel)
{
    m_channel = channel;
}

Ptr<const SpectrumModel>
NrSpectrumPhy::GetRxSpectrumModel() const
{
    if (!m_model)
    {
        m_model = GetSharedSpectrumModel(m_carrierHz, m_nChannels);
    }
    return m_model;
}

Ptr<Object>
NrSpectrumPhy::GetAntenna() const
{
    return nullptr; // isotropic
}

void
NrSpectrumPhy::SetGnbId(uint32_t gnbId)
{
    NS_ABORT_MSG_IF(gnbId == OTHER_TECHNOLOGY, "gNB identity " << gnbId << " is reserved");
    m_gnbId = gnbId;
}

uint32_t
NrSpectrumPhy::GetGnbId() const
{
    return m_gnbId;
}

double
NrSpectrumPhy::GetTxPowerDbm() const
{
    return m_txPowerDbm;
}

uint32_t
NrSpectrumPhy::GetNChannels() const
{
    return m_nChannels;
}

double
NrSpectrumPhy::GetChannelCentreHz(uint32_t channelIndex) const
{
    CheckChannelIndex(channelIndex);
    return (GetRxSpectrumModel()->Begin() + channelIndex)->fc;
}

void
NrSpectrumPhy::SetChannelIndex(uint32_t channelIndex)
{
    NS_LOG_FUNCTION(this << channelIndex);
    CheckChannelIndex(channelIndex);
    NS_ABORT_MSG_IF(m_txSignal, "gNB " << m_gnbId << " cannot change channel while it transmits");
    if (channelIndex == m_channelIndex)
    {
        return;
    }
    m_channelIndex = channelIndex;
    NotifyChange(true);
}

uint32_t
NrSpectrumPhy::GetChannelIndex() const
{
    return m_channelIndex;
}

void
NrSpectrumPhy::CheckChannelIndex(uint32_t channelIndex) const
{
    NS_ABORT_MSG_IF(channelIndex >= m_nChannels,
                    "channel index " << channelIndex << "; allowed: 0 to " << m_nChannels - 1);
}

void
NrSpectrumPhy::StartTx(Time duration, NrSignalKind kind, Ptr<const Packet> packet)
{
    NS_LOG_FUNCTION(this << duration);
    NS_ABORT_MSG_IF(!m_channel, "gNB " << m_gnbId << " has no spectrum channel");
    NS_ABORT_MSG_IF(!duration.IsStrictlyPositive(),
                    "transmission of " << duration << "; allowed: above 0");
    if (m_txSignal && Simulator::GetDelayLeft(m_txEnd).IsZero())
    {
        m_txEnd.Cancel();
        EndTx();
    }
    NS_ABORT_MSG_IF(m_txSignal, "gNB " << m_gnbId << " is transmitting already");

    auto psd = Create<SpectrumValue>(GetRxSpectrumModel());
    (*psd)[m_channelIndex] =
        std::pow(10.0, (m_txPowerDbm - 30.0) / 10.0) / NrCarrier::OCCUPIED_BANDWIDTH_HZ;
    auto signal = Create<NrSignalParameters>();
    signal->psd = psd;
    signal->duration = duration;
    signal->txPhy = this;
    signal->gnbId = m_gnbId;
    signal->channelIndex = m_channelIndex;
    signal->txPowerDbm = m_txPowerDbm;
    signal->kind = kind;
    signal->packet = packet;

    m_txSignal = signal;
    m_txEnd = Simulator::Schedule(duration, &NrSpectrumPhy::EndTx, this);
    NotifyChange(false);
    m_txStartTrace(signal);
    m_channel->StartTx(signal);
}

void
NrSpectrumPhy::EndTx()
{
    NS_LOG_FUNCTION(this);
    const auto signal = std::exchange(m_txSignal, nullptr);
    NotifyChange(false);
    m_txEndTrace(signal);
}

bool
NrSpectrumPhy::IsTransmitting() const
{
    return m_txSignal != nullptr;
}

void
NrSpectrumPhy::StartRx(Ptr<SpectrumSignalParameters> params)
{
    NS_LOG_FUNCTION(this << params->duration);
    Arrival arrival;
    const auto signal = DynamicCast<NrSignalParameters>(params);
    arrival.source = signal ? signal->gnbId : OTHER_TECHNOLOGY;
    arrival.powerW.reserve(m_nChannels);
    auto band = params->psd->ConstBandsBegin();
    for (auto density = params->psd->ConstValuesBegin(); density != params->psd->ConstValuesEnd();
         ++density, ++band)
    {
        arrival.powerW.push_back(*density * (band->fh - band->fl));
    }
    const auto added = m_arrivals.insert(m_arrivals.end(), std::move(arrival));
    Simulator::Schedule(params->duration, &NrSpectrumPhy::EndRx, this, added);
    UpdatePower();
}

void
NrSpectrumPhy::EndRx(Arrivals::iterator arrival)
{
    NS_LOG_FUNCTION(this);
    m_arrivals.erase(arrival);
    UpdatePower();
}

void
NrSpectrumPhy::UpdatePower()
{
    const double before = GetReceivedPowerW(m_channelIndex);
    // Summed anew in order of arrival, so that no rounding error outlives the signals.
    m_powerW.assign(m_nChannels, 0.0);
    for (const auto& arrival : m_arrivals)
    {
        for (uint32_t i = 0; i < m_nChannels; ++i)
        {
            m_powerW[i] += arrival.powerW[i];
        }
    }
    m_powerTrace(before, GetReceivedPowerW(m_channelIndex));
    NotifyChange(false);
}

double
NrSpectrumPhy::GetReceivedPowerW(uint32_t channelIndex) const
{
    CheckChannelIndex(channelIndex);
    return m_powerW.empty() ? 0.0 : m_powerW[channelIndex];
}

std::map<uint32_t, double>
NrSpectrumPhy::GetReceivedPowerBySourceW(uint32_t channelIndex) const
{
    CheckChannelIndex(channelIndex);
    std::map<uint32_t, double> power;
    for (const auto& arrival : m_arrivals)
    {
        power[arrival.source] += arrival.powerW[channelIndex];
    }
    return power;
}

void
NrSpectrumPhy::SetChangeCallback(Callback<void, bool> callback)
{
    m_changeCallback = callback;
}

void
NrSpectrumPhy::NotifyChange(bool channelChanged)
{
    if (!m_changeCallback.IsNull())
    {
        m_changeCallback(channelChanged);
    }
}

} // namespace ns3

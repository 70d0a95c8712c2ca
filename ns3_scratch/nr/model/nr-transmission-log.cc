// SPDX-License-Identifier: GPL-2.0-only

#include "nr-transmission-log.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/net-device.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-channel.h"
#include "ns3/spectrum-signal-parameters.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NrTransmissionLog);

TypeId
NrTransmissionLog::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrTransmissionLog")
            .SetParent<SpectrumPhy>()
            .SetGroupName("Nr")
            .AddConstructor<NrTransmissionLog>()
            .AddAttribute("Interference",
                          "Whether concurrent transmitters count in SINR. Listen-before-talk hears "
                          "them all the same.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&NrTransmissionLog::m_hasInterference),
                          MakeBooleanChecker())
            .AddAttribute("Memory",
                          "How long a transmission is remembered after it has ended; at least the "
                          "longest interval that is asked for: 70 symbols of RSSI take 2.5 ms.",
                          TimeValue(MilliSeconds(3)),
                          MakeTimeAccessor(&NrTransmissionLog::m_memory),
                          MakeTimeChecker(Time(0)));
    return tid;
}

NrTransmissionLog::NrTransmissionLog() = default;

void
NrTransmissionLog::DoDispose()
{
    m_transmissions.clear();
    m_pathGain = nullptr;
    m_channel = nullptr;
    SpectrumPhy::DoDispose();
}

void
NrTransmissionLog::SetRxSpectrumModel(Ptr<const SpectrumModel> model)
{
    m_spectrumModel = model;
    m_transmissions.assign(model->GetNumBands(), {});
}

void
NrTransmissionLog::SetPathGain(Ptr<NrPathGain> pathGain)
{
    m_pathGain = pathGain;
}

bool
NrTransmissionLog::HasInterference() const
{
    return m_hasInterference;
}

double
NrTransmissionLog::GetInterference(Ptr<MobilityModel> receiver,
                                   uint8_t channel,
                                   Ptr<const SpectrumPhy> wanted,
                                   Time from,
                                   Time to)
{
    return m_hasInterference ? GetReceivedPower(receiver, channel, wanted, from, to) : 0.0;
}

double
NrTransmissionLog::GetReceivedPower(Ptr<MobilityModel> receiver,
                                    uint8_t channel,
                                    Ptr<const SpectrumPhy> except,
                                    Time from,
                                    Time to)
{
    NS_ABORT_MSG_IF(to <= from, "power over an empty interval: " << from << " to " << to);
    double energy = 0.0;
    ForEach(channel, from, to, [&](const Transmission& transmission) {
        if (transmission.transmitter != except)
        {
            const auto overlap =
                std::min(transmission.end, to) - std::max(transmission.start, from);
            energy += GetPower(transmission, receiver) * overlap.GetSeconds();
        }
    });
    return energy / (to - from).GetSeconds();
}

std::vector<double>
NrTransmissionLog::GetReceivedPowers(Ptr<MobilityModel> receiver,
                                     uint8_t channel,
                                     Time from,
                                     Time to,
                                     uint32_t n)
{
    const auto part = static_cast<double>((to - from).GetNanoSeconds()) / n;
    std::vector<double> powers(n, 0.0);
    ForEach(channel, from, to, [&](const Transmission& transmission) {
        const auto power = GetPower(transmission, receiver);
        const auto start = std::max((transmission.start - from).GetNanoSeconds() / part, 0.0);
        const auto end = std::min((transmission.end - from).GetNanoSeconds() / part, double(n));
        for (auto i = static_cast<uint32_t>(start); i < end; ++i)
        {
            powers[i] += power * (std::min(end, i + 1.0) - std::max(start, double(i)));
        }
    });
    return powers;
}

double
NrTransmissionLog::GetPower(const Transmission& transmission, Ptr<MobilityModel> receiver) const
{
    const auto gain =
        transmission.mobility ? m_pathGain->Get(transmission.mobility, receiver) : 1.0;
    return transmission.power * gain;
}

template <typename Visit>
void
NrTransmissionLog::ForEach(uint8_t channel, Time from, Time to, Visit visit) const
{
    for (const auto& transmission : m_transmissions.at(channel))
    {
        if (transmission.start >= to)
        {
            break;
        }
        if (transmission.end > from)
        {
            visit(transmission);
        }
    }
}

void
NrTransmissionLog::SetDevice(Ptr<NetDevice>)
{
}

Ptr<NetDevice>
NrTransmissionLog::GetDevice() const
{
    return nullptr;
}

void
NrTransmissionLog::SetMobility(Ptr<MobilityModel>)
{
}

Ptr<MobilityModel>
NrTransmissionLog::GetMobility() const
{
    return nullptr; // no position: signals arrive as they were transmitted
}

void
NrTransmissionLog::SetChannel(Ptr<SpectrumChannel> channel)
{
    m_channel = channel;
}

Ptr<const SpectrumModel>
NrTransmissionLog::GetRxSpectrumModel() const
{
    return m_spectrumModel;
}

Ptr<Object>
NrTransmissionLog::GetAntenna() const
{
    return nullptr;
}

void
NrTransmissionLog::StartRx(Ptr<SpectrumSignalParameters> params)
{
    const auto now = Simulator::Now();
    auto band = m_spectrumModel->Begin();
    auto density = params->psd->ConstValuesBegin();
    for (auto& transmissions : m_transmissions)
    {
        while (!transmissions.empty() && transmissions.front().end + m_memory < now)
        {
            transmissions.pop_front();
        }
        const auto power = *density * (band->fh - band->fl);
        if (power > 0)
        {
            transmissions.push_back(
                {params->txPhy, params->txPhy->GetMobility(), power, now, now + params->duration});
        }
        ++band;
        ++density;
    }
}

} // namespace ns3

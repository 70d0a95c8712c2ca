// SPDX-License-Identifier: GPL-2.0-only

#include "nru-random-access.h"

#include "nru-carrier.h"
#include "nru-energy-detection.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruRandomAccess);

namespace
{
/// Sensing before a PRACH occasion, that of uplink priority class 1 without backoff.
const Time SENSING = MicroSeconds(25);
/// SINR from which a gNB detects a preamble (dB).
constexpr double DETECTION_SINR_DB = -6.0;

/// @return a power in dBm as W
double
ToWatt(double dbm)
{
    return std::pow(10.0, (dbm - 30) / 10);
}
} // namespace

TypeId
NruRandomAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruRandomAccess")
                            .SetParent<Object>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruRandomAccess>()
                            .AddAttribute("UeTxPower",
                                          "Transmit power of the UEs (dBm).",
                                          DoubleValue(17.0),
                                          MakeDoubleAccessor(&NruRandomAccess::m_ueTxPowerDbm),
                                          MakeDoubleChecker<double>())
                            .AddAttribute("GnbNoiseFigure",
                                          "Noise figure of the gNBs (dB).",
                                          DoubleValue(5.0),
                                          MakeDoubleAccessor(&NruRandomAccess::m_noiseFigureDb),
                                          MakeDoubleChecker<double>(0.0));
    return tid;
}

NruRandomAccess::NruRandomAccess() = default;

void
NruRandomAccess::DoDispose()
{
    m_transmissionLog = nullptr;
    m_pathGain = nullptr;
    Object::DoDispose();
}

void
NruRandomAccess::Configure(Ptr<NruTransmissionLog> transmissionLog, Ptr<NruPathGain> pathGain)
{
    m_transmissionLog = transmissionLog;
    m_pathGain = pathGain;
}

bool
NruRandomAccess::TryPreamble(Ptr<const NruUe> ue, Ptr<NruSpectrumPhy> cell) const
{
    const auto now = Simulator::Now();
    const auto channel = cell->GetChannelIndex();
    const auto getInterference = [&](Ptr<MobilityModel> receiver) {
        return m_transmissionLog->GetInterference(receiver, channel, cell, now - SENSING, now);
    };
    NruEnergyDetectionInput input;
    input.txPowerDbm = m_ueTxPowerDbm;
    if (getInterference(ue->GetMobility()) >= ToWatt(GetNruEnergyDetectionThresholdDbm(input)))
    {
        return false;
    }
    const auto received =
        ToWatt(m_ueTxPowerDbm) * m_pathGain->Get(ue->GetMobility(), cell->GetMobility());
    const auto noise = ToWatt(NruCarrier::GetNoisePowerDbm(m_noiseFigureDb));
    const auto sinr = received / (noise + getInterference(cell->GetMobility()));
    return 10 * std::log10(sinr) >= DETECTION_SINR_DB;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-random-access.h"

#include "nr-carrier.h"
#include "nr-decibel.h"
#include "nru-energy-detection.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruRandomAccess);

namespace
{
/// What a UE senses before a PRACH occasion: the slots that begin so long before it (Type 2A
/// uplink access, TS 37.213 clause 4.2.1.2.1).
const Time SENSING_SLOTS[] = {MicroSeconds(25), MicroSeconds(9)};
/// Duration of each.
const Time SENSING_SLOT = MicroSeconds(9);
/// SINR from which a gNB detects a preamble (dB).
constexpr double DETECTION_SINR_DB = -6.0;
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
NruRandomAccess::Configure(Ptr<NrTransmissionLog> transmissionLog, Ptr<NrPathGain> pathGain)
{
    m_transmissionLog = transmissionLog;
    m_pathGain = pathGain;
}

bool
NruRandomAccess::TryPreamble(Ptr<const NruUe> ue, Ptr<NrSpectrumPhy> cell) const
{
    const auto now = Simulator::Now();
    const auto channel = cell->GetChannelIndex();
    NruEnergyDetectionInput input;
    input.txPowerDbm = m_ueTxPowerDbm;
    const auto threshold = NrToWatt(GetNruEnergyDetectionThresholdDbm(input));
    for (const auto& before : SENSING_SLOTS)
    {
        const auto from = now - before;
        const auto to = from + SENSING_SLOT;
        if (m_transmissionLog->GetReceivedPower(ue->GetMobility(), channel, cell, from, to) >=
            threshold)
        {
            return false;
        }
    }
    const auto received =
        NrToWatt(m_ueTxPowerDbm) * m_pathGain->Get(ue->GetMobility(), cell->GetMobility());
    const auto noise = NrToWatt(NrCarrier::GetNoisePowerDbm(m_noiseFigureDb));
    const auto interference = m_transmissionLog->GetInterference(cell->GetMobility(),
                                                                 channel,
                                                                 cell,
                                                                 now - SENSING_SLOT,
                                                                 now);
    const auto sinr = received / (noise + interference);
    return NrToDb(sinr) >= DETECTION_SINR_DB;
}

} // namespace ns3

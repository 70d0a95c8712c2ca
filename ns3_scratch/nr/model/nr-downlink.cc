// SPDX-License-Identifier: GPL-2.0-only

#include "nr-downlink.h"

#include "nr-carrier.h"
#include "nr-decibel.h"

namespace ns3
{

void
NrDownlink::Configure(Ptr<const NrSpectrumPhy> phy,
                      Ptr<NrPathGain> pathGain,
                      Ptr<NrTransmissionLog> transmissionLog,
                      double noiseFigureDb)
{
    m_phy = phy;
    m_pathGain = pathGain;
    m_transmissionLog = transmissionLog;
    m_txPower = NrToWatt(phy->GetTxPowerDbm());
    m_noise = NrToWatt(NrCarrier::GetNoisePowerDbm(noiseFigureDb));
}

double
NrDownlink::GetSignal(Ptr<MobilityModel> ue) const
{
    return m_txPower * m_pathGain->Get(m_phy->GetMobility(), ue);
}

double
NrDownlink::GetRsrpDbm(Ptr<MobilityModel> receiver) const
{
    return NrCarrier::GetRsrpDbm(NrToDb(GetSignal(receiver)) + 30);
}

double
NrDownlink::GetNoise() const
{
    return m_noise;
}

double
NrDownlink::GetSinr(Ptr<MobilityModel> ue, double interference) const
{
    return GetSignal(ue) / (m_noise + (m_transmissionLog->HasInterference() ? interference : 0.0));
}

double
NrDownlink::GetSinr(Ptr<MobilityModel> ue, Time from, Time to) const
{
    const auto interference =
        m_transmissionLog->GetInterference(ue, m_phy->GetChannelIndex(), m_phy, from, to);
    return GetSinr(ue, interference);
}

} // namespace ns3

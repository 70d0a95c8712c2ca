// SPDX-License-Identifier: GPL-2.0-only

#include "nru-downlink.h"

#include "nru-carrier.h"
#include "nru-decibel.h"

namespace ns3
{

void
NruDownlink::Configure(Ptr<const NruSpectrumPhy> phy,
                       Ptr<NruPathGain> pathGain,
                       Ptr<NruTransmissionLog> transmissionLog,
                       double noiseFigureDb)
{
    m_phy = phy;
    m_pathGain = pathGain;
    m_transmissionLog = transmissionLog;
    m_txPower = NruToWatt(phy->GetTxPowerDbm());
    m_noise = NruToWatt(NruCarrier::GetNoisePowerDbm(noiseFigureDb));
}

double
NruDownlink::GetSignal(Ptr<MobilityModel> ue) const
{
    return m_txPower * m_pathGain->Get(m_phy->GetMobility(), ue);
}

double
NruDownlink::GetRsrpDbm(Ptr<MobilityModel> receiver) const
{
    return NruCarrier::GetRsrpDbm(NruToDb(GetSignal(receiver)) + 30);
}

double
NruDownlink::GetNoise() const
{
    return m_noise;
}

double
NruDownlink::GetSinr(Ptr<MobilityModel> ue, double interference) const
{
    return GetSignal(ue) / (m_noise + (m_transmissionLog->HasInterference() ? interference : 0.0));
}

double
NruDownlink::GetSinr(Ptr<MobilityModel> ue, Time from, Time to) const
{
    const auto interference =
        m_transmissionLog->GetInterference(ue, m_phy->GetChannelIndex(), m_phy, from, to);
    return GetSinr(ue, interference);
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-downlink.h"

#include "nru-carrier.h"

#include <cmath>

namespace ns3
{

namespace
{

/**
 * @param dbm power (dBm)
 * @return power (W)
 */
double
ToWatt(double dbm)
{
    return std::pow(10.0, (dbm - 30) / 10);
}

} // namespace

void
NruDownlink::Configure(Ptr<const NruSpectrumPhy> phy,
                       Ptr<NruPathGain> pathGain,
                       Ptr<NruTransmissionLog> transmissionLog,
                       double noiseFigureDb)
{
    m_phy = phy;
    m_pathGain = pathGain;
    m_transmissionLog = transmissionLog;
    m_txPower = ToWatt(phy->GetTxPowerDbm());
    m_noise = ToWatt(NruCarrier::GetNoisePowerDbm(noiseFigureDb));
}

double
NruDownlink::GetSignal(Ptr<MobilityModel> ue) const
{
    return m_txPower * m_pathGain->Get(m_phy->GetMobility(), ue);
}

double
NruDownlink::GetNoise() const
{
    return m_noise;
}

double
NruDownlink::GetSinr(Ptr<MobilityModel> ue, Time from, Time to) const
{
    const auto interference =
        m_transmissionLog->GetInterference(ue, m_phy->GetChannelIndex(), m_phy, from, to);
    return GetSignal(ue) / (m_noise + interference);
}

} // namespace ns3

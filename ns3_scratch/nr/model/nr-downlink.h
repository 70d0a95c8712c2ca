// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_DOWNLINK_H
#define NR_DOWNLINK_H

#include "nr-path-gain.h"
#include "nr-spectrum-phy.h"
#include "nr-transmission-log.h"

#include "ns3/mobility-model.h"
#include "ns3/nstime.h"

namespace ns3
{

/**
 * @ingroup nr
 * @brief How a gNB's signal arrives at UEs: received power, and SINR during an interval.
 */
class NrDownlink
{
  public:
    /**
     * @param phy the gNB's radio
     * @param pathGain gains to UEs
     * @param transmissionLog what else is on the air
     * @param noiseFigureDb of UEs (dB)
     */
    void Configure(Ptr<const NrSpectrumPhy> phy,
                   Ptr<NrPathGain> pathGain,
                   Ptr<NrTransmissionLog> transmissionLog,
                   double noiseFigureDb);

    /**
     * @param ue where the UE is
     * @return received power over the 20 MHz channel (W)
     */
    double GetSignal(Ptr<MobilityModel> ue) const;

    /**
     * @param receiver where a UE or another gNB is
     * @return SS-RSRP there, power of one resource element (dBm)
     */
    double GetRsrpDbm(Ptr<MobilityModel> receiver) const;

    /**
     * @return noise power of a UE (W)
     */
    double GetNoise() const;

    /**
     * @param ue where the UE is
     * @param interference power of others at the UE, if interference counts (W)
     * @return signal over interference and noise, linear
     */
    double GetSinr(Ptr<MobilityModel> ue, double interference) const;

    /**
     * @param ue where the UE is
     * @param from start of an interval in which the gNB transmits
     * @param to its end, not in the future
     * @return mean signal over mean interference and noise, linear
     */
    double GetSinr(Ptr<MobilityModel> ue, Time from, Time to) const;

  private:
    Ptr<const NrSpectrumPhy> m_phy;           //!< of the gNB
    Ptr<NrPathGain> m_pathGain;               //!< gains to UEs
    Ptr<NrTransmissionLog> m_transmissionLog; //!< interference at UEs
    double m_txPower{0.0};                    //!< W
    double m_noise{0.0};                      //!< W, at a UE
};

} // namespace ns3

#endif // NR_DOWNLINK_H

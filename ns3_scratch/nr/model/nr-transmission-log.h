// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_TRANSMISSION_LOG_H
#define NR_TRANSMISSION_LOG_H

#include "nr-path-gain.h"

#include "ns3/nstime.h"
#include "ns3/spectrum-phy.h"

#include <deque>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Everything that is on the air, and what of it reaches a receiver.
 *
 * The log is a SpectrumPhy without a position: the spectrum channel hands it every transmission,
 * of NR-U and of any other technology, at its transmitted power, once. A receiver's interference is
 * then computed when a transport block needs it, from the transmissions that were on the air at
 * that time and the path gains to that receiver. The result is that of a SpectrumPhy in every UE,
 * at the cost of one event a transmission instead of one a transmission and UE.
 */
class NrTransmissionLog : public SpectrumPhy
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NrTransmissionLog();

    /**
     * @param model the spectrum model that signals are asked for in: a band a 20 MHz channel
     */
    void SetRxSpectrumModel(Ptr<const SpectrumModel> model);

    /**
     * @param pathGain gives the gains from transmitters to receivers
     */
    void SetPathGain(Ptr<NrPathGain> pathGain);

    /**
     * @brief Mean interference to what a receiver is sent during an interval.
     *
     * GetReceivedPower(), or nothing where the attribute `Interference` leaves it out.
     * @param receiver where the interference is received
     * @param channel index of the 20 MHz channel
     * @param wanted the transmitter whose signal is not interference
     * @param from start of the interval
     * @param to end of the interval, see GetReceivedPower()
     * @return mean power over the interval (W)
     */
    double GetInterference(Ptr<MobilityModel> receiver,
                           uint8_t channel,
                           Ptr<const SpectrumPhy> wanted,
                           Time from,
                           Time to);

    /**
     * @brief Mean power that a receiver hears during an interval.
     *
     * Each transmission counts with the share of the interval that it overlaps.
     * @param receiver where it is received
     * @param channel index of the 20 MHz channel
     * @param except the transmitter whose signal does not count
     * @param from start of the interval
     * @param to end of the interval; not in the future, nor longer ago than the longest
     * transmission (see the attribute `Memory`)
     * @return mean power over the interval (W)
     */
    double GetReceivedPower(Ptr<MobilityModel> receiver,
                            uint8_t channel,
                            Ptr<const SpectrumPhy> except,
                            Time from,
                            Time to);

    /**
     * @brief Mean powers that a receiver hears in equal parts of an interval, of everybody.
     * @param receiver where it is received
     * @param channel index of the 20 MHz channel
     * @param from start of the interval
     * @param to end of the interval, see GetReceivedPower()
     * @param n number of parts, at least one
     * @return mean power over each part (W)
     */
    std::vector<double>
    GetReceivedPowers(Ptr<MobilityModel> receiver, uint8_t channel, Time from, Time to, uint32_t n);

    /**
     * @return whether there is interference
     */
    bool HasInterference() const;

    // Inherited from SpectrumPhy
    void SetDevice(Ptr<NetDevice> device) override;
    Ptr<NetDevice> GetDevice() const override;
    void SetMobility(Ptr<MobilityModel> mobility) override;
    Ptr<MobilityModel> GetMobility() const override;
    void SetChannel(Ptr<SpectrumChannel> channel) override;
    Ptr<const SpectrumModel> GetRxSpectrumModel() const override;
    Ptr<Object> GetAntenna() const override;
    void StartRx(Ptr<SpectrumSignalParameters> params) override;

  protected:
    void DoDispose() override;

  private:
    /// One transmission on one channel.
    struct Transmission
    {
        Ptr<const SpectrumPhy> transmitter; //!< who transmits
        Ptr<MobilityModel> mobility;        //!< where from
        double power;                       //!< W within the channel
        Time start;                         //!< first instant on the air
        Time end;                           //!< first instant off the air
    };

    /**
     * @param transmission one
     * @param receiver where it is received
     * @return power (W)
     */
    double GetPower(const Transmission& transmission, Ptr<MobilityModel> receiver) const;

    /**
     * @param channel index of the 20 MHz channel
     * @param from start of an interval
     * @param to end of the interval
     * @param visit called with each transmission on the channel that overlaps the interval
     */
    template <typename Visit>
    void ForEach(uint8_t channel, Time from, Time to, Visit visit) const;

    Ptr<const SpectrumModel> m_spectrumModel; //!< one band a channel
    Ptr<NrPathGain> m_pathGain;               //!< gains to receivers
    Ptr<SpectrumChannel> m_channel;           //!< the channel listened to
    bool m_hasInterference;                   //!< counts in SINR
    Time m_memory;                            //!< how long a transmission is remembered
    std::vector<std::deque<Transmission>> m_transmissions; //!< by channel, in order of start
};

} // namespace ns3

#endif // NR_TRANSMISSION_LOG_H

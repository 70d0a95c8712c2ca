// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_SPECTRUM_PHY_H
#define NR_SPECTRUM_PHY_H

#include "nr-carrier.h"
#include "nr-signal-parameters.h"

#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/mobility-model.h"
#include "ns3/net-device.h"
#include "ns3/spectrum-channel.h"
#include "ns3/spectrum-phy.h"
#include "ns3/spectrum-value.h"
#include "ns3/traced-callback.h"

#include <list>
#include <map>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Radio of a gNB: transmits on one 20 MHz channel, hears the energy on all.
 *
 * All radios of one channel plan share one SpectrumModel with a band per 20 MHz channel, 18.36 MHz
 * wide (51 resource blocks at 30 kHz, TS 38.101-1 clause 5.3.2), so that no conversion takes place
 * between them; the spectrum channel converts signals of other technologies. Received power is the
 * sum of the signals on the air, recomputed at each change. Thermal noise is left out: it lies
 * more than 20 dB below every energy detection threshold. Half duplex: the own signal is not
 * received, and IsTransmitting() tells when the radio is deaf.
 */
class NrSpectrumPhy : public SpectrumPhy
{
  public:
    /** @brief Key of all energy that is not NR-U in maps by transmitter. */
    static constexpr uint32_t OTHER_TECHNOLOGY = UINT32_MAX;

    /** @brief Spacing of the channels, Hz. */
    static constexpr double CHANNEL_SPACING_HZ = 20e6;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NrSpectrumPhy();
    ~NrSpectrumPhy() override;

    /**
     * @brief Shared spectrum model of a channel plan.
     *
     * The carrier is channel number (nChannels - 1) / 2, rounded down, of the plan: 5.2 GHz and
     * four channels give 5180, 5200, 5220 and 5240 MHz (Wi-Fi channels 36, 40, 44, 48).
     *
     * @param carrierHz carrier frequency, Hz
     * @param nChannels number of 20 MHz channels, at least 1
     * @return the model, the same object for the same plan
     */
    static Ptr<const SpectrumModel> GetSharedSpectrumModel(double carrierHz, uint32_t nChannels);

    /**
     * @brief Set the device. It and its node are needed where ns-3's Wi-Fi shares the spectrum
     * channel (it asks every transmitter for its node), and otherwise may be missing.
     * @param device the device
     */
    void SetDevice(Ptr<NetDevice> device) override;

    // inherited from SpectrumPhy
    Ptr<NetDevice> GetDevice() const override;
    void SetMobility(Ptr<MobilityModel> mobility) override;
    Ptr<MobilityModel> GetMobility() const override;
    void SetChannel(Ptr<SpectrumChannel> channel) override;
    Ptr<const SpectrumModel> GetRxSpectrumModel() const override;
    Ptr<Object> GetAntenna() const override;
    void StartRx(Ptr<SpectrumSignalParameters> params) override;

    /**
     * @brief Set the identity carried in this radio's signals.
     * @param gnbId identity, not OTHER_TECHNOLOGY
     */
    void SetGnbId(uint32_t gnbId);

    /** @return the identity carried in this radio's signals */
    uint32_t GetGnbId() const;

    /** @return total transmit power, dBm */
    double GetTxPowerDbm() const;

    /** @return number of 20 MHz channels of the plan */
    uint32_t GetNChannels() const;

    /**
     * @brief Centre of a channel.
     * @param channelIndex index of the channel, below GetNChannels()
     * @return centre frequency, Hz
     */
    double GetChannelCentreHz(uint32_t channelIndex) const;

    /**
     * @brief Tune to another channel. Not while transmitting.
     * @param channelIndex index of the channel, below GetNChannels()
     */
    void SetChannelIndex(uint32_t channelIndex);

    /** @return index of the channel this radio transmits on */
    uint32_t GetChannelIndex() const;

    /**
     * @brief Transmit on the own channel from now on.
     *
     * A transmission that ends at this very instant is completed first, so that back-to-back
     * transmissions work whichever event comes first.
     *
     * @param duration length of the transmission, above zero
     * @param kind what it carries
     * @param packet content handed to receivers, may be null
     */
    void StartTx(Time duration,
                 NrSignalKind kind = NrSignalKind::DATA,
                 Ptr<const Packet> packet = nullptr);

    /** @return whether the radio is transmitting */
    bool IsTransmitting() const;

    /**
     * @brief Total power received on a channel, own transmission excluded.
     * @param channelIndex index of the channel, below GetNChannels()
     * @return received power, W
     */
    double GetReceivedPowerW(uint32_t channelIndex) const;

    /**
     * @brief Power received on a channel by transmitter.
     * @param channelIndex index of the channel, below GetNChannels()
     * @return received power in W by gNB identity; all else under OTHER_TECHNOLOGY
     */
    std::map<uint32_t, double> GetReceivedPowerBySourceW(uint32_t channelIndex) const;

    /**
     * @brief Set the listener that is told after each change of received power on any channel, of
     * the own transmission and of the channel index.
     * @param callback the listener; the argument tells whether the channel index changed
     */
    void SetChangeCallback(Callback<void, bool> callback);

    /**
     * @brief TracedCallback signature of a transmission's start and end.
     * @param signal the signal transmitted
     */
    typedef void (*TxTracedCallback)(Ptr<const NrSignalParameters> signal);

    /**
     * @brief TracedCallback signature of a change in received power on the own channel.
     * @param oldPowerW power before, W
     * @param newPowerW power after, W
     */
    typedef void (*PowerTracedCallback)(double oldPowerW, double newPowerW);

  protected:
    void DoDispose() override;

  private:
    /** @brief A signal on the air at this radio. */
    struct Arrival
    {
        uint32_t source;            //!< gNB identity or OTHER_TECHNOLOGY
        std::vector<double> powerW; //!< power on each channel, W
    };

    using Arrivals = std::list<Arrival>;

    /**
     * @brief Remove a signal that has ended.
     * @param arrival the signal
     */
    void EndRx(Arrivals::iterator arrival);

    /** @brief End the own transmission. */
    void EndTx();

    /** @brief Recompute the received powers and tell whoever listens. */
    void UpdatePower();

    /**
     * @brief Tell the listener.
     * @param channelChanged whether the channel index changed
     */
    void NotifyChange(bool channelChanged);

    /**
     * @brief Stop if a channel index is out of range.
     * @param channelIndex the index
     */
    void CheckChannelIndex(uint32_t channelIndex) const;

    double m_txPowerDbm;                      //!< transmit power, dBm
    double m_carrierHz;                       //!< carrier of the plan, Hz
    uint32_t m_nChannels;                     //!< channels of the plan
    uint32_t m_channelIndex{0};               //!< own channel
    uint32_t m_gnbId{0};                      //!< identity in signals
    Ptr<NetDevice> m_device;                  //!< device, may be null
    Ptr<MobilityModel> m_mobility;            //!< mobility, may be null
    Ptr<SpectrumChannel> m_channel;           //!< spectrum channel
    mutable Ptr<const SpectrumModel> m_model; //!< shared model, found at first use
    Arrivals m_arrivals;                      //!< signals on the air
    std::vector<double> m_powerW;             //!< power per channel, W
    Ptr<NrSignalParameters> m_txSignal;       //!< own transmission, null when silent
    EventId m_txEnd;                          //!< end of the own transmission
    Callback<void, bool> m_changeCallback;    //!< listener
    TracedCallback<Ptr<const NrSignalParameters>> m_txStartTrace; //!< transmission starts
    TracedCallback<Ptr<const NrSignalParameters>> m_txEndTrace;   //!< transmission ends
    TracedCallback<double, double> m_powerTrace;                  //!< power on own channel
};

} // namespace ns3

#endif // NR_SPECTRUM_PHY_H

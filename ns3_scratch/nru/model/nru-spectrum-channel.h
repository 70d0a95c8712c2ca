// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_SPECTRUM_CHANNEL_H
#define NRU_SPECTRUM_CHANNEL_H

#include "nr-path-gain.h"

#include "ns3/net-device.h"
#include "ns3/spectrum-channel.h"
#include "ns3/spectrum-converter.h"
#include "ns3/spectrum-phy.h"
#include "ns3/spectrum-value.h"

#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief The air between radios of several technologies, for transmitters that repeat themselves.
 *
 * Delivers what ns-3's MultiModelSpectrumChannel delivers, at the same times and in the same order:
 * each signal in the receiver's own spectrum model, after the propagation delay, weakened by the
 * path gain. It is faster in that
 *
 * - a transmitter uses few power spectral densities, so who receives one and its conversion to the
 *   receivers' models are worked out once for each;
 * - a receiver with a band (see SetBand()) is spared the signals that have less than
 *   MIN_SHARE of their power in it;
 * - path gains come from NrPathGain.
 *
 * Antennas are isotropic. Propagation loss models, transmit filters and all trace sources but
 * `TxSigParams` of the base class are without effect.
 */
class NruSpectrumChannel : public SpectrumChannel
{
  public:
    /**
     * @brief Least share of a signal's power that must lie within a receiver's band for the
     * receiver to notice. At -60 dB, 23 dBm arrive 23 dB below Wi-Fi's noise after 80 dB of path
     * loss. NR-U has no power outside its channel, Wi-Fi none beyond the adjacent ones, so nothing
     * is near this limit: the adjacent channel gets some -26 dB.
     */
    static constexpr double MIN_SHARE = 1e-6;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruSpectrumChannel();

    /**
     * @param pathGain gains between any two nodes
     */
    void SetPathGain(Ptr<NrPathGain> pathGain);

    /**
     * @brief Let a device notice nothing but what has power in a band. Others notice everything.
     * @param device the device
     * @param low lower end of the band (Hz)
     * @param high upper end of the band (Hz)
     */
    void SetBand(Ptr<const NetDevice> device, double low, double high);

    // Inherited from SpectrumChannel
    void AddRx(Ptr<SpectrumPhy> phy) override;
    void RemoveRx(Ptr<SpectrumPhy> phy) override;
    void StartTx(Ptr<SpectrumSignalParameters> params) override;
    std::size_t GetNDevices() const override;
    Ptr<NetDevice> GetDevice(std::size_t i) const override;

  protected:
    void DoDispose() override;

  private:
    /// The receivers that share a spectrum model.
    struct Group
    {
        Ptr<const SpectrumModel> model;     //!< the model
        std::vector<Ptr<SpectrumPhy>> phys; //!< in order of their addition
    };

    /// A receiver of a shape.
    struct Target
    {
        Ptr<SpectrumPhy> phy;   //!< the receiver
        Ptr<SpectrumValue> psd; //!< the shape in its model (W/Hz)
    };

    /// A power spectral density as transmitted, and who gets it.
    struct Shape
    {
        Ptr<const SpectrumValue> psd; //!< as transmitted (W/Hz)
        std::vector<Target> targets;  //!< in order of delivery
    };

    /**
     * @param psd a power spectral density as transmitted
     * @return its shape, worked out if it is new
     */
    const Shape& FindShape(Ptr<const SpectrumValue> psd);

    /**
     * @param psd a power spectral density as transmitted
     * @return who gets it
     */
    std::vector<Target> FindTargets(Ptr<const SpectrumValue> psd);

    /**
     * @param psd a power spectral density as transmitted
     * @param phy a receiver
     * @return whether enough of the power is within the receiver's band
     */
    bool Notices(const SpectrumValue& psd, const SpectrumPhy& phy) const;

    /**
     * @brief A signal arrives.
     * @param params the signal, as transmitted but for its spectrum model
     * @param receiver where
     */
    void StartRx(Ptr<SpectrumSignalParameters> params, Ptr<SpectrumPhy> receiver);

    Ptr<NrPathGain> m_pathGain;                   //!< gains between nodes
    std::map<SpectrumModelUid_t, Group> m_groups; //!< receivers by their spectrum model
    /// Conversions by the models that they are from and to.
    std::map<std::pair<SpectrumModelUid_t, SpectrumModelUid_t>, SpectrumConverter> m_converters;
    /// Shapes by their spectrum model, in order of first use.
    std::map<SpectrumModelUid_t, std::vector<Shape>> m_shapes;
    /// Bands of devices (Hz).
    std::unordered_map<const NetDevice*, std::pair<double, double>> m_bands;
};

} // namespace ns3

#endif // NRU_SPECTRUM_CHANNEL_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CHANNEL_FILTER_H
#define NRU_CHANNEL_FILTER_H

// ns-3.37 has no such filters; it delivers what this one drops, to no effect but time.
#if __has_include("ns3/spectrum-transmit-filter.h")
#define NRU_HAS_SPECTRUM_FILTER

#include "ns3/net-device.h"
#include "ns3/spectrum-transmit-filter.h"

#include <unordered_map>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Keeps NR-U signals from Wi-Fi devices on other 20 MHz channels.
 *
 * An NR-U signal has no power outside its channel, so nothing is lost but the time that a Wi-Fi
 * device takes to find that out.
 */
class NruChannelFilter : public SpectrumTransmitFilter
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @param device a Wi-Fi device
     * @param channelIndex index of the only channel that it listens to
     */
    void AddReceiver(Ptr<const NetDevice> device, uint32_t channelIndex);

  private:
    bool DoFilter(Ptr<const SpectrumSignalParameters> params,
                  Ptr<const SpectrumPhy> receiver) override;
    int64_t DoAssignStreams(int64_t stream) override;

    std::unordered_map<const NetDevice*, uint32_t> m_channels; //!< of Wi-Fi devices
};

} // namespace ns3

#endif // __has_include
#endif // NRU_CHANNEL_FILTER_H

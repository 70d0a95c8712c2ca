// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_WIFI_BANDS_H
#define NRU_WIFI_BANDS_H

#include "ns3/net-device.h"

namespace ns3
{

/**
 * @ingroup nru
 * @brief Have a Wi-Fi device keep account of interference on its whole channel only.
 *
 * An 802.11ax device of ns-3 also keeps it for each of the 16 resource units that a 20 MHz channel
 * may be divided into, which takes most of a run's time. Only OFDMA looks at these, and an access
 * point without a multi-user scheduler never uses OFDMA: results are the same, byte for byte. To be
 * called once the device has its channel. Has no effect before ns-3.39, which gives no access to
 * the bands.
 *
 * @param device a Wi-Fi device with a SpectrumWifiPhy, whose BSS has no multi-user scheduler
 */
void TrackWholeWifiChannelOnly(Ptr<NetDevice> device);

} // namespace ns3

#endif // NRU_WIFI_BANDS_H

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-wifi-bands.h"

#include "ns3/abort.h"
#include "ns3/interference-helper.h"
#include "ns3/pointer.h"
#include "ns3/spectrum-wifi-phy.h"
#include "ns3/wifi-net-device.h"
#if __has_include("ns3/wifi-spectrum-phy-interface.h")
#include "ns3/wifi-spectrum-phy-interface.h"
#endif

namespace ns3
{

namespace
{

/**
 * @brief Forget all bands but that of the whole channel.
 * @tparam Helper ns-3's InterferenceHelper; a parameter, as before ns-3.39 it has no UpdateBands
 * @param phy the PHY
 * @param interface its interface to the spectrum channel
 */
template <typename Helper = InterferenceHelper, typename Interface>
void
KeepChannelOnly(const SpectrumWifiPhy& phy, const Interface& interface)
{
    PointerValue helper;
    phy.GetAttribute("InterferenceHelper", helper);
    helper.Get<Helper>()->UpdateBands(interface.GetBands(), interface.GetFrequencyRange());
}

/**
 * @brief One band in place of all: ns-3 asserts that there is one, and a band that is tracked
 * already costs nothing.
 * @param all bands of the resource units
 * @param channel band of the whole channel
 * @return the band of the whole channel as if it were that of a resource unit
 */
template <typename RuBands, typename Band>
RuBands
Reduce(const RuBands& all, const Band& channel)
{
    return RuBands{{channel, all.begin()->second}};
}

// Which of these compiles depends on ns-3's version; the first that does is taken.

/**
 * @brief ns-3.40 to ns-3.44
 * @param phy the PHY
 */
template <typename Phy>
auto
Track(Phy& phy, int, int) -> decltype(phy.GetCurrentInterface()->GetHeRuBands(), void())
{
    auto interface = phy.GetCurrentInterface();
    interface->SetHeRuBands(Reduce(interface->GetHeRuBands(), interface->GetBands().front()));
    KeepChannelOnly(phy, *interface);
}

/**
 * @brief ns-3.39, and from ns-3.45 on
 * @param phy the PHY
 */
template <typename Phy>
auto
Track(Phy& phy, int, long) -> decltype(phy.GetCurrentInterface()->GetRuBands(), void())
{
    auto interface = phy.GetCurrentInterface();
    interface->SetRuBands(Reduce(interface->GetRuBands(), interface->GetBands().front()));
    KeepChannelOnly(phy, *interface);
}

/** @brief before ns-3.39 */
template <typename Phy>
void
Track(Phy&, long, long)
{
}

} // namespace

void
TrackWholeWifiChannelOnly(Ptr<NetDevice> device)
{
    const auto wifi = DynamicCast<WifiNetDevice>(device);
    NS_ABORT_MSG_UNLESS(wifi, "a device that is not a Wi-Fi device");
    const auto phy = DynamicCast<SpectrumWifiPhy>(wifi->GetPhy());
    NS_ABORT_MSG_UNLESS(phy, "a Wi-Fi device without a SpectrumWifiPhy");
    if (wifi->GetPhy()->GetStandard() >= WIFI_STANDARD_80211ax)
    {
        Track(*phy, 0, 0);
    }
}

} // namespace ns3

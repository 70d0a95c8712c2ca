// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_RADIOS_H
#define IOT_RADIOS_H

#include "iot-radio.h"
#include "iot-scenario.h"

#include "ns3/ptr.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup iot
 * @brief Give each device a radio of ns-3's 802.11a, ad hoc, on one channel of 20 MHz.
 *
 * Ranges are thresholds on a path loss of exponent 3: the transmit power is such that a frame comes
 * with the standard's minimum sensitivity for its rate over a distance of the link range, and only
 * what comes with that is detected; what is weaker adds to the noise, as far as the interference
 * range, and is left out beyond.
 *
 * @param scenario places, ranges, rate, repetitions
 * @return radios, by device
 */
std::vector<Ptr<IotRadio>> MakeIotWifiRadios(const IotScenario& scenario);

/**
 * @ingroup iot
 * @brief Give each device a radio without a channel: links are within the link range, and ideal.
 * @param scenario places, link range
 * @return radios, by device
 */
std::vector<Ptr<IotRadio>> MakeIotDiscRadios(const IotScenario& scenario);

/**
 * @ingroup iot
 * @brief Give each device a radio of the kind that the scenario names.
 * @param scenario kind and numbers
 * @return radios, by device
 */
std::vector<Ptr<IotRadio>> MakeIotRadios(const IotScenario& scenario);

} // namespace ns3

#endif // IOT_RADIOS_H

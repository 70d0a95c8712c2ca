// SPDX-License-Identifier: GPL-2.0-only

#include "nru-energy-detection.h"

#include "ns3/abort.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

double
GetNruEnergyDetectionThresholdDbm(const NruEnergyDetectionInput& input)
{
    NS_ABORT_MSG_IF(!(input.bandwidthMhz > 0.0),
                    "bandwidth of " << input.bandwidthMhz << " MHz; allowed: above 0");
    NS_ABORT_MSG_IF(!std::isfinite(input.txPowerDbm),
                    "transmit power of " << input.txPowerDbm << " dBm; allowed: finite");
    const double widthDb = 10.0 * std::log10(input.bandwidthMhz / 20.0);
    const double tMax = 10.0 * std::log10(3.16228e-8 * input.bandwidthMhz);
    if (input.otherTechnologyAbsent)
    {
        return tMax + 10.0;
    }
    const double tA = input.discoveryBurstOnly ? 5.0 : 10.0;
    const double pH = 23.0;
    const double byPower = tMax - tA + (pH + widthDb - input.txPowerDbm);
    return std::max(-72.0 + widthDb, std::min(tMax, byPower));
}

} // namespace ns3

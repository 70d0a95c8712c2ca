// SPDX-License-Identifier: GPL-2.0-only

#include "nr-indoor-office-formulas.h"

#include <cmath>

namespace ns3
{

double
NrIndoorOffice::GetLosProbabilityOpen(double distance2d)
{
    if (distance2d <= 5)
    {
        return 1.0;
    }
    return distance2d <= 49 ? std::exp(-(distance2d - 5) / 70.8)
                            : 0.54 * std::exp(-(distance2d - 49) / 211.7);
}

double
NrIndoorOffice::GetLosProbabilityMixed(double distance2d)
{
    if (distance2d <= 1.2)
    {
        return 1.0;
    }
    return distance2d < 6.5 ? std::exp(-(distance2d - 1.2) / 4.7)
                            : 0.32 * std::exp(-(distance2d - 6.5) / 32.6);
}

} // namespace ns3

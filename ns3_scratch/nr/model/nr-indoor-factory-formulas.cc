// SPDX-License-Identifier: GPL-2.0-only
#include "nr-indoor-factory-formulas.h"

#include "ns3/abort.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace ns3
{

namespace
{

/// Names of the scenarios in the order of the enumeration.
const std::array<std::string, 5> NAMES = {"SL", "DL", "SH", "DH", "HH"};

/// @brief A path loss of the form constant + slope log10(d) + frequencySlope log10(f).
struct LogLaw
{
    double constant;       //!< dB
    double slope;          //!< dB per decade of distance
    double frequencySlope; //!< dB per decade of frequency
    double shadowing;      //!< standard deviation of shadowing, dB

    /**
     * @brief Evaluate.
     * @param distance3d distance, m
     * @param frequencyGhz carrier frequency, GHz
     * @return path loss, dB
     */
    double GetLoss(double distance3d, double frequencyGhz) const
    {
        const double distance = std::max(distance3d, NrIndoorFactory::MIN_DISTANCE_M);
        return constant + slope * std::log10(distance) + frequencySlope * std::log10(frequencyGhz);
    }
};

constexpr LogLaw LOS{31.84, 21.50, 19.00, NrIndoorFactory::LOS_SHADOWING_DB};
constexpr LogLaw SPARSE_LOW{33.0, 25.5, 20.0, 5.7};
constexpr LogLaw DENSE_LOW{18.6, 35.7, 20.0, 7.2};
constexpr LogLaw SPARSE_HIGH{32.4, 23.0, 20.0, 5.9};
constexpr LogLaw DENSE_HIGH{33.63, 21.9, 20.0, 4.0};

/**
 * @brief Law of a scenario without line of sight.
 * @param scenario the scenario
 * @return its law
 */
const LogLaw&
GetNlosLaw(NrIndoorFactoryScenario scenario)
{
    switch (scenario)
    {
    case NrIndoorFactoryScenario::SL:
        return SPARSE_LOW;
    case NrIndoorFactoryScenario::DL:
        return DENSE_LOW;
    case NrIndoorFactoryScenario::SH:
        return SPARSE_HIGH;
    case NrIndoorFactoryScenario::DH:
        return DENSE_HIGH;
    case NrIndoorFactoryScenario::HH:
        break;
    }
    return LOS;
}

} // namespace

NrIndoorFactoryScenario
NrIndoorFactory::Parse(const std::string& name)
{
    const auto found = std::find(NAMES.begin(), NAMES.end(), name);
    NS_ABORT_MSG_IF(found == NAMES.end(),
                    "Indoor factory scenario \"" << name << "\" is none of SL, DL, SH, DH, HH");
    return static_cast<NrIndoorFactoryScenario>(found - NAMES.begin());
}

std::string
NrIndoorFactory::GetName(NrIndoorFactoryScenario scenario)
{
    return NAMES.at(static_cast<std::size_t>(scenario));
}

bool
NrIndoorFactory::IsDense(NrIndoorFactoryScenario scenario)
{
    return scenario == NrIndoorFactoryScenario::DL || scenario == NrIndoorFactoryScenario::DH;
}

double
NrIndoorFactory::GetLossLos(double distance3d, double frequencyGhz)
{
    return LOS.GetLoss(distance3d, frequencyGhz);
}

double
NrIndoorFactory::GetLossNlos(NrIndoorFactoryScenario scenario,
                             double distance3d,
                             double frequencyGhz)
{
    double loss = std::max(GetNlosLaw(scenario).GetLoss(distance3d, frequencyGhz),
                           GetLossLos(distance3d, frequencyGhz));
    if (scenario == NrIndoorFactoryScenario::DL)
    {
        loss = std::max(loss, SPARSE_LOW.GetLoss(distance3d, frequencyGhz));
    }
    return loss;
}

double
NrIndoorFactory::GetNlosShadowing(NrIndoorFactoryScenario scenario)
{
    return GetNlosLaw(scenario).shadowing;
}

double
NrIndoorFactory::GetLosDistance(NrIndoorFactoryScenario scenario,
                                const NrClutter& clutter,
                                double heightA,
                                double heightB)
{
    NS_ABORT_MSG_IF(!(clutter.size > 0), "Clutter size " << clutter.size << " m is not positive");
    NS_ABORT_MSG_IF(!(clutter.density > 0 && clutter.density < 1),
                    "Clutter density " << clutter.density << " is not inside (0, 1)");
    if (scenario == NrIndoorFactoryScenario::HH)
    {
        return std::numeric_limits<double>::infinity();
    }
    const double inClutter = -clutter.size / std::log1p(-clutter.density);
    if (scenario == NrIndoorFactoryScenario::SL || scenario == NrIndoorFactoryScenario::DL)
    {
        return inClutter;
    }
    const auto [low, high] = std::minmax(heightA, heightB);
    if (low >= clutter.height)
    {
        return std::numeric_limits<double>::infinity();
    }
    return inClutter * std::max(1.0, (high - low) / (clutter.height - low));
}

double
NrIndoorFactory::GetLosProbability(double distance2d, double losDistance)
{
    return std::exp(-distance2d / losDistance);
}

double
NrIndoorFactory::GetLosCorrelation(const NrClutter& clutter)
{
    return clutter.size / 2;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only
#include "nru-indoor-factory-formulas.h"

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
        const double distance = std::max(distance3d, NruIndoorFactory::MIN_DISTANCE_M);
        return constant + slope * std::log10(distance) + frequencySlope * std::log10(frequencyGhz);
    }
};

constexpr LogLaw LOS{31.84, 21.50, 19.00, NruIndoorFactory::LOS_SHADOWING_DB};
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
GetNlosLaw(NruIndoorFactoryScenario scenario)
{
    switch (scenario)
    {
    case NruIndoorFactoryScenario::SL:
        return SPARSE_LOW;
    case NruIndoorFactoryScenario::DL:
        return DENSE_LOW;
    case NruIndoorFactoryScenario::SH:
        return SPARSE_HIGH;
    case NruIndoorFactoryScenario::DH:
        return DENSE_HIGH;
    case NruIndoorFactoryScenario::HH:
        break;
    }
    return LOS;
}

} // namespace

NruIndoorFactoryScenario
NruIndoorFactory::Parse(const std::string& name)
{
    const auto found = std::find(NAMES.begin(), NAMES.end(), name);
    NS_ABORT_MSG_IF(found == NAMES.end(),
                    "Indoor factory scenario \"" << name << "\" is none of SL, DL, SH, DH, HH");
    return static_cast<NruIndoorFactoryScenario>(found - NAMES.begin());
}

std::string
NruIndoorFactory::GetName(NruIndoorFactoryScenario scenario)
{
    return NAMES.at(static_cast<std::size_t>(scenario));
}

bool
NruIndoorFactory::IsDense(NruIndoorFactoryScenario scenario)
{
    return scenario == NruIndoorFactoryScenario::DL || scenario == NruIndoorFactoryScenario::DH;
}

double
NruIndoorFactory::GetLossLos(double distance3d, double frequencyGhz)
{
    return LOS.GetLoss(distance3d, frequencyGhz);
}

double
NruIndoorFactory::GetLossNlos(NruIndoorFactoryScenario scenario,
                              double distance3d,
                              double frequencyGhz)
{
    double loss = std::max(GetNlosLaw(scenario).GetLoss(distance3d, frequencyGhz),
                           GetLossLos(distance3d, frequencyGhz));
    if (scenario == NruIndoorFactoryScenario::DL)
    {
        loss = std::max(loss, SPARSE_LOW.GetLoss(distance3d, frequencyGhz));
    }
    return loss;
}

double
NruIndoorFactory::GetNlosShadowing(NruIndoorFactoryScenario scenario)
{
    return GetNlosLaw(scenario).shadowing;
}

double
NruIndoorFactory::GetLosDistance(NruIndoorFactoryScenario scenario,
                                 const NruClutter& clutter,
                                 double heightA,
                                 double heightB)
{
    NS_ABORT_MSG_IF(!(clutter.size > 0), "Clutter size " << clutter.size << " m is not positive");
    NS_ABORT_MSG_IF(!(clutter.density > 0 && clutter.density < 1),
                    "Clutter density " << clutter.density << " is not inside (0, 1)");
    if (scenario == NruIndoorFactoryScenario::HH)
    {
        return std::numeric_limits<double>::infinity();
    }
    const double inClutter = -clutter.size / std::log1p(-clutter.density);
    if (scenario == NruIndoorFactoryScenario::SL || scenario == NruIndoorFactoryScenario::DL)
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
NruIndoorFactory::GetLosProbability(double distance2d, double losDistance)
{
    return std::exp(-distance2d / losDistance);
}

double
NruIndoorFactory::GetLosCorrelation(const NruClutter& clutter)
{
    return clutter.size / 2;
}

} // namespace ns3

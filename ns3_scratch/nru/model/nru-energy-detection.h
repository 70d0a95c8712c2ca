// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_ENERGY_DETECTION_H
#define NRU_ENERGY_DETECTION_H

namespace ns3
{

/**
 * @ingroup nru
 * @brief What the energy detection threshold of a gNB depends on (TS 37.213 clause 4.1.5).
 */
struct NruEnergyDetectionInput
{
    double txPowerDbm{23.0};           //!< maximum output power of the carrier, dBm
    double bandwidthMhz{20.0};         //!< channel bandwidth, MHz
    bool discoveryBurstOnly{false};    //!< T_A = 5 dB (discovery bursts) instead of 10 dB (PDSCH)
    bool otherTechnologyAbsent{false}; //!< absence of other technologies is guaranteed
};

/**
 * @ingroup nru
 * @brief Largest energy detection threshold allowed (TS 37.213 clause 4.1.5).
 *
 * Other technologies possible, B the bandwidth in MHz, P_H = 23 dBm and
 * T_max = 10 log10(3.16228e-8 mW/MHz x B):
 * max{-72 + 10 log10(B/20), min{T_max, T_max - T_A + (P_H + 10 log10(B/20) - P_TX)}}.
 * Absence of other technologies guaranteed: T_max + 10 dB (no regulatory limit X_r is set).
 *
 * @param input transmit power, bandwidth, kind of transmission
 * @return the threshold, dBm
 */
double GetNruEnergyDetectionThresholdDbm(const NruEnergyDetectionInput& input);

} // namespace ns3

#endif // NRU_ENERGY_DETECTION_H

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NR_CARRIER_H
#define NR_CARRIER_H

#include "ns3/nstime.h"

#include <cmath>
#include <cstdint>

namespace ns3
{

/**
 * @ingroup nr
 * @brief The one carrier this model knows: a 20 MHz NR-U channel at 30 kHz subcarrier spacing.
 *
 * Resource blocks per channel: TS 38.101-1 Table 5.3.2-1. Slot and symbols: TS 38.211 clause 4.3.2
 * (numerology 1, normal cyclic prefix).
 */
struct NrCarrier
{
    static constexpr double CHANNEL_BANDWIDTH_HZ = 20e6;  //!< nominal width
    static constexpr double SUBCARRIER_SPACING_HZ = 30e3; //!< numerology 1
    static constexpr uint32_t SUBCARRIERS_PER_PRB = 12;   //!< TS 38.211 4.4.4.1
    static constexpr uint32_t N_PRB = 51;                 //!< PRBs in 20 MHz
    static constexpr uint32_t SYMBOLS_PER_SLOT = 14;      //!< normal prefix
    static constexpr uint32_t DMRS_RE_PER_PRB = 12;       //!< one DM-RS symbol
    static constexpr int64_t SLOT_NS = 500000;            //!< slot, nanoseconds
    static constexpr double SLOT_S = 0.5e-3;              //!< slot, seconds
    static constexpr double SLOTS_PER_SECOND = 2000.0;    //!< slots a second
    static constexpr double OCCUPIED_BANDWIDTH_HZ =
        N_PRB * SUBCARRIERS_PER_PRB * SUBCARRIER_SPACING_HZ;   //!< 18.36 MHz
    static constexpr double THERMAL_NOISE_DBM_PER_HZ = -174.0; //!< kT at 290 K

    /**
     * @brief Power of the receiver's noise in a bandwidth.
     * @param noiseFigureDb noise figure of the receiver, dB
     * @param bandwidthHz bandwidth, Hz; by default the occupied 18.36 MHz
     * @return noise power, dBm
     */
    static double GetNoisePowerDbm(double noiseFigureDb, double bandwidthHz = OCCUPIED_BANDWIDTH_HZ)
    {
        return THERMAL_NOISE_DBM_PER_HZ + 10.0 * std::log10(bandwidthHz) + noiseFigureDb;
    }

    /**
     * @brief RSRP: the power of one of the subcarriers, over which the channel's power is even.
     * @param channelPowerDbm power over the channel, dBm
     * @return power of one resource element, 27.87 dB below, dBm
     */
    static double GetRsrpDbm(double channelPowerDbm)
    {
        return channelPowerDbm - 10.0 * std::log10(double{N_PRB * SUBCARRIERS_PER_PRB});
    }

    /**
     * @brief The slot grid, common to all cells.
     * @param time a time
     * @return the first slot boundary at or after it
     */
    static Time CeilToSlot(Time time)
    {
        return NanoSeconds((time.GetNanoSeconds() + SLOT_NS - 1) / SLOT_NS * SLOT_NS);
    }

    /**
     * @brief Symbols between two times of one slot.
     * @param from a time
     * @param end a later time, within the same slot
     * @return whole symbols
     */
    static uint32_t GetSymbols(Time from, Time end)
    {
        return (end - from).GetNanoSeconds() * int64_t{SYMBOLS_PER_SLOT} / SLOT_NS;
    }
};

} // namespace ns3

#endif // NR_CARRIER_H

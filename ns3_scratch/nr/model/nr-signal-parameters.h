// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_SIGNAL_PARAMETERS_H
#define NR_SIGNAL_PARAMETERS_H

#include "ns3/packet.h"
#include "ns3/spectrum-signal-parameters.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup nr
 * @brief What an NR-U transmission carries.
 */
enum class NrSignalKind : uint8_t
{
    DATA,        //!< PDSCH inside a channel occupancy
    DISCOVERY,   //!< discovery burst (SSB, system information)
    RESERVATION, //!< filler up to a symbol or slot boundary (CP extension)
};

/**
 * @ingroup nr
 * @brief A signal of an NR-U transmitter on the spectrum channel.
 *
 * Receivers of other technologies see the base class: energy only.
 */
struct NrSignalParameters : public SpectrumSignalParameters
{
    NrSignalParameters() = default;

    /**
     * @brief Copy, sharing the packet.
     * @param other the signal to copy
     */
    NrSignalParameters(const NrSignalParameters& other) = default;

    Ptr<SpectrumSignalParameters> Copy() const override;

    uint32_t gnbId{0};                     //!< identity of the transmitting gNB
    uint32_t channelIndex{0};              //!< 20 MHz channel that carries it
    double txPowerDbm{0.0};                //!< total transmit power, dBm
    NrSignalKind kind{NrSignalKind::DATA}; //!< what it carries
    Ptr<const Packet> packet;              //!< content, may be null
};

} // namespace ns3

#endif // NR_SIGNAL_PARAMETERS_H

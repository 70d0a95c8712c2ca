// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_RADIO_LINKS_H
#define NR_RADIO_LINKS_H

#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup nr
 * @brief How a cell's UEs receive it: where all that its data plane knows of SINR comes from.
 */
class NrRadioLinks
{
  public:
    virtual ~NrRadioLinks() = default;

    /**
     * @param ue index of the UE
     * @param from start of an interval in which the cell transmits
     * @param to its end, not in the future
     * @return SINR of what the UE was sent in it, linear
     */
    virtual double GetSinr(uint32_t ue, Time from, Time to) const = 0;

    /**
     * @param ue index of the UE
     * @return SINR that it has reported last (dB)
     */
    virtual double GetReportedSinrDb(uint32_t ue) const = 0;
};

} // namespace ns3

#endif // NR_RADIO_LINKS_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_FLOW_H
#define NR_FLOW_H

#include "nr-airtime-cost.h"
#include "nr-gbr-bearer.h"

#include "ns3/nstime.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <deque>

namespace ns3
{

/**
 * @ingroup nr
 * @brief A HARQ process: a transport block until it is received or given up.
 */
struct NrHarqProcess
{
    uint8_t mcs{0};           //!< index in TS 38.214 Table 5.1.3.1-2
    uint32_t sizeBits{0};     //!< transport block size (bit)
    uint32_t resource{0};     //!< PRBs times symbols with data, of the first transmission
    NrGbrBearer::Piece data;  //!< of the bearer; the rest is padding
    double sinr{0.0};         //!< sum of the linear SINRs of all transmissions (chase combining)
    uint8_t transmissions{0}; //!< so far
    Time notBefore;           //!< a retransmission has to wait for the feedback until then
};

/**
 * @ingroup nr
 * @brief One UE's data in a cell, as the scheduler sees it.
 */
struct NrFlow
{
    uint32_t ue{0};                            //!< the UE's index
    uint32_t slice{0};                         //!< index of the UE's network slice
    Ptr<NrGbrBearer> bearer;                   //!< its data
    double offsetDb{0.0};                      //!< outer loop's correction of its SINR
    int mcs{-1};                               //!< what its channel carries; -1: nothing
    double fullBandRate{0.0};                  //!< bit/s with all PRBs at that MCS
    double average{0.0};                       //!< bit/s sent and not known to be lost
    Time averageTime;                          //!< when `average` was brought up to date
    Time served{NanoSeconds(-1)};              //!< when it was last sent to; negative: never
    NrAirtimeCost cost;                        //!< of its data
    std::deque<NrHarqProcess> retransmissions; //!< failed blocks, oldest first
};

} // namespace ns3

#endif // NR_FLOW_H

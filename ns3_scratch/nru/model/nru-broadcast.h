// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_BROADCAST_H
#define NRU_BROADCAST_H

#include "nr-amc.h"
#include "nr-downlink.h"
#include "nru-ue.h"

#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief What becomes of a cell's discovery bursts and SIBx at the UEs.
 *
 * A UE that receives the burst with a SINR of at least -6 dB over its whole length detects it
 * (the side condition on SSB Es/Iot of TS 38.133) and measures RSRP and SINR. It decodes a SIBx in
 * it with the block error rate of MCS 0 for 40 bits and their CRC; or, where SIBx are not lost, it
 * has been told it when it was due, if it is in range.
 */
class NruBroadcast
{
  public:
    /**
     * @param cell index of the cell
     * @param downlink how its signal arrives
     * @param amc error rates
     * @param ues all UEs of the hall
     * @param random decides on block errors
     * @param hasSibxLoss whether UEs read SIBx in bursts, or are told by DeliverSibx()
     */
    void Configure(uint32_t cell,
                   const NrDownlink& downlink,
                   Ptr<const NrAmc> amc,
                   const std::vector<Ptr<NruUe>>& ues,
                   Ptr<UniformRandomVariable> random,
                   bool hasSibxLoss);

    /**
     * @brief A burst ends now: let the UEs measure it, and read it.
     * @param start when it began
     * @param sibx a packet with an NruSibxHeader; null if the burst carries none
     * @param measured when the cell measured the load in it
     */
    void Deliver(Time start, Ptr<const Packet> sibx, Time measured) const;

    /**
     * @brief A SIBx is due now: if none is lost, each UE in range has it at once.
     * @param sibx a packet with an NruSibxHeader
     * @param measured when the cell measured the load in it
     */
    void DeliverSibx(Ptr<const Packet> sibx, Time measured) const;

    /**
     * @brief A slot with data ends now, which carried a SIBx too: let the UEs read it.
     * @param start when the slot began
     * @param sibx a packet with an NruSibxHeader
     * @param measured when the cell measured the load in it
     */
    void DeliverWithData(Time start, Ptr<const Packet> sibx, Time measured) const;

    /**
     * @param nSymbols PDSCH symbols of a slot with data
     * @return resource blocks that a SIBx takes in it, by MCS 0
     */
    static uint32_t GetSibxPrbs(uint32_t nSymbols);

  private:
    /**
     * @param ue a UE
     * @return whether it detects bursts when nothing interferes
     */
    bool IsInRange(Ptr<const NruUe> ue) const;

    uint32_t m_cell{0};                  //!< index of the cell
    NrDownlink m_downlink;               //!< how its signal arrives
    Ptr<const NrAmc> m_amc;              //!< error rates
    std::vector<Ptr<NruUe>> m_ues;       //!< all
    Ptr<UniformRandomVariable> m_random; //!< decides on block errors
    bool m_hasSibxLoss{true};            //!< UEs read SIBx in bursts
};

} // namespace ns3

#endif // NRU_BROADCAST_H

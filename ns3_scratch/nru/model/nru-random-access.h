// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_RANDOM_ACCESS_H
#define NRU_RANDOM_ACCESS_H

#include "nr-spectrum-phy.h"
#include "nr-transmission-log.h"
#include "nru-ue.h"

#include "ns3/object.h"

namespace ns3
{

/**
 * @ingroup nru
 * @brief Whether a UE's preamble gets through to a cell, under listen-before-talk.
 *
 * The UE senses for 25 us before the PRACH occasion: energy at or above the threshold for its
 * transmit power (TS 37.213 clause 4.1.5) puts the preamble off, unless it is the target cell's
 * own, whose channel occupancy the UE may share. Then the preamble has to reach the gNB through
 * what interferes there. PRACH occasions are taken to lie in gaps of the
 * gNB's own channel occupancies, where it listens; the airtime of these gaps is not charged. The
 * messages that follow are part of the handover's interruption.
 */
class NruRandomAccess : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruRandomAccess();

    /**
     * @param transmissionLog what is on the air
     * @param pathGain gains between nodes
     */
    void Configure(Ptr<NrTransmissionLog> transmissionLog, Ptr<NrPathGain> pathGain);

    /**
     * @brief A PRACH occasion, now.
     * @param ue the UE
     * @param cell radio of the gNB that it wants to reach
     * @return true if the channel was idle and the gNB detects the preamble
     */
    bool TryPreamble(Ptr<const NruUe> ue, Ptr<NrSpectrumPhy> cell) const;

  protected:
    void DoDispose() override;

  private:
    double m_ueTxPowerDbm;                    //!< transmit power of UEs
    double m_noiseFigureDb;                   //!< of gNBs
    Ptr<NrTransmissionLog> m_transmissionLog; //!< what is on the air
    Ptr<NrPathGain> m_pathGain;               //!< gains
};

} // namespace ns3

#endif // NRU_RANDOM_ACCESS_H

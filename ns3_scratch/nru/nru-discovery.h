// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_DISCOVERY_H
#define NRU_DISCOVERY_H

#include "nru-channel-access-manager.h"

#include "ns3/callback.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/packet.h"

namespace ns3
{

/**
 * @ingroup nru
 * @brief When a gNB's discovery bursts and SIBx are due, and how they get to the channel.
 *
 * A burst of one slot is due every `Period`. It goes out inside a channel occupancy of the gNB's
 * own if there is one, else after Type 2A access, tried at each slot of the discovery burst
 * transmission window (TS 37.213 clause 4.0); a burst that finds no idle channel in its window is
 * lost.
 *
 * A SIBx is due at the start of each SI window. The first burst within the window carries it; a
 * SIBx that finds none is lost.
 */
class NruDiscovery : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruDiscovery();

    /**
     * @param pci physical cell identity of the gNB
     * @param access its channel access
     * @param send called when Type 2A has been granted, to send a burst at once
     */
    void Configure(uint32_t pci, Ptr<NruChannelAccessManager> access, Callback<void> send);

    /**
     * @param offset of the first burst's window
     */
    void Start(Time offset);

    /**
     * @return true if a burst waits
     */
    bool IsDue() const;

    /**
     * @brief A burst goes on the air now.
     * @param load of the cell
     * @return a packet with an NruSibxHeader, if a SIBx is due; else nullptr
     */
    Ptr<Packet> Take(double load);

    /// A new SI window opens: a SIBx is due.
    void OpenSiWindow();

    /**
     * @return period of the bursts
     */
    Time GetPeriod() const;
    /**
     * @return SIBx instances that were due so far
     */
    uint32_t GetSibxDue() const;
    /**
     * @return SIBx instances that went on the air so far
     */
    uint32_t GetSibxSent() const;

  protected:
    void DoDispose() override;

  private:
    /// A discovery burst transmission window opens.
    void OpenWindow();
    /// A slot of the window is near: sense before it.
    void Try();
    /**
     * @param granted whether the channel was idle
     */
    void HandleType2a(bool granted);

    Time m_period;   //!< of bursts
    Time m_window;   //!< to try in
    Time m_siWindow; //!< to send a SIBx in

    uint32_t m_pci{0};                     //!< of the gNB
    Ptr<NruChannelAccessManager> m_access; //!< of the gNB
    Callback<void> m_send;                 //!< sends a burst
    bool m_isDue{false};                   //!< a burst waits
    Time m_windowEnd;                      //!< until when
    bool m_isSibxDue{false};               //!< a SIBx waits
    Time m_siWindowEnd;                    //!< until when
    uint32_t m_sibxDue{0};                 //!< instances due
    uint32_t m_sibxSent{0};                //!< instances sent
};

} // namespace ns3

#endif // NRU_DISCOVERY_H

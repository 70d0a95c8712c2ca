// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_DISCOVERY_H
#define NRU_DISCOVERY_H

#include "nru-channel-access-manager.h"

#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/packet.h"

#include <string>

namespace ns3
{

/**
 * @ingroup nru
 * @brief When a gNB's discovery bursts and SIBx are due, and how they get to the channel.
 *
 * A burst of `BurstSlots` slots is due every `Period`. It goes out inside a channel occupancy of
 * the gNB's own if there is one; else after channel access of its own, as `Access` says:
 *
 * - **type2a**, tried at each slot of the discovery burst transmission window (TS 38.213 clause
 *   4.1). The standard has it for bursts of at most 1 ms and a duty cycle of at most 1/20 (clause
 *   4.1.2); others are refused.
 * - **type1**, by priority class 1, asked for once when the window opens. The gNB does it, which
 * has one Type 1 procedure for data and bursts. What remains of the slot in which access is granted
 *   is filled, and the burst begins at the slot boundary.
 *
 * A burst that finds no idle channel in its window is lost.
 *
 * A SIBx is due at the start of each SI window. What comes first within the window carries it, a
 * burst or a slot with data of one of the gNB's own occupancies: UEs look for system information in
 * all slots of the window (TS 38.331 clause 5.2.2.3.2). A SIBx that finds neither is lost.
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

    /// Channel access priority class of bursts that are sent by Type 1.
    static constexpr uint32_t PRIORITY_CLASS = 1;

    /// What a gNB does for its bursts.
    struct Callbacks
    {
        Callback<void> send;    //!< Type 2A has been granted: send a burst at once
        Callback<void> contend; //!< whether Type 1 is needed has changed, see IsType1Needed()
    };

    /**
     * @param pci physical cell identity of the gNB
     * @param access its channel access
     * @param callbacks what it does for its bursts
     */
    void Configure(uint32_t pci, Ptr<NruChannelAccessManager> access, const Callbacks& callbacks);

    /**
     * @param offset of the first burst's window
     */
    void Start(Time offset);

    /**
     * @return true if a burst waits
     */
    bool IsDue() const;

    /**
     * @return true if a burst waits for access by Type 1 with PRIORITY_CLASS
     */
    bool IsType1Needed() const;

    /**
     * @param load of the cell
     * @return a packet with the NruSibxHeader of the SIBx that was due last
     */
    Ptr<Packet> CreateSibx(double load) const;

    /**
     * @brief A burst goes on the air now.
     * @param load of the cell
     * @return a packet with an NruSibxHeader, if a SIBx is due; else nullptr
     */
    Ptr<Packet> Take(double load);

    /**
     * @return whether a SIBx waits within its SI window
     */
    bool IsSibxDue() const;

    /**
     * @brief A SIBx goes on the air now, if one is due.
     * @param load of the cell
     * @return a packet with an NruSibxHeader; nullptr if none is due
     */
    Ptr<Packet> TakeSibx(double load);

    /// A new SI window opens: a SIBx is due.
    void OpenSiWindow();

    /**
     * @return period of the bursts
     */
    Time GetPeriod() const;
    /**
     * @return length of a burst, in slots
     */
    uint32_t GetBurstSlots() const;
    /**
     * @return length of a burst
     */
    Time GetBurst() const;
    /**
     * @return whether a SIBx can be lost; if not, each UE in range has it when it is due
     */
    bool HasSibxLoss() const;
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
    /// The window closes on a burst that waits for Type 1.
    void Expire();

    std::string m_accessType; //!< type2a or type1
    uint32_t m_burstSlots;    //!< length of a burst
    Time m_period;            //!< of bursts
    Time m_window;            //!< to try in
    Time m_siWindow;          //!< to send a SIBx in
    bool m_hasSibxLoss;       //!< a SIBx can be lost

    uint32_t m_pci{0};                     //!< of the gNB
    Ptr<NruChannelAccessManager> m_access; //!< of the gNB
    Callbacks m_callbacks;                 //!< what the gNB does
    bool m_isDue{false};                   //!< a burst waits
    Time m_windowEnd;                      //!< until when
    bool m_isSibxDue{false};               //!< a SIBx waits
    Time m_siWindowEnd;                    //!< until when
    uint32_t m_sibxDue{0};                 //!< instances due
    uint32_t m_sibxSent{0};                //!< instances sent
};

} // namespace ns3

#endif // NRU_DISCOVERY_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_AIRTIME_WATCH_H
#define NRU_AIRTIME_WATCH_H

#include "nru-gnb.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru-tests
 * @brief Three accounts of a gNB's time, kept by three of its parts: on the air by its radio, heard
 * busy by its airtime ledger, idle by the traces of its channel access. They add up to the time.
 */
class AirtimeWatch
{
  public:
    /// What the radio transmitted.
    struct Transmission
    {
        Time start;       //!< first instant on the air
        Time end;         //!< first instant off the air
        uint32_t channel; //!< index
    };

    /**
     * @param gnb to watch, from now on; it is silent, and so is its channel
     */
    explicit AirtimeWatch(Ptr<NruGnb> gnb)
        : m_gnb(gnb),
          m_start(Simulator::Now()),
          m_idleSince(m_start)
    {
        gnb->GetPhy()->TraceConnectWithoutContext("TxStart",
                                                  MakeCallback(&AirtimeWatch::NoteTx, this));
        gnb->GetAccess()->TraceConnectWithoutContext("Busy",
                                                     MakeCallback(&AirtimeWatch::NoteBusy, this));
        gnb->GetAccess()->TraceConnectWithoutContext("Idle",
                                                     MakeCallback(&AirtimeWatch::NoteIdle, this));
    }

    AirtimeWatch(const AirtimeWatch&) = delete;
    AirtimeWatch& operator=(const AirtimeWatch&) = delete;

    /**
     * @return time on the air so far
     */
    Time GetOwn() const
    {
        Time own;
        for (const auto& transmission : m_transmissions)
        {
            own += std::min(transmission.end, Simulator::Now()) - transmission.start;
        }
        return own;
    }

    /**
     * @return time that the channel was busy while the gNB listened
     */
    Time GetHeardBusy() const
    {
        return m_gnb->GetAccess()->GetBusyTime();
    }

    /**
     * @return time that the channel was idle and the gNB silent: defer, backoff, nothing to send
     */
    Time GetIdle() const
    {
        return m_idle + (m_isIdle ? Simulator::Now() - m_idleSince : Time());
    }

    /**
     * @return own + heard busy + idle - time; 0 if airtime is conserved
     */
    Time GetImbalance() const
    {
        return GetOwn() + GetHeardBusy() + GetIdle() - (Simulator::Now() - m_start);
    }

    /**
     * @return all transmissions so far
     */
    const std::vector<Transmission>& GetTransmissions() const
    {
        return m_transmissions;
    }

  private:
    /**
     * @param signal that starts
     */
    void NoteTx(Ptr<const NrSignalParameters> signal)
    {
        const auto now = Simulator::Now();
        m_transmissions.push_back(
            {now, now + signal->duration, m_gnb->GetPhy()->GetChannelIndex()});
    }

    /// The channel turns busy.
    void NoteBusy()
    {
        m_idle += Simulator::Now() - m_idleSince;
        m_isIdle = false;
    }

    /// The channel turns idle.
    void NoteIdle(Time)
    {
        m_idleSince = Simulator::Now();
        m_isIdle = true;
    }

    Ptr<NruGnb> m_gnb;                         //!< is watched
    Time m_start;                              //!< since when
    std::vector<Transmission> m_transmissions; //!< of it
    bool m_isIdle{true};                       //!< neither busy nor transmitting
    Time m_idleSince;                          //!< start of the present idle period
    Time m_idle;                               //!< in those that are over
};

} // namespace ns3

#endif // NRU_AIRTIME_WATCH_H

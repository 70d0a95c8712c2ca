// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_AIRTIME_LEDGER_H
#define NRU_AIRTIME_LEDGER_H

#include "nr-spectrum-phy.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <map>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Who held the channel for how long, as one silent listener heard it.
 *
 * While the listener transmits it hears nothing and no time is counted.
 */
class NruAirtimeLedger
{
  public:
    /**
     * @brief Set the number of channels.
     * @param nChannels number of channels
     */
    void SetNChannels(uint32_t nChannels);

    /**
     * @brief Book the time since the last call as it sounded then, and listen anew.
     * @param phy the listener's radio
     * @param thresholdW power from which a channel is held, W
     */
    void Hear(const NrSpectrumPhy& phy, double thresholdW);

    /**
     * @brief Time the own channel was busy with others' energy.
     * @param now the current time
     * @return total since the start
     */
    Time GetBusyTime(Time now);

    /**
     * @brief Airtime by transmitter since the last call.
     * @param now the current time
     * @return airtime by transmitter identity
     */
    std::map<uint32_t, Time> TakeHeard(Time now);

    /**
     * @brief Share of time that others occupied each channel since the last call: of all time on
     * the own channel, of the listening time on the others.
     * @param now the current time
     * @param ownChannel index of the own channel
     * @return share by channel index, zeros when there was no listening time
     */
    std::vector<double> TakeOccupancy(Time now, uint32_t ownChannel);

  private:
    /** @brief What the listener hears. */
    struct Scene
    {
        bool listening{true};               //!< false while the listener transmits
        bool ownChannelBusy{false};         //!< own channel at or above threshold
        std::vector<uint32_t> holders;      //!< transmitters at or above threshold on it
        std::vector<uint32_t> busyChannels; //!< channels at or above threshold
    };

    /**
     * @brief Book the time since the last booking.
     * @param now the current time
     */
    void Book(Time now);

    Scene m_scene;                    //!< what is heard now
    Time m_booked;                    //!< up to when it is booked
    Time m_busy;                      //!< own channel busy, since the start
    Time m_occupancyTaken;            //!< when occupancy was taken last
    Time m_listened;                  //!< listening time since occupancy was taken
    std::vector<Time> m_channelBusy;  //!< busy time by channel since occupancy was taken
    std::map<uint32_t, Time> m_heard; //!< airtime by transmitter since it was taken
};

} // namespace ns3

#endif // NRU_AIRTIME_LEDGER_H

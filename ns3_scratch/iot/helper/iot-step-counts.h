// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_STEP_COUNTS_H
#define IOT_STEP_COUNTS_H

#include "iot-device.h"
#include "iot-ledger.h"

#include "ns3/nstime.h"

#include <array>
#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup iot
 * @brief What happened in one step, made of counts since the start.
 */
class IotStepCounts
{
  public:
    /// Of one device.
    struct OfDevice
    {
        double sentMessages{0}; //!< its own and others'
        double sentBytes{0};    //!< of these
        double droppedBytes{0}; //!< that it gave up
        double queuedBytes{0};  //!< that wait here at the end
        double controlBytes{0}; //!< of plans, sent
        double busyShare{0};    //!< of the step; NaN without a channel
    };

    /// Of one server.
    struct OfServer
    {
        double messages{0}; //!< that arrived
        double bytes{0};    //!< of these
    };

    /**
     * @param devices whose step it is
     * @param ledger books of all bytes
     * @param nServers number of servers
     */
    IotStepCounts(const std::vector<Ptr<IotDevice>>& devices,
                  Ptr<const IotLedger> ledger,
                  uint32_t nServers);

    /**
     * @brief Count what is new since the last call, and check that bytes balance.
     * @param period length of the step
     */
    void Measure(Time period);

    /**
     * @param device index
     * @return what happened there
     */
    const OfDevice& GetDevice(uint32_t device) const;
    /**
     * @param server index
     * @return what happened there
     */
    const OfServer& GetServer(uint32_t server) const;
    /**
     * @param cause index of a cause
     * @return bytes that devices gave up for it
     */
    double GetDropped(uint32_t cause) const;
    /**
     * @return messages that arrived, by delay; none without a channel
     */
    const IotLedger::Delays& GetDelays() const;

  private:
    /// Bytes by cause.
    using Dropped = std::array<uint64_t, IotLedger::N_CAUSES>;

    /// Counts since the start, at the end of the last step.
    struct Before
    {
        IotDevice::Counters counters; //!< what was sent
        uint64_t gaveUp{0};           //!< bytes
        Time busy;                    //!< that steps have been charged with
    };

    /// Count what was dropped, by cause.
    void MeasureDropped();

    /**
     * @param i index of a device
     * @param period length of the step
     * @param waiting gets bytes that wait there, by the device that made them
     */
    void MeasureDevice(uint32_t i, Time period, std::vector<uint64_t>& waiting);

    const std::vector<Ptr<IotDevice>>& m_devices;      //!< whose step it is
    Ptr<const IotLedger> m_ledger;                     //!< books of all bytes
    std::vector<OfDevice> m_ofDevices;                 //!< by device
    std::vector<OfServer> m_ofServers;                 //!< by server
    Dropped m_dropped{};                               //!< of this step (bytes)
    Dropped m_droppedBefore{};                         //!< since the start (bytes)
    IotLedger::Delays m_delays{};                      //!< of this step
    std::vector<Before> m_before;                      //!< by device
    std::vector<IotLedger::Received> m_receivedBefore; //!< by server
    IotLedger::Delays m_delaysBefore{};                //!< since the start
};

} // namespace ns3

#endif // IOT_STEP_COUNTS_H

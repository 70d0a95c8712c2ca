// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_LEDGER_H
#define IOT_LEDGER_H

#include "iot-message.h"

#include "ns3/object.h"

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace ns3
{

/**
 * @ingroup iot
 * @brief The books of all bytes: who made them, who has them, where they ended.
 *
 * A message is with one device at any time. It is another's once all of its parts have arrived
 * there, whether or not the acknowledgement of the last one is heard, so it ends once: at a server,
 * or dropped.
 */
class IotLedger : public Object
{
  public:
    /// Why a message was given up.
    enum class Cause : uint8_t
    {
        QUEUE_FULL,       //!< no room in a device's queue
        NOT_ACKNOWLEDGED, //!< a frame of it was sent as often as allowed, in vain
        NO_NEXT_HOP,      //!< its device had none
        TOO_MANY_HOPS     //!< it has left as many devices as there are, so it runs in a circle
    };

    static constexpr uint32_t N_CAUSES = 4;  //!< of them
    static constexpr uint32_t N_DELAYS = 41; //!< bins of delays

    /// What one device made, and what became of it; or what it gave up.
    struct Account
    {
        uint64_t made{0};                         //!< bytes
        uint64_t received{0};                     //!< of these, by servers (bytes)
        std::array<uint64_t, N_CAUSES> dropped{}; //!< of these, anywhere, by cause (bytes)
        uint64_t gaveUp{0};                       //!< dropped by it, whoever made it (bytes)
    };

    /// What one server got.
    struct Received
    {
        uint64_t messages{0}; //!< whole ones
        uint64_t bytes{0};    //!< of them
    };

    /// Messages by delay: up to 1 ms times 10^(k/10), and a last bin.
    using Delays = std::array<uint64_t, N_DELAYS>;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @param nDevices number of devices
     * @param nServers number of servers
     */
    void Open(uint32_t nDevices, uint32_t nServers);

    /**
     * @param message has just been made; with its origin
     */
    void Make(const IotMessage& message);
    /**
     * @param message has arrived whole
     * @param device where
     */
    void Move(const IotMessage& message, uint32_t device);
    /**
     * @param message has arrived
     * @param server where
     */
    void Receive(const IotMessage& message, uint32_t server);
    /**
     * @param message that the device that has it gives up
     * @param cause why
     */
    void Drop(const IotMessage& message, Cause cause);

    /**
     * @param message any, as far on its way as it says
     * @param device any
     * @return whether it is there, and has not left it since
     */
    bool IsWith(const IotMessage& message, uint32_t device) const;

    /**
     * @param device index
     * @return its account, since the start
     */
    const Account& GetAccount(uint32_t device) const;
    /**
     * @param server index
     * @return what it got, since the start
     */
    const Received& GetReceived(uint32_t server) const;
    /**
     * @return delays of messages that arrived, since the start
     */
    const Delays& GetDelays() const;

    /**
     * @brief End the program unless what each device made is received, dropped or waiting.
     * @param waiting bytes in queues, by the device that made them
     */
    void Check(const std::vector<uint64_t>& waiting) const;

  private:
    /// Where a message is.
    struct Place
    {
        uint32_t device; //!< that has it
        uint16_t hops;   //!< devices that it has left
    };

    /**
     * @param message any
     * @return its key
     */
    static uint64_t GetKey(const IotMessage& message);

    std::vector<Account> m_accounts;              //!< by device
    std::vector<Received> m_received;             //!< by server
    Delays m_delays{};                            //!< of all
    std::unordered_map<uint64_t, Place> m_places; //!< of messages on their way
};

} // namespace ns3

#endif // IOT_LEDGER_H

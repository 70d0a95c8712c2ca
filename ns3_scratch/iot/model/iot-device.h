// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_DEVICE_H
#define IOT_DEVICE_H

#include "iot-ledger.h"
#include "iot-message.h"
#include "iot-plan.h"
#include "iot-radio.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace ns3
{

class IotMessageHeader;
class IotPlanHeader;

/**
 * @ingroup iot
 * @brief A device: makes messages, hands them and others' to its next hop, and learns of plans.
 *
 * It sends a message at a time, in frames, to the next hop that it has when it begins with it; the
 * neighbour has the message once all of its parts have arrived. A head hands messages to its server
 * over a link of its own, without loss and delay.
 *
 * A plan comes in frames that everybody who hears one for the first time sends on, once, after a
 * random time. Frames with messages say how old their sender's plan is: a neighbour with a newer
 * one announces it again.
 */
class IotDevice : public Object
{
  public:
    /// What a device has sent since the start.
    struct Counters
    {
        double messages{0};  //!< a frame counts as the share of the message that it carries
        uint64_t bytes{0};   //!< of messages
        uint64_t control{0}; //!< bytes of plans
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IotDevice();

    /**
     * @param index of the device
     * @param radio what it sends with
     * @param ledger books of all bytes
     * @param nDevices number of devices; no plan has a longer way
     */
    void Install(uint32_t index, Ptr<IotRadio> radio, Ptr<IotLedger> ledger, uint32_t nDevices);

    /**
     * @brief Make a message.
     * @param bytes its size
     */
    void Make(uint32_t bytes);

    /**
     * @brief Know a plan from the start.
     * @param plan the first one
     */
    void SetPlan(const IotPlan& plan);

    /**
     * @brief Get a plan from a server, over the link of its own, and announce it.
     * @param plan the plan
     * @param version its number, from 1
     */
    void TellPlan(const IotPlan& plan, uint32_t version);

    /**
     * @return next hop that it uses: a device, IotPlan::TO_SERVER or IotPlan::NOWHERE
     */
    int32_t GetNextHop() const;
    /**
     * @return number of the plan that it goes by, 0 for the first one
     */
    uint32_t GetVersion() const;
    /**
     * @return what it has sent
     */
    const Counters& GetCounters() const;
    /**
     * @return messages that wait here, the one that is being sent included
     */
    std::vector<IotMessage> GetWaiting() const;
    /**
     * @return its radio
     */
    Ptr<IotRadio> GetRadio() const;

    /**
     * @brief Fix the random streams.
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /// A message that arrives in parts from a neighbour.
    struct Arriving
    {
        IotMessage message; //!< which
        uint32_t nParts{0}; //!< parts that have arrived
        uint32_t nBytes{0}; //!< in these
    };

    /// A part of the table of next hops, as the plan's frames carry it.
    struct Segment
    {
        uint32_t version{0};            //!< of the plan
        std::vector<uint16_t> nextHops; //!< of devices in a row
    };

    /**
     * @param message is here now
     */
    void Accept(const IotMessage& message);
    /// Begin with the next message, if none is being sent.
    void Serve();
    /// Send the next part of the message that is being sent.
    void SendPart();
    /**
     * @brief A part has been sent.
     * @param isAcked whether the neighbour has acknowledged it
     */
    void Finish(bool isAcked);
    /**
     * @brief A frame has arrived.
     * @param frame it
     * @param from index of the neighbour
     */
    void Receive(Ptr<const Packet> frame, uint32_t from);
    /**
     * @param header of a frame with a part of a message
     * @param nBytes size of the part
     * @param from index of the neighbour
     */
    void ReceivePart(const IotMessageHeader& header, uint32_t nBytes, uint32_t from);
    /**
     * @param plan part of a plan that a neighbour announces
     */
    void ReceivePlan(const IotPlanHeader& plan);
    /// Fill the table of next hops.
    void Learn(const IotPlan& plan, uint32_t version);
    /// Take the own next hop from the table.
    void ReadNextHop();
    /// Announce the plan in a while, unless that is about to happen.
    void ScheduleAnnouncement();
    /// Announce the plan to whoever hears it.
    void Announce();

    uint32_t m_queueLimit; //!< bytes
    uint32_t m_partSize;   //!< most bytes of a message in a frame
    Time m_jitter;         //!< longest time until an announcement is sent on

    uint32_t m_index{0};                     //!< of the device
    uint32_t m_maxHops{0};                   //!< of a message
    Ptr<IotRadio> m_radio;                   //!< what it sends with
    Ptr<IotLedger> m_ledger;                 //!< books of all bytes
    Ptr<UniformRandomVariable> m_random;     //!< times until announcements
    std::vector<Segment> m_table;            //!< of all next hops
    uint32_t m_segmentSize{1};               //!< devices in a segment
    int32_t m_nextHop{IotPlan::NOWHERE};     //!< own
    uint32_t m_server{0};                    //!< own, of a head
    EventId m_announcement;                  //!< that is about to happen
    uint32_t m_nMade{0};                     //!< messages
    std::deque<IotMessage> m_queue;          //!< the first is being sent if m_isSending
    uint64_t m_queued{0};                    //!< bytes in it
    bool m_isSending{false};                 //!< a part is with the radio
    uint32_t m_to{0};                        //!< next hop of the message that is being sent
    uint32_t m_part{0};                      //!< which part of it
    std::map<uint32_t, Arriving> m_arrivals; //!< by neighbour
    Counters m_counters;                     //!< since the start
};

} // namespace ns3

#endif // IOT_DEVICE_H

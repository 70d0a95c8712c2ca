// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CONTENTION_NODE_H
#define NRU_CONTENTION_NODE_H

#include "nru-channel-access-manager.h"
#include "nru-medium-monitor.h"

#include "ns3/event-id.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

namespace ns3
{

/**
 * @ingroup nru
 * @brief Bare NR-U transmitter for studies of channel access: no scheduler, no UEs.
 *
 * Holds the channel for the longest occupancy, or as long as its backlog needs, and gets ideal
 * feedback: every transport block of an occupancy that overlapped another node's transmission is
 * not acknowledged and its data stay in the backlog (no capture).
 */
class NruContentionNode : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruContentionNode();
    ~NruContentionNode() override;

    /**
     * @brief Join the node's parts, which are disposed of with it.
     * @param phy the radio
     * @param access its channel access; this node becomes its user
     * @param monitor the onlooker that knows of collisions
     */
    void Install(Ptr<NrSpectrumPhy> phy,
                 Ptr<NruChannelAccessManager> access,
                 Ptr<NruMediumMonitor> monitor);

    /** @brief Start to offer traffic. */
    void Start();

    /** @return bits delivered without collision */
    double GetDeliveredBits() const;

    /**
     * @brief Fix the random streams.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /** @brief A packet arrives. */
    void Arrive();

    /** @brief Request the channel if there is something to send. */
    void Contend();

    /**
     * @brief Send.
     * @param mcot longest occupancy
     */
    void Send(Time mcot);

    /**
     * @brief The occupancy is over.
     * @param duration its length
     */
    void EndSend(Time duration);

    Ptr<NrSpectrumPhy> m_phy;                  //!< the radio
    Ptr<NruChannelAccessManager> m_access;     //!< its channel access
    Ptr<NruMediumMonitor> m_monitor;           //!< knows of collisions
    Ptr<ExponentialRandomVariable> m_interval; //!< time between packets
    EventId m_event;                           //!< next arrival
    EventId m_sendEvent;                       //!< end of the occupancy
    bool m_saturated;                          //!< always something to send
    double m_offeredBps;                       //!< offered load, bit/s
    double m_phyRateBps;                       //!< rate while it holds the channel, bit/s
    uint32_t m_packetBytes;                    //!< packet size, bytes
    double m_backlogBits{0.0};                 //!< waiting, bit
    double m_deliveredBits{0.0};               //!< delivered, bit
};

} // namespace ns3

#endif // NRU_CONTENTION_NODE_H

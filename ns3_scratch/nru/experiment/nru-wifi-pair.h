// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_WIFI_PAIR_H
#define NRU_WIFI_PAIR_H

#include "ns3/event-id.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/spectrum-channel.h"
#include "ns3/vector.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-net-device.h"

#include <string>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Wi-Fi sender with a receiver, of ns-3's own Wi-Fi, for studies of channel access.
 *
 * No RTS and no fragmentation; frames are repeated until acknowledged, as in Bianchi's model.
 * 802.11ax contends as AC_BE (AIFS 43 us), 802.11a as legacy DCF (DIFS 34 us); windows 15 to 1023.
 */
class NruWifiPair : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruWifiPair();
    ~NruWifiPair() override;

    /**
     * @brief Create both devices.
     * @param channel the spectrum channel
     * @param position where the sender is, 1 m from the receiver
     * @param standard "ax" or "a"
     * @param mcs HE MCS 0 to 11, or for "a" the rate in Mb/s
     */
    void Install(Ptr<SpectrumChannel> channel,
                 const Vector& position,
                 const std::string& standard,
                 uint32_t mcs);

    /** @brief Start to offer traffic. */
    void Start();

    /** @return the sending device */
    Ptr<WifiNetDevice> GetSender() const;

    /** @return payload acknowledged, bit */
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
    /** @brief Hand a packet to the sender. */
    void Send();

    /** @brief A packet arrives. */
    void Arrive();

    /**
     * @brief A frame was acknowledged.
     * @param mpdu the frame
     */
    void Acked(Ptr<const WifiMpdu> mpdu);

    Ptr<Node> m_senderNode;                    //!< node of the sender
    Ptr<Node> m_receiverNode;                  //!< node of the receiver
    Ptr<WifiNetDevice> m_sender;               //!< sender
    Ptr<WifiNetDevice> m_receiver;             //!< receiver
    Ptr<ExponentialRandomVariable> m_interval; //!< time between packets
    EventId m_event;                           //!< next arrival
    bool m_saturated;                          //!< always something to send
    double m_offeredBps;                       //!< offered load, bit/s
    uint32_t m_payloadBytes;                   //!< payload of a frame above the MAC, bytes
    double m_deliveredBits{0.0};               //!< payload acknowledged, bit
};

} // namespace ns3

#endif // NRU_WIFI_PAIR_H

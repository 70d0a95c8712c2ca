// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_WIFI_RADIO_H
#define IOT_WIFI_RADIO_H

#include "iot-radio.h"

#include "ns3/address.h"
#include "ns3/mac48-address.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy-state.h"

namespace ns3
{

/**
 * @ingroup iot
 * @brief A radio that is ns-3's Wi-Fi, ad hoc: CSMA/CA, acknowledgements, repetitions.
 */
class IotWifiRadio : public IotRadio
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @param device of an ad hoc MAC; gets the address that belongs to the index
     * @param index of the device
     */
    void Install(Ptr<WifiNetDevice> device, uint32_t index);

    void Send(Ptr<Packet> frame, uint32_t to) override;
    void Broadcast(Ptr<Packet> frame) override;
    uint32_t GetMaxSize() const override;
    Time GetSendTime() const override;
    Time GetBusyTime() const override;
    int64_t AssignStreams(int64_t stream) override;

  protected:
    void DoDispose() override;

  private:
    /**
     * @param index of a device
     * @return its address
     */
    static Mac48Address GetAddress(uint32_t index);

    /**
     * @brief A frame has arrived.
     * @param device that got it
     * @param frame it
     * @param protocol that it says
     * @param from who sent it
     * @return that it was taken
     */
    bool
    Receive(Ptr<NetDevice> device, Ptr<const Packet> frame, uint16_t protocol, const Address& from);

    /**
     * @param mpdu has been acknowledged
     */
    void NotifyAcked(Ptr<const WifiMpdu> mpdu);

    /**
     * @param reason why the MAC gave it up
     * @param mpdu what it gave up
     */
    void NotifyDropped(WifiMacDropReason reason, Ptr<const WifiMpdu> mpdu);

    /**
     * @brief Tell the end of a frame, once the MAC is through with it.
     * @param isAcked whether it was acknowledged
     */
    void Finish(bool isAcked);

    /**
     * @brief The PHY leaves a state.
     * @param start when it began
     * @param duration how long it lasted
     * @param state which
     */
    void NotifyState(Time start, Time duration, WifiPhyState state);

    Ptr<WifiNetDevice> m_device; //!< what sends and receives
    Time m_sendTime;             //!< so far
    Time m_busyTime;             //!< so far
};

} // namespace ns3

#endif // IOT_WIFI_RADIO_H

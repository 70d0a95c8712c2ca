// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_DISC_RADIO_H
#define IOT_DISC_RADIO_H

#include "iot-radio.h"

#include <cstdint>
#include <map>

namespace ns3
{

/**
 * @ingroup iot
 * @brief A radio without a channel: frames arrive at once, and at all neighbours.
 *
 * What is left is the paper's graph: two devices have a link, or have none.
 */
class IotDiscRadio : public IotRadio
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @param index of the device
     */
    void Install(uint32_t index);

    /**
     * @param neighbour hears this one from now on
     */
    void AddNeighbour(Ptr<IotDiscRadio> neighbour);

    void Send(Ptr<Packet> frame, uint32_t to) override;
    void Broadcast(Ptr<Packet> frame) override;
    uint32_t GetMaxSize() const override;
    bool HasChannel() const override;
    Time GetSendTime() const override;
    Time GetBusyTime() const override;
    int64_t AssignStreams(int64_t stream) override;

  protected:
    void DoDispose() override;

  private:
    /**
     * @brief A frame arrives, and ends.
     * @param frame it
     * @param to index of the neighbour
     */
    void Deliver(Ptr<Packet> frame, uint32_t to);

    /**
     * @brief A frame to all has arrived.
     * @param frame it
     * @param from index of the neighbour
     */
    void Hear(Ptr<const Packet> frame, uint32_t from);

    uint32_t m_index{0};                                //!< of the device
    std::map<uint32_t, Ptr<IotDiscRadio>> m_neighbours; //!< who hears it, by index
};

} // namespace ns3

#endif // IOT_DISC_RADIO_H

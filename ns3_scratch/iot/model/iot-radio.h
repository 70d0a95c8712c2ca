// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_RADIO_H
#define IOT_RADIO_H

#include "ns3/callback.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/packet.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup iot
 * @brief What a device sends frames with, and gets them from: a link layer under ours.
 *
 * It has one frame for a neighbour at a time, and tells how that one ended; frames to all are sent
 * once and nobody acknowledges them. Devices are known by their index.
 */
class IotRadio : public Object
{
  public:
    /// Gets a frame: itself, and the index of the neighbour that sent it.
    using ReceiveCallback = Callback<void, Ptr<const Packet>, uint32_t>;
    /// Gets the end of the frame to a neighbour: whether it was acknowledged.
    using DoneCallback = Callback<void, bool>;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @param receive gets each frame that arrives
     * @param done gets the end of each frame that Send() was given
     */
    void SetCallbacks(ReceiveCallback receive, DoneCallback done);

    /**
     * @brief Send a frame to a neighbour. The one before must have ended.
     * @param frame what to send
     * @param to index of the neighbour
     */
    virtual void Send(Ptr<Packet> frame, uint32_t to) = 0;

    /**
     * @brief Send a frame to whoever hears it.
     * @param frame what to send
     */
    virtual void Broadcast(Ptr<Packet> frame) = 0;

    /**
     * @return most bytes of a frame
     */
    virtual uint32_t GetMaxSize() const = 0;

    /**
     * @return whether frames take time, and others' room, on a channel
     */
    virtual bool HasChannel() const;

    /**
     * @return time that this radio has sent so far, acknowledgements and repetitions too
     */
    virtual Time GetSendTime() const = 0;

    /**
     * @return time in which it sent, received or found the medium busy
     */
    virtual Time GetBusyTime() const = 0;

    /**
     * @brief Fix the random streams.
     * @param stream first stream to use
     * @return number of streams used
     */
    virtual int64_t AssignStreams(int64_t stream) = 0;

  protected:
    void DoDispose() override;

    ReceiveCallback m_receive; //!< gets each frame that arrives
    DoneCallback m_done;       //!< gets the end of each frame to a neighbour
};

} // namespace ns3

#endif // IOT_RADIO_H

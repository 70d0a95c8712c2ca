// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_CHANNEL_H
#define GYM_CHANNEL_H

#include "gym-keys.h"
#include "gym-writer.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ns3
{

/**
 * @brief Check that an endpoint is on this machine, or may be elsewhere.
 * @param endpoint what was given
 * @param hasKeys whether what is said there is encrypted, and both ends are known
 * @return the endpoint as ZMQ takes it
 * @throws GymError unless it is tcp://127.0.0.1:PORT, tcp://localhost:PORT, tcp://[::1]:PORT,
 * ipc:///PATH or, with keys, tcp://HOST:PORT
 */
std::string CheckGymEndpoint(const std::string& endpoint, bool hasKeys);

/**
 * @brief The connection to the agent: a ZMQ REQ socket that never waits for ever.
 *
 * A monitor on the socket tells at once when the agent's end of the connection closes. ZMQ would
 * connect again, but a session cannot be continued with another process, so that is an error.
 */
class GymChannel
{
  public:
    using Clock = std::chrono::steady_clock; //!< wall-clock time, for deadlines

    /**
     * @brief Connect.
     * @param endpoint an endpoint that CheckGymEndpoint returned
     * @param keys for CURVE; without, all is sent as it is
     * @param maxMessageSize largest message in either direction, bytes
     * @param timeout longest wait for the agent to be there
     * @throws GymError if the agent is not there in time, is no ZMQ REP socket, or has other keys
     */
    GymChannel(std::string endpoint,
               const std::optional<GymKeys>& keys,
               uint32_t maxMessageSize,
               std::chrono::milliseconds timeout);
    ~GymChannel();
    GymChannel(const GymChannel&) = delete;
    GymChannel& operator=(const GymChannel&) = delete;

    /**
     * @brief The message to send next; to be cleared and written between calls of Exchange.
     *
     * It belongs to the channel because ZMQ sends it from where it lies: an answer tells that it
     * has been sent, and without one it has to outlive ZMQ.
     *
     * @return the message
     */
    GymWriter& GetRequest();

    /**
     * @brief Send the message and wait for the answer to it.
     * @param timeout longest wait for the answer
     * @return the answer, valid until the next call
     * @throws GymError if the agent is gone or silent, or if either message is too large, or if the
     * answer is not one frame; the channel is of no use then
     */
    std::string_view Exchange(std::chrono::milliseconds timeout);

  private:
    struct Zmq; // ZMQ's handles

    /** @brief What the monitor has told of the connection. */
    enum class Link : uint8_t
    {
        ABSENT,   //!< nobody has accepted the connection yet
        ACCEPTED, //!< somebody has, and has yet to speak ZMQ
        READY,    //!< it is a ZMQ REP socket
        LOST      //!< it has closed the connection
    };

    /** @brief Read what the monitor has told since the last call. */
    void ReadEvents();

    /**
     * @brief Wait until something arrives from the socket or the monitor.
     * @param deadline when to stop waiting
     * @return false if the deadline has passed
     */
    bool WaitForNews(Clock::time_point deadline);

    /** @brief Send the request. */
    void Send();

    /**
     * @brief Take the answer if it has arrived.
     * @param flags ZMQ_DONTWAIT, or 0 to wait a moment
     * @return false if it has not
     */
    bool TryReceive(int flags);

    /** @return the answer taken last */
    std::string_view GetAnswer() const;

    /**
     * @brief Give up.
     * @param what what is wrong with the agent
     */
    [[noreturn]] void Fail(const std::string& what) const;

    std::string m_endpoint;    //!< where the agent is
    uint32_t m_maxMessageSize; //!< largest message, bytes
    Link m_link{Link::ABSENT}; //!< what the monitor has told
    GymWriter m_request; //!< the message to send; before ZMQ's handles, so that it outlives them
    std::unique_ptr<Zmq> m_zmq; //!< ZMQ's handles
};

} // namespace ns3

#endif // GYM_CHANNEL_H

// SPDX-License-Identifier: GPL-2.0-only

#include "gym-channel.h"

#include "gym-error.h"

#include <zmq.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

namespace ns3
{

namespace
{

/// Where the monitor reports, within the channel's own ZMQ context.
constexpr auto MONITOR = "inproc://monitor";

/// What the monitor reports.
constexpr int EVENTS = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED;

/// ZMQ itself drops the connection for messages this many times larger than is allowed; those in
/// between are received, so that the error can tell their size.
constexpr int64_t HARD_LIMIT_FACTOR = 4;

/// What names and addresses of hosts are made of.
constexpr std::string_view HOST =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

/// What IPv6 addresses are made of.
constexpr std::string_view IPV6 = "0123456789abcdefABCDEF:.";

/// An agent that answers within this time is waited for by a plain blocking receive; only then by
/// a poll that watches its connection too, which costs some microseconds more.
constexpr std::chrono::milliseconds PROMPT{50};

/**
 * @brief Fail if a call to ZMQ did.
 * @param ok whether it did not
 * @param what what it was to do
 */
void
Require(bool ok, const std::string& what)
{
    if (!ok)
    {
        throw GymError("cannot " + what + ": " + zmq_strerror(zmq_errno()));
    }
}

/**
 * @brief Split a prefix off.
 * @param text the text
 * @param prefix what it may begin with
 * @return whether it began with it
 */
bool
Consume(std::string_view& text, std::string_view prefix)
{
    const bool found = text.substr(0, prefix.size()) == prefix;
    text.remove_prefix(found ? prefix.size() : 0);
    return found;
}

/**
 * @brief Read the number of a port.
 * @param text what stands behind the colon
 * @return the port, 0 if it is none
 */
uint16_t
ReadPort(std::string_view text)
{
    uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, port);
    return parsed.ec == std::errc{} && parsed.ptr == end ? port : 0;
}

/**
 * @brief Whether a text names a host.
 * @param text a name, or an address, which stands in brackets if it is one of IPv6
 * @return whether it may
 */
bool
IsHost(std::string_view text)
{
    const bool isIpv6 = text.size() > 2 && text.front() == '[' && text.back() == ']';
    const auto inside = isIpv6 ? text.substr(1, text.size() - 2) : text;
    const bool isAny =
        text == "[::]" || text == "0.0.0.0"; // somewhere to listen, not to connect to
    return !isAny && !inside.empty() &&
           inside.find_first_not_of(isIpv6 ? IPV6 : HOST) == inside.npos;
}

/**
 * @brief Time span as it is called in messages.
 * @param span the time span
 * @return such as 0.25 s
 */
std::string
SecondsText(std::chrono::milliseconds span)
{
    std::array<char, 32> digits;
    const double seconds = std::chrono::duration<double>(span).count();
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), seconds).ptr;
    return std::string(digits.data(), end) + " s";
}

/** @brief A ZMQ message that is closed with its scope. */
class Frame
{
  public:
    /** @brief Make an empty one. */
    Frame()
    {
        zmq_msg_init(&m_message);
    }

    /**
     * @brief Make one of bytes that stay where they are.
     * @param bytes the bytes, which ZMQ only reads
     */
    explicit Frame(std::string_view bytes)
    {
        auto* data = const_cast<char*>(bytes.data());
        Require(zmq_msg_init_data(&m_message, data, bytes.size(), nullptr, nullptr) == 0,
                "make a message");
    }

    ~Frame()
    {
        zmq_msg_close(&m_message);
    }

    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    /**
     * @brief Send it without waiting.
     * @param socket a socket
     * @return whether it was sent
     */
    bool Send(void* socket)
    {
        return zmq_msg_send(&m_message, socket, ZMQ_DONTWAIT) >= 0;
    }

    /**
     * @brief Receive into it, in place of what it held.
     * @param socket a socket
     * @param flags ZMQ_DONTWAIT, or 0 to wait as long as the socket's options say
     * @return whether there was anything to receive
     */
    bool Receive(void* socket, int flags = ZMQ_DONTWAIT)
    {
        return zmq_msg_recv(&m_message, socket, flags) >= 0;
    }

    /** @return its bytes */
    void* GetData()
    {
        return zmq_msg_data(&m_message);
    }

    /** @return number of bytes */
    std::size_t GetSize() const
    {
        return zmq_msg_size(&m_message);
    }

    /** @return whether another frame of the same message follows */
    bool HasMore() const
    {
        return zmq_msg_more(&m_message) != 0;
    }

  private:
    zmq_msg_t m_message; //!< ZMQ's message
};

} // namespace

std::string
CheckGymEndpoint(const std::string& endpoint, bool hasKeys)
{
    std::string_view rest = endpoint;
    if (Consume(rest, "ipc://"))
    {
        // The address of a Unix socket holds 107 characters. A name without a path, @ to ZMQ, is
        // open to every user of the machine.
        if (rest.substr(0, 1) == "/" && rest.size() <= 107)
        {
            return endpoint;
        }
    }
    else if (Consume(rest, "tcp://127.0.0.1:") || Consume(rest, "tcp://localhost:"))
    {
        if (const auto port = ReadPort(rest))
        {
            return "tcp://127.0.0.1:" + std::to_string(port);
        }
    }
    else if (Consume(rest, "tcp://[::1]:") || Consume(rest, "tcp://::1:"))
    {
        if (const auto port = ReadPort(rest))
        {
            return "tcp://[::1]:" + std::to_string(port);
        }
    }
    else if (Consume(rest, "tcp://") && hasKeys)
    {
        const auto host = rest.substr(0, rest.find_last_of(':'));
        if (IsHost(host) && host.size() < rest.size() && ReadPort(rest.substr(host.size() + 1)))
        {
            return endpoint;
        }
    }
    throw GymError(
        "the endpoint is '" + endpoint +
        "', allowed is tcp://127.0.0.1:PORT or tcp://[::1]:PORT with a port of 1 .. 65535, or "
        "ipc:///PATH with a path of up to 107 characters" +
        (hasKeys ? ", or tcp://HOST:PORT" : "; with keys, also tcp://HOST:PORT"));
}

/** @brief ZMQ's handles, closed in the order that it asks for. */
struct GymChannel::Zmq
{
    void* context{nullptr}; //!< the context
    void* socket{nullptr};  //!< the REQ socket
    void* monitor{nullptr}; //!< the PAIR socket on which the monitor reports
    Frame answer;           //!< the answer received last

    Zmq() = default;
    Zmq(const Zmq&) = delete;
    Zmq& operator=(const Zmq&) = delete;

    ~Zmq()
    {
        if (monitor)
        {
            zmq_socket_monitor(socket, nullptr, 0);
            zmq_close(monitor);
        }
        if (socket)
        {
            zmq_close(socket);
        }
        if (context)
        {
            zmq_ctx_term(context); // nothing lingers, so this does not wait
        }
    }

    /**
     * @brief Open a socket.
     * @param type ZMQ_REQ or ZMQ_PAIR
     * @param maxSize largest message that it receives, bytes
     * @return the socket
     */
    void* Open(int type, int64_t maxSize) const
    {
        const int linger = 0;
        const int prompt = PROMPT.count();
        void* opened = zmq_socket(context, type);
        Require(opened != nullptr, "open a ZMQ socket");
        zmq_setsockopt(opened, ZMQ_LINGER, &linger, sizeof(linger));
        zmq_setsockopt(opened, ZMQ_MAXMSGSIZE, &maxSize, sizeof(maxSize));
        zmq_setsockopt(opened, ZMQ_RCVTIMEO, &prompt, sizeof(prompt));
        return opened;
    }

    /**
     * @brief Speak CURVE from the next connection on.
     * @param keys whose
     */
    void Encrypt(const GymKeys& keys) const
    {
        const auto set = [this](int option, const std::string& key) {
            Require(zmq_setsockopt(socket, option, key.c_str(), key.size() + 1) == 0,
                    "use the keys");
        };
        set(ZMQ_CURVE_SERVERKEY, keys.agentPublic);
        set(ZMQ_CURVE_PUBLICKEY, keys.scenarioPublic);
        set(ZMQ_CURVE_SECRETKEY, keys.scenarioSecret);
    }
};

GymChannel::GymChannel(std::string endpoint,
                       const std::optional<GymKeys>& keys,
                       uint32_t maxMessageSize,
                       std::chrono::milliseconds timeout)
    : m_endpoint{std::move(endpoint)},
      m_maxMessageSize{maxMessageSize},
      m_zmq{std::make_unique<Zmq>()}
{
    const auto deadline = Clock::now() + timeout;
    m_zmq->context = zmq_ctx_new();
    Require(m_zmq->context != nullptr, "start ZMQ");
    m_zmq->socket = m_zmq->Open(ZMQ_REQ, HARD_LIMIT_FACTOR * maxMessageSize);
    if (keys)
    {
        m_zmq->Encrypt(*keys);
    }
    Require(zmq_socket_monitor(m_zmq->socket, MONITOR, EVENTS) == 0, "monitor a ZMQ socket");
    m_zmq->monitor = m_zmq->Open(ZMQ_PAIR, -1);
    Require(zmq_connect(m_zmq->monitor, MONITOR) == 0, "monitor a ZMQ socket");
    const int isIpv6 = m_endpoint.rfind("tcp://[", 0) == 0;
    zmq_setsockopt(m_zmq->socket, ZMQ_IPV6, &isIpv6, sizeof(isIpv6));
    Require(zmq_connect(m_zmq->socket, m_endpoint.c_str()) == 0, "connect to " + m_endpoint);
    while (m_link != Link::READY)
    {
        const bool news = WaitForNews(deadline);
        ReadEvents();
        if (!news && m_link != Link::READY)
        {
            Fail((m_link == Link::ABSENT ? "did not listen within "
                  : keys ? "is not a ZMQ REP socket, or has other keys: no handshake within "
                         : "is not a ZMQ REP socket, or asks for keys: no handshake within ") +
                 SecondsText(timeout));
        }
    }
}

GymChannel::~GymChannel() = default;

GymWriter&
GymChannel::GetRequest()
{
    return m_request;
}

std::string_view
GymChannel::Exchange(std::chrono::milliseconds timeout)
{
    const auto deadline = Clock::now() + timeout;
    Send();
    if (timeout >= PROMPT && TryReceive(0))
    {
        return GetAnswer();
    }
    for (;;)
    {
        // In this order: an agent may answer and leave, and ZMQ passes the answer on before it
        // reports the end of the connection.
        ReadEvents();
        if (TryReceive(ZMQ_DONTWAIT))
        {
            return GetAnswer();
        }
        if (m_link != Link::READY)
        {
            Fail("closed the connection without an answer (it ended, or it sent more than " +
                 std::to_string(HARD_LIMIT_FACTOR * m_maxMessageSize) + " bytes)");
        }
        if (!WaitForNews(deadline))
        {
            Fail("did not answer within " + SecondsText(timeout));
        }
    }
}

void
GymChannel::ReadEvents()
{
    for (;;)
    {
        Frame event;
        Frame address;
        if (!event.Receive(m_zmq->monitor) || !address.Receive(m_zmq->monitor))
        {
            return;
        }
        uint16_t number = 0;
        std::memcpy(&number, event.GetData(), sizeof(number));
        switch (number)
        {
        case ZMQ_EVENT_CONNECTED:
            m_link = m_link == Link::ABSENT ? Link::ACCEPTED : m_link;
            break;
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
            m_link = m_link == Link::LOST ? m_link : Link::READY;
            break;
        default: // ZMQ_EVENT_DISCONNECTED; amid the handshake, ZMQ tries again
            m_link = m_link == Link::READY ? Link::LOST : m_link;
            break;
        }
    }
}

bool
GymChannel::WaitForNews(Clock::time_point deadline)
{
    std::array<zmq_pollitem_t, 2> items{
        {{m_zmq->socket, 0, ZMQ_POLLIN, 0}, {m_zmq->monitor, 0, ZMQ_POLLIN, 0}}};
    for (;;)
    {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        const int ready = zmq_poll(items.data(), items.size(), left > 0 ? left : 0);
        Require(ready >= 0 || zmq_errno() == EINTR, "wait for the agent");
        if (ready > 0)
        {
            return true;
        }
        if (left <= 0)
        {
            return false;
        }
    }
}

void
GymChannel::Send()
{
    const auto message = m_request.GetMessage();
    if (message.size() > m_maxMessageSize)
    {
        throw GymError("the message to send has " + std::to_string(message.size()) +
                       " bytes, allowed is up to " + std::to_string(m_maxMessageSize));
    }
    Frame frame{message};
    Require(frame.Send(m_zmq->socket), "send to the agent at " + m_endpoint);
}

bool
GymChannel::TryReceive(int flags)
{
    auto& frame = m_zmq->answer;
    if (!frame.Receive(m_zmq->socket, flags))
    {
        const int error = zmq_errno();
        Require(error == EAGAIN || error == EINTR, "receive from the agent at " + m_endpoint);
        return false;
    }
    if (frame.HasMore())
    {
        Fail("answered in several frames, allowed is one");
    }
    if (frame.GetSize() > m_maxMessageSize)
    {
        Fail("answered with " + std::to_string(frame.GetSize()) + " bytes, allowed is up to " +
             std::to_string(m_maxMessageSize));
    }
    return true;
}

std::string_view
GymChannel::GetAnswer() const
{
    auto& frame = m_zmq->answer;
    return {static_cast<const char*>(frame.GetData()), frame.GetSize()};
}

void
GymChannel::Fail(const std::string& what) const
{
    throw GymError("the agent at " + m_endpoint + " " + what);
}

} // namespace ns3

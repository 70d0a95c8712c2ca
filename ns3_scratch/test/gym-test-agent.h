// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_TEST_AGENT_H
#define GYM_TEST_AGENT_H

#include <zmq.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @brief An agent in a thread of its own: a ZMQ REP socket that answers by a script.
 */
class GymTestAgent
{
  public:
    /** One answer: its frames. */
    using Answer = std::vector<std::string>;

    /** @brief What it does when the script is at its end. */
    enum class Finally
    {
        STAY,         //!< keep the connection, answer nothing
        LEAVE,        //!< close the connection
        LEAVE_WAITING //!< take one more message, then close the connection without an answer
    };

    /**
     * @param script the answers, in order
     * @param finally what it does then
     * @param bind where to listen
     * @param type ZMQ's type of socket
     * @param secret its secret key, in Z85; empty to speak without CURVE
     */
    GymTestAgent(std::vector<Answer> script,
                 Finally finally,
                 const std::string& bind = "tcp://127.0.0.1:*",
                 int type = ZMQ_REP,
                 const std::string& secret = "")
        : m_script{std::move(script)},
          m_finally{finally}
    {
        m_context = zmq_ctx_new();
        m_socket = zmq_socket(m_context, type);
        const int isIpv6 = bind.rfind("tcp://[", 0) == 0;
        const int patience = 5000; // ms
        zmq_setsockopt(m_socket, ZMQ_LINGER, &patience, sizeof(patience));
        zmq_setsockopt(m_socket, ZMQ_RCVTIMEO, &patience, sizeof(patience));
        zmq_setsockopt(m_socket, ZMQ_IPV6, &isIpv6, sizeof(isIpv6));
        if (!secret.empty())
        {
            const int yes = 1;
            zmq_setsockopt(m_socket, ZMQ_CURVE_SERVER, &yes, sizeof(yes));
            zmq_setsockopt(m_socket, ZMQ_CURVE_SECRETKEY, secret.c_str(), secret.size() + 1);
        }
        zmq_bind(m_socket, bind.c_str());
        std::array<char, 256> endpoint{};
        std::size_t size = endpoint.size();
        zmq_getsockopt(m_socket, ZMQ_LAST_ENDPOINT, endpoint.data(), &size);
        m_endpoint = endpoint.data();
        m_thread = std::thread{[this] { Run(); }};
    }

    ~GymTestAgent()
    {
        Join();
    }

    GymTestAgent(const GymTestAgent&) = delete;
    GymTestAgent& operator=(const GymTestAgent&) = delete;

    /** @return where it listens */
    const std::string& GetEndpoint() const
    {
        return m_endpoint;
    }

    /** @brief Make it leave, wait until it has left. */
    void Join()
    {
        m_mayLeave = true;
        if (m_thread.joinable())
        {
            m_thread.join();
        }
    }

    /** @return the messages that it took, to be called after Join */
    const std::vector<std::string>& GetMessages() const
    {
        return m_messages;
    }

  private:
    /** @brief Take one message. */
    bool Take()
    {
        zmq_msg_t message;
        zmq_msg_init(&message);
        const int size = zmq_msg_recv(&message, m_socket, 0);
        if (size >= 0)
        {
            m_messages.emplace_back(static_cast<const char*>(zmq_msg_data(&message)), size);
        }
        zmq_msg_close(&message);
        return size >= 0;
    }

    /** @brief What the thread does. */
    void Run()
    {
        for (const auto& answer : m_script)
        {
            if (!Take())
            {
                break;
            }
            for (std::size_t i = 0; i < answer.size(); ++i)
            {
                const int flags = i + 1 < answer.size() ? ZMQ_SNDMORE : 0;
                zmq_send(m_socket, answer[i].data(), answer[i].size(), flags);
            }
        }
        if (m_finally == Finally::LEAVE_WAITING)
        {
            Take();
        }
        while (m_finally == Finally::STAY && !m_mayLeave)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        zmq_close(m_socket);
        zmq_ctx_term(m_context);
    }

    std::vector<Answer> m_script;        //!< the answers
    Finally m_finally;                   //!< what it does then
    void* m_context;                     //!< ZMQ's context
    void* m_socket;                      //!< the socket
    std::string m_endpoint;              //!< where it listens
    std::vector<std::string> m_messages; //!< the messages that it took
    std::atomic<bool> m_mayLeave{false}; //!< whether it need not stay
    std::thread m_thread;                //!< the thread
};

} // namespace ns3

#endif // GYM_TEST_AGENT_H

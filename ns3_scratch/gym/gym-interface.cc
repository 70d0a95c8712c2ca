// SPDX-License-Identifier: GPL-2.0-only

#include "gym-interface.h"

#include "gym-channel.h"
#include "gym-codec.h"
#include "gym-error.h"
#include "gym-message.h"

#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <unistd.h>

#include <chrono>
#include <exception>
#include <iostream>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("GymInterface");

NS_OBJECT_ENSURE_REGISTERED(GymInterface);

namespace
{

/**
 * @brief A time span of the wall clock.
 * @param time the time span
 * @return the same, in whole milliseconds
 */
std::chrono::milliseconds
ToWallClock(Time time)
{
    return std::chrono::milliseconds{time.GetMilliSeconds()};
}

/**
 * @brief Ask a callback if there is one.
 * @tparam T what it gives
 * @param callback the callback
 * @return what it gives, or T's zero
 */
template <typename T>
T
Ask(const Callback<T>& callback)
{
    return callback.IsNull() ? T{} : callback();
}

} // namespace

struct GymInterface::Session
{
    GymChannel channel;           //!< the connection
    ns3opengym::EnvActMsg answer; //!< kept from state to state for its memory
};

TypeId
GymInterface::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::GymInterface")
            .SetParent<Object>()
            .SetGroupName("Gym")
            .AddConstructor<GymInterface>()
            .AddAttribute(
                "Endpoint",
                "Where the agent listens: tcp://127.0.0.1:PORT, tcp://[::1]:PORT, ipc:///PATH or, "
                "with Keys, tcp://HOST:PORT; empty for the TCP port of the attribute Port on this "
                "machine",
                StringValue(""),
                MakeStringAccessor(&GymInterface::m_endpoint),
                MakeStringChecker())
            .AddAttribute("Keys",
                          "Folder of the keys that `nru keys` makes, for CURVE, libzmq's "
                          "encryption; empty to speak without",
                          StringValue(""),
                          MakeStringAccessor(&GymInterface::m_keys),
                          MakeStringChecker())
            .AddAttribute("Port",
                          "TCP port on which the agent listens on this machine",
                          UintegerValue(5555),
                          MakeUintegerAccessor(&GymInterface::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("ConnectTimeout",
                          "Longest wait for the agent to be there, and then for its first answer",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&GymInterface::m_connectTimeout),
                          MakeTimeChecker(MilliSeconds(1), Hours(10000)))
            .AddAttribute("ReplyTimeout",
                          "Longest wait for the agent's answer to a state",
                          TimeValue(Seconds(600)),
                          MakeTimeAccessor(&GymInterface::m_replyTimeout),
                          MakeTimeChecker(MilliSeconds(1), Hours(10000)))
            .AddAttribute("Info",
                          "What to tell with the first state, for agents that want to know what "
                          "they were given; where the scenario tells something itself, that",
                          StringValue(""),
                          MakeStringAccessor(&GymInterface::m_info),
                          MakeStringChecker())
            .AddAttribute("MaxMessageSize",
                          "Largest message in either direction, bytes",
                          UintegerValue(64 << 20),
                          MakeUintegerAccessor(&GymInterface::m_maxMessageSize),
                          MakeUintegerChecker<uint32_t>(1, 0x1fffffff))
            .AddTraceSource("Collect",
                            "A state has been collected from the scenario and is to be packed; "
                            "its number",
                            MakeTraceSourceAccessor(&GymInterface::m_collectTrace),
                            "ns3::GymInterface::CountTracedCallback")
            .AddTraceSource("Send",
                            "A state has been packed and is to be sent; its size in bytes",
                            MakeTraceSourceAccessor(&GymInterface::m_sendTrace),
                            "ns3::GymInterface::CountTracedCallback")
            .AddTraceSource("Receive",
                            "An answer has been received and is to be unpacked; its size in bytes",
                            MakeTraceSourceAccessor(&GymInterface::m_receiveTrace),
                            "ns3::GymInterface::CountTracedCallback");
    return tid;
}

GymInterface::GymInterface()
{
    NS_LOG_FUNCTION(this);
}

GymInterface::~GymInterface()
{
    NS_LOG_FUNCTION(this);
}

void
GymInterface::SetObservationCallbacks(Callback<Ptr<GymSpace>> getSpace,
                                      Callback<Ptr<GymData>> getObservation)
{
    m_getObservationSpace = getSpace;
    m_getObservation = getObservation;
}

void
GymInterface::SetActionCallbacks(Callback<Ptr<GymSpace>> getSpace,
                                 Callback<void, Ptr<const GymData>> execute)
{
    m_getActionSpace = getSpace;
    m_executeAction = execute;
}

void
GymInterface::SetRewardCallback(Callback<float> getReward)
{
    m_getReward = getReward;
}

void
GymInterface::SetGameOverCallback(Callback<bool> isGameOver)
{
    m_isGameOver = isGameOver;
}

void
GymInterface::SetInfoCallback(Callback<std::string> getInfo)
{
    m_getInfo = getInfo;
}

bool
GymInterface::Init()
{
    NS_LOG_FUNCTION(this);
    if (m_phase == Phase::IDLE)
    {
        Guard(&GymInterface::Open);
    }
    return m_phase == Phase::RUNNING;
}

bool
GymInterface::NotifyCurrentState()
{
    NS_LOG_FUNCTION(this);
    if (Init())
    {
        Guard(&GymInterface::ExchangeState);
    }
    return m_phase == Phase::RUNNING;
}

bool
GymInterface::NotifySimulationEnd()
{
    NS_LOG_FUNCTION(this);
    if (m_phase == Phase::RUNNING)
    {
        Guard(&GymInterface::SendLastState);
    }
    return m_error.empty();
}

bool
GymInterface::IsEnded() const
{
    return m_phase == Phase::ENDED;
}

bool
GymInterface::IsStopRequested() const
{
    return m_stopRequested;
}

const std::string&
GymInterface::GetError() const
{
    return m_error;
}

int
GymInterface::GetExitCode() const
{
    return m_error.empty() ? 0 : 1;
}

void
GymInterface::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_phase = Phase::ENDED;
    m_session.reset();
    m_observationSpace = nullptr;
    m_actionSpace = nullptr;
    m_getObservationSpace.Nullify();
    m_getObservation.Nullify();
    m_getActionSpace.Nullify();
    m_executeAction.Nullify();
    m_getReward.Nullify();
    m_isGameOver.Nullify();
    m_getInfo.Nullify();
    Object::DoDispose();
}

void
GymInterface::Guard(void (GymInterface::*act)())
{
    try
    {
        (this->*act)();
    }
    catch (const std::exception& error)
    {
        m_error = error.what();
        std::cerr << "gym: "
                  << (m_phase == Phase::IDLE ? "at the start" : "state " + std::to_string(m_states))
                  << ", simulated time " << Simulator::Now().As(Time::S) << ": " << m_error
                  << std::endl;
        End();
    }
}

void
GymInterface::Open()
{
    ns3opengym::SimInitMsg init;
    init.set_simprocessid(getpid());
    init.set_wafshellprocessid(getppid());
    if (!m_getObservationSpace.IsNull())
    {
        m_observationSpace = m_getObservationSpace();
        DescribeGymSpace(m_observationSpace, *init.mutable_obsspace(), "the observation");
    }
    if (!m_getActionSpace.IsNull())
    {
        m_actionSpace = m_getActionSpace();
        DescribeGymSpace(m_actionSpace, *init.mutable_actspace(), "the action", true);
    }

    const auto keys = m_keys.empty() ? std::nullopt : std::optional{ReadGymKeys(m_keys)};
    const auto endpoint = CheckGymEndpoint(
        m_endpoint.empty() ? "tcp://127.0.0.1:" + std::to_string(m_port) : m_endpoint,
        keys.has_value());
    const auto timeout = ToWallClock(m_connectTimeout);
    NS_LOG_INFO("connecting to " << endpoint);
    m_session.reset(new Session{{endpoint, keys, m_maxMessageSize, timeout}, {}});

    ns3opengym::SimInitAck ack;
    const auto message = init.SerializeAsString();
    m_session->channel.GetRequest().AddBytes(message.data(), message.size());
    const auto answer = m_session->channel.Exchange(timeout);
    ParseGymMessage(answer.data(), answer.size(), ack, "the answer");
    m_stopRequested = ack.stopsimreq();
    if (m_stopRequested)
    {
        End();
        return;
    }
    if (!ack.done())
    {
        throw GymError("the agent at " + endpoint +
                       " did not acknowledge: SimInitAck.done is false");
    }
    m_phase = Phase::RUNNING;
}

void
GymInterface::ExchangeState()
{
    const bool gameOver = Ask(m_isGameOver);
    SendState(gameOver, ns3opengym::EnvStateMsg::GameOver);
    const auto& answer = m_session->answer;
    m_stopRequested = answer.stopsimreq();
    if (m_stopRequested || gameOver)
    {
        End();
        return;
    }
    const auto& action = answer.actdata();
    const bool empty = action.type() == ns3opengym::NoSpaceType && !action.has_data();
    if (!m_actionSpace)
    {
        if (!empty)
        {
            throw GymError("the agent sent an action, the scenario takes none");
        }
    }
    else if (!empty || m_actionSpace->GetKind() != GymKind::DICT)
    {
        m_executeAction(DecodeGymData(action, *m_actionSpace, "action"));
    }
    ++m_states;
}

void
GymInterface::SendLastState()
{
    SendState(true, ns3opengym::EnvStateMsg::SimulationEnd);
    End();
}

void
GymInterface::SendState(bool isLast, int reason)
{
    using State = ns3opengym::EnvStateMsg;
    const auto observation = Ask(m_getObservation);
    const float reward = Ask(m_getReward);
    const std::string said = Ask(m_getInfo);
    const auto& info = said.empty() && m_states == 0 ? m_info : said;
    m_collectTrace(m_states);

    auto& writer = m_session->channel.GetRequest();
    writer.Clear();
    writer.AddText(State::kInfoFieldNumber, info);
    writer.AddNumber(State::kReasonFieldNumber, isLast ? reason : 0);
    writer.AddNumber(State::kIsGameOverFieldNumber, isLast);
    writer.AddFloat(State::kRewardFieldNumber, reward);
    if (m_observationSpace)
    {
        const auto end = writer.GetSize();
        EncodeGymData(observation, *m_observationSpace, writer, "observation");
        writer.CloseField(State::kObsDataFieldNumber, end);
    }
    m_sendTrace(writer.GetSize());

    const auto answer = m_session->channel.Exchange(ToWallClock(m_replyTimeout));
    m_receiveTrace(answer.size());
    ParseGymMessage(answer.data(), answer.size(), m_session->answer, "the answer");
}

void
GymInterface::End()
{
    NS_LOG_FUNCTION(this);
    m_phase = Phase::ENDED;
    m_session.reset();
    // The first stops a simulation that runs; the second one that is yet to be run, because Run
    // forgets a stop from before.
    Simulator::Stop();
    Simulator::Stop(Time{0});
}

} // namespace ns3

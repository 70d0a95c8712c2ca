// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_INTERFACE_H
#define GYM_INTERFACE_H

#include "gym-data.h"
#include "gym-space.h"

#include "ns3/callback.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ns3
{

/**
 * @brief The scenario's end of a session with an agent that speaks ns3-gym's protocol.
 *
 * The scenario connects to the agent, tells it the spaces, and from then on hands it one state at
 * each decision instant and gets one action back, in lockstep: simulated time stands still while
 * the agent thinks.
 *
 * No call here throws, waits for ever or ends the process. When the agent asks for a stop, or when
 * anything goes wrong (the agent is gone, silent past a deadline, or sends what the protocol or the
 * action space does not allow), the simulation is stopped, the calls return false from then on and
 * GetExitCode tells the two apart; what went wrong is on stderr and in GetError.
 *
 * @code
 *   auto gym = CreateObject<GymInterface>();
 *   gym->SetObservationCallbacks(MakeCallback(&GymRecord::GetSpace, &record),
 *                                MakeCallback(&GymRecord::GetData, &record));
 *   gym->SetActionCallbacks(MakeCallback(&GymKnobs::GetSpace, &knobs),
 *                           MakeCallback(&GymKnobs::Execute, &knobs));
 *   if (gym->Init())
 *   {
 *       Simulator::Schedule(period, &DecisionInstant, gym); // calls NotifyCurrentState
 *       Simulator::Stop(duration);
 *       Simulator::Run();
 *       gym->NotifySimulationEnd();
 *   }
 *   Simulator::Destroy();
 *   return gym->GetExitCode();
 * @endcode
 */
class GymInterface : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @brief What the trace sources Collect, Send and Receive tell.
     * @param count a state's number, or a message's size (bytes)
     */
    typedef void (*CountTracedCallback)(uint64_t count);

    GymInterface();
    ~GymInterface() override;

    /**
     * @brief Say where observations come from.
     * @param getSpace gives the space, asked once by Init
     * @param getObservation gives the observation, asked at each state; must fit the space
     */
    void SetObservationCallbacks(Callback<Ptr<GymSpace>> getSpace,
                                 Callback<Ptr<GymData>> getObservation);

    /**
     * @brief Say where actions go.
     * @param getSpace gives the space, asked once by Init
     * @param execute gets each action, which fits the space; not called for an answer without
     * action
     */
    void SetActionCallbacks(Callback<Ptr<GymSpace>> getSpace,
                            Callback<void, Ptr<const GymData>> execute);

    /**
     * @brief Say where rewards come from; without it they are 0.
     * @param getReward gives the reward of the step that ends at this state
     */
    void SetRewardCallback(Callback<float> getReward);

    /**
     * @brief Say when the scenario's own end condition is met; without it never.
     * @param isGameOver tells whether this state is the last one
     */
    void SetGameOverCallback(Callback<bool> isGameOver);

    /**
     * @brief Say what to tell besides; without it nothing.
     * @param getInfo gives free text, UTF-8, often JSON
     */
    void SetInfoCallback(Callback<std::string> getInfo);

    /**
     * @brief Connect to the agent and tell it the spaces. To be called once, before Simulator::Run.
     * @return true if the simulation is to run; false if the agent asked for a stop or on an error
     */
    bool Init();

    /**
     * @brief Send the current state, wait for the answer, execute its action.
     *
     * If the game is over the state says so, an action in the answer is not executed, and the
     * simulation is stopped.
     *
     * @return true if the simulation goes on
     */
    bool NotifyCurrentState();

    /**
     * @brief Send the current state as the last one, because the simulated time is over; wait for
     * the answer, and end the session. Does nothing if the session has ended before.
     * @return true if the session ended without an error
     */
    bool NotifySimulationEnd();

    /** @return true once the session has ended, be it by a stop, its normal end or an error */
    bool IsEnded() const;

    /** @return true if the agent asked for a stop */
    bool IsStopRequested() const;

    /** @return what went wrong, empty if nothing did */
    const std::string& GetError() const;

    /** @return what main is to return: 0, or 1 after an error */
    int GetExitCode() const;

  protected:
    void DoDispose() override;

  private:
    struct Session; // the connection and the buffers used at each state

    /** @brief Where the session stands. */
    enum class Phase : uint8_t
    {
        IDLE,    //!< Init not called yet
        RUNNING, //!< states are exchanged
        ENDED    //!< nothing is sent any more
    };

    /**
     * @brief Take a step of the session; an error in it ends the session.
     * @param act the step, one of the three below
     */
    void Guard(void (GymInterface::*act)());

    /** @brief Connect, send the spaces, read the acknowledgement. Throws GymError. */
    void Open();

    /** @brief Send the current state, execute the action in the answer. Throws GymError. */
    void ExchangeState();

    /** @brief Send the current state as that of the simulation's end. Throws GymError. */
    void SendLastState();

    /**
     * @brief Send the current state and read the answer. Throws GymError.
     * @param isLast whether it is the last one
     * @param reason why, as the wire numbers it
     */
    void SendState(bool isLast, int reason);

    /** @brief End the session and the simulation. */
    void End();

    Callback<Ptr<GymSpace>> m_getObservationSpace;      //!< gives the observation space
    Callback<Ptr<GymData>> m_getObservation;            //!< gives the observation
    Callback<Ptr<GymSpace>> m_getActionSpace;           //!< gives the action space
    Callback<void, Ptr<const GymData>> m_executeAction; //!< gets the action
    Callback<float> m_getReward;                        //!< gives the reward
    Callback<bool> m_isGameOver;                        //!< tells the scenario's own end
    Callback<std::string> m_getInfo;                    //!< gives the info

    TracedCallback<uint64_t> m_collectTrace; //!< a state is to be packed
    TracedCallback<uint64_t> m_sendTrace;    //!< a state is to be sent
    TracedCallback<uint64_t> m_receiveTrace; //!< an answer is to be unpacked

    std::string m_endpoint;    //!< where the agent is; empty: m_port on this machine
    std::string m_keys;        //!< folder of the keys; empty: none
    std::string m_info;        //!< what goes with the first state
    uint16_t m_port;           //!< TCP port of the agent on this machine
    Time m_connectTimeout;     //!< longest wait for the first answer
    Time m_replyTimeout;       //!< longest wait for any other answer
    uint32_t m_maxMessageSize; //!< largest message, bytes

    Phase m_phase{Phase::IDLE};         //!< where the session stands
    bool m_stopRequested{false};        //!< whether the agent asked for a stop
    std::string m_error;                //!< what went wrong
    uint64_t m_states{0};               //!< states answered
    Ptr<GymSpace> m_observationSpace;   //!< the observation space
    Ptr<GymSpace> m_actionSpace;        //!< the action space
    std::unique_ptr<Session> m_session; //!< the connection, while running
};

} // namespace ns3

#endif // GYM_INTERFACE_H

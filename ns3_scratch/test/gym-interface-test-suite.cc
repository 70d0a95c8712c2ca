// SPDX-License-Identifier: GPL-2.0-only

#include "gym-command-line.h"
#include "gym-error.h"
#include "gym-interface.h"
#include "gym-test-agent.h"
#include "gym-test-bytes.h"
#include "gym-test-scenario.h"
#include "test-compat.h"

#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/test.h"

#include <messages.pb.h>
#include <unistd.h>

#include <filesystem>

using namespace ns3;
using namespace std::string_literals;
using Finally = GymTestAgent::Finally;
using Script = std::vector<GymTestAgent::Answer>;

namespace
{

const auto ACK = "\x08\x01"s;      //!< SimInitAck: go on
const auto ACK_STOP = "\x10\x01"s; //!< SimInitAck: stop
const auto STOP = "\x10\x01"s;     //!< EnvActMsg: stop
const auto NOTHING = ""s;          //!< EnvActMsg: no action

/** @return an EnvActMsg with these three numbers, below 64, for the target, as integers */
std::string
Act(const std::string& numbers)
{
    const auto box = WireNumber(1, 1) + WireField(2, "\x03") + WireField(3, numbers);
    return WireField(
        1,
        WireContainer(4,
                      "DictDataContainer",
                      WireField(1, WireContainer(2, "BoxDataContainer", box, "target"))));
}

/** @brief A run to the end of the simulated time, over TCP or a Unix socket. */
class GymWholeRunTestCase : public TestCase
{
  public:
    /**
     * @param transport what kind of endpoint that is
     * @param bind where the agent listens
     */
    GymWholeRunTestCase(const std::string& transport, const std::string& bind)
        : TestCase("A whole run over " + transport),
          m_bind{bind}
    {
    }

  private:
    /** @brief Parse the agent's k-th state, expect its time and end. */
    void ExpectState(const std::string& bytes, double time, bool last)
    {
        ns3opengym::EnvStateMsg state;
        NS_TEST_EXPECT_MSG_EQ(state.ParseFromString(bytes), true, "a state");
        NS_TEST_EXPECT_MSG_EQ(state.isgameover(), last, "end at " << time);
        NS_TEST_EXPECT_MSG_EQ(state.reason(), ns3opengym::EnvStateMsg::SimulationEnd, "reason");
        NS_TEST_EXPECT_MSG_EQ(state.reward(), 0.5, "reward");
        NS_TEST_EXPECT_MSG_EQ(state.info(), "{}", "info");
        ns3opengym::DictDataContainer dict;
        ns3opengym::BoxDataContainer box;
        NS_TEST_EXPECT_MSG_EQ(state.obsdata().data().UnpackTo(&dict), true, "Dict");
        for (const auto& element : dict.element())
        {
            NS_TEST_EXPECT_MSG_EQ(element.name(), "time_s", "key");
            NS_TEST_EXPECT_MSG_EQ(element.data().UnpackTo(&box), true, "Box");
        }
        const auto& numbers = box.doubledata();
        NS_TEST_EXPECT_MSG_EQ(numbers.size(), 1, "numbers");
        NS_TEST_EXPECT_MSG_EQ((numbers.empty() ? -1 : numbers.Get(0)), time, "time");
    }

    void DoRun() override
    {
        GymTestAgent agent{
            {{ACK}, {Act("\x00\x01\x02"s)}, {NOTHING}, {Act("\x05\x05\x05")}, {STOP}},
            Finally::LEAVE,
            m_bind};
        GymTestScenario scenario{agent.GetEndpoint()};
        scenario.gym->SetRewardCallback([] { return 0.5F; });
        scenario.gym->SetInfoCallback([] { return "{}"; });
        scenario.Run();
        agent.Join();

        NS_TEST_EXPECT_MSG_EQ(scenario.errors, "", "stderr");
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->GetExitCode(), 0, "exit code");
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->IsEnded(), true, "ended");
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->IsStopRequested(), false, "ended by itself");
        NS_TEST_EXPECT_MSG_EQ(scenario.ended, Seconds(4), "simulated time");
        NS_TEST_EXPECT_MSG_EQ(
            (scenario.actions == std::vector<std::vector<int32_t>>{{0, 1, 2}, {5, 5, 5}}),
            true,
            "actions");

        const auto& messages = agent.GetMessages();
        NS_TEST_EXPECT_MSG_EQ(messages.size(), 5, "messages");
        if (messages.size() != 5)
        {
            return;
        }
        ns3opengym::SimInitMsg init;
        NS_TEST_EXPECT_MSG_EQ(init.ParseFromString(messages[0]), true, "SimInitMsg");
        NS_TEST_EXPECT_MSG_EQ(init.simprocessid(), static_cast<uint64_t>(getpid()), "process");
        NS_TEST_EXPECT_MSG_EQ(init.obsspace().type(), ns3opengym::Dict, "observation space");
        NS_TEST_EXPECT_MSG_EQ(init.actspace().type(), ns3opengym::Dict, "action space");
        for (int i = 1; i <= 4; ++i)
        {
            ExpectState(messages[i], i, i == 4);
        }
    }

    std::string m_bind; //!< where the agent listens
};

/** @brief The agent asks for a stop, or the scenario's own end condition is met. */
class GymStopTestCase : public TestCase
{
  public:
    GymStopTestCase()
        : TestCase("Stop requests and the scenario's own end are obeyed at once")
    {
    }

  private:
    void DoRun() override
    {
        {
            GymTestAgent agent{{{ACK_STOP}}, Finally::LEAVE};
            GymTestScenario scenario{agent.GetEndpoint()};
            scenario.Run();
            ExpectStopped(scenario, Seconds(0), true);
            NS_TEST_EXPECT_MSG_EQ(scenario.instants, 0, "nothing is simulated");
        }
        {
            GymTestAgent agent{{{ACK}, {NOTHING}, {Act("\x00\x01\x02"s) + STOP}}, Finally::LEAVE};
            GymTestScenario scenario{agent.GetEndpoint()};
            scenario.Run();
            agent.Join();
            ExpectStopped(scenario, Seconds(2), true);
            NS_TEST_EXPECT_MSG_EQ(scenario.actions.size(), 0, "an action with a stop");
            NS_TEST_EXPECT_MSG_EQ(agent.GetMessages().size(), 3, "no state after a stop");
        }
        {
            GymTestAgent agent{{{ACK}, {NOTHING}, {Act("\x00\x01\x02"s)}}, Finally::LEAVE};
            GymTestScenario scenario{agent.GetEndpoint()};
            scenario.gym->SetGameOverCallback([] { return Simulator::Now() > Seconds(1); });
            scenario.Run();
            agent.Join();
            ExpectStopped(scenario, Seconds(2), false);
            NS_TEST_EXPECT_MSG_EQ(scenario.actions.size(), 0, "an action after the game is over");
            ns3opengym::EnvStateMsg state;
            const auto& messages = agent.GetMessages();
            NS_TEST_EXPECT_MSG_EQ(messages.size(), 3, "no state after the game is over");
            NS_TEST_EXPECT_MSG_EQ(state.ParseFromString(messages.back()), true, "a state");
            NS_TEST_EXPECT_MSG_EQ(state.isgameover(), true, "game over");
            NS_TEST_EXPECT_MSG_EQ(state.reason(), ns3opengym::EnvStateMsg::GameOver, "reason");
        }
    }

    /** @brief Expect a run without error that ended early. */
    void ExpectStopped(const GymTestScenario& scenario, Time when, bool requested)
    {
        NS_TEST_EXPECT_MSG_EQ(scenario.errors, "", "stderr");
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->GetExitCode(), 0, "exit code");
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->IsEnded(), true, "ended");
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->IsStopRequested(), requested, "stop request");
        NS_TEST_EXPECT_MSG_EQ(scenario.ended, when, "simulated time");
    }
};

/** @brief A bad agent ends the run at once, with an error that says what is wrong. */
class GymBadAgentTestCase : public TestCase
{
  public:
    /**
     * @param name what the agent does
     * @param script its answers
     * @param finally what it does then
     * @param error what the error has to say
     */
    GymBadAgentTestCase(const std::string& name, Script script, Finally finally, std::string error)
        : TestCase("Error when the agent " + name),
          m_script{std::move(script)},
          m_finally{finally},
          m_error{std::move(error)}
    {
    }

  private:
    void DoRun() override
    {
        GymTestAgent agent{m_script, m_finally};
        GymTestScenario scenario{agent.GetEndpoint()};
        scenario.gym->SetAttribute("MaxMessageSize", UintegerValue(1000));
        if (m_error.find("did not answer") != std::string::npos)
        {
            scenario.gym->SetAttribute("ConnectTimeout", TimeValue(MilliSeconds(200)));
            scenario.gym->SetAttribute("ReplyTimeout", TimeValue(MilliSeconds(200)));
        }
        scenario.Run();

        NS_TEST_EXPECT_MSG_EQ(scenario.gym->GetExitCode(), 1, "exit code");
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->IsStopRequested(), false, "no stop request");
        NS_TEST_EXPECT_MSG_NE(scenario.gym->GetError().find(m_error),
                              std::string::npos,
                              "'" << scenario.gym->GetError() << "' should say " << m_error);
        NS_TEST_EXPECT_MSG_NE(scenario.errors.find(scenario.gym->GetError()),
                              std::string::npos,
                              "stderr has the error: " << scenario.errors);
        NS_TEST_EXPECT_MSG_LT(scenario.ended, Seconds(4), "the simulation stops");
        NS_TEST_EXPECT_MSG_LT(scenario.wallClock.count(), 2.0, "in no time");
    }

    Script m_script;     //!< the agent's answers
    Finally m_finally;   //!< what it does then
    std::string m_error; //!< what the error has to say
};

/** @brief There is no agent, or it is something else that listens. */
class GymNoAgentTestCase : public TestCase
{
  public:
    GymNoAgentTestCase()
        : TestCase("Error when the endpoint is bad or no agent is there")
    {
    }

  private:
    /** @brief Expect an error at the start. */
    void ExpectError(const std::string& endpoint, const std::string& error)
    {
        GymTestScenario scenario{endpoint};
        scenario.gym->SetAttribute("ConnectTimeout", TimeValue(MilliSeconds(300)));
        scenario.Run();
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->GetExitCode(), 1, "exit code for " << endpoint);
        NS_TEST_EXPECT_MSG_NE(scenario.gym->GetError().find(error),
                              std::string::npos,
                              "'" << scenario.gym->GetError() << "' should say " << error);
        NS_TEST_EXPECT_MSG_NE(scenario.errors.find("gym: at the start"),
                              std::string::npos,
                              scenario.errors);
        NS_TEST_EXPECT_MSG_EQ(scenario.instants, 0, "nothing is simulated");
        NS_TEST_EXPECT_MSG_LT(scenario.wallClock.count(), 2.0, "in no time");
    }

    void DoRun() override
    {
        for (const auto* endpoint : {"tcp://0.0.0.0:5555",
                                     "tcp://*:5555",
                                     "tcp://192.168.1.1:5555",
                                     "tcp://127.0.0.1",
                                     "tcp://127.0.0.1:",
                                     "tcp://127.0.0.1:0",
                                     "tcp://127.0.0.1:65536",
                                     "tcp://127.0.0.1:80x",
                                     "tcp://127.0.0.1:80;10.0.0.1:80",
                                     "tcp://localhost.example:5555",
                                     "inproc://x",
                                     "ipc://",
                                     "ipc://*",
                                     "ipc://@abstract",
                                     "ipc://relative/path",
                                     "tcp://[::1]",
                                     "tcp://[::1]:0",
                                     "tcp://[::]:5555",
                                     "tcp://[fe80::1]:5555",
                                     "nonsense"})
        {
            ExpectError(endpoint,
                        "the endpoint is '"s + endpoint + "', allowed is tcp://127.0.0.1:");
        }
        ExpectError("ipc:///" + std::string(107, 'x'), "107 characters");

        std::string gone;
        {
            GymTestAgent agent{{}, Finally::LEAVE};
            gone = agent.GetEndpoint();
        }
        ExpectError(gone, "the agent at " + gone + " did not listen within 0.3 s");
        ExpectError("ipc:///nowhere/at/all", "did not listen within 0.3 s");

        const GymTestAgent publisher{{}, Finally::STAY, "tcp://127.0.0.1:*", ZMQ_PUB};
        ExpectError(publisher.GetEndpoint(),
                    "is not a ZMQ REP socket, or asks for keys: no handshake within 0.3 s");
    }
};

/** @brief An agent that answers and leaves in the same breath has answered. */
class GymAnswerAndLeaveTestCase : public TestCase
{
  public:
    GymAnswerAndLeaveTestCase()
        : TestCase("The last answer of an agent that leaves is read")
    {
    }

  private:
    void DoRun() override
    {
        for (int i = 0; i < 50; ++i)
        {
            GymTestAgent agent{{{ACK}, {STOP}}, Finally::LEAVE};
            GymTestScenario scenario{agent.GetEndpoint()};
            scenario.Run();
            NS_TEST_EXPECT_MSG_EQ(scenario.gym->GetError(), "", "no error");
        }
    }
};

/** @brief The scenario's own mistakes end the run as well. */
class GymScenarioErrorTestCase : public TestCase
{
  public:
    GymScenarioErrorTestCase()
        : TestCase("Error when the scenario's callbacks fail or its state is too large")
    {
    }

  private:
    void DoRun() override
    {
        {
            GymTestAgent agent{{{ACK}, {Act("\x00\x01\x02"s)}}, Finally::STAY};
            GymTestScenario scenario{agent.GetEndpoint()};
            scenario.gym->SetActionCallbacks(
                [] {
                    const auto space = Create<GymDictSpace>();
                    space->AddBox("target", -1, 5, {3}, GymDtype::INT32);
                    return space;
                },
                [](Ptr<const GymData>) { throw GymError("device 7 is in a handover"); });
            scenario.Run();
            NS_TEST_EXPECT_MSG_EQ(scenario.gym->GetExitCode(), 1, "exit code");
            NS_TEST_EXPECT_MSG_EQ(scenario.gym->GetError(), "device 7 is in a handover", "error");
            NS_TEST_EXPECT_MSG_EQ(scenario.errors,
                                  "gym: state 0, simulated time +1s: device 7 is in a handover\n",
                                  "stderr");
            NS_TEST_EXPECT_MSG_EQ(scenario.ended, Seconds(1), "simulated time");
        }
        {
            GymTestAgent agent{{{ACK}}, Finally::STAY};
            GymTestScenario scenario{agent.GetEndpoint()};
            scenario.gym->SetAttribute("MaxMessageSize", UintegerValue(600));
            scenario.gym->SetInfoCallback([] { return std::string(1000, 'x'); });
            scenario.Run();
            NS_TEST_EXPECT_MSG_NE(scenario.gym->GetError().find("the message to send has 1"),
                                  std::string::npos,
                                  scenario.gym->GetError());
        }
    }
};

/** @brief The flags that an agent starts a scenario with. */
class GymFlagsTestCase : public TestCase
{
  public:
    GymFlagsTestCase()
        : TestCase("Command-line flags reach the interface and the random streams")
    {
    }

  private:
    void DoRun() override
    {
        CommandLine cmd{__FILE__};
        AddGymFlags(cmd);
        cmd.Parse({"scenario",
                   "--openGymPort=6001",
                   "--openGymEndpoint=ipc:///x",
                   "--openGymKeys=/keys",
                   "--openGymTimeout=2.5",
                   "--simSeed=77"});
        const auto gym = CreateObject<GymInterface>();
        UintegerValue port;
        StringValue endpoint;
        StringValue keys;
        TimeValue timeout;
        gym->GetAttribute("Port", port);
        gym->GetAttribute("Endpoint", endpoint);
        gym->GetAttribute("Keys", keys);
        gym->GetAttribute("ReplyTimeout", timeout);
        NS_TEST_EXPECT_MSG_EQ(port.Get(), 6001, "port");
        NS_TEST_EXPECT_MSG_EQ(endpoint.Get(), "ipc:///x", "endpoint");
        NS_TEST_EXPECT_MSG_EQ(keys.Get(), "/keys", "keys");
        NS_TEST_EXPECT_MSG_EQ(timeout.Get(), Seconds(2.5), "timeout");
        NS_TEST_EXPECT_MSG_EQ(RngSeedManager::GetRun(), 77, "run number");
        RngSeedManager::SetRun(1);
        Config::Reset();
    }
};

/** @brief The suite. */
class GymInterfaceTestSuite : public TestSuite
{
  public:
    GymInterfaceTestSuite()
        : TestSuite("gym-interface", NRU_TEST_UNIT)
    {
        const auto box = Act("\x00\x01\x02"s);
        const auto bad = [this](const std::string& name,
                                Script script,
                                Finally finally,
                                const std::string& error) {
            AddTestCase(new GymBadAgentTestCase(name, std::move(script), finally, error),
                        NRU_TEST_QUICK);
        };
        AddTestCase(new GymWholeRunTestCase("tcp", "tcp://127.0.0.1:*"), NRU_TEST_QUICK);
        const auto name = "nru-gym-test-" + std::to_string(getpid());
        AddTestCase(new GymWholeRunTestCase(
                        "ipc",
                        "ipc://" + (std::filesystem::temp_directory_path() / name).string()),
                    NRU_TEST_QUICK);
        AddTestCase(new GymWholeRunTestCase("IPv6", "tcp://[::1]:*"), NRU_TEST_QUICK);
        AddTestCase(new GymStopTestCase, NRU_TEST_QUICK);
        bad("leaves while the first answer is awaited",
            {},
            Finally::LEAVE_WAITING,
            "closed the connection without an answer");
        bad("leaves while an answer is awaited",
            {{ACK}, {NOTHING}},
            Finally::LEAVE_WAITING,
            "closed the connection without an answer");
        bad("leaves between two states",
            {{ACK}, {NOTHING}},
            Finally::LEAVE,
            "closed the connection without an answer");
        bad("never answers the start", {}, Finally::STAY, "did not answer within 0.2 s");
        bad("never answers a state", {{ACK}}, Finally::STAY, "did not answer within 0.2 s");
        bad("does not acknowledge", {{""}}, Finally::STAY, "SimInitAck.done is false");
        bad("acknowledges with another message",
            {{box}},
            Finally::STAY,
            "the answer is not a valid SimInitAck: field 1 does not belong there");
        bad("acts with another message",
            {{ACK}, {ACK}},
            Finally::STAY,
            "the answer is not a valid EnvActMsg: field 1 does not belong there");
        bad("sends garbage",
            {{ACK}, {"\xff\xfe garbage"}},
            Finally::STAY,
            "the answer, 10 bytes, is not a valid EnvActMsg: malformed or truncated");
        bad("sends a truncated action",
            {{ACK}, {box.substr(0, box.size() - 1)}},
            Finally::STAY,
            "malformed or truncated");
        bad("sends several frames",
            {{ACK}, {box, box}},
            Finally::STAY,
            "answered in several frames, allowed is one");
        bad("sends too much",
            {{ACK}, {std::string(1001, 'x')}},
            Finally::STAY,
            "answered with 1001 bytes, allowed is up to 1000");
        bad("sends far too much",
            {{ACK}, {std::string(4001, 'x')}},
            Finally::STAY,
            "it ended, or it sent more than 4000 bytes");
        bad("sends an action out of range",
            {{ACK}, {Act("\x00\x01\x06"s)}},
            Finally::STAY,
            "action['target'][2] is 6, allowed is an integer in -1 .. 5 (int32)");
        AddTestCase(new GymNoAgentTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymAnswerAndLeaveTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymScenarioErrorTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymFlagsTestCase, NRU_TEST_QUICK);
    }
};

GymInterfaceTestSuite g_gymInterfaceTestSuite; //!< registers the suite

} // namespace

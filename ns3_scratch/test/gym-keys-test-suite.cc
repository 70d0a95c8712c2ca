// SPDX-License-Identifier: GPL-2.0-only

#include "gym-channel.h"
#include "gym-error.h"
#include "gym-keys.h"
#include "gym-test-agent.h"
#include "gym-test-scenario.h"
#include "test-compat.h"

#include "ns3/test.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace ns3;
using Finally = GymTestAgent::Finally;
using Script = std::vector<GymTestAgent::Answer>;

namespace
{

using std::filesystem::perms;

const std::string ACK{"\x08\x01"};  //!< SimInitAck: go on
const std::string STOP{"\x10\x01"}; //!< EnvActMsg: stop

/** @brief A folder with the keys of both sides, as `nru keys` makes it, gone with its scope. */
class KeyFolder
{
  public:
    KeyFolder()
        : m_path{std::filesystem::temp_directory_path() /
                 ("gym-keys-" + std::to_string(getpid()) + "-" + std::to_string(s_made++))}
    {
        std::filesystem::create_directory(m_path);
        for (const auto* side : {"agent", "scenario"})
        {
            std::array<char, 41> publicKey{};
            std::array<char, 41> secretKey{};
            zmq_curve_keypair(publicKey.data(), secretKey.data());
            Write(side + std::string(".public"), publicKey.data());
            Write(side + std::string(".secret"), secretKey.data());
        }
    }

    ~KeyFolder()
    {
        std::filesystem::remove_all(m_path);
    }

    KeyFolder(const KeyFolder&) = delete;
    KeyFolder& operator=(const KeyFolder&) = delete;

    /**
     * @brief Write a file that its owner alone can read.
     * @param name of the file
     * @param line its content
     */
    void Write(const std::string& name, const std::string& line) const
    {
        std::ofstream(m_path / name) << line << "\n";
        std::filesystem::permissions(m_path / name, perms::owner_read | perms::owner_write);
    }

    /**
     * @param name of a file
     * @return its first line
     */
    std::string Read(const std::string& name) const
    {
        std::ifstream file(m_path / name);
        std::string line;
        std::getline(file, line);
        return line;
    }

    /** @return where it is */
    const std::filesystem::path& GetPath() const
    {
        return m_path;
    }

  private:
    static inline int s_made{0};  //!< number of the next
    std::filesystem::path m_path; //!< where it is
};

/** @brief Sessions whose ends have keys that match, or do not. */
class GymCurveTestCase : public TestCase
{
  public:
    GymCurveTestCase()
        : TestCase("A session by CURVE, and the ways in which keys do not match")
    {
    }

  private:
    /**
     * @brief Play with an agent.
     * @param secret the agent's secret key, empty for none
     * @param keys the scenario's folder, empty for none
     * @param error what is to go wrong, empty for nothing
     */
    void Play(const std::string& secret, const std::string& keys, const std::string& error)
    {
        const GymTestAgent agent{error.empty() ? Script{{ACK}, {STOP}} : Script{},
                                 Finally::STAY,
                                 "tcp://127.0.0.1:*",
                                 ZMQ_REP,
                                 secret};
        GymTestScenario scenario{agent.GetEndpoint()};
        scenario.gym->SetAttribute("Keys", StringValue(keys));
        if (!error.empty())
        {
            scenario.gym->SetAttribute("ConnectTimeout", TimeValue(MilliSeconds(300)));
        }
        scenario.Run();
        const auto said = scenario.gym->GetError();
        NS_TEST_EXPECT_MSG_EQ(scenario.gym->GetExitCode(), (error.empty() ? 0 : 1), said);
        NS_TEST_EXPECT_MSG_EQ(said.empty(), error.empty(), said);
        NS_TEST_EXPECT_MSG_NE(said.find(error), said.npos, said << " should say " << error);
    }

    void DoRun() override
    {
        const KeyFolder own;
        const KeyFolder other;
        const auto secret = own.Read("agent.secret");
        Play(secret, own.GetPath(), "");
        Play(secret, other.GetPath(), "has other keys: no handshake within 0.3 s");
        Play("", own.GetPath(), "has other keys: no handshake within 0.3 s");
        Play(secret, "", "asks for keys: no handshake within 0.3 s");
        Play(secret, "/nowhere", "there is no key in /nowhere/agent.public");
    }
};

/** @brief Key files that are none, and secrets that are none. */
class GymKeyFilesTestCase : public TestCase
{
  public:
    GymKeyFilesTestCase()
        : TestCase("Key files are checked")
    {
    }

  private:
    /**
     * @brief Expect that reading fails.
     * @param folder what to read
     * @param error what it is to say
     */
    void ExpectError(const KeyFolder& folder, const std::string& error)
    {
        std::string said;
        try
        {
            ReadGymKeys(folder.GetPath());
        }
        catch (const GymError& caught)
        {
            said = caught.what();
        }
        NS_TEST_EXPECT_MSG_NE(said.find(error), said.npos, said << " should say " << error);
    }

    void DoRun() override
    {
        const KeyFolder folder;
        const auto keys = ReadGymKeys(folder.GetPath());
        NS_TEST_EXPECT_MSG_EQ(keys.agentPublic, folder.Read("agent.public"), "whom");
        NS_TEST_EXPECT_MSG_EQ(keys.scenarioPublic, folder.Read("scenario.public"), "as whom");
        NS_TEST_EXPECT_MSG_EQ(keys.scenarioSecret,
                              folder.Read("scenario.secret"),
                              "what proves it");

        for (const std::string& bad :
             {std::string(), std::string(39, 'x'), std::string(41, 'x'), std::string(40, '~')})
        {
            folder.Write("agent.public", bad);
            ExpectError(folder, "agent.public holds no key, allowed are 40 characters of Z85");
        }
        folder.Write("agent.public", keys.agentPublic);
        for (const auto mode : {perms::group_read, perms::others_read})
        {
            std::filesystem::permissions(folder.GetPath() / "scenario.secret",
                                         perms::owner_read | mode);
            ExpectError(folder, "scenario.secret is open to others, allowed is mode 0600");
        }
        std::filesystem::remove(folder.GetPath() / "scenario.secret");
        ExpectError(folder, "there is no key in " + folder.GetPath().string());
    }
};

/** @brief Other hosts, only with keys. */
class GymHostsTestCase : public TestCase
{
  public:
    GymHostsTestCase()
        : TestCase("An endpoint on another host needs keys")
    {
    }

  private:
    /**
     * @param endpoint to check
     * @param hasKeys whether there are keys
     * @return what it comes to, or the error
     */
    static std::string Check(const std::string& endpoint, bool hasKeys)
    {
        try
        {
            return CheckGymEndpoint(endpoint, hasKeys);
        }
        catch (const GymError& error)
        {
            return error.what();
        }
    }

    void DoRun() override
    {
        for (const auto* endpoint : {"tcp://192.168.1.1:5555",
                                     "tcp://agent:5555",
                                     "tcp://a-b.example.org:1",
                                     "tcp://[fe80::1]:80"})
        {
            NS_TEST_EXPECT_MSG_EQ(Check(endpoint, true), endpoint, "with keys");
            const auto said = Check(endpoint, false);
            NS_TEST_EXPECT_MSG_NE(said.find("with keys, also tcp://HOST:PORT"), said.npos, said);
        }
        for (const auto* endpoint : {"tcp://agent",
                                     "tcp://agent:",
                                     "tcp://:5555",
                                     "tcp://*:5555",
                                     "tcp://agent:0",
                                     "tcp://[::]:5555",
                                     "tcp://0.0.0.0:5555",
                                     "tcp://[]:5555",
                                     "tcp://[agent]:5555",
                                     "ipc://@name",
                                     "tcp://agent:65536",
                                     "tcp://agent:80;10.0.0.1:80",
                                     "tcp://a b:80",
                                     "udp://agent:80"})
        {
            const auto said = Check(endpoint, true);
            NS_TEST_EXPECT_MSG_NE(said.find("or tcp://HOST:PORT"), said.npos, said);
        }

        NS_TEST_EXPECT_MSG_EQ(Check("tcp://localhost:80", true),
                              "tcp://127.0.0.1:80",
                              "this machine");
        NS_TEST_EXPECT_MSG_EQ(Check("tcp://[::1]:80", false), "tcp://[::1]:80", "IPv6");
        NS_TEST_EXPECT_MSG_EQ(Check("tcp://::1:80", false), "tcp://[::1]:80", "without brackets");
    }
};

/** @brief The suite. */
class GymKeysTestSuite : public TestSuite
{
  public:
    GymKeysTestSuite()
        : TestSuite("gym-keys", NRU_TEST_UNIT)
    {
        AddTestCase(new GymCurveTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymKeyFilesTestCase, NRU_TEST_QUICK);
        AddTestCase(new GymHostsTestCase, NRU_TEST_QUICK);
    }
};

const GymKeysTestSuite g_gymKeysTestSuite; //!< registers the suite

} // namespace

// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * @brief Sends recorded states to an agent as fast as it answers, and times itself.
 *
 * The other end of `nru bench wire`: what the bridge costs, without a network that is simulated.
 * The recording is a text of one line for each entry of the observation and of the action,
 *
 *     observation|action KEY int32|double LOW HIGH DIMENSION...
 *
 * an empty line, and the observation's numbers, state after state, as they lie in memory.
 *
 * For `nru stress` it reads answers from a file instead, as many as there are, and says of each
 * whether it would be taken.
 */

#include "gym-codec.h"
#include "gym-command-line.h"
#include "gym-error.h"
#include "gym-interface.h"
#include "gym-message.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"

#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;

namespace
{

/// States that were recorded, and the spaces that they and their actions lie in.
class Recording
{
  public:
    /**
     * @param path a recording
     * @throws std::runtime_error if there is none
     */
    explicit Recording(const std::string& path)
        : m_observations(Create<GymDictSpace>()),
          m_actions(Create<GymDictSpace>())
    {
        std::ifstream file(path, std::ios::binary);
        for (std::string line; std::getline(file, line) && !line.empty();)
        {
            AddEntry(line);
        }
        while (file.peek() != std::ifstream::traits_type::eof() && file)
        {
            m_states.push_back(ReadState(file));
        }
        if (m_states.empty())
        {
            throw std::runtime_error("'" + path + "' holds no recorded state");
        }
    }

    /** @return the space of the states */
    Ptr<GymSpace> GetObservationSpace() const
    {
        return m_observations;
    }

    /** @return the space of the actions */
    Ptr<GymSpace> GetActionSpace() const
    {
        return m_actions;
    }

    /** @return the next state, the first one after the last */
    Ptr<GymData> GetNext()
    {
        return m_states[m_next++ % m_states.size()];
    }

  private:
    /** @param line describes an entry */
    void AddEntry(const std::string& line)
    {
        std::istringstream words(line);
        std::string of;
        std::string key;
        std::string dtype;
        std::string low;
        std::string high;
        words >> of >> key >> dtype >> low >> high;
        std::vector<uint32_t> shape;
        for (uint32_t length; words >> length;)
        {
            shape.push_back(length);
        }
        (of == "action" ? m_actions : m_observations)
            ->AddBox(key,
                     std::stod(low), // unlike a stream, reads inf
                     std::stod(high),
                     std::move(shape),
                     dtype == "int32" ? GymDtype::INT32 : GymDtype::DOUBLE);
    }

    /**
     * @tparam T number type
     * @param file a recording
     * @param size how many numbers to read
     * @return the numbers
     */
    template <typename T>
    static std::vector<T> ReadNumbers(std::istream& file, std::size_t size)
    {
        std::vector<T> numbers(size);
        file.read(reinterpret_cast<char*>(numbers.data()), size * sizeof(T));
        return numbers;
    }

    /**
     * @param file a recording
     * @return its next state
     */
    Ptr<GymData> ReadState(std::istream& file) const
    {
        auto state = Create<GymDictData>();
        for (const auto& [key, space] : m_observations->GetEntries())
        {
            const auto& box = static_cast<const GymBoxSpace&>(*space);
            if (box.GetDtype() == GymDtype::INT32)
            {
                state->AddBox(key, ReadNumbers<int32_t>(file, box.GetSize()));
            }
            else
            {
                state->AddBox(key, ReadNumbers<double>(file, box.GetSize()));
            }
        }
        return state;
    }

    Ptr<GymDictSpace> m_observations;   //!< space of the states
    Ptr<GymDictSpace> m_actions;        //!< space of the actions
    std::vector<Ptr<GymData>> m_states; //!< the states
    std::size_t m_next{0};              //!< number of the next state
};

/// Where the time goes between two states.
class Stopwatch
{
  public:
    /**
     * @brief Listen to a session.
     * @param gym the session
     */
    explicit Stopwatch(const Ptr<GymInterface>& gym)
    {
        const auto on = [&](const char* source, void (Stopwatch::*mark)(uint64_t)) {
            gym->TraceConnectWithoutContext(source, MakeCallback(mark, this));
        };
        on("Collect", &Stopwatch::MarkCollected);
        on("Send", &Stopwatch::MarkPacked);
        on("Receive", &Stopwatch::MarkReceived);
    }

    /** @brief The action in the answer has been unpacked. */
    void TakeAction(Ptr<const GymData>)
    {
        m_unpacking.push_back(SecondsSince(m_received));
    }

    /**
     * @brief Write down for each answer how long its unpacking took and how long the packing of the
     * state that followed.
     * @param path of a text, two numbers a line (s)
     */
    void Write(const std::string& path) const
    {
        std::ofstream file(path);
        for (std::size_t i = 0; i < m_unpacking.size(); ++i)
        {
            file << m_unpacking[i] << " " << m_packing.at(i + 1) << "\n";
        }
    }

  private:
    using Clock = std::chrono::steady_clock; //!< wall-clock time

    /**
     * @param start a point in time
     * @return how long ago that is (s)
     */
    static double SecondsSince(Clock::time_point start)
    {
        return std::chrono::duration<double>(Clock::now() - start).count();
    }

    /** @brief A state is to be packed. */
    void MarkCollected(uint64_t)
    {
        m_collected = Clock::now();
    }

    /** @brief It has been packed. */
    void MarkPacked(uint64_t)
    {
        m_packing.push_back(SecondsSince(m_collected));
    }

    /** @brief The answer to it has been received. */
    void MarkReceived(uint64_t)
    {
        m_received = Clock::now();
    }

    Clock::time_point m_collected;   //!< when the last state was complete
    Clock::time_point m_received;    //!< when the last answer came
    std::vector<double> m_packing;   //!< by state (s)
    std::vector<double> m_unpacking; //!< by answer (s)
};

/**
 * @param bytes an answer
 * @param space what actions lie in
 * @return whether a session would take it
 */
bool
IsTaken(const std::string& bytes, const GymSpace& space)
{
    try
    {
        ns3opengym::EnvActMsg answer;
        ParseGymMessage(bytes.data(), bytes.size(), answer, "the answer");
        const auto& action = answer.actdata();
        const bool isEmpty = action.type() == ns3opengym::NoSpaceType && !action.has_data();
        if (!answer.stopsimreq() && !isEmpty)
        {
            DecodeGymData(action, space, "action");
        }
        return true;
    }
    catch (const GymError&)
    {
        return false;
    }
}

/**
 * @brief Judge the answers in a file.
 * @param path the file: of each answer its size, uint32 as it lies in memory, and its bytes
 * @param space what actions lie in
 * @param verdicts where to write a character for each, 1 if it would be taken and 0 if not
 */
void
JudgeAnswers(const std::string& path, const GymSpace& space, const std::string& verdicts)
{
    std::ifstream in(path, std::ios::binary);
    std::ofstream out(verdicts, std::ios::binary);
    std::string bytes;
    for (uint32_t size; in.read(reinterpret_cast<char*>(&size), sizeof(size));)
    {
        bytes.resize(size);
        in.read(bytes.data(), size);
        out.put(IsTaken(bytes, space) ? '1' : '0');
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string path;
    std::string times;
    std::string answers;
    uint32_t rounds = 1000;
    CommandLine cmd(__FILE__);
    cmd.Usage("Sends recorded states to an agent as fast as it answers, and times itself.");
    AddGymFlags(cmd);
    cmd.AddNonOption("recording", "The states and their spaces", path);
    cmd.AddNonOption("times", "Where to write how long each took", times);
    cmd.AddValue("rounds", "How many answers to wait for", rounds);
    cmd.AddValue("answers", "Judge the answers in this file; verdicts go where times do", answers);
    ParseStrictly(cmd, argc, argv);

    try
    {
        Recording recording(path);
        if (!answers.empty())
        {
            JudgeAnswers(answers, *recording.GetActionSpace(), times);
            return 0;
        }
        auto gym = CreateObject<GymInterface>();
        Stopwatch watch(gym);
        gym->SetObservationCallbacks(MakeCallback(&Recording::GetObservationSpace, &recording),
                                     MakeCallback(&Recording::GetNext, &recording));
        gym->SetActionCallbacks(MakeCallback(&Recording::GetActionSpace, &recording),
                                MakeCallback(&Stopwatch::TakeAction, &watch));
        for (uint32_t i = 0; i < rounds && gym->NotifyCurrentState(); ++i)
        {
        }
        gym->NotifySimulationEnd();
        watch.Write(times);
        const auto exitCode = gym->GetExitCode();
        gym->Dispose();
        Simulator::Destroy();
        return exitCode;
    }
    catch (const std::exception& error)
    {
        std::cerr << "gym-echo: " << error.what() << std::endl;
        return 2;
    }
}

// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_TEST_SCENARIO_H
#define GYM_TEST_SCENARIO_H

#include "gym-interface.h"

#include "ns3/nstime.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @brief A scenario of three steps of one second, with one Box to observe, the simulated time, and
 * one to act on, of three integers in -1 .. 5.
 */
class GymTestScenario
{
  public:
    /** @param endpoint where the agent listens */
    explicit GymTestScenario(const std::string& endpoint)
    {
        gym = CreateObject<GymInterface>();
        gym->SetAttribute("Endpoint", StringValue(endpoint));
        gym->SetAttribute("ConnectTimeout", TimeValue(Seconds(5)));
        gym->SetAttribute("ReplyTimeout", TimeValue(Seconds(5)));
        gym->SetObservationCallbacks(
            [] {
                const auto space = Create<GymDictSpace>();
                space->AddBox("time_s", 0, 1e9, {1}, GymDtype::DOUBLE);
                return space;
            },
            [] {
                const auto data = Create<GymDictData>();
                data->AddBox("time_s", std::vector<double>{Simulator::Now().GetSeconds()});
                return data;
            });
        gym->SetActionCallbacks(
            [] {
                const auto space = Create<GymDictSpace>();
                space->AddBox("target", -1, 5, {3}, GymDtype::INT32);
                return space;
            },
            [this](Ptr<const GymData> action) {
                const auto& dict = static_cast<const GymDictData&>(*action);
                const auto* target = dict.FindBox<int32_t>("target");
                actions.push_back(target ? *target : std::vector<int32_t>{});
            });
    }

    /** @brief Run it to its end, whichever that is; what it writes on stderr goes to log. */
    void Run()
    {
        std::ostringstream log;
        auto* const stderrBuffer = std::cerr.rdbuf(log.rdbuf());
        const auto start = std::chrono::steady_clock::now();
        gym->Init();
        for (int second = 1; second <= 3; ++second)
        {
            Simulator::Schedule(Seconds(second), [this] {
                ++instants;
                gym->NotifyCurrentState();
            });
        }
        Simulator::Stop(Seconds(4));
        Simulator::Run();
        gym->NotifySimulationEnd();
        ended = Simulator::Now();
        Simulator::Destroy();
        wallClock = std::chrono::steady_clock::now() - start;
        std::cerr.rdbuf(stderrBuffer);
        errors = log.str();
    }

    Ptr<GymInterface> gym;                     //!< what is tested
    std::vector<std::vector<int32_t>> actions; //!< actions executed, an empty one for none
    int instants{0};                           //!< decision instants simulated
    Time ended;                                //!< simulated time at which it ended
    std::chrono::duration<double> wallClock{}; //!< how long it took
    std::string errors;                        //!< what it wrote on stderr
};

} // namespace ns3

#endif // GYM_TEST_SCENARIO_H

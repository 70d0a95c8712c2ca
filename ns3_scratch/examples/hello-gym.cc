// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * @brief The smallest program that an agent can play: it steers a drone back to where it belongs.
 *
 * Observation: how far off the drone is (m). Action: its speed (5 m/s), to which gusts are added.
 * Reward: minus the distance. docs/ns3gym.md goes through it line by line.
 */

#include "gym-command-line.h"
#include "gym-interface.h"
#include "gym-knobs.h"
#include "gym-record.h"

#include "ns3/core-module.h"
#include "ns3/mobility-module.h"

#include <cmath>

using namespace ns3;

/**
 * @brief A second is over: ask the agent, go on.
 * @param gym the session with the agent
 */
static void
Decide(Ptr<GymInterface> gym)
{
    if (gym->NotifyCurrentState())
    {
        Simulator::Schedule(Seconds(1), &Decide, gym);
    }
}

int
main(int argc, char* argv[])
{
    CommandLine cmd(__FILE__);
    AddGymFlags(cmd);
    cmd.Parse(argc, argv);

    auto drone = CreateObject<ConstantVelocityMobilityModel>();
    auto gusts = CreateObject<NormalRandomVariable>(); // m/s; made after Parse, so that seeds count
    drone->SetPosition(Vector(10, 0, 0));

    GymRecord seen;
    seen.Add<double>("offset_m", {1}, -1e6, 1e6, [&](uint32_t) { return drone->GetPosition().x; });
    GymKnobs knobs;
    knobs.Add<double>("speed", {1}, -1, 1, [&](uint32_t, double speed) {
        drone->SetVelocity(Vector(5 * speed + gusts->GetValue(), 0, 0));
    });

    auto gym = CreateObject<GymInterface>();
    gym->SetObservationCallbacks(MakeCallback(&GymRecord::GetSpace, &seen),
                                 MakeCallback(&GymRecord::GetData, &seen));
    gym->SetActionCallbacks(MakeCallback(&GymKnobs::GetSpace, &knobs),
                            MakeCallback(&GymKnobs::Execute, &knobs));
    gym->SetRewardCallback(Callback<float>([&] { return -std::abs(drone->GetPosition().x); }));
    if (gym->Init())
    {
        Simulator::Schedule(Seconds(1), &Decide, gym);
        Simulator::Stop(Seconds(30.5));
        Simulator::Run();
        gym->NotifySimulationEnd();
    }
    const auto exitCode = gym->GetExitCode();
    gym->Dispose();
    Simulator::Destroy();
    return exitCode;
}

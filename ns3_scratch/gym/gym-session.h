// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_SESSION_H
#define GYM_SESSION_H

#include "gym-interface.h"
#include "gym-knobs.h"
#include "gym-record.h"

#include "ns3/ptr.h"

#include <cstdint>

namespace ns3
{

/**
 * @brief A simulation in steps beside an agent, until one of the two ends it.
 *
 * @code
 *   GymSession session(nSteps);
 *   network->Build(MakeCallback(&GymSession::EndStep, &session));
 *   GymRecord record = ...; // of what was built
 *   GymKnobs knobs = ...;
 *   const auto exitCode = session.Run(record, knobs, printsCost);
 * @endcode
 */
class GymSession
{
  public:
    /**
     * @param nSteps actions in an episode
     */
    explicit GymSession(uint32_t nSteps);

    GymSession(const GymSession&) = delete; // the simulation holds its address
    GymSession& operator=(const GymSession&) = delete;

    /**
     * @brief A step has ended: tell the state, act as the agent answers; end after the last.
     * @param step its number, from 0
     */
    void EndStep(uint32_t step);

    /**
     * @brief Simulate.
     * @param record what the agent sees
     * @param knobs what it may set
     * @param printsCost whether to say at the end, on stderr, what the run cost
     * @return what main is to return
     */
    int Run(GymRecord& record, GymKnobs& knobs, bool printsCost);

  private:
    uint32_t m_nSteps;       //!< actions in an episode
    Ptr<GymInterface> m_gym; //!< to the agent
};

} // namespace ns3

#endif // GYM_SESSION_H

// SPDX-License-Identifier: GPL-2.0-only

#include "gym-session.h"

#include "gym-run-cost.h"

#include "ns3/simulator.h"

#include <iostream>

namespace ns3
{

GymSession::GymSession(uint32_t nSteps)
    : m_nSteps(nSteps),
      m_gym(CreateObject<GymInterface>())
{
}

void
GymSession::EndStep(uint32_t step)
{
    if (step < m_nSteps)
    {
        m_gym->NotifyCurrentState();
    }
    else
    {
        m_gym->NotifySimulationEnd();
        Simulator::Stop();
    }
}

int
GymSession::Run(GymRecord& record, GymKnobs& knobs, bool printsCost)
{
    m_gym->SetObservationCallbacks(MakeCallback(&GymRecord::GetSpace, &record),
                                   MakeCallback(&GymRecord::GetData, &record));
    m_gym->SetActionCallbacks(MakeCallback(&GymKnobs::GetSpace, &knobs),
                              MakeCallback(&GymKnobs::Execute, &knobs));
    if (m_gym->Init())
    {
        const GymRunCost cost;
        Simulator::Run();
        if (printsCost)
        {
            cost.Print(std::cerr);
        }
    }
    const auto exitCode = m_gym->GetExitCode();
    m_gym->Dispose();
    return exitCode;
}

} // namespace ns3

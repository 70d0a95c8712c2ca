// SPDX-License-Identifier: GPL-2.0-only

#include "gym-run-cost.h"

#include "ns3/simulator.h"

#include <cstdint>
#include <fstream>
#include <string>

namespace ns3
{

namespace
{

/**
 * @return most memory that this process has had in use (KiB); 0 where the system does not tell
 */
uint64_t
GetPeakMemoryKib()
{
    std::ifstream status("/proc/self/status");
    uint64_t peak = 0;
    for (std::string word; status >> word;)
    {
        if (word == "VmHWM:")
        {
            status >> peak;
        }
    }
    return peak;
}

} // namespace

void
GymRunCost::Print(std::ostream& stream) const
{
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - m_start;
    stream << "{\"simulated_s\": " << Simulator::Now().GetSeconds()
           << ", \"wall_s\": " << wall.count()
           << ", \"cpu_s\": " << static_cast<double>(std::clock() - m_cpuStart) / CLOCKS_PER_SEC
           << ", \"events\": " << Simulator::GetEventCount()
           << ", \"memory_kib\": " << GetPeakMemoryKib() << "}" << std::endl;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#ifndef GYM_RUN_COST_H
#define GYM_RUN_COST_H

#include <chrono>
#include <ctime>
#include <ostream>

namespace ns3
{

/**
 * @brief What a run costs, from the creation of this object on; `nru bench ns3` reads it.
 */
class GymRunCost
{
  public:
    /**
     * @brief Say what has been simulated, and at which cost, as a line of JSON.
     * @param stream where to print
     */
    void Print(std::ostream& stream) const;

  private:
    std::chrono::steady_clock::time_point m_start{std::chrono::steady_clock::now()}; //!< wall
    std::clock_t m_cpuStart{std::clock()};                                           //!< CPU time
};

} // namespace ns3

#endif // GYM_RUN_COST_H

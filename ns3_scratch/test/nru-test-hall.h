// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_TEST_HALL_H
#define NRU_TEST_HALL_H

#include "nru-network.h"

#include "ns3/config.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <functional>
#include <string>

namespace ns3
{

/**
 * @ingroup nru-tests
 * @brief A network that runs for some steps and calls back at the end of each.
 */
class Hall
{
  public:
    Hall()
        : network(CreateObject<NruNetwork>())
    {
        network->SetAttribute("WarmUpPeriods", UintegerValue(0)); // steps from the start
    }

    /**
     * @brief Set the default of an attribute for as long as this hall exists.
     * @param name of the attribute, with its class
     * @param value to set
     */
    void Set(const std::string& name, const AttributeValue& value)
    {
        Config::SetDefault(name, value);
    }

    ~Hall()
    {
        network->Dispose();
        Simulator::Destroy();
        Config::Reset();
    }

    /**
     * @param seed run of the random streams
     * @param steps to simulate
     * @param atStep called at the end of each
     */
    void Run(uint32_t seed, uint32_t steps, std::function<void(uint32_t)> atStep)
    {
        RngSeedManager::SetRun(seed);
        m_atStep = std::move(atStep);
        network->Build(MakeCallback(&Hall::EndStep, this));
        Simulator::Stop(network->GetSibxPeriod() * int64_t{steps} + NanoSeconds(1));
        Simulator::Run();
    }

    /**
     * @return the sum of all UEs' counters
     */
    NruGbrBearer::Counters GetTotals() const
    {
        NruGbrBearer::Counters sum;
        for (const auto& ue : network->GetUes())
        {
            ue->GetBearer()->Update();
            const auto counters = ue->GetBearer()->GetCounters();
            sum.offered += counters.offered;
            sum.delivered += counters.delivered;
            sum.dropped += counters.dropped;
            sum.queued += counters.queued;
        }
        return sum;
    }

    Ptr<NruNetwork> network; //!< set its attributes before Run()

  private:
    /**
     * @param step that ends
     */
    void EndStep(uint32_t step)
    {
        m_atStep(step);
    }

    std::function<void(uint32_t)> m_atStep; //!< at the end of each step
};

} // namespace ns3

#endif // NRU_TEST_HALL_H

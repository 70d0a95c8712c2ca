// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_TEST_HALL_H
#define NRU_TEST_HALL_H

#include "nru-airtime-watch.h"
#include "nru-network.h"

#include "ns3/abort.h"
#include "ns3/config.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru-tests
 * @brief A network that runs for some steps and calls back at the end of each.
 *
 * In every run, at every step, airtime and bytes are conserved.
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
        m_lastStep = steps - 1;
        network->Build(MakeCallback(&Hall::EndStep, this));
        for (const auto& gnb : network->GetGnbs())
        {
            m_watches.push_back(std::make_unique<AirtimeWatch>(gnb));
        }
        Simulator::Run();
        CheckConservation();
    }

    /**
     * @param gnb index
     * @return accounts of its time
     */
    const AirtimeWatch& GetWatch(uint32_t gnb) const
    {
        return *m_watches.at(gnb);
    }

    /**
     * @param a index of a gNB
     * @param b index of another, or the same
     * @return gain between them (dB)
     */
    double GetGnbGainDb(uint32_t a, uint32_t b) const
    {
        const auto get = [this](uint32_t i) {
            return network->GetGnbs().at(i)->GetPhy()->GetMobility();
        };
        return 10 * std::log10(network->GetPathGain()->Get(get(a), get(b)));
    }

    /**
     * @return the sum of all UEs' counters
     */
    NrGbrBearer::Counters GetTotals() const
    {
        NrGbrBearer::Counters sum;
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
        CheckConservation();
        m_atStep(step);
        if (step == m_lastStep)
        {
            Simulator::Stop(NanoSeconds(1));
        }
    }

    /// Stop if airtime or bytes have appeared or vanished.
    void CheckConservation() const
    {
        for (uint32_t i = 0; i < m_watches.size(); ++i)
        {
            NS_ABORT_MSG_UNLESS(m_watches[i]->GetImbalance().IsZero(),
                                "gNB " << i << ": on the air + heard busy + idle - time = "
                                       << m_watches[i]->GetImbalance().As(Time::US));
        }
        const auto totals = GetTotals();
        NS_ABORT_MSG_UNLESS(totals.offered == totals.delivered + totals.dropped + totals.queued,
                            totals.offered << " bytes offered are not " << totals.delivered
                                           << " delivered + " << totals.dropped << " dropped + "
                                           << totals.queued << " queued");
    }

    std::function<void(uint32_t)> m_atStep;               //!< at the end of each step
    uint32_t m_lastStep{0};                               //!< when to stop
    std::vector<std::unique_ptr<AirtimeWatch>> m_watches; //!< by gNB
};

} // namespace ns3

#endif // NRU_TEST_HALL_H

// SPDX-License-Identifier: GPL-2.0-only

#include "slice-edge-host.h"
#include "test-compat.h"

#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <functional>
#include <vector>

using namespace ns3;

namespace
{

constexpr double CAPACITY = 1000; //!< work a second
constexpr double JOB = 5;         //!< work
constexpr uint32_t LIMIT = 20;    //!< jobs

/**
 * @ingroup slices-tests
 * @brief Poisson arrivals at a share of their own: the queue M/D/1.
 */
class PoissonTestCase : public TestCase
{
  public:
    PoissonTestCase()
        : TestCase("Edge host: mean wait of jobs that arrive by chance (Pollaczek-Khinchine)")
    {
    }

  private:
    void DoRun() override
    {
        constexpr double SHARE = 0.5;
        constexpr double SERVICE_S = JOB / (SHARE * CAPACITY);
        constexpr double LOAD = 0.6;
        constexpr double WAIT_S = LOAD * SERVICE_S / (2 * (1 - LOAD));
        SliceEdgeHost host(2, {CAPACITY, JOB, 1000000, true});
        host.SetShare(0, SHARE);
        host.SetShare(1, 1 - SHARE);
        host.SetDemand(1, 400); // another's jobs take nothing away
        auto interval = CreateObject<ExponentialRandomVariable>();
        interval->SetStream(1);
        auto waited = 0.0;
        uint32_t jobs = 0;
        std::function<void()> arrive = [&] {
            host.Update();
            waited += host.GetCounters(0).queued / (SHARE * CAPACITY);
            ++jobs;
            host.Submit(0);
            Simulator::Schedule(Seconds(interval->GetValue(SERVICE_S / LOAD, 0)),
                                [&] { arrive(); });
        };
        Simulator::ScheduleNow([&] { arrive(); });
        Simulator::Stop(Seconds(1000));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_GT(jobs, 50000, "jobs");
        NS_TEST_EXPECT_MSG_EQ_TOL(waited / jobs, WAIT_S, 0.04 * WAIT_S, "mean wait (s)");
        Simulator::Destroy();
    }
};

/**
 * @ingroup slices-tests
 * @brief Shares, reserved or not, a queue's limit, and the balance of work.
 */
class SharesTestCase : public TestCase
{
  public:
    SharesTestCase()
        : TestCase("Edge host: shares of work, what is left over, full queues, balance")
    {
    }

  private:
    /**
     * @param isReserved whether a share is all that a UE gets
     * @param demands of three UEs with shares of 0.2, 0.4 and 0 (work/s)
     * @return what is done for each in a second, when queues have filled
     */
    std::vector<double> Work(bool isReserved, const std::vector<double>& demands)
    {
        SliceEdgeHost host(3, {CAPACITY, JOB, LIMIT, isReserved});
        host.SetShare(0, 0.2);
        host.SetShare(1, 0.4);
        for (uint32_t ue = 0; ue < 3; ++ue)
        {
            host.SetPhase(ue, 0.3);
            host.SetDemand(ue, demands[ue]);
        }
        std::vector<double> done(3);
        const auto measure = [&](double sign) {
            host.Update();
            for (uint32_t ue = 0; ue < 3; ++ue)
            {
                const auto counters = host.GetCounters(ue);
                done[ue] += sign * counters.done;
                NS_TEST_EXPECT_MSG_EQ_TOL(counters.offered,
                                          counters.done + counters.dropped + counters.queued,
                                          1e-6,
                                          "balance");
                NS_TEST_EXPECT_MSG_LT_OR_EQ(counters.queued, LIMIT * JOB, "limit of the queue");
            }
        };
        Simulator::Schedule(Seconds(10), [&] { measure(-1); });
        Simulator::Schedule(Seconds(11), [&] { measure(1); });
        Simulator::Run();
        Simulator::Destroy();
        return done;
    }

    /**
     * @param actual what was done
     * @param expected what should have been
     * @param what is compared
     */
    void Compare(const std::vector<double>& actual,
                 const std::vector<double>& expected,
                 const char* what)
    {
        for (uint32_t ue = 0; ue < 3; ++ue)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(actual[ue], expected[ue], JOB + 0.001, what << ", UE " << ue);
        }
    }

    void DoRun() override
    {
        Compare(Work(true, {900, 900, 900}), {200, 400, 0}, "reserved, in overload");
        Compare(Work(true, {100, 900, 0}), {100, 400, 0}, "reserved, what is left stays idle");
        Compare(Work(false, {900, 900, 900}), {1000 / 3.0, 2000 / 3.0, 0}, "shared by shares");
        Compare(Work(false, {100, 2000, 0}), {100, 900, 0}, "what others leave");
        Compare(Work(false, {0, 700, 0}), {0, 700, 0}, "no more than there is");
    }
};

/// Tests of edge hosts.
class SlicesEdgeHostTestSuite : public TestSuite
{
  public:
    SlicesEdgeHostTestSuite()
        : TestSuite("slices-edge-host", NRU_TEST_UNIT)
    {
        AddTestCase(new PoissonTestCase, NRU_TEST_QUICK);
        AddTestCase(new SharesTestCase, NRU_TEST_QUICK);
    }
};

const SlicesEdgeHostTestSuite g_slicesEdgeHostTestSuite; //!< registers itself

} // namespace

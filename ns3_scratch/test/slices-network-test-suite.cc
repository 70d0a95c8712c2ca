// SPDX-License-Identifier: GPL-2.0-only

#include "slice-demand.h"
#include "slice-network.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <functional>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t SITES = 2;       //!< of every test
constexpr uint32_t UES = 6;         //!< of each site, two a slice
constexpr uint32_t N = SITES * UES; //!< UEs
constexpr double RATE_BPS = 50e6;   //!< of the whole carrier, as admission has it
constexpr double DEMAND_BPS = 12e6; //!< in the mean: 1.44 times what a site has
constexpr double STEP_S = 0.1;      //!< length of a step

/**
 * @param get gives a number by index
 * @param n how many
 * @return list, as a flag has it
 */
std::string
Spell(const std::function<double(uint32_t)>& get, uint32_t n = N)
{
    std::string list;
    for (uint32_t i = 0; i < n; ++i)
    {
        list += (i > 0 ? ":" : "") + std::to_string(get(i));
    }
    return list;
}

/**
 * @param isReserved whether a guaranteed rate bounds a UE
 * @param fading none or rayleigh
 * @param change probability times 2^32 that a demand is drawn anew
 * @return two sites in overload of both resources
 */
Ptr<SliceScenario>
MakeScenario(bool isReserved, const std::string& fading, uint64_t change = 0)
{
    auto scenario = CreateObject<SliceScenario>();
    const auto set = [&scenario](const char* name, const AttributeValue& value) {
        scenario->SetAttribute(name, value);
    };
    const auto list = [&set](const char* name, const std::function<double(uint32_t)>& get) {
        set(name, StringValue(Spell(get)));
    };
    set("Steps", UintegerValue(9));
    set("NSites", UintegerValue(SITES));
    set("UesPerSite", UintegerValue(UES));
    set("IsReserved", BooleanValue(isReserved));
    set("Fading", StringValue(fading));
    set("DemandChange", UintegerValue(change));
    list("Slices", [](uint32_t u) { return u % UES / 2; });
    list("MeanSnrDb", [](uint32_t u) { return 18 + u; });
    list("MeanRateBps", [](uint32_t) { return RATE_BPS; });
    list("DemandBps", [](uint32_t) { return DEMAND_BPS; });
    list("CpuDemand", [](uint32_t) { return 4000; });
    set("DemandLevels",
        StringValue(Spell([](uint32_t i) { return 0.5 + i / 63.0; }, SliceDemand::N_LEVELS)));
    scenario->Parse();
    return scenario;
}

/**
 * @param scenario what to play
 * @param seed of the run
 * @param step called at the end of each step
 */
void
Play(Ptr<const SliceScenario> scenario,
     uint32_t seed,
     const std::function<void(SliceNetwork&, uint32_t)>& step)
{
    const auto before = RngSeedManager::GetRun();
    RngSeedManager::SetRun(seed);
    auto network = CreateObject<SliceNetwork>();
    network->Build(scenario, [&](uint32_t number) { step(*network, number); });
    Simulator::Run();
    network->Dispose();
    Simulator::Destroy();
    RngSeedManager::SetRun(before);
}

/**
 * @ingroup slices-tests
 * @brief What comes in goes somewhere, in every step and for every UE; no PRB is sent twice.
 */
class BalanceTestCase : public TestCase
{
  public:
    BalanceTestCase()
        : TestCase("Bytes and work balance, resource blocks are those of a step")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* fading : {"none", "rayleigh"})
        {
            std::vector<double> bytes(N);
            std::vector<double> work(N);
            auto dropped = 0.0;
            Play(MakeScenario(false, fading, 1ULL << 31), 1, [&](auto& network, uint32_t) {
                std::vector<double> prbs(SITES);
                for (uint32_t u = 0; u < N; ++u)
                {
                    const auto& step = network.GetUe(u).counts.Get();
                    bytes[u] += step.offeredBytes - step.deliveredBytes - step.droppedBytes;
                    NS_TEST_EXPECT_MSG_EQ(bytes[u], step.queuedBytes, "bytes that wait");
                    work[u] += step.cpuOffered - step.cpuDone - step.cpuDropped;
                    NS_TEST_EXPECT_MSG_EQ_TOL(work[u], step.cpuQueued, 1e-6, "work that waits");
                    prbs[u / UES] += step.prbs;
                    dropped += step.droppedBytes;
                    auto received = 0.0;
                    for (const auto count : step.delays)
                    {
                        received += count;
                    }
                    const auto size = network.GetScenario().GetPacketBytes(u % UES / 2);
                    NS_TEST_EXPECT_MSG_EQ(received * size, step.deliveredBytes, "delays");
                }
                for (const auto sum : prbs)
                {
                    NS_TEST_EXPECT_MSG_LT_OR_EQ(sum, network.GetPrbs(), "resource blocks");
                    NS_TEST_EXPECT_MSG_GT(sum, 0.5 * network.GetPrbs(), "busy");
                }
            });
            NS_TEST_EXPECT_MSG_GT(dropped, 0, "in overload");
        }
    }
};

/**
 * @ingroup slices-tests
 * @brief A guaranteed rate is admitted, kept in overload, and bounds a UE where it is reserved.
 */
class GuaranteeTestCase : public TestCase
{
  public:
    GuaranteeTestCase()
        : TestCase("Guaranteed rates: admission, in overload, reserved or not")
    {
    }

  private:
    /**
     * @param isReserved whether guaranteed rates bound UEs
     * @param gfbrs by UE of a site (bit/s)
     * @return delivered in the last five steps by UE (bit/s)
     */
    std::vector<double> Deliver(bool isReserved, const std::vector<double>& gfbrs)
    {
        std::vector<double> delivered(N);
        Play(MakeScenario(isReserved, "none"), 1, [&](auto& network, uint32_t number) {
            for (uint32_t u = 0; u < N; ++u)
            {
                network.SetGfbr(u, gfbrs[u % UES]);
                network.SetCpuShare(u, 0.5);
                const auto bytes = network.GetUe(u).counts.Get().deliveredBytes;
                delivered[u] += number >= 5 ? bytes * 8 / (5 * STEP_S) : 0;
                if (number > 0)
                {
                    NS_TEST_EXPECT_MSG_EQ_TOL(network.GetUe(u).cpu.admitted,
                                              1.0 / UES,
                                              1e-12,
                                              "CPU");
                }
            }
        });
        return delivered;
    }

    void DoRun() override
    {
        // the first UE of a slice asks for more than the second; a site has 50 Mb/s to promise
        const std::vector<double> gfbrs{5e6, 1e6, 5e6, 1e6, 5e6, 1e6};
        const auto reserved = Deliver(true, gfbrs);
        const auto shared = Deliver(false, gfbrs);
        for (uint32_t u = 0; u < N; ++u)
        {
            const auto gfbr = gfbrs[u % UES];
            NS_TEST_EXPECT_MSG_EQ_TOL(reserved[u], gfbr, 0.05 * gfbr, "bounded, UE " << u);
            NS_TEST_EXPECT_MSG_GT(shared[u], 0.95 * gfbr, "guaranteed, UE " << u);
        }
        NS_TEST_EXPECT_MSG_GT(shared[1], 2e6, "and a share of what is left");
        const auto scaled = Deliver(true, std::vector<double>(UES, 25e6)); // three times too much
        for (uint32_t u = 0; u < N; ++u)
        {
            NS_TEST_EXPECT_MSG_LT(scaled[u], RATE_BPS / UES * 1.02, "admitted, UE " << u);
        }
    }
};

/**
 * @ingroup slices-tests
 * @brief The levels of demands, and that a seed decides on everything.
 */
class SeedTestCase : public TestCase
{
  public:
    SeedTestCase()
        : TestCase("Demands by their hash; the same seed, the same bytes")
    {
    }

  private:
    /**
     * @param seed of a run
     * @return what was delivered, by step and UE
     */
    static std::vector<double> Deliver(uint32_t seed)
    {
        std::vector<double> delivered;
        Play(MakeScenario(false, "rayleigh", 1ULL << 30), seed, [&](auto& network, uint32_t) {
            for (uint32_t u = 0; u < N; ++u)
            {
                delivered.push_back(network.GetUe(u).counts.Get().deliveredBytes);
            }
        });
        return delivered;
    }

    void DoRun() override
    {
        SliceDemand::Levels levels{};
        for (uint32_t i = 0; i < levels.size(); ++i)
        {
            levels[i] = i;
        }
        constexpr uint32_t UES_DRAWN = 5000;
        SliceDemand demand(1, UES_DRAWN, levels, 1ULL << 30); // a quarter changes in a step
        demand.Advance(0);
        std::vector<double> first;
        auto sum = 0.0;
        for (uint32_t u = 0; u < UES_DRAWN; ++u)
        {
            first.push_back(demand.GetLevel(u, 0));
            sum += first.back();
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(sum / UES_DRAWN, 31.5, 1, "levels are alike");
        demand.Advance(1);
        auto changed = 0;
        for (uint32_t u = 0; u < UES_DRAWN; ++u)
        {
            changed += demand.GetLevel(u, 0) != first[u];
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(changed, UES_DRAWN / 4.0 * 63 / 64, 100, "and change at times");

        const auto run = Deliver(3);
        NS_TEST_EXPECT_MSG_EQ((run == Deliver(3)), true, "the same seed");
        NS_TEST_EXPECT_MSG_EQ((run == Deliver(4)), false, "another seed");
    }
};

/// Tests of the sliced network.
class SlicesNetworkTestSuite : public TestSuite
{
  public:
    SlicesNetworkTestSuite()
        : TestSuite("slices-network", NRU_TEST_UNIT)
    {
        AddTestCase(new BalanceTestCase, NRU_TEST_QUICK);
        AddTestCase(new GuaranteeTestCase, NRU_TEST_QUICK);
        AddTestCase(new SeedTestCase, NRU_TEST_QUICK);
    }
};

const SlicesNetworkTestSuite g_slicesNetworkTestSuite; //!< registers itself

} // namespace

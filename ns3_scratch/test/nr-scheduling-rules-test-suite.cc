// SPDX-License-Identifier: GPL-2.0-only

#include "nr-block-fading.h"
#include "nr-carrier.h"
#include "nr-scheduler.h"
#include "test-compat.h"

#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"

#include <algorithm>
#include <optional>
#include <vector>

using namespace ns3;

namespace
{

const Time SLOT = NanoSeconds(NrCarrier::SLOT_NS);

/// What flows got that always have something to send.
struct Shares
{
    std::vector<uint32_t> slots; //!< by flow
    std::vector<uint64_t> bytes; //!< by flow
    double rate{0.0};            //!< of whoever was served, in the mean
};

/**
 * @brief Share out slots between flows of the same MCS that always fill them.
 * @param rule who is served first
 * @param rates of flows: what the rule goes by, in the mean over fading
 * @param nSlots number of slots
 * @param fading multiplies rates: rate is linear in SNR; null: none
 * @return what they got
 */
Shares
Serve(const std::string& rule,
      const std::vector<double>& rates,
      uint32_t nSlots,
      std::optional<NrBlockFading> fading = std::nullopt)
{
    auto scheduler = CreateObject<NrScheduler>();
    scheduler->SetAttribute("Rule", StringValue(rule));
    scheduler->SetAttribute("Window", TimeValue(Seconds(1))); // long beside a block of fading
    std::vector<NrFlow> flows(rates.size());
    for (uint32_t ue = 0; ue < flows.size(); ++ue)
    {
        flows[ue].ue = ue;
        flows[ue].mcs = 10;
        flows[ue].bearer = CreateObject<NrGbrBearer>();
        flows[ue].bearer->Start(100e6, 0);
    }
    Shares shares{std::vector<uint32_t>(rates.size()), std::vector<uint64_t>(rates.size()), 0};
    for (uint32_t slot = 1; slot <= nSlots; ++slot)
    {
        Simulator::Schedule(SLOT * slot, [&] {
            if (fading)
            {
                fading->Advance(Simulator::Now());
            }
            for (uint32_t ue = 0; ue < flows.size(); ++ue)
            {
                flows[ue].fullBandRate = rates[ue] * (fading ? fading->GetGain(ue) : 1.0);
            }
            for (const auto& sent : scheduler->Schedule(flows, 12))
            {
                flows[sent.ue].bearer->Deliver(sent.block.data);
                ++shares.slots[sent.ue];
                shares.bytes[sent.ue] += sent.block.data.bytes;
                shares.rate += flows[sent.ue].fullBandRate / nSlots;
            }
        });
    }
    Simulator::Run();
    Simulator::Destroy();
    return shares;
}

/**
 * @param nUes number of UEs
 * @return Rayleigh fading that is drawn anew in each slot
 */
NrBlockFading
MakeRayleigh(uint32_t nUes)
{
    NrBlockFading fading(nUes, SLOT, 1);
    fading.AssignStreams(1);
    return fading;
}

/**
 * @ingroup nr-tests
 * @brief What proportional fairness wins by fading, and that it wins nothing without.
 */
class MultiuserDiversityTestCase : public TestCase
{
  public:
    MultiuserDiversityTestCase()
        : TestCase("PF over RR: the harmonic number with Rayleigh fading, 1 without")
    {
    }

  private:
    void DoRun() override
    {
        // The mean of the largest of K exponentials is 1 + 1/2 + ... + 1/K.
        constexpr uint32_t SLOTS = 12000;
        for (const auto& [n, harmonic] : {std::pair{2U, 1.5}, std::pair{6U, 2.45}})
        {
            const std::vector<double> rates(n, 1e7);
            const auto fair = Serve("pf", rates, SLOTS, MakeRayleigh(n));
            const auto turns = Serve("rr", rates, SLOTS, MakeRayleigh(n));
            NS_TEST_EXPECT_MSG_EQ_TOL(fair.rate / turns.rate, harmonic, 0.04 * harmonic, "gain");
            const auto most = *std::max_element(fair.slots.begin(), fair.slots.end());
            NS_TEST_EXPECT_MSG_EQ_TOL(most, SLOTS / n, 0.05 * SLOTS / n, "shares of slots");
            const auto flat = Serve("pf", rates, 600);
            NS_TEST_EXPECT_MSG_EQ((flat.bytes == Serve("rr", rates, 600).bytes),
                                  true,
                                  "bytes without fading");
        }
    }
};

/**
 * @ingroup nr-tests
 * @brief How rules treat flows of different rates.
 */
class RatesTestCase : public TestCase
{
  public:
    RatesTestCase()
        : TestCase("Rules: turns, equal airtime, and the highest rate")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<double> rates{1e7, 2e7, 1e6};
        const auto count = [&rates](const char* rule) { return Serve(rule, rates, 600).slots; };
        NS_TEST_EXPECT_MSG_EQ((count("rr") == std::vector<uint32_t>{200, 200, 200}), true, "rr");
        NS_TEST_EXPECT_MSG_EQ((count("max-rate") == std::vector<uint32_t>{0, 600, 0}),
                              true,
                              "max-rate");
        // alike blocks, so that rates over average rates balance where airtimes are as rates
        const auto fair = count("pf");
        NS_TEST_EXPECT_MSG_EQ_TOL(fair[1] / static_cast<double>(fair[0]), 2.0, 0.05, "pf");
    }
};

/// Tests of the rules that a scheduler goes by.
class NrSchedulingRulesTestSuite : public TestSuite
{
  public:
    NrSchedulingRulesTestSuite()
        : TestSuite("nr-scheduling-rules", NRU_TEST_UNIT)
    {
        AddTestCase(new MultiuserDiversityTestCase, NRU_TEST_QUICK);
        AddTestCase(new RatesTestCase, NRU_TEST_QUICK);
    }
};

const NrSchedulingRulesTestSuite g_nrSchedulingRulesTestSuite; //!< registers itself

} // namespace

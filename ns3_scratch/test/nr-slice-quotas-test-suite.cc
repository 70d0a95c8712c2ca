// SPDX-License-Identifier: GPL-2.0-only

#include "nr-carrier.h"
#include "nr-scheduler.h"
#include "nr-transport-block.h"
#include "test-compat.h"

#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"

#include <array>
#include <set>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nr-tests
 * @brief Quotas of three slices, in resource blocks of every slot.
 */
class QuotasTestCase : public TestCase
{
  public:
    QuotasTestCase()
        : TestCase("Slice quotas: dedicated, minimum and maximum hold in every slot")
    {
    }

  private:
    /// Resource blocks by slice.
    using Prbs = std::array<uint32_t, 3>;

    /**
     * @brief Schedule a slot between two flows of each slice. By the highest rate, slice 0 comes
     * last, and slice 2 first.
     * @param busy slices that have more to send than there is room for
     * @param pending resource blocks of a block of slice 2 that is to be sent again; 0: none
     * @return what slices get
     */
    static Prbs Schedule(const std::set<uint32_t>& busy, uint32_t pending = 0)
    {
        auto scheduler = CreateObject<NrScheduler>();
        scheduler->SetAttribute("Rule", StringValue("max-rate"));
        scheduler->SetPolicy({{0.2, 0.3, 0.5}, {0, 0.2, 1}, {0, 0, 0.3}});
        std::vector<NrFlow> flows;
        for (uint32_t ue = 0; ue < 6; ++ue)
        {
            NrFlow flow;
            flow.ue = ue;
            flow.slice = ue / 2;
            flow.mcs = static_cast<int>(4 + 4 * flow.slice);
            flow.fullBandRate = NrTransportBlock::LookUpSize(flow.mcs, 51, 12) * 2000.0;
            flow.bearer = CreateObject<NrGbrBearer>();
            flow.bearer->Start(busy.count(flow.slice) ? 100e6 : 1, 0.9);
            flows.push_back(flow);
        }
        if (pending > 0)
        {
            NrHarqProcess process;
            process.resource = pending * 11;
            flows[5].retransmissions.push_back(process);
        }
        Prbs prbs{};
        Simulator::Schedule(MilliSeconds(10), [&] {
            for (const auto& sent : scheduler->Schedule(flows, 12))
            {
                prbs[flows[sent.ue].slice] += sent.nPrb;
            }
        });
        Simulator::Run();
        Simulator::Destroy();
        return prbs;
    }

    void DoRun() override
    {
        // of 51: dedicated 10, minima 15 and 10, maxima 25, 51 and 15
        const auto expect = [this](const Prbs& prbs, const Prbs& expected, const char* what) {
            NS_TEST_EXPECT_MSG_EQ((prbs == expected), true, what);
        };
        expect(Schedule({0, 1, 2}), {15, 21, 15}, "minima first, the rest by rate, to the maximum");
        expect(Schedule({0}), {25, 0, 0}, "no more than the maximum, whatever is free");
        expect(Schedule({1}), {0, 41, 0}, "nothing of what is dedicated to others");
        expect(Schedule({2}), {0, 0, 15}, "a maximum without a minimum");
        expect(Schedule({1, 2}),
               {0, 26, 15},
               "others' minimum that is not used, but for dedicated");
        expect(Schedule({0, 1}, 12), {15, 24, 12}, "a retransmission goes first");
        expect(Schedule({0, 1}, 16), {15, 36, 0}, "but not beyond its slice's maximum");
    }
};

/// Tests of slice quotas.
class NrSliceQuotasTestSuite : public TestSuite
{
  public:
    NrSliceQuotasTestSuite()
        : TestSuite("nr-slice-quotas", NRU_TEST_UNIT)
    {
        AddTestCase(new QuotasTestCase, NRU_TEST_QUICK);
    }
};

const NrSliceQuotasTestSuite g_nrSliceQuotasTestSuite; //!< registers itself

} // namespace

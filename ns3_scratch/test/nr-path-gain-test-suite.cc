// SPDX-License-Identifier: GPL-2.0-only

#include "nr-path-gain.h"
#include "nru-propagation.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"

#include <cmath>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nr-tests
 * @brief A loss of 1 dB a metre that counts how often it is asked.
 */
class CountingLossModel : public PropagationLossModel
{
  public:
    mutable uint32_t calls{0}; //!< so far

  private:
    double
    DoCalcRxPower(double txPowerDbm, Ptr<MobilityModel> a, Ptr<MobilityModel> b) const override
    {
        ++calls;
        return txPowerDbm - a->GetDistanceFrom(b);
    }

    int64_t DoAssignStreams(int64_t) override
    {
        return 0;
    }
};

/**
 * @param position (m)
 * @return a node's mobility that stays there
 */
Ptr<MobilityModel>
CreateAt(const Vector& position)
{
    auto mobility = CreateObject<ConstantPositionMobilityModel>();
    mobility->SetPosition(position);
    CreateObject<Node>()->AggregateObject(mobility);
    return mobility;
}

/**
 * @ingroup nr-tests
 * @brief A gain is computed when it is not known or an end has moved, and only then.
 */
class CacheTestCase : public TestCase
{
  public:
    CacheTestCase()
        : TestCase("Gains are kept while both ends stand still, and are those of the model")
    {
    }

  private:
    void DoRun() override
    {
        const auto model = CreateObject<CountingLossModel>();
        const auto gains = CreateObject<NrPathGain>();
        gains->SetPropagationLossModel(model);
        const auto a = CreateAt({0, 0, 0});
        const auto b = CreateAt({20, 0, 0});
        const auto c = CreateAt({0, 30, 0});
        const auto check = [&](Ptr<MobilityModel> from, Ptr<MobilityModel> to, double lossDb) {
            NS_TEST_EXPECT_MSG_EQ_TOL(10 * std::log10(gains->Get(from, to)),
                                      -lossDb,
                                      1e-12,
                                      "gain");
        };
        const auto checkCalls = [&](uint32_t expected, const char* what) {
            NS_TEST_EXPECT_MSG_EQ(std::exchange(model->calls, 0), expected, what);
        };
        check(a, b, 20);
        check(c, a, 30);
        NS_TEST_EXPECT_MSG_GT(std::exchange(model->calls, 0), 1, "two links are new");
        for (int i = 0; i < 3; ++i)
        {
            check(a, b, 20);
            check(b, a, 20);
            check(a, c, 30);
        }
        checkCalls(0, "nobody has moved");
        b->SetPosition({20.001, 0, 0});
        gains->Refresh();
        check(b, a, 20.001);
        check(a, b, 20.001);
        check(a, c, 30);
        checkCalls(1, "one end of one link has moved");
        a->SetPosition({0, 0, 1});
        gains->Refresh();
        check(a, c, std::hypot(30, 1));
        check(a, b, std::hypot(20.001, 1));
        checkCalls(2, "an end of both links has moved");

        gains->SetAttribute("UpdateDistance", DoubleValue(1.0));
        a->SetPosition({0, 0, 0});
        b->SetPosition({20.9, 0, 0});
        gains->Refresh();
        check(a, b, std::hypot(20.001, 1));
        checkCalls(0, "not farther than the distance");
        b->SetPosition({21.1, 0, 0});
        gains->Refresh();
        check(a, b, 21.1);
        checkCalls(1, "farther than the distance");
        Simulator::Destroy();
    }
};

/**
 * @ingroup nr-tests
 * @brief Along a UE's path shadowing is correlated by exp(-d / 10 m) in line of sight (TR 38.901
 * clause 7.4.4, Table 7.5-6), with a standard deviation of 3 dB.
 */
class ShadowingTestCase : public TestCase
{
  public:
    ShadowingTestCase()
        : TestCase("Shadowing is correlated along a path, also from the first position on")
    {
    }

  private:
    /// Links to average over.
    static constexpr uint32_t N_LINKS = 3000;

    /**
     * @param step between the two positions (m)
     * @return shadowing at both, in dB, by link
     */
    static std::vector<std::pair<double, double>> GetShadowing(double step)
    {
        // up to 5 m InH-Open is in line of sight (TR 38.901 Table 7.4.2-1)
        const Vector start{1, 1, 1.5};
        const Vector end{1 + step, 1, 1.5};
        const auto gnb = CreateAt({1, 1, 3});
        const auto getLoss = [](const Vector& at) {
            const auto d = std::hypot(at.x - 1, at.y - 1, at.z - 3);
            return 32.4 + 17.3 * std::log10(d) + 20 * std::log10(5.2);
        };
        const auto propagation = CreateObject<NruPropagation>();
        const auto gains = CreateObject<NrPathGain>();
        gains->SetPropagationLossModel(propagation->Create(5.2e9, CreateObject<NruHall>()));
        propagation->AssignStreams(100);
        std::vector<std::pair<double, double>> shadowing;
        std::vector<Ptr<MobilityModel>> ues;
        for (uint32_t i = 0; i < N_LINKS; ++i)
        {
            ues.push_back(CreateAt(start));
            shadowing.emplace_back(gains->GetDb(gnb, ues.back()) + getLoss(start), 0);
            ues.back()->SetPosition(end);
        }
        gains->Refresh();
        for (uint32_t i = 0; i < N_LINKS; ++i)
        {
            shadowing[i].second = gains->GetDb(gnb, ues[i]) + getLoss(end);
        }
        return shadowing;
    }

    void DoRun() override
    {
        for (const double step : {0.5, 2.0, 4.5})
        {
            double square = 0;
            double product = 0;
            for (const auto& [first, second] : GetShadowing(step))
            {
                square += (first * first + second * second) / 2 / N_LINKS;
                product += first * second / N_LINKS;
            }
            NS_TEST_EXPECT_MSG_EQ_TOL(std::sqrt(square), 3.0, 0.12, "standard deviation");
            NS_TEST_EXPECT_MSG_EQ_TOL(product / square,
                                      std::exp(-step / 10),
                                      0.03,
                                      "correlation after " << step << " m");
            Simulator::Destroy();
        }
    }
};

/// Tests of path gains.
class NrPathGainTestSuite : public TestSuite
{
  public:
    NrPathGainTestSuite()
        : TestSuite("nr-path-gain", NRU_TEST_UNIT)
    {
        AddTestCase(new CacheTestCase, NRU_TEST_QUICK);
        AddTestCase(new ShadowingTestCase, NRU_TEST_QUICK);
    }
};

const NrPathGainTestSuite g_nrPathGainTestSuite; //!< registers itself

} // namespace

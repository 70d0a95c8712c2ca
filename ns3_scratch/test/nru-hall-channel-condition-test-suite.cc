// SPDX-License-Identifier: GPL-2.0-only

#include "nr-path-gain.h"
#include "nru-hall-channel-condition-model.h"
#include "nru-network.h"
#include "nru-propagation.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

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

/// Propagation in the default hall of 120 m x 50 m, gNBs at 3 m.
class Links
{
  public:
    /**
     * @param model of propagation
     * @param hasShadowing whether there is shadow fading
     */
    explicit Links(const std::string& model, bool hasShadowing = true)
    {
        const auto propagation = CreateObject<NruPropagation>();
        propagation->SetAttribute("Model", StringValue(model));
        propagation->SetAttribute("Shadowing", BooleanValue(hasShadowing));
        loss = DynamicCast<ThreeGppPropagationLossModel>(
            propagation->Create(5.2e9, CreateObject<NruHall>()));
        propagation->AssignStreams(100);
    }

    /**
     * @param a a node
     * @param b another
     * @return whether they see each other
     */
    bool IsLos(Ptr<const MobilityModel> a, Ptr<const MobilityModel> b) const
    {
        return loss->GetChannelConditionModel()->GetChannelCondition(a, b)->IsLos();
    }

    Ptr<ThreeGppPropagationLossModel> loss; //!< with its condition model
};

/// What the test cases here share.
class ConditionTestCase : public TestCase
{
  public:
    using TestCase::TestCase;

  private:
    void DoTeardown() override
    {
        Simulator::Destroy();
        Config::Reset();
    }
};

/**
 * @ingroup nru-tests
 * @brief Spatially consistent states have the probability of TR 38.901 Table 7.4.2-1 all the same.
 */
class MarginalTestCase : public ConditionTestCase
{
  public:
    MarginalTestCase()
        : ConditionTestCase("A consistent line of sight has the probability of TR 38.901")
    {
    }

  private:
    /**
     * @param model of propagation
     * @param probability expected, by horizontal distance
     */
    void Check(const std::string& model, const std::function<double(double)>& probability)
    {
        constexpr uint32_t DROPS = 4000;
        const Links links(model);
        for (const double d : {4.0, 6.0, 15.0, 33.0, 48.0, 55.0, 90.0})
        {
            uint32_t los = 0;
            for (uint32_t i = 0; i < DROPS; ++i)
            {
                // on a corner of the grid, on an edge, and within: each has the same distribution
                const Vector gnb{10 + (i % 8) * 1.25, 20 + (i % 3) * 2.5, 3};
                const Vector ue{gnb.x + d, gnb.y, 1.5};
                los += i % 2 == 0 ? links.IsLos(CreateAt(gnb), CreateAt(ue))
                                  : links.IsLos(CreateAt(ue), CreateAt(gnb));
            }
            const auto p = probability(d);
            NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(los) / DROPS,
                                      p,
                                      4 * std::sqrt(p * (1 - p) / DROPS) + 1e-12,
                                      model << " at " << d << " m");
        }
    }

    void DoRun() override
    {
        Check("inh-open", [](double d) {
            return d <= 5    ? 1.0
                   : d <= 49 ? std::exp(-(d - 5) / 70.8)
                             : 0.54 * std::exp(-(d - 49) / 211.7);
        });
        Check("inh-mixed", [](double d) {
            return d < 6.5 ? std::exp(-(d - 1.2) / 4.7) : 0.32 * std::exp(-(d - 6.5) / 32.6);
        });
        // k = -d_clutter / ln(1 - r), 10 m and 20 %
        Check("inf-sl", [](double d) { return std::exp(d * std::log(0.8) / 10); });
        Check("inf-hh", [](double) { return 1.0; });
    }
};

/**
 * @ingroup nru-tests
 * @brief The state changes along a walk, but hardly within a metre, and neighbours share it.
 */
class WalkTestCase : public ConditionTestCase
{
  public:
    WalkTestCase()
        : ConditionTestCase("Line of sight changes along a walk, and neighbours share it")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t GNBS = 400;
        const Links links("inh-open");
        const auto ue = CreateObject<ConstantPositionMobilityModel>();
        CreateObject<Node>()->AggregateObject(ue);
        uint32_t changes = 0;
        uint32_t walksThatChange = 0;
        uint32_t nearDiffer = 0;
        uint32_t farBoth = 0;
        uint32_t farOne = 0;
        uint32_t otherGnbDiffers = 0;
        for (uint32_t i = 0; i < GNBS; ++i)
        {
            const auto gnb = CreateAt({60, 10, 3});
            const auto isLos = [&](double x, double y) {
                ue->SetPosition({x, y, 1.5});
                return links.IsLos(gnb, ue);
            };
            const auto before = changes;
            for (int x = 10; x < 110; ++x)
            {
                changes += isLos(x, 40) != isLos(x + 1, 40);
                NS_TEST_EXPECT_MSG_EQ(isLos(x, 40), isLos(x, 40), "a place has one state");
            }
            walksThatChange += changes > before;
            nearDiffer += isLos(90.2, 33) != isLos(90.2, 33.5);
            // 60 m from the gNB both
            farBoth += isLos(0, 10) && isLos(120, 10);
            farOne += isLos(0, 10);
            const auto beside = CreateAt({60, 10, 3});
            otherGnbDiffers += isLos(0, 10) != links.IsLos(beside, ue);
        }
        const auto share = [](uint32_t n, uint32_t of) { return static_cast<double>(n) / of; };
        NS_TEST_EXPECT_MSG_GT(share(walksThatChange, GNBS), 0.9, "walks of 100 m with a change");
        NS_TEST_EXPECT_MSG_GT(share(changes, GNBS), 2.0, "changes in 100 m");
        NS_TEST_EXPECT_MSG_LT(share(changes, GNBS * 100), 0.06, "changes within 1 m");
        NS_TEST_EXPECT_MSG_LT(share(nearDiffer, GNBS), 0.04, "0.5 m apart");
        const auto p = share(farOne, GNBS);
        NS_TEST_EXPECT_MSG_EQ_TOL(share(farBoth, GNBS), p * p, 0.08, "120 m apart: independent");
        NS_TEST_EXPECT_MSG_EQ_TOL(share(otherGnbDiffers, GNBS),
                                  2 * p * (1 - p),
                                  0.1,
                                  "two gNBs: independent");
    }
};

/**
 * @ingroup nru-tests
 * @brief A walking UE's path gain follows its line of sight.
 */
class GainTestCase : public ConditionTestCase
{
  public:
    GainTestCase()
        : ConditionTestCase("Path gains that are refreshed follow the line of sight")
    {
    }

  private:
    void DoRun() override
    {
        const Links links("inh-open", false);
        const auto gains = CreateObject<NrPathGain>();
        gains->SetPropagationLossModel(links.loss);
        uint32_t los = 0;
        uint32_t nlos = 0;
        for (int walk = 0; walk < 10; ++walk)
        {
            const auto gnb = CreateAt({60, 10, 3});
            const auto ue = CreateAt({0, 40, 1.5});
            for (int x = 0; x <= 120; x += 5)
            {
                ue->SetPosition({static_cast<double>(x), 40, 1.5});
                gains->Refresh();
                const auto d = gnb->GetDistanceFrom(ue);
                const auto f = std::log10(5.2);
                const auto isLos = links.IsLos(gnb, ue);
                const auto lossLos = 32.4 + 17.3 * std::log10(d) + 20 * f;
                const auto lossNlos = 17.3 + 38.3 * std::log10(d) + 24.9 * f;
                NS_TEST_EXPECT_MSG_EQ_TOL(gains->GetDb(gnb, ue),
                                          -(isLos ? lossLos : lossNlos),
                                          1e-9,
                                          "gain at " << x << " m");
                ++(isLos ? los : nlos);
            }
        }
        NS_TEST_EXPECT_MSG_GT(los, 20, "in line of sight");
        NS_TEST_EXPECT_MSG_GT(nlos, 20, "without");
    }
};

/**
 * @ingroup nru-tests
 * @brief What the attributes switch, and what is drawn once a link.
 */
class SwitchTestCase : public ConditionTestCase
{
  public:
    SwitchTestCase()
        : ConditionTestCase("Links at the ceiling, and states that are drawn once a link")
    {
    }

  private:
    /**
     * @param model of propagation
     * @param z height of the second node (m)
     * @return of links over 60 m, how many are in line of sight
     */
    static uint32_t CountLos(const std::string& model, double z)
    {
        const Links links(model);
        uint32_t los = 0;
        for (uint32_t i = 0; i < LINKS; ++i)
        {
            los += links.IsLos(CreateAt({30, 25, 3}), CreateAt({90, 25, z}));
        }
        return los;
    }

    void DoRun() override
    {
        const auto p = 0.54 * std::exp(-11 / 211.7); // InH-Open, 60 m
        const auto tolerance = 4 * std::sqrt(p * (1 - p) / LINKS);
        for (const auto* model : {"inh-open", "inh-mixed", "inf-sl", "inf-dh", "inf-hh"})
        {
            NS_TEST_EXPECT_MSG_EQ(CountLos(model, 3.0), LINKS, model << ": at the ceiling");
        }
        Config::SetDefault("ns3::NruHallChannelConditionModel::CeilingLinks", StringValue("drawn"));
        NS_TEST_EXPECT_MSG_EQ_TOL(CountLos("inh-open", 3.0) / (1.0 * LINKS), p, tolerance, "drawn");

        Config::SetDefault("ns3::NruHallChannelConditionModel::LosState", StringValue("drawn"));
        NS_TEST_EXPECT_MSG_EQ_TOL(CountLos("inh-open", 1.5) / (1.0 * LINKS), p, tolerance, "drawn");
        const Links links("inh-open");
        const auto gnb = CreateAt({60, 10, 3});
        for (int walk = 0; walk < 20; ++walk)
        {
            const auto ue = CreateAt({10, 40, 1.5});
            const auto isLos = links.IsLos(gnb, ue);
            for (int x = 11; x <= 110; ++x)
            {
                ue->SetPosition({static_cast<double>(x), 40, 1.5});
                NS_TEST_EXPECT_MSG_EQ(links.IsLos(gnb, ue), isLos, "drawn once a link");
            }
        }
    }

    static constexpr uint32_t LINKS = 2000; //!< to count among
};

/**
 * @ingroup nru-tests
 * @brief Which gNBs of the paper's hall hear each other: ten on a grid, four channels.
 */
class HearingTestCase : public ConditionTestCase
{
  public:
    HearingTestCase()
        : ConditionTestCase("gNBs that see each other hear each other; same seed, same hall")
    {
    }

  private:
    /**
     * @param seed of the hall
     * @return for each pair of gNBs on one channel, the gain between them (dB)
     */
    static std::vector<double> GetGains(uint32_t seed)
    {
        RngSeedManager::SetRun(seed);
        const auto network = CreateObject<NruNetwork>();
        network->SetAttribute("NUes", UintegerValue(10));
        network->Build(MakeNullCallback<void, uint32_t>());
        const auto& gnbs = network->GetGnbs();
        std::vector<double> gains;
        for (std::size_t i = 0; i < gnbs.size(); ++i)
        {
            for (auto j = i + 4; j < gnbs.size(); j += 4)
            {
                gains.push_back(network->GetPathGain()->GetDb(gnbs[i]->GetPhy()->GetMobility(),
                                                              gnbs[j]->GetPhy()->GetMobility()));
            }
        }
        network->Dispose();
        Simulator::Destroy();
        return gains;
    }

    /**
     * @return the share of pairs that hear each other at 23 dBm and -72 dBm, over many halls
     */
    static double GetShare()
    {
        uint32_t pairs = 0;
        uint32_t hear = 0;
        for (uint32_t seed = 1; seed <= 40; ++seed)
        {
            for (const auto gain : GetGains(seed))
            {
                ++pairs;
                hear += 23 + gain >= -72;
            }
        }
        return static_cast<double>(hear) / pairs;
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ((GetGains(3) == GetGains(3)), true, "same seed, same hall");
        NS_TEST_EXPECT_MSG_EQ((GetGains(3) == GetGains(4)), false, "another seed, another hall");
        // 60 m in line of sight: 3.7 standard deviations of shadowing above the threshold at least
        NS_TEST_EXPECT_MSG_GT(GetShare(), 0.99, "in line of sight");
        Config::SetDefault("ns3::NruHallChannelConditionModel::CeilingLinks", StringValue("drawn"));
        NS_TEST_EXPECT_MSG_EQ_TOL(GetShare(), 0.67, 0.1, "drawn");
    }
};

/// Tests of line of sight in the hall.
class NruHallChannelConditionTestSuite : public TestSuite
{
  public:
    NruHallChannelConditionTestSuite()
        : TestSuite("nru-hall-channel-condition", NRU_TEST_UNIT)
    {
        AddTestCase(new MarginalTestCase, NRU_TEST_QUICK);
        AddTestCase(new WalkTestCase, NRU_TEST_QUICK);
        AddTestCase(new GainTestCase, NRU_TEST_QUICK);
        AddTestCase(new SwitchTestCase, NRU_TEST_QUICK);
        AddTestCase(new HearingTestCase, NRU_TEST_QUICK);
    }
};

const NruHallChannelConditionTestSuite g_nruHallChannelConditionTestSuite; //!< registers itself

} // namespace

// SPDX-License-Identifier: GPL-2.0-only
#include "nr-indoor-factory-channel-condition-model.h"
#include "nr-indoor-factory-propagation-loss-model.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/channel-condition-model.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/three-gpp-propagation-loss-model.h"

#include <cmath>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

/// @brief Path loss of one distance, expected values from products of powers instead of logarithms.
struct LossVector
{
    std::string scenario; //!< two letters
    double distance;      //!< 3D distance, m
    double frequency;     //!< carrier, GHz
    double los;           //!< path loss with line of sight, dB
    double nlos;          //!< path loss without, dB
};

const std::vector<LossVector> LOSS_VECTORS = {
    {"SL", 1, 5.2, 45.444064, 47.320067},     {"SL", 3, 5.2, 55.702171, 59.486659},
    {"SL", 10, 5.2, 66.944064, 72.820067},    {"SL", 10, 0.9, 52.470608, 57.584850},
    {"SL", 28, 5.2, 76.557961, 84.222597},    {"SL", 60, 5.2, 83.674315, 92.662924},
    {"SL", 130, 28, 104.785785, 115.848716},  {"SL", 600, 3.5, 101.907545, 114.724218},
    {"SL", 2.5, 60, 74.180584, 78.710495},    {"DL", 1, 5.2, 45.444064, 47.320067},
    {"DL", 3, 5.2, 55.702171, 59.486659},     {"DL", 10, 5.2, 66.944064, 72.820067},
    {"DL", 10, 0.9, 52.470608, 57.584850},    {"DL", 28, 5.2, 76.557961, 84.583609},
    {"DL", 60, 5.2, 83.674315, 96.400067},    {"DL", 130, 28, 104.785785, 123.010938},
    {"DL", 600, 3.5, 101.907545, 128.661361}, {"DL", 2.5, 60, 74.180584, 78.710495},
    {"SH", 1, 5.2, 45.444064, 46.720067},     {"SH", 3, 5.2, 55.702171, 57.693856},
    {"SH", 10, 5.2, 66.944064, 69.720067},    {"SH", 10, 0.9, 52.470608, 54.484850},
    {"SH", 28, 5.2, 76.557961, 80.004702},    {"SH", 60, 5.2, 83.674315, 87.617546},
    {"SH", 130, 28, 104.785785, 109.963858},  {"SH", 600, 3.5, 101.907545, 107.178840},
    {"SH", 2.5, 60, 74.180584, 77.115645},    {"DH", 1, 5.2, 45.444064, 47.950067},
    {"DH", 3, 5.2, 55.702171, 58.399022},     {"DH", 10, 5.2, 66.944064, 69.850067},
    {"DH", 10, 0.9, 52.470608, 54.614850},    {"DH", 28, 5.2, 76.557961, 79.642828},
    {"DH", 60, 5.2, 83.674315, 86.891579},    {"DH", 130, 28, 104.785785, 108.868520},
    {"DH", 600, 3.5, 101.907545, 105.352873}, {"DH", 2.5, 60, 74.180584, 77.907911},
    {"HH", 10, 5.2, 66.944064, 66.944064},    {"HH", 130, 28, 104.785785, 104.785785},
};

/**
 * @brief A node at a place.
 * @param position where, m
 * @return its mobility model
 */
Ptr<MobilityModel>
MakeNode(const Vector& position)
{
    auto mobility = CreateObject<ConstantPositionMobilityModel>();
    CreateObject<Node>()->AggregateObject(mobility);
    mobility->SetPosition(position);
    return mobility;
}

/**
 * @brief A loss model of ours.
 * @param scenario two letters
 * @param frequency carrier, GHz
 * @param los with line of sight always, or never
 * @param shadowing with shadowing
 * @return the model
 */
Ptr<NrIndoorFactoryPropagationLossModel>
MakeLoss(const std::string& scenario, double frequency, bool los, bool shadowing)
{
    auto model = CreateObject<NrIndoorFactoryPropagationLossModel>();
    model->SetAttribute("Scenario", StringValue(scenario));
    model->SetAttribute("Frequency", DoubleValue(frequency * 1e9));
    model->SetAttribute("ShadowingEnabled", BooleanValue(shadowing));
    Ptr<ChannelConditionModel> condition = CreateObject<NeverLosChannelConditionModel>();
    if (los)
    {
        condition = CreateObject<AlwaysLosChannelConditionModel>();
    }
    model->SetChannelConditionModel(condition);
    return model;
}

/// @brief Path loss, through ns-3's own base class.
class NruIndoorFactoryLossTestCase : public TestCase
{
  public:
    NruIndoorFactoryLossTestCase()
        : TestCase("Path loss is that of TR 38.901 Table 7.4.1-1")
    {
    }

  private:
    void DoRun() override
    {
        constexpr double height = 6.5;
        for (const auto& v : LOSS_VECTORS)
        {
            for (bool los : {true, false})
            {
                const auto model = MakeLoss(v.scenario, v.frequency, los, false);
                const bool tilted = v.distance > height;
                const double flat = std::sqrt(v.distance * v.distance - height * height);
                const auto high = MakeNode(Vector(0, 0, 8));
                const auto low = MakeNode(tilted ? Vector(0, flat, 1.5) : Vector(v.distance, 0, 8));
                const double expected = 20 - (los ? v.los : v.nlos);
                const std::string what = v.scenario + (los ? " LOS " : " NLOS ");
                NS_TEST_EXPECT_MSG_EQ_TOL(model->CalcRxPower(20, high, low),
                                          expected,
                                          1e-5,
                                          what << v.distance << " m " << v.frequency << " GHz");
                NS_TEST_EXPECT_MSG_EQ_TOL(model->CalcRxPower(20, low, high),
                                          expected,
                                          1e-5,
                                          what << "the other way");
            }
        }
        // Nearer than the formulas reach, the loss is that of 1 m: never a gain.
        const auto model = MakeLoss("DH", 5.2, true, false);
        const auto node = MakeNode(Vector(3, 3, 1.5));
        NS_TEST_EXPECT_MSG_EQ_TOL(model->CalcRxPower(0, node, MakeNode(Vector(3, 3, 1.5))),
                                  -45.444064,
                                  1e-5,
                                  "same place");
        Simulator::Destroy();
    }
};

/// @brief Probability of line of sight.
class NruIndoorFactoryLosTestCase : public TestCase
{
  public:
    NruIndoorFactoryLosTestCase()
        : TestCase("Line of sight has the probability of TR 38.901 Table 7.4.2-1")
    {
    }

  private:
    void DoRun() override
    {
        CheckFormula();
        CheckDefaults();
        CheckFrequency();
        Simulator::Destroy();
    }

    /// @brief A model of a kind of factory.
    Ptr<NrIndoorFactoryChannelConditionModel> MakeModel(const std::string& scenario)
    {
        auto model = CreateObject<NrIndoorFactoryChannelConditionModel>();
        model->SetAttribute("Scenario", StringValue(scenario));
        return model;
    }

    void CheckFormula()
    {
        struct Vector3
        {
            std::string scenario;
            double distance;
            NrClutter clutter;
            double heightA;
            double heightB;
            double probability; // (1 - r)^(d share / d_clutter), share of the path below the top
        };

        const std::vector<Vector3> vectors = {
            {"SL", 5, {10, 0.2, 2}, 1.5, 1.5, 0.894427191},
            {"SL", 44.8, {10, 0.2, 2}, 3, 1.5, 0.367996037},
            {"DL", 5, {2, 0.6, 2}, 1.5, 1.5, 0.101192885},
            {"DL", 20, {2, 0.6, 2}, 3, 1.5, 0.000104858},
            {"SH", 30, {10, 0.2, 2}, 8, 1.5, 0.949808717},
            {"SH", 120, {10, 0.2, 2}, 3, 1.5, 0.409600000},
            {"SH", 60, {10, 0.35, 2}, 1.5, 3, 0.422500000},
            {"DH", 50.9, {2, 0.4, 2}, 8, 1.5, 0.367864949},
            {"DH", 10, {2, 0.6, 6}, 8, 1.5, 0.041929082},
            {"DH", 20, {2, 0.6, 2}, 3, 1.5, 0.047155603},
            {"DH", 20, {2, 0.6, 6}, 3, 1.5, 0.000104858}, // both below the top: as DL
            {"DH", 7, {2, 0.6, 2}, 1.5, 1.5, 0.040477154},
            {"SH", 20, {10, 0.2, 2}, 3, 3, 1}, // both above it
            {"HH", 100, {2, 0.6, 2}, 3, 1.5, 1},
        };
        for (const auto& v : vectors)
        {
            const auto model = MakeModel(v.scenario);
            model->SetAttribute("ClutterSize", DoubleValue(v.clutter.size));
            model->SetAttribute("ClutterDensity", DoubleValue(v.clutter.density));
            model->SetAttribute("ClutterHeight", DoubleValue(v.clutter.height));
            NS_TEST_EXPECT_MSG_EQ_TOL(
                model->GetLosProbability(MakeNode(Vector(0, 0, v.heightA)),
                                         MakeNode(Vector(0, v.distance, v.heightB))),
                v.probability,
                1e-8,
                v.scenario << " " << v.distance << " m");
        }
    }

    void CheckDefaults()
    {
        for (const std::string scenario : {"SL", "DL", "SH", "DH"})
        {
            const auto clutter = MakeModel(scenario)->GetClutter();
            const bool dense = scenario[0] == 'D';
            NS_TEST_EXPECT_MSG_EQ(clutter.density, (dense ? 0.6 : 0.2), scenario);
            NS_TEST_EXPECT_MSG_EQ(clutter.size, (dense ? 2.0 : 10.0), scenario);
        }
        for (double percentage : {1.0, 20.0, -0.1})
        {
            const bool accepted =
                MakeModel("SL")->SetAttributeFailSafe("ClutterDensity", DoubleValue(percentage));
            NS_TEST_EXPECT_MSG_EQ(accepted, false, "a density of " << percentage);
        }
    }

    void CheckFrequency()
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        constexpr int links = 4000;
        for (double distance : {5.0, 20.0, 50.0, 100.0})
        {
            const auto model = MakeModel("SH");
            model->AssignStreams(100);
            const auto gnb = MakeNode(Vector(0, 0, 3));
            int seen = 0;
            for (int i = 0; i < links; ++i)
            {
                const auto ue = MakeNode(Vector(0, distance, 1.5));
                const auto first = model->GetChannelCondition(gnb, ue);
                seen += first->IsLos();
                NS_TEST_ASSERT_MSG_EQ((first->IsLos() || first->IsNlos()), true, "LOS or NLOS");
                const auto second = model->GetChannelCondition(ue, gnb);
                NS_TEST_ASSERT_MSG_EQ(second->IsLos(), first->IsLos(), "drawn once per link");
            }
            const double p = std::pow(0.8, distance / 30); // 2D distance, a third below the top
            NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(seen) / links,
                                      p,
                                      4 * std::sqrt(p * (1 - p) / links),
                                      "share of links in sight at " << distance << " m");
        }
    }
};

/// @brief Shadowing over many links and displacements.
class NruIndoorFactoryShadowingTestCase : public TestCase
{
  public:
    NruIndoorFactoryShadowingTestCase()
        : TestCase("Shadowing has the deviation and the correlation of TR 38.901")
    {
    }

  private:
    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        CheckShadowing("SL", false, 5.7, 10);
        CheckShadowing("DL", false, 7.2, 5);
        CheckShadowing("SH", false, 5.9, 20);
        CheckShadowing("DH", false, 4.0, 2);
        CheckShadowing("SH", true, 4.3, 10);
        CheckShadowing("HH", true, 4.3, 0);
        Simulator::Destroy();
    }

    /**
     * @brief Measure shadowing before and after a UE moves.
     * @param scenario two letters
     * @param los with line of sight
     * @param deviation expected standard deviation, dB
     * @param displacement how far the UE moves, m
     */
    void
    CheckShadowing(const std::string& scenario, bool los, double deviation, double displacement)
    {
        constexpr int links = 4000;
        const auto model = MakeLoss(scenario, 5.2, los, true);
        const auto plain = MakeLoss(scenario, 5.2, los, false);
        model->AssignStreams(7);
        const auto gnb = MakeNode(Vector(0, 0, 3));
        double sum = 0;
        double squares = 0;
        double products = 0;
        for (int i = 0; i < links; ++i)
        {
            const auto ue = MakeNode(Vector(30, 0, 1.5));
            // ns-3 forgets where a link was at its first evaluation, so that the second one is
            // correlated over the length of the link; from then on it keeps the place.
            model->CalcRxPower(0, gnb, ue);
            const double before = model->CalcRxPower(0, gnb, ue) - plain->CalcRxPower(0, gnb, ue);
            const double again = model->CalcRxPower(0, gnb, ue) - plain->CalcRxPower(0, gnb, ue);
            NS_TEST_ASSERT_MSG_EQ_TOL(again, before, 1e-9, "a link that stays keeps its value");
            ue->SetPosition(Vector(30, displacement, 1.5));
            const double after = model->CalcRxPower(0, gnb, ue) - plain->CalcRxPower(0, gnb, ue);
            sum += before + after;
            squares += before * before + after * after;
            products += before * after;
        }
        const double variance = deviation * deviation;
        const double correlation = std::exp(-displacement / 10);
        NS_TEST_EXPECT_MSG_EQ_TOL(sum / (2 * links),
                                  0,
                                  4 * deviation / std::sqrt(links),
                                  scenario << ": mean");
        NS_TEST_EXPECT_MSG_EQ_TOL(std::sqrt(squares / (2 * links)),
                                  deviation,
                                  4 * deviation / std::sqrt(2 * links),
                                  scenario << ": standard deviation");
        NS_TEST_EXPECT_MSG_EQ_TOL(products / links / variance,
                                  correlation,
                                  4 * std::sqrt((1 + correlation * correlation) / links),
                                  scenario << ": correlation over " << displacement << " m");
    }
};

/// @brief ns-3's own indoor office, which the paper's hall uses by default.
class NruIndoorOfficeTestCase : public TestCase
{
  public:
    NruIndoorOfficeTestCase()
        : TestCase("ns-3's indoor office gives its published path losses")
    {
    }

  private:
    void DoRun() override
    {
        struct Vector4
        {
            double distance; // 2D, m
            double los;      // dB
            double nlos;     // dB
        };

        const std::vector<Vector4> vectors = {
            {1, 50.8072, 50.8072},
            {10, 63.7630, 73.1894},
            {50, 75.7750, 99.7824},
            {100, 80.9802, 111.3062},
        };
        for (const auto& v : vectors)
        {
            for (bool los : {true, false})
            {
                auto model = CreateObject<ThreeGppIndoorOfficePropagationLossModel>();
                model->SetAttribute("Frequency", DoubleValue(5e9));
                model->SetAttribute("ShadowingEnabled", BooleanValue(false));
                Ptr<ChannelConditionModel> condition =
                    CreateObject<NeverLosChannelConditionModel>();
                if (los)
                {
                    condition = CreateObject<AlwaysLosChannelConditionModel>();
                }
                model->SetChannelConditionModel(condition);
                NS_TEST_EXPECT_MSG_EQ_TOL(-model->CalcRxPower(0,
                                                              MakeNode(Vector(0, 0, 3)),
                                                              MakeNode(Vector(v.distance, 0, 1.5))),
                                          (los ? v.los : v.nlos),
                                          0.05,
                                          v.distance << " m");
            }
        }
        Simulator::Destroy();
    }
};

/// @brief Test suite of the indoor factory channel.
class NrIndoorFactoryTestSuite : public TestSuite
{
  public:
    NrIndoorFactoryTestSuite()
        : TestSuite("nr-indoor-factory", NRU_TEST_UNIT)
    {
        AddTestCase(new NruIndoorFactoryLossTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruIndoorFactoryLosTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruIndoorFactoryShadowingTestCase, NRU_TEST_QUICK);
        AddTestCase(new NruIndoorOfficeTestCase, NRU_TEST_QUICK);
    }
};

NrIndoorFactoryTestSuite g_nrIndoorFactoryTestSuite; //!< registers the suite

} // namespace

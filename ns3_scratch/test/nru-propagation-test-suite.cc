// SPDX-License-Identifier: GPL-2.0-only

#include "nru-test-hall.h"
#include "test-compat.h"

#include "ns3/channel-condition-model.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief Line of sight in the indoor office, TR 38.901 Table 7.4.2-1.
 */
class IndoorOfficeLosTestCase : public TestCase
{
  public:
    IndoorOfficeLosTestCase()
        : TestCase("Line of sight in the indoor office has the probability of TR 38.901")
    {
    }

  private:
    /**
     * @param d horizontal distance (m)
     * @return probability in an open office
     */
    static double GetOpen(double d)
    {
        return d <= 5    ? 1.0
               : d <= 49 ? std::exp(-(d - 5) / 70.8)
                         : 0.54 * std::exp(-(d - 49) / 211.7);
    }

    /**
     * @param d horizontal distance (m)
     * @return probability in a mixed office
     */
    static double GetMixed(double d)
    {
        return d <= 1.2  ? 1.0
               : d < 6.5 ? std::exp(-(d - 1.2) / 4.7)
                         : 0.32 * std::exp(-(d - 6.5) / 32.6);
    }

    /**
     * @brief Draw many links.
     * @param model draws
     * @param probability expected, by distance
     * @param name of the model
     */
    void Check(Ptr<ChannelConditionModel> model,
               const std::function<double(double)>& probability,
               const std::string& name)
    {
        constexpr uint32_t LINKS = 4000;
        model->AssignStreams(1);
        for (const double d : {1.0, 1.3, 4.0, 5.5, 6.4, 6.6, 12.0, 30.0, 48.5, 50.0, 80.0, 120.0})
        {
            uint32_t los = 0;
            for (uint32_t i = 0; i < LINKS; ++i)
            {
                const auto condition =
                    model->GetChannelCondition(CreateAt({0, 0, 3}), CreateAt({0, d, 1.5}));
                los += condition->IsLos();
            }
            const auto p = probability(d);
            NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(los) / LINKS,
                                      p,
                                      4 * std::sqrt(p * (1 - p) / LINKS) + 1e-12,
                                      name << " at " << d << " m");
        }
    }

    /**
     * @param position (m)
     * @return a node there
     */
    static Ptr<MobilityModel> CreateAt(const Vector& position)
    {
        auto mobility = CreateObject<ConstantPositionMobilityModel>();
        mobility->SetPosition(position);
        CreateObject<Node>()->AggregateObject(mobility);
        return mobility;
    }

    void DoRun() override
    {
        Check(CreateObject<ThreeGppIndoorOpenOfficeChannelConditionModel>(), &GetOpen, "open");
        Check(CreateObject<ThreeGppIndoorMixedOfficeChannelConditionModel>(), &GetMixed, "mixed");
        Simulator::Destroy();
    }
};

/**
 * @ingroup nru-tests
 * @brief A hall by each propagation model: its gains are that model's, and it works.
 *
 * Airtime and bytes are conserved in every hall that runs, see Hall.
 */
class HallTestCase : public TestCase
{
  public:
    HallTestCase()
        : TestCase("A hall runs by each propagation model")
    {
    }

  private:
    /// What a hall comes to.
    struct Result
    {
        double gainDb;    //!< median over all links from gNBs to UEs
        double delivered; //!< share of what was offered
    };

    /**
     * @param model of propagation
     * @return what a hall comes to
     */
    Result GetResult(const std::string& model)
    {
        Hall hall;
        hall.network->SetAttribute("NGnbs", UintegerValue(8));
        hall.network->SetAttribute("NUes", UintegerValue(30));
        hall.network->SetAttribute("MobileShare", DoubleValue(0.2));
        hall.Set("ns3::NruPropagation::Model", StringValue(model));
        hall.Run(1, 5, [](uint32_t) {});
        std::vector<double> gains;
        for (const auto& gnb : hall.network->GetGnbs())
        {
            for (const auto& ue : hall.network->GetUes())
            {
                const auto gain =
                    gnb->GetDownlink().GetRsrpDbm(ue->GetMobility()) - NrCarrier::GetRsrpDbm(23);
                NS_TEST_EXPECT_MSG_LT(gain, -35, model << ": a gain");
                NS_TEST_EXPECT_MSG_GT(gain, -180, model << ": a loss without end");
                gains.push_back(gain);
            }
        }
        std::nth_element(gains.begin(), gains.begin() + gains.size() / 2, gains.end());
        const auto totals = hall.GetTotals();
        return {gains[gains.size() / 2], 1.0 * totals.delivered / totals.offered};
    }

    void DoRun() override
    {
        std::map<std::string, Result> results;
        for (const std::string model :
             {"inh-open", "inh-mixed", "inf-sl", "inf-dl", "inf-sh", "inf-dh", "inf-hh"})
        {
            results[model] = GetResult(model);
            NS_TEST_EXPECT_MSG_GT(results[model].delivered, 0.5, model << " delivers");
        }
        const auto getGain = [&](const std::string& model) { return results.at(model).gainDb; };
        // at 60 m, the median distance of the hall: dense clutter below the top loses most, and
        // nothing loses less than line of sight throughout
        NS_TEST_EXPECT_MSG_GT(getGain("inf-sl"), getGain("inf-dl"), "sparse before dense");
        NS_TEST_EXPECT_MSG_GT(getGain("inf-sh"), getGain("inf-dh"), "sparse before dense");
        NS_TEST_EXPECT_MSG_GT(getGain("inf-sh"), getGain("inf-sl"), "high before low");
        NS_TEST_EXPECT_MSG_GT(getGain("inf-dh"), getGain("inf-dl"), "high before low");
        NS_TEST_EXPECT_MSG_GT(getGain("inf-hh"), getGain("inf-sh"), "above clutter");
        NS_TEST_EXPECT_MSG_GT(getGain("inh-open"), getGain("inh-mixed"), "open before mixed");
    }
};

/// Tests of propagation in the hall.
class NruPropagationTestSuite : public TestSuite
{
  public:
    NruPropagationTestSuite()
        : TestSuite("nru-propagation", NRU_TEST_UNIT)
    {
        AddTestCase(new IndoorOfficeLosTestCase, NRU_TEST_QUICK);
        AddTestCase(new HallTestCase, NRU_TEST_QUICK);
    }
};

const NruPropagationTestSuite g_nruPropagationTestSuite; //!< registers itself

} // namespace

// SPDX-License-Identifier: GPL-2.0-only

#include "nr-airtime-cost.h"
#include "nru-access-fixture.h"
#include "nru-load-meter.h"
#include "nru-sibx-header.h"
#include "test-compat.h"

#include "ns3/simulator.h"
#include "ns3/test.h"

#include <memory>
#include <string>

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief A load meter that measures every 160 ms, of a cell whose days are scripted.
 */
class LoadTestCase : public TestCase
{
  public:
    using TestCase::TestCase;

  protected:
    /// Between two measurements.
    static inline const Time PERIOD = MilliSeconds(160);
    /// Time that access leaves of a quiet channel: 8 ms of 8 ms, 43 us of defer and 7.5 slots.
    static constexpr double EFFICIENCY = 8000.0 / (8000 + 43 + 67.5);

    /**
     * @brief Begin.
     * @param discoveryShare share of time that goes into discovery bursts
     */
    void Begin(double discoveryShare = 0.0)
    {
        m_fixture = std::make_unique<NruAccessFixture>();
        m_meter = NruLoadMeter();
        m_meter.Configure(m_fixture->access, discoveryShare, Seconds(2));
        m_meter.Start();
    }

    /**
     * @brief Let time pass.
     * @param time that passes
     */
    static void Pass(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    /**
     * @brief Let a period pass, and measure.
     * @param needed share of time that the demand needs
     */
    void PassPeriod(double needed)
    {
        Pass(PERIOD);
        m_meter.Measure(needed);
    }

    /// A period in which the cell holds the channel.
    void Serve(double needed)
    {
        m_meter.AddTransmission(PERIOD);
        PassPeriod(needed);
    }

    /// A period in which the cell contends in vain.
    void Starve(double needed)
    {
        m_meter.StartContention();
        PassPeriod(needed);
        m_meter.EndContention();
    }

    std::unique_ptr<NruAccessFixture> m_fixture; //!< what the cell hears
    NruLoadMeter m_meter;                        //!< under test
};

/**
 * @ingroup nru-tests
 * @brief What LBT leaves to a cell in cases that can be told by hand.
 */
class ClosedCasesTestCase : public LoadTestCase
{
  public:
    ClosedCasesTestCase()
        : LoadTestCase("Airtime and load of a cell that is idle, saturated, beside a neighbour")
    {
    }

  private:
    /**
     * @param expected airtime
     * @param why
     */
    void Expect(double expected, const std::string& why)
    {
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetAirtime(), expected, 1e-6, "airtime: " << why);
    }

    void DoRun() override
    {
        Begin();
        PassPeriod(0.3);
        Expect(EFFICIENCY, "a quiet channel");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetLoad(), 0.3 / EFFICIENCY, 1e-6, "load");
        NS_TEST_EXPECT_MSG_EQ(m_meter.GetUsedAirtime(), 0, "used");

        Begin(0.025);
        PassPeriod(0.3);
        Expect(EFFICIENCY - 0.025, "less bursts");

        Begin();
        m_fixture->Energy(0, PERIOD.GetNanoSeconds());
        PassPeriod(0.3);
        Expect(0.5 * EFFICIENCY, "a neighbour that fills the channel yields half");
        PassPeriod(0.3);
        Expect(0.75 * EFFICIENCY, "and all when it is silent, for a period of two");

        Begin();
        m_meter.AddTransmission(PERIOD / 4);
        Pass(PERIOD / 4);
        m_meter.StartContention();
        Pass(PERIOD / 4);
        m_meter.EndContention();
        PassPeriod(0.3); // 40 ms on the air, 40 contending, 160 of 240 without data
        Expect(1.0 / 6 + 2.0 / 3 * EFFICIENCY, "a quarter got, by contention for a half");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetUsedAirtime(), 1.0 / 6, 1e-9, "used");

        Begin();
        m_meter.AddTransmission(3 * PERIOD / 2);
        PassPeriod(2.0);
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetUsedAirtime(), 1, 1e-9, "what is still to come");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetLoad(), 2, 1e-9, "counts in the next period");
        PassPeriod(2.0);
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetUsedAirtime(), 0.5, 1e-9, "of which it is half");
    }
};

/**
 * @ingroup nru-tests
 * @brief What the demand needs counts at once, what was left as a mean over the window.
 */
class WindowTestCase : public LoadTestCase
{
  public:
    WindowTestCase()
        : LoadTestCase("A starved period moves the load by its share of the window; demand at once")
    {
    }

  private:
    void DoRun() override
    {
        Begin();
        for (int i = 0; i < 20; ++i)
        {
            Serve(0.6);
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetLoad(), 0.6, 1e-9, "served");
        const auto share = PERIOD.GetSeconds() / 2;
        Starve(0.6);
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetAirtime(), 1 - share, 1e-9, "one starved period");
        for (int i = 0; i < 11; ++i)
        {
            Serve(0.6);
            NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetLoad(), 0.6 / (1 - share), 1e-9, "period " << i);
        }
        Serve(0.9);
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetAirtime(),
                                  1 - share / 2,
                                  1e-9,
                                  "half of it has left the window");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetLoad(), 0.9 / (1 - share / 2), 1e-9, "demand of now");
        Serve(0.2);
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetLoad(), 0.2, 1e-9, "all of it has");
    }
};

/**
 * @ingroup nru-tests
 * @brief The load is finite, and ends where SIBx ends.
 */
class LargestLoadTestCase : public LoadTestCase
{
  public:
    LargestLoadTestCase()
        : LoadTestCase("The load ends at what SIBx can tell, with or without airtime")
    {
    }

  private:
    void DoRun() override
    {
        const auto largest = NruSibxHeader::MAX_LOAD;
        NruSibxHeader header;
        header.SetLoad(1e9);
        NS_TEST_EXPECT_MSG_EQ(header.GetLoad(), largest, "what SIBx can tell");
        Begin(0.025);
        Starve(0.1);
        NS_TEST_EXPECT_MSG_EQ(m_meter.GetAirtime(), 0, "nothing is left");
        NS_TEST_EXPECT_MSG_EQ(m_meter.GetLoad(), largest, "and something needed");
        Starve(0.0);
        NS_TEST_EXPECT_MSG_EQ(m_meter.GetLoad(), 0, "a cell without UEs has no load");
        Begin();
        Serve(3.9);
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetLoad(), 3.9, 1e-9, "below the largest");
        Serve(4.1);
        NS_TEST_EXPECT_MSG_EQ(m_meter.GetLoad(), largest, "above it");
    }
};

/**
 * @ingroup nru-tests
 * @brief What was left on one channel says nothing of another.
 */
class ChannelTestCase : public LoadTestCase
{
  public:
    ChannelTestCase()
        : LoadTestCase("A change of channel starts the window anew")
    {
    }

  private:
    void DoRun() override
    {
        Begin();
        Starve(0.5);
        m_meter.AddTransmission(PERIOD / 2);
        Pass(PERIOD / 2);
        m_meter.StartContention();
        Pass(PERIOD / 4);
        m_meter.ChangeChannel();
        m_meter.EndContention();
        m_meter.AddTransmission(PERIOD / 4);
        Pass(PERIOD / 4);
        m_meter.Measure(0.5);
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetAirtime(), 1, 1e-9, "on the new channel");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetUsedAirtime(), 0.75, 1e-9, "on both");
        Pass(PERIOD);
        m_meter.ChangeChannel();
        m_meter.Measure(0.5);
        NS_TEST_EXPECT_MSG_EQ_TOL(m_meter.GetLoad(), 0.5, 1e-9, "nothing measured yet: as before");
        Starve(0.5);
        NS_TEST_EXPECT_MSG_EQ(m_meter.GetAirtime(), 0, "only that of now");
    }
};

/**
 * @ingroup nru-tests
 * @brief What data cost, from nothing known on.
 */
class CostTestCase : public TestCase
{
  public:
    CostTestCase()
        : TestCase("Cost of data: airtime spent over airtime of use, of late")
    {
    }

  private:
    void DoRun() override
    {
        NrAirtimeCost cost;
        const auto memory = Seconds(2);
        NS_TEST_EXPECT_MSG_EQ(cost.Get(), 1, "nothing known");
        cost.Add(1e-3, 0, memory); // two slots in vain
        NS_TEST_EXPECT_MSG_EQ_TOL(cost.Get(), 3, 1e-9, "and one at no extra cost");
        for (int i = 0; i < 1000; ++i)
        {
            cost.Add(0.5e-3, i % 4 == 0 ? 0 : 0.5e-3, memory);
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(cost.Get(), 4.0 / 3, 0.01, "a quarter fails");
        Simulator::Schedule(Seconds(20), [&] {
            cost.Add(0, 0, memory);
            NS_TEST_EXPECT_MSG_EQ_TOL(cost.Get(), 1, 0.02, "forgotten");
        });
        Simulator::Run();
        Simulator::Destroy();
    }
};

/// Tests of load.
class NruLoadTestSuite : public TestSuite
{
  public:
    NruLoadTestSuite()
        : TestSuite("nru-load", NRU_TEST_UNIT)
    {
        AddTestCase(new ClosedCasesTestCase, NRU_TEST_QUICK);
        AddTestCase(new WindowTestCase, NRU_TEST_QUICK);
        AddTestCase(new LargestLoadTestCase, NRU_TEST_QUICK);
        AddTestCase(new ChannelTestCase, NRU_TEST_QUICK);
        AddTestCase(new CostTestCase, NRU_TEST_QUICK);
    }
};

const NruLoadTestSuite g_nruLoadTestSuite; //!< registers itself

} // namespace

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-access-fixture.h"
#include "test-compat.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/multi-model-spectrum-channel.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <memory>

using namespace ns3;

namespace
{

constexpr int64_t US = 1000; //!< ns in 1 us

/**
 * @brief Convert to dBm.
 * @param watt power, W
 * @return power, dBm
 */
double
Dbm(double watt)
{
    return 10.0 * std::log10(watt) + 30.0;
}

/** @brief One channel plan, one spectrum model. */
class ChannelPlanTest : public TestCase
{
  public:
    ChannelPlanTest()
        : TestCase("radio: channel plan shared by all")
    {
    }

  private:
    void DoRun() override
    {
        const auto model = NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 4);
        NS_TEST_EXPECT_MSG_EQ(model->GetUid(),
                              NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 4)->GetUid(),
                              "the same plan is the same model");
        NS_TEST_EXPECT_MSG_NE(model->GetUid(),
                              NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 2)->GetUid(),
                              "another plan is another");
        auto phy = CreateObject<NrSpectrumPhy>();
        for (uint32_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(phy->GetChannelCentreHz(i),
                                      5.18e9 + 20e6 * i,
                                      1.0,
                                      "channels 36, 40, 44, 48");
        }
        const auto band = model->Begin();
        NS_TEST_EXPECT_MSG_EQ_TOL(band->fh - band->fl, 18.36e6, 1.0, "51 resource blocks");
        const auto one = NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 1);
        NS_TEST_EXPECT_MSG_EQ_TOL(one->Begin()->fc, 5.2e9, 1.0, "a plan of one is the carrier");
    }
};

/** @brief Two radios with channel access on one spectrum channel, 30 m apart. */
class Pair
{
  public:
    /** @param delay whether signals take time */
    explicit Pair(bool delay)
        : a(std::make_unique<NruAccessFixture>()),
          b(std::make_unique<NruAccessFixture>())
    {
        auto channel = CreateObject<MultiModelSpectrumChannel>();
        auto loss = CreateObject<LogDistancePropagationLossModel>();
        loss->SetReference(1.0, 50.0);
        loss->SetPathLossExponent(2.0);
        channel->AddPropagationLossModel(loss);
        if (delay)
        {
            channel->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
        }
        uint32_t id = 0;
        for (auto* fixture : {a.get(), b.get()})
        {
            auto mobility = CreateObject<ConstantPositionMobilityModel>();
            mobility->SetPosition({30.0 * id, 0.0, 3.0});
            fixture->phy->SetMobility(mobility);
            fixture->phy->SetChannel(channel);
            fixture->phy->SetGnbId(id++);
            channel->AddRx(fixture->phy);
        }
    }

    std::unique_ptr<NruAccessFixture> a; //!< one radio
    std::unique_ptr<NruAccessFixture> b; //!< the other
};

/** @brief Power, half duplex, channels and back-to-back transmissions. */
class TransmissionTest : public TestCase
{
  public:
    TransmissionTest()
        : TestCase("radio: power on the air, by channel and by transmitter")
    {
    }

  private:
    void DoRun() override
    {
        Pair pair(false);
        auto a = pair.a->phy;
        auto b = pair.b->phy;
        a->SetChannelIndex(2);
        a->StartTx(MicroSeconds(100));
        // The second is requested before the end of the first is processed, at the same time.
        Simulator::Schedule(MicroSeconds(100),
                            &NrSpectrumPhy::StartTx,
                            a,
                            MicroSeconds(50),
                            NrSignalKind::DISCOVERY,
                            Ptr<const Packet>());
        const double expected = 23.0 - 50.0 - 20.0 * std::log10(30.0);
        for (const int64_t us : {1, 99, 101, 149})
        {
            Simulator::Schedule(MicroSeconds(us), [this, a, b, expected]() {
                NS_TEST_EXPECT_MSG_EQ_TOL(Dbm(b->GetReceivedPowerW(2)), expected, 1e-9, "power");
                NS_TEST_EXPECT_MSG_EQ(b->GetReceivedPowerW(0), 0.0, "nothing beside");
                NS_TEST_EXPECT_MSG_EQ(b->GetReceivedPowerBySourceW(2).size(), 1, "one source");
                NS_TEST_EXPECT_MSG_EQ(a->GetReceivedPowerW(2), 0.0, "own signal not received");
                NS_TEST_EXPECT_MSG_EQ(a->IsTransmitting(), true, "half duplex");
            });
        }
        Simulator::Schedule(MicroSeconds(151), [this, a, b]() {
            NS_TEST_EXPECT_MSG_EQ(b->GetReceivedPowerW(2), 0.0, "silence again");
            NS_TEST_EXPECT_MSG_EQ(a->IsTransmitting(), false, "done");
        });
        Simulator::Run();
    }
};

/** @brief Silence is exactly zero however many signals of whatever power have come and gone. */
class NoDriftTest : public TestCase
{
  public:
    NoDriftTest()
        : TestCase("radio: received power does not drift")
    {
    }

  private:
    void DoRun() override
    {
        NruAccessFixture fixture;
        for (int64_t i = 0; i < 10000; ++i)
        {
            fixture.Energy(i * 7 * US, 100 * US, -30.0 - (i * 37) % 70, i % 4);
        }
        Simulator::Run();
        for (uint32_t channel = 0; channel < 4; ++channel)
        {
            NS_TEST_EXPECT_MSG_EQ(fixture.phy->GetReceivedPowerW(channel), 0.0, "exactly zero");
        }
    }
};

/** @brief Two whose countdowns end together both transmit, with and without propagation delay. */
class SimultaneousStartTest : public TestCase
{
  public:
    SimultaneousStartTest()
        : TestCase("Type 1: two that count down together collide")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool delay : {false, true})
        {
            for (const uint32_t n : {0, 7})
            {
                Pair pair(delay);
                uint32_t starts = 0;
                for (auto* fixture : {pair.a.get(), pair.b.get()})
                {
                    auto phy = fixture->phy;
                    fixture->access->SetGrantCallback(
                        Callback<void, Time>([phy, &starts](Time mcot) {
                            ++starts;
                            phy->StartTx(mcot);
                        }));
                    fixture->Request(n);
                }
                Simulator::Stop(MilliSeconds(1));
                Simulator::Run();
                NS_TEST_EXPECT_MSG_EQ(starts, 2, "both transmit");
            }
        }
    }
};

/** @brief Who held the channel for how long, and how busy each channel was. */
class HeardAirtimeTest : public TestCase
{
  public:
    HeardAirtimeTest()
        : TestCase("airtime: by transmitter, by channel, and not while deaf")
    {
    }

  private:
    void DoRun() override
    {
        NruAccessFixture fixture;
        fixture.Energy(0, 100 * US, -60.0, 0, 5);
        fixture.Energy(50 * US, 200 * US, -60.0, 0, NrSpectrumPhy::OTHER_TECHNOLOGY);
        fixture.Energy(300 * US, 100 * US, -80.0, 0, 6); // too weak to hold the channel
        fixture.Energy(600 * US, 100 * US, -60.0, 1, 7); // elsewhere
        Simulator::Schedule(MicroSeconds(200),
                            &NruAccessFixture::Transmit,
                            &fixture,
                            MicroSeconds(100));
        Simulator::Schedule(MicroSeconds(80), [this, &fixture]() {
            const auto heard = fixture.access->TakeHeardAirtime();
            NS_TEST_ASSERT_MSG_EQ(heard.size(), 2, "two transmitters so far");
            NS_TEST_EXPECT_MSG_EQ(heard.at(5), MicroSeconds(80), "up to now");
        });
        Simulator::Stop(MicroSeconds(1000));
        Simulator::Run();
        const auto heard = fixture.access->TakeHeardAirtime();
        NS_TEST_ASSERT_MSG_EQ(heard.size(), 2, "the weak and the far do not count");
        NS_TEST_EXPECT_MSG_EQ(heard.at(5), MicroSeconds(20), "since the last call");
        NS_TEST_EXPECT_MSG_EQ(heard.at(NrSpectrumPhy::OTHER_TECHNOLOGY),
                              MicroSeconds(120),
                              "not while transmitting");
        NS_TEST_EXPECT_MSG_EQ(fixture.access->GetBusyTime(), MicroSeconds(200), "both at once");
        NS_TEST_EXPECT_MSG_EQ(fixture.access->TakeHeardAirtime().size(), 0, "taken");

        const auto occupancy = fixture.access->TakeChannelOccupancy();
        NS_TEST_ASSERT_MSG_EQ(occupancy.size(), 4, "every channel");
        NS_TEST_EXPECT_MSG_EQ_TOL(occupancy[0],
                                  200.0 / 1000.0,
                                  1e-12,
                                  "of all time, on the own channel");
        NS_TEST_EXPECT_MSG_EQ_TOL(occupancy[1], 100.0 / 900.0, 1e-12, "of 900 us of listening");
        NS_TEST_EXPECT_MSG_EQ(occupancy[2], 0.0, "silent");
    }
};

/** @brief The radio and what it hears. */
class NrSpectrumPhyTestSuite : public TestSuite
{
  public:
    NrSpectrumPhyTestSuite()
        : TestSuite("nr-spectrum-phy", NRU_TEST_UNIT)
    {
        AddTestCase(new ChannelPlanTest, NRU_TEST_QUICK);
        AddTestCase(new TransmissionTest, NRU_TEST_QUICK);
        AddTestCase(new NoDriftTest, NRU_TEST_QUICK);
        AddTestCase(new SimultaneousStartTest, NRU_TEST_QUICK);
        AddTestCase(new HeardAirtimeTest, NRU_TEST_QUICK);
    }
};

NrSpectrumPhyTestSuite g_nrSpectrumPhyTestSuite; //!< the suite

} // namespace

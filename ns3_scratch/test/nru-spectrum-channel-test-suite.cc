// SPDX-License-Identifier: GPL-2.0-only

#include "nr-spectrum-phy.h"
#include "nru-spectrum-channel.h"
#include "nru-wifi-bss.h"
#include "test-compat.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/multi-model-spectrum-channel.h"
#include "ns3/node.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

using namespace ns3;

namespace
{

/// What arrived: time (ns), receiver, densities (W/Hz).
using Arrival = std::tuple<int64_t, uint32_t, std::vector<double>>;

/** @brief A receiver that writes down what arrives. */
class Listener : public SpectrumPhy
{
  public:
    /**
     * @param id its name
     * @param model its spectrum model
     * @param arrivals where it writes
     */
    Listener(uint32_t id, Ptr<const SpectrumModel> model, std::vector<Arrival>& arrivals)
        : m_id(id),
          m_model(model),
          m_arrivals(arrivals)
    {
    }

    void SetDevice(Ptr<NetDevice> device) override
    {
        m_device = device;
    }

    Ptr<NetDevice> GetDevice() const override
    {
        return m_device;
    }

    void SetMobility(Ptr<MobilityModel> mobility) override
    {
        m_mobility = mobility;
    }

    Ptr<MobilityModel> GetMobility() const override
    {
        return m_mobility;
    }

    void SetChannel(Ptr<SpectrumChannel>) override
    {
    }

    Ptr<const SpectrumModel> GetRxSpectrumModel() const override
    {
        return m_model;
    }

    Ptr<Object> GetAntenna() const override
    {
        return nullptr;
    }

    void StartRx(Ptr<SpectrumSignalParameters> params) override
    {
        m_arrivals.emplace_back(
            Simulator::Now().GetNanoSeconds(),
            m_id,
            std::vector<double>(params->psd->ConstValuesBegin(), params->psd->ConstValuesEnd()));
    }

  private:
    uint32_t m_id;                    //!< name
    Ptr<const SpectrumModel> m_model; //!< spectrum model
    std::vector<Arrival>& m_arrivals; //!< what arrived, at all
    Ptr<NetDevice> m_device;          //!< device
    Ptr<MobilityModel> m_mobility;    //!< place; none: hears as transmitted
};

/**
 * @param low where it starts (Hz)
 * @return a model of 5 MHz bands, 60 MHz wide, unlike a gNB's
 */
Ptr<const SpectrumModel>
CreateFineModel(double low)
{
    std::vector<double> centres;
    for (int i = 0; i < 12; ++i)
    {
        centres.push_back(low + 2.5e6 + 5e6 * i);
    }
    return Create<SpectrumModel>(centres);
}

/** @brief Two gNBs, and listeners of three kinds, on one air. */
class Air
{
  public:
    /** @param channel the air, with its losses and delays */
    explicit Air(Ptr<SpectrumChannel> channel)
        : m_channel(channel)
    {
        const auto plan = NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 4);
        const auto fine = CreateFineModel(5.15e9);
        for (uint32_t i = 0; i < 2; ++i)
        {
            gnbs.push_back(CreateObject<NrSpectrumPhy>());
            Place(gnbs.back(), {10.0 * i, 0, 3});
            gnbs.back()->SetChannel(channel);
        }
        for (uint32_t i = 0; i < 5; ++i)
        {
            listeners.push_back(CreateObject<Listener>(i, i % 2 ? fine : plan, arrivals));
            if (i < 4)
            {
                Place(listeners.back(), {7.0, 5.0 + 3.0 * i, 1.5});
            }
            channel->AddRx(listeners.back());
        }
        // on gNB 0's own node, and thus deaf to it
        listeners.push_back(CreateObject<Listener>(5, plan, arrivals));
        listeners.back()->SetDevice(gnbs[0]->GetDevice());
        listeners.back()->SetMobility(gnbs[0]->GetMobility());
        channel->AddRx(listeners.back());
    }

    /**
     * @brief Transmit for 100 us from each gNB on each channel, then let go.
     * @return what arrived
     */
    std::vector<Arrival> Play()
    {
        arrivals.clear();
        for (uint32_t i = 0; i < 8; ++i)
        {
            Simulator::Schedule(MicroSeconds(60 * i), [this, i] {
                gnbs[i % 2]->SetChannelIndex(i / 2);
                gnbs[i % 2]->StartTx(MicroSeconds(100));
            });
        }
        Simulator::Run();
        return arrivals;
    }

    std::vector<Ptr<NrSpectrumPhy>> gnbs; //!< transmitters
    std::vector<Ptr<Listener>> listeners; //!< receivers
    std::vector<Arrival> arrivals;        //!< what they wrote

  private:
    /**
     * @brief Give a radio a node, a device and a place.
     * @param phy the radio
     * @param position where (m)
     */
    void Place(Ptr<SpectrumPhy> phy, const Vector& position)
    {
        auto node = CreateObject<Node>();
        auto mobility = CreateObject<ConstantPositionMobilityModel>();
        auto device = CreateObject<SimpleNetDevice>();
        mobility->SetPosition(position);
        node->AggregateObject(mobility);
        node->AddDevice(device);
        phy->SetDevice(device);
        phy->SetMobility(mobility);
    }

    Ptr<SpectrumChannel> m_channel; //!< the air
};

/** @return an air of ours, with free-space loss and with delays */
Ptr<NruSpectrumChannel>
CreateChannel()
{
    auto gain = CreateObject<NrPathGain>();
    gain->SetPropagationLossModel(CreateObject<FriisPropagationLossModel>());
    auto channel = CreateObject<NruSpectrumChannel>();
    channel->SetPathGain(gain);
    channel->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
    return channel;
}

/**
 * @param arrivals what arrived
 * @param id a listener
 * @return number of signals that it got
 */
std::size_t
Count(const std::vector<Arrival>& arrivals, uint32_t id)
{
    return std::count_if(arrivals.begin(), arrivals.end(), [id](const auto& arrival) {
        return std::get<1>(arrival) == id;
    });
}

/** @brief Every bit as ns-3's channel has it. */
class AsMultiModelTest : public TestCase
{
  public:
    AsMultiModelTest()
        : TestCase("air: the same signals, times and order as ns-3's")
    {
    }

  private:
    void DoRun() override
    {
        auto reference = CreateObject<MultiModelSpectrumChannel>();
        reference->AddPropagationLossModel(CreateObject<FriisPropagationLossModel>());
        reference->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
        const auto expected = Air(reference).Play();
        Simulator::Destroy();
        const auto actual = Air(CreateChannel()).Play();
        Simulator::Destroy();
        NS_TEST_ASSERT_MSG_EQ(expected.size(), 8 * 5 + 4, "all but the own node's");
        NS_TEST_EXPECT_MSG_EQ((actual == expected), true, "bit by bit");
    }
};

/** @brief Who is not there, or has a band, gets less. */
class ReceiversTest : public TestCase
{
  public:
    ReceiversTest()
        : TestCase("air: receivers come, go, and notice their band")
    {
    }

  private:
    void DoRun() override
    {
        auto channel = CreateChannel();
        Air air(channel);
        NS_TEST_EXPECT_MSG_EQ(channel->GetNDevices(), 6, "the listeners");
        NS_TEST_EXPECT_MSG_EQ(Count(air.Play(), 0), 8, "all channels");

        // the edges of the channel at 5.2 GHz
        channel->SetBand(air.listeners[0]->GetDevice(), 5.19e9, 5.21e9);
        channel->SetBand(air.listeners[1]->GetDevice(), 5.25e9, 5.27e9);
        auto arrivals = air.Play();
        NS_TEST_EXPECT_MSG_EQ(Count(arrivals, 0), 2, "the own channel, of each gNB");
        NS_TEST_EXPECT_MSG_EQ(Count(arrivals, 1), 0, "no channel of the plan");
        NS_TEST_EXPECT_MSG_EQ(Count(arrivals, 2), 8, "others as before");
        for (const auto& [time, id, densities] : arrivals)
        {
            NS_TEST_EXPECT_MSG_EQ((id != 0 || densities[1] > 0), true, "what has power in it");
        }

        // within 1 Hz of the signal's 18.36 MHz there is less than a millionth of it
        channel->SetBand(air.listeners[0]->GetDevice(), 5.20918e9 - 1, 5.22e9 - 9.18e6);
        NS_TEST_EXPECT_MSG_EQ(Count(air.Play(), 0), 0, "too little");
        channel->SetBand(air.listeners[0]->GetDevice(), 5.20918e9 - 100, 5.22e9 - 9.18e6);
        NS_TEST_EXPECT_MSG_EQ(Count(air.Play(), 0), 2, "enough");

        channel->RemoveRx(air.listeners[2]);
        NS_TEST_EXPECT_MSG_EQ(channel->GetNDevices(), 5, "one has gone");
        NS_TEST_EXPECT_MSG_EQ(Count(air.Play(), 2), 0, "and gets nothing");
        channel->AddRx(air.listeners[2]);
        channel->AddRx(air.listeners[2]);
        NS_TEST_EXPECT_MSG_EQ(Count(air.Play(), 2), 8, "back, once");
        Simulator::Destroy();
    }
};

/** @brief What ns-3's mask of a Wi-Fi transmitter leaves in the other channels. */
class WifiLeakTest : public TestCase
{
  public:
    WifiLeakTest()
        : TestCase("air: Wi-Fi reaches the adjacent channels and no farther")
    {
    }

  private:
    void DoRun() override
    {
        auto channel = CreateChannel();
        std::vector<Arrival> arrivals;
        const auto plan = NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 4);
        const auto listener = CreateObject<Listener>(0, plan, arrivals);
        channel->AddRx(listener);
        auto bss = CreateObject<NruWifiBss>();
        bss->Build(channel, 5.18e9, {0, 0, 0}, {}, "leak");
        Simulator::Stop(MilliSeconds(150));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(arrivals.empty(), false, "a beacon");
        const auto& density = std::get<2>(arrivals.front());
        NS_TEST_EXPECT_MSG_EQ_TOL(10 * std::log10(density[1] / density[0]),
                                  -26.0,
                                  1.0,
                                  "adjacent (dB)");
        NS_TEST_EXPECT_MSG_LT(density[2],
                              NruSpectrumChannel::MIN_SHARE * density[0],
                              "next but one");
        NS_TEST_EXPECT_MSG_EQ(density[3], 0.0, "beyond");
        bss->Dispose();
        Simulator::Destroy();
    }
};

/** @brief The air of several technologies. */
class NruSpectrumChannelTestSuite : public TestSuite
{
  public:
    NruSpectrumChannelTestSuite()
        : TestSuite("nru-spectrum-channel", NRU_TEST_UNIT)
    {
        AddTestCase(new AsMultiModelTest, NRU_TEST_QUICK);
        AddTestCase(new ReceiversTest, NRU_TEST_QUICK);
        AddTestCase(new WifiLeakTest, NRU_TEST_QUICK);
    }
};

NruSpectrumChannelTestSuite g_nruSpectrumChannelTestSuite; //!< the suite

} // namespace

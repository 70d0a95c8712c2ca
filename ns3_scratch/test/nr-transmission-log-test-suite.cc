// SPDX-License-Identifier: GPL-2.0-only

#include "nr-spectrum-phy.h"
#include "nr-transmission-log.h"
#include "test-compat.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/multi-model-spectrum-channel.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <cmath>
#include <functional>

using namespace ns3;

namespace
{

/// 20 dBm transmitted over a loss of 80 dB (W).
const double WATT_AT_80_DB = 1e-1 * 1e-8;
/// 20 dBm transmitted over a loss of 86 dB (W).
const double WATT_AT_86_DB = 1e-1 * std::pow(10.0, -8.6);

/**
 * @ingroup nr-tests
 * @brief A receiver and transmitters on one spectrum channel, with losses set by hand.
 */
class InterferenceTestCase : public TestCase
{
  public:
    /**
     * @param name of the case
     */
    explicit InterferenceTestCase(const std::string& name)
        : TestCase(name)
    {
    }

  protected:
    /// Create the receiver and the log.
    void DoSetup() override
    {
        m_loss = CreateObject<MatrixPropagationLossModel>();
        m_gain = CreateObject<NrPathGain>();
        m_gain->SetPropagationLossModel(m_loss);
        m_channel = CreateObject<MultiModelSpectrumChannel>();
        m_log = CreateObject<NrTransmissionLog>();
        m_log->SetRxSpectrumModel(NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 4));
        m_log->SetPathGain(m_gain);
        m_log->SetChannel(m_channel);
        m_channel->AddRx(m_log);
        m_receiver = CreateObject<ConstantPositionMobilityModel>();
    }

    void DoTeardown() override
    {
        Simulator::Destroy();
        m_log->Dispose();
        m_channel->Dispose();
    }

    /**
     * @param lossDb to the receiver (dB)
     * @param channel index
     * @return a transmitter of 20 dBm
     */
    Ptr<NrSpectrumPhy> AddTransmitter(double lossDb, uint32_t channel)
    {
        auto phy = CreateObject<NrSpectrumPhy>();
        phy->SetAttribute("TxPower", DoubleValue(20));
        auto mobility = CreateObject<ConstantPositionMobilityModel>();
        m_loss->SetLoss(mobility, m_receiver, lossDb);
        phy->SetMobility(mobility);
        phy->SetChannel(m_channel);
        phy->SetChannelIndex(channel);
        m_channel->AddRx(phy);
        return phy;
    }

    /**
     * @param phy transmits
     * @param fromUs from (us)
     * @param toUs until (us)
     */
    static void Transmit(Ptr<NrSpectrumPhy> phy, int64_t fromUs, int64_t toUs)
    {
        Simulator::Schedule(MicroSeconds(fromUs),
                            [=] { phy->StartTx(MicroSeconds(toUs - fromUs)); });
    }

    /**
     * @brief Compare mean interference over an interval with what it must be.
     * @param wanted not interference
     * @param channel index
     * @param fromUs start (us)
     * @param toUs end (us)
     * @param expected power (W)
     */
    void
    Check(Ptr<NrSpectrumPhy> wanted, uint8_t channel, int64_t fromUs, int64_t toUs, double expected)
    {
        const auto power = m_log->GetInterference(m_receiver,
                                                  channel,
                                                  wanted,
                                                  MicroSeconds(fromUs),
                                                  MicroSeconds(toUs));
        NS_TEST_EXPECT_MSG_EQ_TOL(power,
                                  expected,
                                  1e-9 * WATT_AT_80_DB,
                                  fromUs << " to " << toUs << " us on channel " << +channel);
    }

    /**
     * @param atUs run until then (us), then check
     * @param check what to check
     */
    static void RunUntil(int64_t atUs, std::function<void()> check)
    {
        Simulator::Schedule(MicroSeconds(atUs), [=] { check(); });
        Simulator::Run();
    }

    Ptr<MatrixPropagationLossModel> m_loss;        //!< losses by hand
    Ptr<NrPathGain> m_gain;                        //!< their gains
    Ptr<MultiModelSpectrumChannel> m_channel;      //!< the air
    Ptr<NrTransmissionLog> m_log;                  //!< what is tested
    Ptr<ConstantPositionMobilityModel> m_receiver; //!< a UE
};

/**
 * @ingroup nr-tests
 * @brief Two interferers that overlap an interval in part, one on another channel, and the wanted
 * signal.
 */
class OverlapTestCase : public InterferenceTestCase
{
  public:
    OverlapTestCase()
        : InterferenceTestCase("Interferers count with the time and the channel that they share")
    {
    }

  private:
    void DoRun() override
    {
        const auto wanted = AddTransmitter(60, 1);
        const auto near = AddTransmitter(80, 1);
        const auto far = AddTransmitter(86, 1);
        const auto other = AddTransmitter(60, 2);
        Transmit(wanted, 0, 200);
        Transmit(near, 0, 100);
        Transmit(far, 50, 150);
        Transmit(other, 20, 120);
        RunUntil(200, [this, wanted, near, far] {
            Check(wanted, 1, 0, 50, WATT_AT_80_DB);
            Check(wanted, 1, 0, 100, WATT_AT_80_DB + WATT_AT_86_DB / 2);
            Check(wanted, 1, 25, 75, WATT_AT_80_DB + WATT_AT_86_DB / 2);
            Check(wanted, 1, 50, 100, WATT_AT_80_DB + WATT_AT_86_DB);
            Check(wanted, 1, 0, 200, WATT_AT_80_DB / 2 + WATT_AT_86_DB / 2);
            Check(wanted, 1, 120, 140, WATT_AT_86_DB);
            Check(wanted, 1, 140, 180, WATT_AT_86_DB / 4);
            Check(wanted, 1, 150, 200, 0);
            Check(near, 1, 50, 100, 1e-7 + WATT_AT_86_DB); // wanted by another, it interferes
            Check(wanted, 2, 0, 200, 1e-7 / 2);
            Check(wanted, 0, 0, 200, 0);
            Check(wanted, 3, 0, 200, 0);
        });
    }
};

/**
 * @ingroup nr-tests
 * @brief Powers in parts of an interval are those over each part, of everybody.
 */
class PartsTestCase : public InterferenceTestCase
{
  public:
    PartsTestCase()
        : InterferenceTestCase("Powers in equal parts of an interval")
    {
    }

  private:
    void DoRun() override
    {
        Transmit(AddTransmitter(80, 1), 0, 130);
        Transmit(AddTransmitter(86, 1), 95, 400);
        Transmit(AddTransmitter(60, 2), 0, 400);
        RunUntil(400, [this] {
            constexpr uint32_t N = 7;
            const auto powers =
                m_log->GetReceivedPowers(m_receiver, 1, MicroSeconds(60), MicroSeconds(410), N);
            NS_TEST_ASSERT_MSG_EQ(powers.size(), N, "number of parts");
            for (uint32_t i = 0; i < N; ++i)
            {
                Check(nullptr, 1, 60 + 50 * i, 110 + 50 * i, powers[i]);
            }
        });
    }
};

/**
 * @ingroup nr-tests
 * @brief A long transmission is known as long as it lasts, and one that has ended for `Memory`.
 */
class MemoryTestCase : public InterferenceTestCase
{
  public:
    MemoryTestCase()
        : InterferenceTestCase("Transmissions are remembered for long enough")
    {
    }

  private:
    void DoRun() override
    {
        const auto wanted = AddTransmitter(60, 0);
        const auto lengthy = AddTransmitter(80, 0);
        const auto brief = AddTransmitter(86, 0);
        Transmit(lengthy, 0, 10000);
        Transmit(brief, 7000, 7100);
        Transmit(brief, 9050, 9150); // 1.95 ms after the first has ended
        RunUntil(9100, [this, wanted] {
            Check(wanted, 0, 7100, 9050, WATT_AT_80_DB);
            Check(wanted, 0, 7000, 7200, WATT_AT_80_DB + WATT_AT_86_DB / 2);
            Check(wanted, 0, 9000, 9100, WATT_AT_80_DB + WATT_AT_86_DB / 2);
        });
    }
};

/**
 * @ingroup nr-tests
 * @brief A signal in bands of its own, as Wi-Fi's, counts with the power that falls into a channel.
 */
class OtherBandsTestCase : public InterferenceTestCase
{
  public:
    OtherBandsTestCase()
        : InterferenceTestCase("Signals of other spectrum models count by overlap of bands")
    {
    }

  private:
    /**
     * @brief Transmit 20 dBm for 100 us, evenly over some bands, over a loss of 80 dB.
     * @param lowHz lower edge (Hz)
     * @param widthHz width of all bands (Hz)
     * @param nBands number of bands
     */
    void TransmitOther(double lowHz, double widthHz, uint32_t nBands)
    {
        Bands bands;
        for (uint32_t i = 0; i < nBands; ++i)
        {
            const auto low = lowHz + widthHz * i / nBands;
            const auto high = lowHz + widthHz * (i + 1) / nBands;
            bands.push_back({low, (low + high) / 2, high});
        }
        auto signal = Create<SpectrumSignalParameters>();
        signal->psd = Create<SpectrumValue>(Create<SpectrumModel>(bands));
        *signal->psd = 0.1 / widthHz;
        signal->duration = MicroSeconds(100);
        signal->txPhy = AddTransmitter(80, 3);
        m_channel->StartTx(signal);
    }

    void DoRun() override
    {
        // Channels of 18.36 MHz around 5180, 5200, 5220, 5240 MHz
        Simulator::Schedule(MicroSeconds(0), [this] { TransmitOther(5.17e9, 20e6, 64); });
        Simulator::Schedule(MicroSeconds(200), [this] { TransmitOther(5.19e9, 40e6, 128); });
        Simulator::Schedule(MicroSeconds(400), [this] { TransmitOther(5.2e9, 20e6, 1); });
        RunUntil(600, [this] {
            const auto wide = 18.36 / 20 * WATT_AT_80_DB;
            Check(nullptr, 0, 0, 100, wide);
            Check(nullptr, 1, 0, 100, 0);
            Check(nullptr, 0, 200, 300, 0);
            Check(nullptr, 1, 200, 300, wide / 2);
            Check(nullptr, 2, 200, 300, wide / 2);
            Check(nullptr, 3, 200, 300, 0);
            // half a channel's 18.36 MHz of either neighbour lies within 5200 to 5220 MHz
            Check(nullptr, 1, 400, 500, wide / 2);
            Check(nullptr, 2, 400, 500, wide / 2);
        });
    }
};

/// Tests of the transmission log.
class NrTransmissionLogTestSuite : public TestSuite
{
  public:
    NrTransmissionLogTestSuite()
        : TestSuite("nr-transmission-log", NRU_TEST_UNIT)
    {
        AddTestCase(new OverlapTestCase, NRU_TEST_QUICK);
        AddTestCase(new PartsTestCase, NRU_TEST_QUICK);
        AddTestCase(new MemoryTestCase, NRU_TEST_QUICK);
        AddTestCase(new OtherBandsTestCase, NRU_TEST_QUICK);
    }
};

const NrTransmissionLogTestSuite g_nrTransmissionLogTestSuite; //!< registers itself

} // namespace

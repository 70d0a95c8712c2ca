// SPDX-License-Identifier: GPL-2.0-only

#include "nru-random-access.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/multi-model-spectrum-channel.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief A UE, the cell that it wants to reach, and a third party, with losses set by hand.
 *
 * The UE transmits 17 dBm: it senses at -66 dBm (TS 37.213 clause 4.1.5). The noise of 18.36 MHz at
 * a noise figure of 5 dB is -96.36 dBm, so that a preamble is detected, with -6 dB, over a loss of
 * at most 119.36 dB.
 */
class Air
{
  public:
    /**
     * @param ueToCell loss (dB)
     * @param otherToUe loss (dB)
     * @param otherToCell loss (dB)
     */
    Air(double ueToCell, double otherToUe, double otherToCell)
        : cell(CreateObject<NrSpectrumPhy>()),
          other(CreateObject<NrSpectrumPhy>()),
          ue(CreateObject<NruUe>()),
          access(CreateObject<NruRandomAccess>()),
          m_channel(CreateObject<MultiModelSpectrumChannel>())
    {
        auto loss = CreateObject<MatrixPropagationLossModel>();
        auto gain = CreateObject<NrPathGain>();
        gain->SetPropagationLossModel(loss);
        log = CreateObject<NrTransmissionLog>();
        log->SetRxSpectrumModel(NrSpectrumPhy::GetSharedSpectrumModel(5.2e9, 4));
        log->SetPathGain(gain);
        log->SetChannel(m_channel);
        m_channel->AddRx(log);
        for (const auto& phy : {cell, other})
        {
            phy->SetAttribute("TxPower", DoubleValue(20));
            phy->SetMobility(CreateObject<ConstantPositionMobilityModel>());
            phy->SetChannel(m_channel);
            phy->SetChannelIndex(1);
            m_channel->AddRx(phy);
        }
        auto position = CreateObject<ConstantPositionMobilityModel>();
        ue->Configure(0, position, CreateObject<NrGbrBearer>(), Create<NruCellOffsets>(2), 2);
        loss->SetLoss(position, cell->GetMobility(), ueToCell);
        loss->SetLoss(position, other->GetMobility(), otherToUe);
        loss->SetLoss(cell->GetMobility(), other->GetMobility(), otherToCell);
        access->Configure(log, gain);
    }

    ~Air()
    {
        access->Dispose();
        ue->Dispose();
        m_channel->Dispose();
        Simulator::Destroy();
    }

    Air(const Air&) = delete;
    Air& operator=(const Air&) = delete;

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
     * @return whether a preamble gets through at 1 ms
     */
    bool TryPreamble() const
    {
        bool isThrough = false;
        Simulator::Schedule(MilliSeconds(1), [&] { isThrough = access->TryPreamble(ue, cell); });
        Simulator::Run();
        return isThrough;
    }

    Ptr<NrSpectrumPhy> cell;     //!< that the UE wants to reach
    Ptr<NrSpectrumPhy> other;    //!< of somebody else
    Ptr<NruUe> ue;               //!< wants to reach the cell
    Ptr<NruRandomAccess> access; //!< under test
    Ptr<NrTransmissionLog> log;  //!< what is on the air

  private:
    Ptr<MultiModelSpectrumChannel> m_channel; //!< the air
};

/**
 * @ingroup nru-tests
 * @brief An idle channel lets everything through that reaches the gNB above the noise.
 */
class RangeTestCase : public TestCase
{
  public:
    RangeTestCase()
        : TestCase("A preamble on an idle channel: detected down to -6 dB")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Air(60, 200, 200).TryPreamble(), true, "near");
        NS_TEST_EXPECT_MSG_EQ(Air(119.3, 200, 200).TryPreamble(), true, "within range");
        NS_TEST_EXPECT_MSG_EQ(Air(119.5, 200, 200).TryPreamble(), false, "out of range");
        Air air(119.3, 200, 200);
        air.access->SetAttribute("UeTxPower", DoubleValue(16));
        NS_TEST_EXPECT_MSG_EQ(air.TryPreamble(), false, "1 dB less power");
        air.access->SetAttribute("GnbNoiseFigure", DoubleValue(4));
        NS_TEST_EXPECT_MSG_EQ(air.TryPreamble(), true, "1 dB less noise");
    }
};

/**
 * @ingroup nru-tests
 * @brief Energy that the UE senses puts the preamble off, if it counts.
 */
class SensingTestCase : public TestCase
{
  public:
    SensingTestCase()
        : TestCase("A preamble is put off while the UE senses energy above its threshold")
    {
    }

  private:
    /**
     * @brief A preamble at 1 ms, while the other is heard.
     * @param dbm received by the UE from the other (dBm)
     * @param fromUs start of the other's transmission (us)
     * @param toUs end of it (us)
     * @param channel of the other
     * @return whether it gets through
     */
    static bool TryBeside(double dbm, int64_t fromUs, int64_t toUs, uint32_t channel = 1)
    {
        Air air(80, 20 - dbm, 200);
        air.other->SetChannelIndex(channel);
        Air::Transmit(air.other, fromUs, toUs);
        return air.TryPreamble();
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(TryBeside(-65.9, 500, 1500), false, "at the threshold");
        NS_TEST_EXPECT_MSG_EQ(TryBeside(-66.1, 500, 1500), true, "below it");
        NS_TEST_EXPECT_MSG_EQ(TryBeside(-40, 500, 1500, 2), true, "on another channel");
        NS_TEST_EXPECT_MSG_EQ(TryBeside(-40, 500, 974), true, "over before it senses");
        NS_TEST_EXPECT_MSG_EQ(TryBeside(-65, 500, 984), false, "in the first sensing slot");
        NS_TEST_EXPECT_MSG_EQ(TryBeside(-65, 991, 1500), false, "in the second sensing slot");
        // Type 2A senses for 25 us: a slot, 7 us that do not matter, another slot.
        NS_TEST_EXPECT_MSG_EQ(TryBeside(-40, 984, 991), true, "between the two");

        Air air(80, 200, 200);
        Air::Transmit(air.cell, 500, 1500); // heard at -60 dBm
        NS_TEST_EXPECT_MSG_EQ(air.TryPreamble(), true, "the target's own occupancy is shared");

        Air other(80, 60, 200);
        other.log->SetAttribute("Interference", BooleanValue(false));
        Air::Transmit(other.other, 500, 1500);
        NS_TEST_EXPECT_MSG_EQ(other.TryPreamble(), false, "energy without interference counts");
    }
};

/**
 * @ingroup nru-tests
 * @brief Interference at the gNB that the UE does not hear hides its preamble.
 */
class InterferenceTestCase : public TestCase
{
  public:
    InterferenceTestCase()
        : TestCase("A preamble is lost in interference that the UE does not hear")
    {
    }

  private:
    /**
     * @brief A preamble that arrives at -83 dBm, at 1 ms.
     * @param dbm of the other at the cell (dBm)
     * @param toUs end of the other's transmission (us)
     * @return whether it gets through
     */
    static bool TryWithin(double dbm, int64_t toUs)
    {
        Air air(100, 200, 20 - dbm);
        Air::Transmit(air.other, 500, toUs);
        return air.TryPreamble();
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(TryWithin(-77.3, 1500), true, "SINR of -5.8 dB");
        NS_TEST_EXPECT_MSG_EQ(TryWithin(-76.7, 1500), false, "SINR of -6.4 dB");
        NS_TEST_EXPECT_MSG_EQ(TryWithin(-50, 900), true, "interference that is over");
        Air deaf(100, 200, 70);
        deaf.log->SetAttribute("Interference", BooleanValue(false));
        Air::Transmit(deaf.other, 500, 1500);
        NS_TEST_EXPECT_MSG_EQ(deaf.TryPreamble(), true, "interference that does not count");
    }
};

/**
 * @ingroup nru-tests
 * @brief A handover waits for the first PRACH occasion at which the preamble gets through.
 */
class OccasionTestCase : public TestCase
{
  public:
    OccasionTestCase()
        : TestCase("A handover completes at the first PRACH occasion on an idle channel")
    {
    }

  private:
    /**
     * @return whether the UE's preamble gets through. Arguments as NruUe::RandomAccessCallback.
     */
    bool Try(uint32_t, uint32_t)
    {
        ++m_preambles;
        return m_air->access->TryPreamble(m_air->ue, m_air->cell);
    }

    /// The handover starts. Arguments as NruUe::HandoverCallback.
    void Start(uint32_t, uint32_t, uint32_t)
    {
        m_started = Simulator::Now();
    }

    /// The handover has completed. Arguments as NruUe::HandoverCallback.
    void Complete(uint32_t, uint32_t, uint32_t)
    {
        m_completed = Simulator::Now();
    }

    void DoRun() override
    {
        Air air(80, 80, 200);
        m_air = &air;
        air.ue->SetAttribute("PrachPeriod", TimeValue(MilliSeconds(10)));
        air.ue->SetHandoverCallbacks(MakeCallback(&OccasionTestCase::Start, this),
                                     MakeCallback(&OccasionTestCase::Complete, this));
        air.ue->SetRandomAccessCallback(MakeCallback(&OccasionTestCase::Try, this));
        air.ue->Camp(0);
        air.ue->Measure(0, -70, 20);
        air.ue->Measure(1, -70, 20);
        air.ue->SetChoTarget(1); // starts after 40 ms, the first preamble goes after 40 ms more
        // a channel occupancy of 8 ms after another, 0.1 ms apart: busy from 60 to 108.5 ms
        for (int64_t start = 60000; start < 108000; start += 8100)
        {
            Air::Transmit(air.other, start, start + 8000);
        }
        Simulator::Stop(MilliSeconds(500));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(m_started, MilliSeconds(40), "time to trigger");
        NS_TEST_EXPECT_MSG_EQ(m_completed, MilliSeconds(110), "80, 90 and 100 ms are busy");
        NS_TEST_EXPECT_MSG_EQ(m_preambles, 4, "one an occasion");
        NS_TEST_EXPECT_MSG_EQ(air.ue->GetServing(), 1, "serving cell");
    }

    Air* m_air{nullptr}; //!< where
    Time m_started;      //!< when the handover began
    Time m_completed;    //!< when it was through
    int m_preambles{0};  //!< tried
};

/// Tests of random access under listen-before-talk.
class NruRandomAccessTestSuite : public TestSuite
{
  public:
    NruRandomAccessTestSuite()
        : TestSuite("nru-random-access", NRU_TEST_UNIT)
    {
        AddTestCase(new RangeTestCase, NRU_TEST_QUICK);
        AddTestCase(new SensingTestCase, NRU_TEST_QUICK);
        AddTestCase(new InterferenceTestCase, NRU_TEST_QUICK);
        AddTestCase(new OccasionTestCase, NRU_TEST_QUICK);
    }
};

const NruRandomAccessTestSuite g_nruRandomAccessTestSuite; //!< registers itself

} // namespace

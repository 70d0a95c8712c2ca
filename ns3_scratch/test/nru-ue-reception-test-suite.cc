// SPDX-License-Identifier: GPL-2.0-only

#include "nru-sibx-header.h"
#include "nru-ue.h"
#include "test-compat.h"

#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

using namespace ns3;

namespace
{

/**
 * @ingroup nru-tests
 * @brief The layer 3 filter keeps its time constant whatever the measurement interval.
 */
class FilterTestCase : public TestCase
{
  public:
    FilterTestCase()
        : TestCase("Layer 3 filter: half the step after 200 ms with k = 4")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto interval : {200, 20, 50})
        {
            auto ue = CreateObject<NruUe>();
            ue->SetAttribute("L3FilterK", UintegerValue(4));
            ue->Configure(0, nullptr, nullptr, Create<NruCellOffsets>(1), 1);
            ue->Measure(0, -80, 10);
            for (auto t = interval; t <= 200; t += interval)
            {
                Simulator::Schedule(MilliSeconds(t), &NruUe::Measure, ue, 0, -60, 30);
            }
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ_TOL(ue->GetCell(0).rsrpDbm, -70, 1e-9, interval << " ms");
            NS_TEST_EXPECT_MSG_EQ_TOL(ue->GetCell(0).sinrDb, 20, 1e-9, interval << " ms");
            Simulator::Destroy();
        }
    }
};

/**
 * @ingroup nru-tests
 * @brief SIBx: golden bytes, rounding, saturation, and what a UE keeps of it.
 */
class SibxTestCase : public TestCase
{
  public:
    SibxTestCase()
        : TestCase("SIBx: 40 bits and what a UE keeps of them")
    {
    }

  private:
    /**
     * @param sequence of the header
     * @param pci of the header
     * @param load of the header
     * @return a packet with that header
     */
    Ptr<Packet> Pack(uint32_t sequence, uint16_t pci, double load)
    {
        NruSibxHeader header;
        header.SetSequence(sequence);
        header.SetPci(pci);
        header.SetLoad(load);
        auto packet = Create<Packet>();
        packet->AddHeader(header);
        return packet;
    }

    void DoRun() override
    {
        uint8_t bytes[5];
        const auto packet = Pack(0x2bcd, 0x2a5, 1.25);
        NS_TEST_ASSERT_MSG_EQ(packet->GetSize(), 5, "a SIBx has 40 bits");
        packet->CopyData(bytes, 5);
        // 10101111001101 | 1010100101 | 0101000000000000
        const uint8_t golden[5] = {0xaf, 0x36, 0xa5, 0x50, 0x00};
        for (int i = 0; i < 5; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(+bytes[i], +golden[i], "byte " << i);
        }
        NruSibxHeader header;
        packet->PeekHeader(header);
        NS_TEST_EXPECT_MSG_EQ(header.GetSequence(), 0x2bcd, "sequence");
        NS_TEST_EXPECT_MSG_EQ(header.GetPci(), 0x2a5, "PCI");
        NS_TEST_EXPECT_MSG_EQ(header.GetLoad(), 1.25, "load");
        Pack((1 << 14) + 3, 1, 17.0)->PeekHeader(header);
        NS_TEST_EXPECT_MSG_EQ(header.GetSequence(), 3, "sequence wraps");
        NS_TEST_EXPECT_MSG_EQ_TOL(header.GetLoad(), 4 - 1.0 / 16384, 1e-12, "load saturates");
        Pack(0, 1, 0.7)->PeekHeader(header);
        NS_TEST_EXPECT_MSG_EQ_TOL(header.GetLoad(), 0.7, 0.5 / 16384, "load is rounded");

        auto ue = CreateObject<NruUe>();
        ue->Configure(0, nullptr, nullptr, Create<NruCellOffsets>(3), 3);
        NS_TEST_EXPECT_MSG_EQ(ue->GetCell(2).sibxLoad.has_value(), false, "nothing heard yet");
        ue->ReceiveSibx(Pack(1, 2, 0.5), MilliSeconds(160));
        ue->ReceiveSibx(Pack(2, 2, 0.75), MilliSeconds(320));
        NS_TEST_EXPECT_MSG_EQ(ue->GetCell(2).sibxLoad.value(), 0.75, "load last heard");
        NS_TEST_EXPECT_MSG_EQ(ue->GetCell(2).sibxMeasured, MilliSeconds(320), "its time");
        NS_TEST_EXPECT_MSG_EQ(ue->GetCell(2).sibxHeard, 2, "instances");
        NS_TEST_EXPECT_MSG_EQ(ue->GetCell(1).sibxHeard, 0, "another cell's");
    }
};

/// Tests of what a UE makes of what it receives.
class NruUeReceptionTestSuite : public TestSuite
{
  public:
    NruUeReceptionTestSuite()
        : TestSuite("nru-ue-reception", NRU_TEST_UNIT)
    {
        AddTestCase(new FilterTestCase, NRU_TEST_QUICK);
        AddTestCase(new SibxTestCase, NRU_TEST_QUICK);
    }
};

const NruUeReceptionTestSuite g_nruUeReceptionTestSuite; //!< registers itself

} // namespace

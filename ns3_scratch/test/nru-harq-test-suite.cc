// SPDX-License-Identifier: GPL-2.0-only

#include "nru-contention-window.h"
#include "nru-test-hall.h"
#include "test-compat.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;

namespace
{

/// What the trace `Block` tells, and when.
struct Outcome
{
    Time time;             //!< end of the slot
    uint32_t gnb;          //!< index
    uint32_t ue;           //!< index
    NrHarqProcess process; //!< the block
    bool isAck;            //!< whether it was received
};

/**
 * @ingroup nru-tests
 * @brief A small hall whose gNBs have more to send than they can, and a record of their blocks.
 */
class BusyHall
{
  public:
    /**
     * @param nGnbs on one channel
     * @param nUes that stand still
     */
    BusyHall(uint32_t nGnbs, uint32_t nUes)
    {
        hall.network->SetAttribute("NGnbs", UintegerValue(nGnbs));
        hall.network->SetAttribute("NUes", UintegerValue(nUes));
        hall.network->SetAttribute("NChannels", UintegerValue(1));
        hall.network->SetAttribute("MobileShare", DoubleValue(0));
        hall.Set("ns3::NruDemand::Distribution", StringValue("constant"));
        hall.Set("ns3::NruDemand::Mean", DoubleValue(100e6));
        hall.Set("ns3::NruPropagation::Shadowing", BooleanValue(false));
        hall.Set("ns3::NrLinkAdaptation::Step", DoubleValue(0)); // no outer loop
    }

    /**
     * @param seed of the run
     * @param steps to simulate
     */
    void Run(uint32_t seed, uint32_t steps)
    {
        Simulator::ScheduleNow([this] {
            for (const auto& gnb : hall.network->GetGnbs())
            {
                gnb->TraceConnectWithoutContext("Block", MakeCallback(&BusyHall::Note, this));
            }
        });
        hall.Run(seed, steps, [](uint32_t) {});
    }

    Hall hall;                     //!< the hall
    std::vector<Outcome> outcomes; //!< of its blocks

  private:
    /// A block was received or not. Arguments as NruGnb::BlockTracedCallback.
    void Note(uint32_t gnb, uint32_t ue, const NrHarqProcess& process, bool isAck)
    {
        outcomes.push_back({Simulator::Now(), gnb, ue, process, isAck});
    }
};

/**
 * @ingroup nru-tests
 * @brief The life of transport blocks at a SINR at which the first transmission often fails.
 */
class CombiningTestCase : public TestCase
{
  public:
    CombiningTestCase()
        : TestCase("HARQ: chase combining, feedback delay, transmissions at most")
    {
    }

  private:
    /**
     * @brief A lone cell and a UE that receives it with a SINR just above the threshold of an MCS,
     * which stands for a block error rate of 0.999 here.
     * @param transmissions of a block, at most
     * @return blocks with more than one transmission that were received
     */
    uint32_t Check(uint32_t transmissions)
    {
        const auto delay = MilliSeconds(3);
        double rsrpDbm = 0;
        {
            BusyHall probe(1, 1);
            probe.Run(1, 1);
            rsrpDbm = probe.hall.network->GetGnbs()[0]->GetDownlink().GetRsrpDbm(
                probe.hall.network->GetUes()[0]->GetMobility());
        }
        BusyHall busy(1, 1);
        constexpr double TARGET_BLER = 0.999;
        const auto target = CreateObject<NrAmc>();
        target->SetAttribute("TargetBler", DoubleValue(TARGET_BLER));
        const auto sinrDb = target->GetSinrThreshold(12) + 0.05;
        busy.hall.Set(
            "ns3::NruGnb::UeNoiseFigure",
            DoubleValue(rsrpDbm - sinrDb - NrCarrier::GetRsrpDbm(NrCarrier::GetNoisePowerDbm(0))));
        busy.hall.Set("ns3::NruGnb::HarqFeedbackDelay", TimeValue(delay));
        busy.hall.Set("ns3::NruGnb::HarqTransmissions", UintegerValue(transmissions));
        busy.hall.Set("ns3::NrAmc::TargetBler", DoubleValue(TARGET_BLER));
        busy.Run(1, 6);
        const auto amc = busy.hall.network->GetAmc();

        double expected[2]{};   // failures of first, and of second transmissions
        double variance[2]{};   // of their number
        uint32_t failures[2]{}; // counted
        uint32_t rescued = 0;
        const auto blocks = GetBlocks(busy.outcomes);
        for (const auto& attempts : blocks)
        {
            NS_TEST_EXPECT_MSG_LT_OR_EQ(attempts.size(), transmissions, "transmissions of a block");
            for (uint32_t i = 0; i < attempts.size(); ++i)
            {
                const auto& [time, gnb, ue, process, isAck] = attempts[i];
                const auto isLast = i + 1 == attempts.size();
                NS_TEST_EXPECT_MSG_EQ(+process.transmissions, i + 1, "number of the transmission");
                NS_TEST_EXPECT_MSG_EQ_TOL(10 * std::log10(process.sinr / (i + 1)),
                                          sinrDb,
                                          1e-6,
                                          "SINRs of all transmissions add up");
                NS_TEST_EXPECT_MSG_EQ((isAck && !isLast), false, "sent again after an ACK");
                if (i < 2)
                {
                    const auto bler =
                        amc->GetBler(process.mcs, 10 * std::log10(process.sinr), process.sizeBits);
                    expected[i] += bler;
                    variance[i] += bler * (1 - bler);
                    failures[i] += !isAck;
                }
                if (i > 0)
                {
                    const auto& before = attempts[i - 1].process;
                    NS_TEST_EXPECT_MSG_GT(time - attempts[i - 1].time,
                                          delay,
                                          "sent again before the feedback");
                    NS_TEST_EXPECT_MSG_EQ(process.sizeBits, before.sizeBits, "the same block");
                    NS_TEST_EXPECT_MSG_EQ(+process.mcs, +before.mcs, "by the same MCS");
                    rescued += isAck;
                }
            }
        }
        for (uint32_t i = 0; i < std::min(transmissions, 2U); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(failures[i],
                                      expected[i],
                                      4 * std::sqrt(variance[i]) + 1e-6,
                                      "failures of transmission " << i + 1);
        }
        NS_TEST_EXPECT_MSG_GT(expected[0], 0.5 * blocks.size(), "first transmissions often fail");
        NS_TEST_EXPECT_MSG_GT(blocks.size(), 300, "blocks");
        CheckBytes(busy, blocks);
        return rescued;
    }

    /**
     * @param outcomes of one UE, in order of time
     * @return those of each transport block
     */
    static std::vector<std::vector<Outcome>> GetBlocks(const std::vector<Outcome>& outcomes)
    {
        std::vector<std::vector<Outcome>> blocks;
        std::map<std::pair<uint64_t, uint32_t>, std::size_t> latest; // by the first byte's place
        for (const auto& outcome : outcomes)
        {
            const std::pair place{outcome.process.data.packet, outcome.process.data.offset};
            if (outcome.process.transmissions == 1) // a new block, perhaps for data of one given up
            {
                latest[place] = blocks.size();
                blocks.emplace_back();
            }
            blocks.at(latest.at(place)).push_back(outcome);
        }
        return blocks;
    }

    /**
     * @brief A packet is delivered if each of its bytes has been received, once.
     * @param busy after its run
     * @param blocks with all attempts
     */
    void CheckBytes(const BusyHall& busy, const std::vector<std::vector<Outcome>>& blocks)
    {
        constexpr uint32_t SIZE = 1500;
        std::map<uint64_t, uint32_t> received; // bytes, by packet
        for (const auto& attempts : blocks)
        {
            if (!attempts.back().isAck)
            {
                continue;
            }
            auto [packet, offset, left] = attempts.back().process.data;
            for (; left > 0; ++packet, offset = 0)
            {
                const auto bytes = std::min(left, SIZE - offset);
                received[packet] += bytes;
                left -= bytes;
            }
        }
        uint64_t delivered = 0;
        for (const auto& [packet, bytes] : received)
        {
            NS_TEST_EXPECT_MSG_LT_OR_EQ(bytes, SIZE, "bytes received twice");
            delivered += bytes == SIZE ? SIZE : 0;
        }
        NS_TEST_EXPECT_MSG_EQ(busy.hall.GetTotals().delivered,
                              delivered,
                              "delivered are packets that are whole");
        NS_TEST_EXPECT_MSG_GT(delivered, 0, "something is");
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Check(1), 0, "without retransmissions");
        NS_TEST_EXPECT_MSG_GT(Check(4), 100, "the second transmission adds 3 dB, and gets through");
    }
};

/**
 * @ingroup nru-tests
 * @brief gNBs that do not hear one another collide: windows go up with each occupancy that nobody
 * acknowledges, once the feedback is there, and blocks are given up.
 */
class CollisionTestCase : public TestCase
{
  public:
    /**
     * @param transmissions of a block, at most
     * @param access of discovery bursts
     */
    CollisionTestCase(uint32_t transmissions, const std::string& access)
        : TestCase("Collisions raise the contention window, " + std::to_string(transmissions) +
                   " transmissions a block, bursts by " + access),
          m_transmissions(transmissions),
          m_access(access)
    {
    }

  private:
    /// A channel occupancy.
    struct Cot
    {
        uint32_t gnb;  //!< index
        Time start;    //!< first instant
        Time duration; //!< of it
    };

    /// A draw of a backoff.
    struct Draw
    {
        Time time;       //!< when
        uint32_t window; //!< drawn from
    };

    /// A channel occupancy begins. Arguments as NruGnb::CotTracedCallback.
    void NoteCot(uint32_t gnb, Time start, Time duration)
    {
        m_cots.push_back({gnb, start, duration});
    }

    /// gNB 0 draws a backoff. Arguments as NruChannelAccessManager::BackoffTracedCallback.
    void NoteDraw(uint32_t, uint32_t window)
    {
        m_draws.push_back({Simulator::Now(), window});
    }

    /**
     * @brief Feedback of a channel occupancy's first slot with data.
     * @param busy after its run
     * @param cot of a gNB
     * @return end of that slot, ACKs and NACKs; none if there was no data
     */
    static std::optional<std::tuple<Time, uint32_t, uint32_t>> GetReference(const BusyHall& busy,
                                                                            const Cot& cot)
    {
        std::optional<Time> slot;
        uint32_t acks = 0;
        uint32_t nacks = 0;
        for (const auto& outcome : busy.outcomes)
        {
            const auto isInCot =
                outcome.time > cot.start && outcome.time <= cot.start + cot.duration;
            if (outcome.gnb != cot.gnb || !isInCot || (slot && outcome.time > *slot))
            {
                continue;
            }
            slot = outcome.time;
            ++(outcome.isAck ? acks : nacks);
        }
        if (!slot)
        {
            return std::nullopt;
        }
        return std::make_tuple(*slot, acks, nacks);
    }

    void DoRun() override
    {
        // no tie between feedback and the end of an occupancy, which may be on the slot grid
        const auto delay = MilliSeconds(2) + MicroSeconds(7);
        BusyHall busy(2, 8);
        busy.hall.Set("ns3::NruChannelAccessManager::ThresholdRule", StringValue("fixed"));
        busy.hall.Set("ns3::NruChannelAccessManager::FixedThreshold", DoubleValue(0)); // deaf
        busy.hall.Set("ns3::NruDiscovery::Access", StringValue(m_access));
        if (m_access == "type1")
        {
            // occupancies do not follow one another so closely that they carry all bursts
            busy.hall.Set("ns3::NruDemand::Mean", DoubleValue(2e6));
        }
        busy.hall.Set("ns3::NruHall::Length", DoubleValue(40));
        busy.hall.Set("ns3::NruHall::Width", DoubleValue(20));
        busy.hall.Set("ns3::NruGnb::HarqFeedbackDelay", TimeValue(delay));
        busy.hall.Set("ns3::NruGnb::HarqTransmissions", UintegerValue(m_transmissions));
        Simulator::ScheduleNow([&] {
            const auto& gnbs = busy.hall.network->GetGnbs();
            gnbs[0]->TraceConnectWithoutContext("Cot",
                                                MakeCallback(&CollisionTestCase::NoteCot, this));
            gnbs[0]->GetAccess()->TraceConnectWithoutContext(
                "Backoff",
                MakeCallback(&CollisionTestCase::NoteDraw, this));
        });
        busy.Run(2, 8);

        // The window anew, by feedback that is there: the rules of NruContentionWindow have tests
        // of their own.
        std::vector<std::tuple<Time, uint32_t, uint32_t>> reports;
        for (const auto& cot : m_cots)
        {
            if (const auto reference = GetReference(busy, cot))
            {
                const auto& [end, acks, nacks] = *reference;
                reports.emplace_back(end + delay, acks, nacks);
            }
        }
        NruContentionWindow window;
        std::size_t next = 0;
        uint32_t raised = 0;
        uint32_t largest = 0;
        uint32_t bursts = 0;
        for (const auto& draw : m_draws)
        {
            for (; next < reports.size() && std::get<Time>(reports[next]) <= draw.time; ++next)
            {
                const auto& [time, acks, nacks] = reports[next];
                window.Update(acks, nacks);
                raised += acks == 0;
            }
            const auto isBurst = draw.window <= 7; // of class 1, data are of class 3
            NS_TEST_EXPECT_MSG_EQ(draw.window,
                                  window.Use(isBurst ? NruDiscovery::PRIORITY_CLASS : 3),
                                  "window at " << draw.time.As(Time::MS));
            bursts += isBurst;
            largest = std::max(largest, draw.window);
        }
        NS_TEST_EXPECT_MSG_GT(m_draws.size(), 100, "channel accesses");
        NS_TEST_EXPECT_MSG_GT(raised, 5, "occupancies that nobody acknowledged");
        NS_TEST_EXPECT_MSG_EQ((bursts > 10), (m_access == "type1"), "bursts contend by Type 1");
        NS_TEST_EXPECT_MSG_EQ(largest, 63, "the window climbs to the largest");
        uint32_t givenUp = 0;
        for (const auto& outcome : busy.outcomes)
        {
            NS_TEST_EXPECT_MSG_LT_OR_EQ(+outcome.process.transmissions, m_transmissions, "at most");
            givenUp += !outcome.isAck && outcome.process.transmissions == m_transmissions;
        }
        NS_TEST_EXPECT_MSG_GT(givenUp, 50, "blocks given up");
    }

    uint32_t m_transmissions;  //!< of a block
    std::string m_access;      //!< of discovery bursts
    std::vector<Cot> m_cots;   //!< of gNB 0
    std::vector<Draw> m_draws; //!< of gNB 0
};

/// Tests of HARQ in a network.
class NruHarqTestSuite : public TestSuite
{
  public:
    NruHarqTestSuite()
        : TestSuite("nru-harq", NRU_TEST_UNIT)
    {
        AddTestCase(new CombiningTestCase, NRU_TEST_QUICK);
        AddTestCase(new CollisionTestCase(1, "type2a"), NRU_TEST_QUICK);
        AddTestCase(new CollisionTestCase(4, "type2a"), NRU_TEST_QUICK);
        AddTestCase(new CollisionTestCase(4, "type1"), NRU_TEST_QUICK);
    }
};

const NruHarqTestSuite g_nruHarqTestSuite; //!< registers itself

} // namespace

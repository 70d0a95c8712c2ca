// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_SCHEDULER_H
#define NR_SCHEDULER_H

#include "nr-flow.h"
#include "nr-scheduling-rule.h"
#include "nr-slice-quotas.h"

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Downlink OFDMA scheduler: who gets which part of a slot.
 *
 * HARQ retransmissions come first. Then slices get what they are guaranteed, the one that has the
 * least of it first, and within a slice flows by the rule; then all flows get what is left, by the
 * rule (see NrSchedulingRule) and up to the maximum of their slice (see NrPolicyRatio). What a flow
 * has got of late is what it was sent less what it refused: a NACK takes it off again, so that a
 * flow in interference does not lose its turn to flows that already have what they need. A UE gets
 * no more PRBs than its backlog needs (resource allocation type 1, TS 38.214 clause 5.1.2.2.2).
 */
class NrScheduler : public Object
{
  public:
    /// Symbols of a slot, or of the part of one that is left, that carry control, not PDSCH.
    static constexpr uint32_t CONTROL_SYMBOLS = 2;

    /// Symbols of a slot, or of the part of one that is left, without data: control and DM-RS.
    static constexpr uint32_t OVERHEAD_SYMBOLS = CONTROL_SYMBOLS + 1;

    /// Fewest symbols that carry data: PDSCH has two at least (TS 38.214 Table 5.1.2.1-1).
    static constexpr uint32_t MIN_SYMBOLS = CONTROL_SYMBOLS + 2;

    /// A share of a slot.
    struct Allocation
    {
        uint32_t ue;         //!< index of the UE
        uint32_t nPrb;       //!< resource blocks
        NrHarqProcess block; //!< what is sent
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NrScheduler();

    /**
     * @param ratios what each slice may have, by index; until then there is one, which may have all
     */
    void SetPolicy(const std::vector<NrPolicyRatio>& ratios);

    /**
     * @brief Share out a slot, or the part of one that is left.
     *
     * Takes the data out of the bearers and the retransmissions out of the flows.
     * @param flows the cell's flows; their bearers are brought up to date
     * @param nSymbols PDSCH symbols, 2 to 12
     * @param broadcastPrbs resource blocks that a broadcast takes, with one of the assignments; 0:
     * there is none
     * @return allocations of together at most 51 PRBs
     */
    std::vector<Allocation>
    Schedule(std::vector<NrFlow>& flows, uint32_t nSymbols, uint32_t broadcastPrbs = 0) const;

    /**
     * @brief A NACK comes in: what was sent does not count as given.
     * @param flow that it was sent to
     * @param bytes of its data
     * @param sent when they were
     */
    void TakeOff(NrFlow& flow, uint32_t bytes, Time sent) const;

    /**
     * @brief Time on the air that it takes to send all that waits.
     * @param flows the cell's flows; their bearers are brought up to date
     * @return seconds of full slots, with retransmissions that are ready, without flows out of
     * range
     */
    double GetBacklogAirtime(const std::vector<NrFlow>& flows) const;

  private:
    /**
     * @param flow a flow
     * @param now current time
     * @return its average rate now (bit/s)
     */
    double GetAverage(const NrFlow& flow, Time now) const;

    /**
     * @param bytes of data
     * @param sent when they were
     * @return what they are worth in an average rate now (bit/s)
     */
    double GetWeight(uint32_t bytes, Time sent) const;

    /**
     * @brief Bring a flow's average rate up to date.
     * @param flow the flow
     * @param change to it (bit/s)
     */
    void Change(NrFlow& flow, double change) const;

    /// A slot that is being shared out.
    struct Slot
    {
        NrSliceQuotas quotas;                //!< resource blocks that are left
        uint32_t nAssignments;               //!< that are left
        uint32_t nSymbols;                   //!< with PDSCH
        std::vector<Allocation> allocations; //!< so far
    };

    /// A flow with data, and what it gets of a slot.
    struct Candidate
    {
        double metric;  //!< by the rule
        NrFlow* flow;   //!< whose data
        uint32_t bytes; //!< that it could send
        uint32_t nPrb;  //!< resource blocks that it gets
    };

    /**
     * @param flows whose blocks are sent again
     * @param slot to be shared out
     */
    void Retransmit(std::vector<NrFlow>& flows, Slot& slot) const;

    /**
     * @param flows the cell's flows
     * @return those with data that their channel carries, in the order of the rule
     */
    std::vector<Candidate> Rank(std::vector<NrFlow>& flows) const;

    /**
     * @brief Give slices what they are guaranteed.
     * @param candidates in the order of the rule
     * @param slot to be shared out
     */
    void Guarantee(std::vector<Candidate>& candidates, Slot& slot) const;

    /**
     * @brief Give a candidate resource blocks, up to those that its data need.
     * @param candidate that gets them
     * @param room most of them
     * @param slot to be shared out
     */
    static void Give(Candidate& candidate, uint32_t room, Slot& slot);

    /**
     * @param candidate that has got resource blocks
     * @param slot gets its transport block
     */
    void Send(const Candidate& candidate, Slot& slot) const;

    /// @param name of the rule
    void SetRule(const std::string& name);
    /// @return name of the rule
    std::string GetRule() const;

    Time m_window;                    //!< of the average rate
    uint32_t m_maxUes;                //!< transport blocks in a slot
    std::string m_ruleName;           //!< of the rule
    NrSchedulingRule m_rule{nullptr}; //!< who is served first
    std::vector<NrPolicyRatio> m_policy = std::vector<NrPolicyRatio>(1); //!< by slice
};

} // namespace ns3

#endif // NR_SCHEDULER_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_UE_H
#define NRU_UE_H

#include "nr-gbr-bearer.h"
#include "nru-cell-offsets.h"
#include "nru-handover-conditions.h"
#include "nru-measurements.h"

#include "ns3/event-id.h"
#include "ns3/mobility-model.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <optional>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief A UE's radio resource control: measurements, SIBx, conditional handover, event A3.
 *
 * A UE receives 80 MHz, so it measures the discovery bursts of all cells without gaps, whatever
 * channel they are on, and reads their SIBx.
 *
 * **Conditional handover** (CHO, TS 38.331 clause 5.3.5.13). The network configures one candidate,
 * which is executed once the candidate's SS-RSRP has been at least `ChoRsrpThreshold` at all
 * measurements during `ChoTimeToTrigger`. While a candidate is configured, event A3 is not; the
 * serving cell as candidate means to stay. A handover releases the candidate: the UE then stays
 * where it is.
 *
 * **Event A3** (TS 38.331 clause 5.5.4.4) moves a UE without candidate to a neighbour that is
 * better than the serving cell by the offset and the hysteresis (the entering condition), counting
 * the cell individual offset of the pair, at all measurements during `A3TimeToTrigger`.
 *
 * With `ChoLoadCondition` (`cho_lb_en` of Seyoum et al.) the candidate must also cost less than the
 * serving cell, 1/(1 - l) by their Eq. (4), by the loads last heard in SIBx.
 *
 * **Handover** of either kind detaches from the source at once and starts timer T304. After
 * `Interruption` the UE sends its preamble, which listen-before-talk may put off from one PRACH
 * occasion to the next. When T304 expires the handover has failed, and the UE selects the best
 * other cell. If that one is prepared the UE executes a handover to it, once
 * (`attemptCondReconfig`, TS 38.331 clause 5.3.7.3); if it is not, as the source is not, or that
 * fails too, the UE re-establishes the connection there, or when T301 expires in the next best.
 * The target and the cells with the best RSRP above `ChoRsrpThreshold` are prepared, together
 * `ChoMaxCandidates`.
 */
class NruUe : public Object
{
  public:
    /// No CHO candidate is configured.
    static constexpr int32_t NO_TARGET = NruHandoverConditions::NO_CANDIDATE;

    /// What a UE knows of a cell.
    using Cell = NruMeasurements::Cell;

    /**
     * @brief Called when a handover starts (before it detaches) and when it has completed.
     * @param ue the UE's index
     * @param source index of the cell that is left
     * @param target index of the cell that is entered
     */
    typedef Callback<void, uint32_t, uint32_t, uint32_t> HandoverCallback;

    /**
     * @brief Asked whether a random access gets through now.
     * @param ue the UE's index
     * @param cell index of the cell
     * @return false if the UE has to try again at the next PRACH occasion
     */
    typedef Callback<bool, uint32_t, uint32_t> RandomAccessCallback;

    /**
     * TracedCallback signature of handovers.
     * @param [in] ue the UE's index
     * @param [in] source index of the cell that is left
     * @param [in] target index of the cell that is entered
     */
    typedef void (*HandoverTracedCallback)(uint32_t ue, uint32_t source, uint32_t target);

    /**
     * TracedCallback signature of SIBx reception.
     * @param [in] ue the UE's index
     * @param [in] cell index of the cell that sent it
     * @param [in] load the load it tells
     */
    typedef void (*SibxTracedCallback)(uint32_t ue, uint32_t cell, double load);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruUe();

    /**
     * @param index of this UE, from 0
     * @param mobility where it is
     * @param bearer its data
     * @param offsets the cells' individual offsets, shared by all UEs
     * @param nCells number of cells
     */
    void Configure(uint32_t index,
                   Ptr<MobilityModel> mobility,
                   Ptr<NrGbrBearer> bearer,
                   Ptr<const NruCellOffsets> offsets,
                   uint32_t nCells);

    /**
     * @param start called when a handover starts
     * @param complete called when it has completed
     */
    void SetHandoverCallbacks(HandoverCallback start, HandoverCallback complete);

    /**
     * @param randomAccess asked at each preamble; without it all get through
     */
    void SetRandomAccessCallback(RandomAccessCallback randomAccess);

    /**
     * @brief Initial cell selection; not counted as a handover.
     * @param cell the cell that serves from now on
     */
    void Camp(uint32_t cell);

    /**
     * @brief A cell's discovery burst has been measured.
     * @param cell the cell
     * @param rsrpDbm SS-RSRP, power of one resource element (dBm)
     * @param sinrDb signal to interference and noise ratio during the burst (dB)
     */
    void Measure(uint32_t cell, double rsrpDbm, double sinrDb);

    /**
     * @brief A SIBx has been decoded.
     * @param sibx a packet with an NruSibxHeader, whose PCI is the index of the cell that sent it
     * @param measured when that cell measured the load: the start of the SI window
     */
    void ReceiveSibx(Ptr<const Packet> sibx, Time measured);

    /**
     * @brief Configure the CHO candidate, replacing the one before. Lost on a UE that is detached.
     * @param target a cell, the serving one to stay, or NO_TARGET to leave mobility to event A3
     */
    void SetChoTarget(int32_t target);

    /**
     * @return this UE's index
     */
    uint32_t GetIndex() const;
    /**
     * @return where it is
     */
    Ptr<MobilityModel> GetMobility() const;
    /**
     * @return its data
     */
    Ptr<NrGbrBearer> GetBearer() const;
    /**
     * @return index of the serving cell; during a handover still the source
     */
    uint32_t GetServing() const;
    /**
     * @param cell a cell
     * @return what the UE knows of it
     */
    const Cell& GetCell(uint32_t cell) const;
    /**
     * @return handovers completed
     */
    uint32_t GetHandovers() const;
    /**
     * @return handovers that failed: T304 expired
     */
    uint32_t GetHandoverFailures() const;
    /**
     * @return handovers that went back to the cell left within `PingPongWindow` before
     */
    uint32_t GetPingPongs() const;

  protected:
    void DoDispose() override;

  private:
    /// Re-examine the execution conditions; start a handover or the timer for one.
    void Evaluate();

    /// What a UE that is not connected is about.
    enum class Access
    {
        IDLE,            //!< no cell is selected yet
        NONE,            //!< it is connected
        HANDOVER,        //!< handover to the target
        RECOVERY,        //!< after a failed handover, to another prepared cell
        REESTABLISHMENT, //!< after two failures, to the best cell
    };

    /**
     * @param target the cell to move to
     */
    void StartHandover(uint32_t target);

    /**
     * @param access what for
     * @param target cell
     * @param delay until the first preamble
     */
    void StartAccess(Access access, uint32_t target, Time delay);

    /// A PRACH occasion: try to get through.
    void TryAccess();

    /// T304 or T301 has expired: the target cannot be reached.
    void ExpireAccess();

    /// Random access has got through: the target serves from now on.
    void CompleteAccess();

    /**
     * @param cell not the source
     * @return true if it has been prepared for a handover, along with the target
     */
    bool IsPrepared(uint32_t cell) const;

    double m_choRsrpThreshold;   //!< dBm
    Time m_choTimeToTrigger;     //!< CHO condition
    bool m_choLoadCondition;     //!< compare costs
    double m_choCostMargin;      //!< of the comparison
    uint32_t m_choMaxCandidates; //!< prepared cells
    Time m_t304;                 //!< of a handover
    Time m_t301;                 //!< of a re-establishment
    Time m_prachPeriod;          //!< between preambles
    Time m_reestablishment;      //!< until the first preamble of one
    double m_a3Offset;           //!< dB
    double m_a3Hysteresis;       //!< dB
    Time m_a3TimeToTrigger;      //!< event A3
    Time m_interruption;         //!< of a handover
    Time m_pingPongWindow;       //!< between two handovers
    uint32_t m_filterK;          //!< layer 3 filter coefficient

    uint32_t m_index{0};                 //!< of this UE
    Ptr<MobilityModel> m_mobility;       //!< where
    Ptr<NrGbrBearer> m_bearer;           //!< data
    HandoverCallback m_handoverStart;    //!< before a handover
    HandoverCallback m_handoverComplete; //!< after it
    NruMeasurements m_cells;             //!< what it knows of them
    NruHandoverConditions m_conditions;  //!< of moving on
    uint32_t m_serving{0};               //!< cell
    RandomAccessCallback m_randomAccess; //!< whether a preamble gets through
    Access m_access{Access::IDLE};       //!< why it is not connected
    uint32_t m_target{0};                //!< cell to access
    EventId m_accessEvent;               //!< next preamble
    EventId m_timer;                     //!< T304 or T301 expires
    std::vector<uint32_t> m_failed;      //!< cells that could not be reached
    uint32_t m_handoverFailures{0};      //!< T304 expired
    EventId m_trigger;                   //!< a time to trigger runs out
    std::optional<uint32_t> m_previous;  //!< cell left by the last handover
    Time m_lastHandover;                 //!< completion of it
    uint32_t m_handovers{0};             //!< completed
    uint32_t m_pingPongs{0};             //!< of them

    /// TracedCallback (UE, source, target): a handover starts.
    TracedCallback<uint32_t, uint32_t, uint32_t> m_handoverStartTrace;
    /// TracedCallback (UE, source, target): a handover has completed.
    TracedCallback<uint32_t, uint32_t, uint32_t> m_handoverEndTrace;
    /// TracedCallback (UE, source, target): T304 expired.
    TracedCallback<uint32_t, uint32_t, uint32_t> m_handoverFailureTrace;
    /// TracedCallback (UE, source, target): a handover went back to the cell just left.
    TracedCallback<uint32_t, uint32_t, uint32_t> m_pingPongTrace;
    /// TracedCallback (UE, cell, load): a SIBx was decoded.
    TracedCallback<uint32_t, uint32_t, double> m_sibxTrace;
};

} // namespace ns3

#endif // NRU_UE_H

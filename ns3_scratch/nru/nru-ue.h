// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_UE_H
#define NRU_UE_H

#include "nru-cell-offsets.h"
#include "nru-gbr-bearer.h"

#include "ns3/event-id.h"
#include "ns3/mobility-model.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <limits>
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
 * which is executed once the candidate's RSRP has been above `ChoRsrpThreshold` for
 * `ChoTimeToTrigger`. While a candidate is configured, event A3 is not; the serving cell as
 * candidate means to stay.
 *
 * **Event A3** (TS 38.331 clause 5.5.4.4) moves a UE without candidate to a neighbour that is
 * better than the serving cell by the offset, counting the cell individual offset of the pair.
 *
 * **Handover** of either kind detaches from the source at once and completes after `Interruption`.
 */
class NruUe : public Object
{
  public:
    /// No CHO candidate is configured.
    static constexpr int32_t NO_TARGET = -1;

    /// What a UE knows of a cell.
    struct Cell
    {
        double rsrpDbm{-std::numeric_limits<double>::infinity()}; //!< filtered (dBm)
        double sinrDb{-std::numeric_limits<double>::infinity()};  //!< filtered (dB)
        Time measured;                                            //!< last measurement
        std::optional<double> sibxLoad;                           //!< load last heard
        Time sibxMeasured;                 //!< when the cell had measured that load
        uint32_t sibxHeard{0};             //!< SIBx instances decoded so far
        std::optional<Time> conditionHeld; //!< since when the execution condition has held
    };

    /**
     * @brief Called when a handover starts (before it detaches) and when it has completed.
     * @param ue the UE's index
     * @param source index of the cell that is left
     * @param target index of the cell that is entered
     */
    typedef Callback<void, uint32_t, uint32_t, uint32_t> HandoverCallback;

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
                   Ptr<NruGbrBearer> bearer,
                   Ptr<const NruCellOffsets> offsets,
                   uint32_t nCells);

    /**
     * @param start called when a handover starts
     * @param complete called when it has completed
     */
    void SetHandoverCallbacks(HandoverCallback start, HandoverCallback complete);

    /**
     * @brief Initial cell selection; not counted as a handover.
     * @param cell the cell that serves from now on
     */
    void Camp(uint32_t cell);

    /**
     * @brief A cell's discovery burst has been measured.
     * @param cell the cell
     * @param rsrpDbm received power over the 20 MHz channel (dBm)
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
     * @brief Configure the CHO candidate, replacing the one before.
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
    Ptr<NruGbrBearer> GetBearer() const;
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
     * @return handovers that went back to the cell left within `PingPongWindow` before
     */
    uint32_t GetPingPongs() const;

  protected:
    void DoDispose() override;

  private:
    /// Re-examine the execution conditions; start a handover or the timer for one.
    void Evaluate();

    /**
     * @param cell a neighbour
     * @return true if the condition to move there is fulfilled now
     */
    bool IsConditionFulfilled(uint32_t cell) const;

    /**
     * @param target the cell to move to
     */
    void StartHandover(uint32_t target);

    /**
     * @param target the cell moved to
     */
    void CompleteHandover(uint32_t target);

    /**
     * @param elapsed time since the cell's measurement before
     * @return weight of the new measurement in the layer 3 filter
     */
    double GetFilterWeight(Time elapsed) const;

    double m_choRsrpThreshold; //!< dBm
    Time m_choTimeToTrigger;   //!< CHO condition
    double m_a3Offset;         //!< dB
    double m_a3Hysteresis;     //!< dB
    Time m_a3TimeToTrigger;    //!< event A3
    Time m_interruption;       //!< of a handover
    Time m_pingPongWindow;     //!< between two handovers
    uint32_t m_filterK;        //!< layer 3 filter coefficient

    uint32_t m_index{0};                 //!< of this UE
    Ptr<MobilityModel> m_mobility;       //!< where
    Ptr<NruGbrBearer> m_bearer;          //!< data
    Ptr<const NruCellOffsets> m_offsets; //!< CIOs
    HandoverCallback m_handoverStart;    //!< before a handover
    HandoverCallback m_handoverComplete; //!< after it
    std::vector<Cell> m_cells;           //!< by index
    uint32_t m_serving{0};               //!< cell
    int32_t m_choTarget{NO_TARGET};      //!< configured candidate
    bool m_inHandover{false};            //!< between detach and completion
    EventId m_trigger;                   //!< a time to trigger runs out
    std::optional<uint32_t> m_previous;  //!< cell left by the last handover
    Time m_lastHandover;                 //!< completion of it
    uint32_t m_handovers{0};             //!< completed
    uint32_t m_pingPongs{0};             //!< of them

    /// TracedCallback (UE, source, target): a handover starts.
    TracedCallback<uint32_t, uint32_t, uint32_t> m_handoverStartTrace;
    /// TracedCallback (UE, source, target): a handover has completed.
    TracedCallback<uint32_t, uint32_t, uint32_t> m_handoverEndTrace;
    /// TracedCallback (UE, cell, load): a SIBx was decoded.
    TracedCallback<uint32_t, uint32_t, double> m_sibxTrace;
};

} // namespace ns3

#endif // NRU_UE_H

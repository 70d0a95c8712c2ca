// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_HANDOVER_CONDITIONS_H
#define NRU_HANDOVER_CONDITIONS_H

#include "nru-cell-offsets.h"
#include "nru-measurements.h"

#include "ns3/nstime.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Whether a UE is to move now: the conditions of conditional handover and of event A3.
 *
 * See NruUe for what they are. A condition has to hold during its time to trigger.
 */
class NruHandoverConditions
{
  public:
    /// No CHO candidate is configured.
    static constexpr int32_t NO_CANDIDATE = -1;

    /// What conditions are judged by.
    struct Settings
    {
        double choRsrpThresholdDbm; //!< SS-RSRP from which a CHO candidate is entered
        Time choTimeToTrigger;      //!< of CHO
        bool choLoadCondition;      //!< whether a CHO candidate must also cost less
        double choCostMargin;       //!< by how much, with cost 1/(1 - load)
        double a3OffsetDb;          //!< of event A3
        double a3HysteresisDb;      //!< of event A3
        Time a3TimeToTrigger;       //!< of event A3
    };

    /// What follows from the conditions.
    struct Judgement
    {
        std::optional<uint32_t> target; //!< cell to move to now
        std::optional<Time> next;       //!< when to judge again if nothing changes until then
    };

    /**
     * @param offsets the cells' individual offsets
     * @param nCells number of cells
     */
    void Configure(Ptr<const NruCellOffsets> offsets, uint32_t nCells);

    /**
     * @param candidate index of the CHO candidate, the serving cell to stay, or NO_CANDIDATE for
     * event A3
     */
    void SetCandidate(int32_t candidate);
    /**
     * @return index of the CHO candidate, or NO_CANDIDATE
     */
    int32_t GetCandidate() const;

    /// No condition has held until now.
    void Forget();

    /**
     * @brief Judge all cells by what is known now.
     * @param cells what the UE knows, by index
     * @param serving index of the serving cell
     * @param settings what they are judged by
     * @return what follows
     */
    Judgement Judge(const std::vector<NruMeasurements::Cell>& cells,
                    uint32_t serving,
                    const Settings& settings);

  private:
    /**
     * @param cells what the UE knows, by index
     * @param serving index of the serving cell
     * @param cell index of a neighbour
     * @param settings what it is judged by
     * @return true if the condition to move there is fulfilled now
     */
    bool IsFulfilled(const std::vector<NruMeasurements::Cell>& cells,
                     uint32_t serving,
                     uint32_t cell,
                     const Settings& settings) const;

    Ptr<const NruCellOffsets> m_offsets;     //!< CIOs
    int32_t m_candidate{NO_CANDIDATE};       //!< of CHO
    std::vector<std::optional<Time>> m_held; //!< by cell: since when its condition has held
};

} // namespace ns3

#endif // NRU_HANDOVER_CONDITIONS_H

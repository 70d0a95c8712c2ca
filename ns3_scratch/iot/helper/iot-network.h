// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_NETWORK_H
#define IOT_NETWORK_H

#include "iot-cores.h"
#include "iot-device.h"
#include "iot-ledger.h"
#include "iot-plan.h"
#include "iot-scenario.h"
#include "iot-step-counts.h"

#include "ns3/callback.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <memory>
#include <vector>

namespace ns3
{

/**
 * @ingroup iot
 * @brief Devices in clusters around edge servers, in steps.
 *
 * Build() once, then run the simulation. At the beginning of a step what was asked for takes
 * effect: cores move, clusters and routes are planned, and a plan that differs from the last one is
 * told to old and new heads, who announce it. Then each device makes a message, at an instant of
 * the step that is its own. At the end of the step bytes are counted, and somebody is called who
 * may ask for something.
 */
class IotNetwork : public Object
{
  public:
    /// Called at the end of each step, with its number, from 0.
    using StepCallback = Callback<void, uint32_t>;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IotNetwork();

    /**
     * @brief Create all devices, and begin with step 0.
     * @param scenario what to build; parsed
     * @param step called at the end of each step
     */
    void Build(Ptr<const IotScenario> scenario, StepCallback step);

    /**
     * @brief Ask for a move of a core, which takes effect in the next step.
     * @param core index
     * @param move what is to happen
     */
    void SetMove(uint32_t core, IotCores::Move move);
    /**
     * @brief Assign a device to a cluster, from the next step on.
     * @param device index
     * @param cluster index, or IotPlan::NONE
     */
    void SetCluster(uint32_t device, int32_t cluster);
    /**
     * @return cores that are to move in the next step
     */
    uint32_t GetNMoves() const;

    /**
     * @return what was built
     */
    const IotScenario& GetScenario() const;
    /**
     * @return cores
     */
    const IotCores& GetCores() const;
    /**
     * @return cluster that each device was assigned to
     */
    const std::vector<int32_t>& GetAssigned() const;
    /**
     * @return the plan of this step
     */
    const IotPlan& GetPlan() const;
    /**
     * @return where vehicles are in this step
     */
    const IotPlaces& GetVehicles() const;
    /**
     * @param device index
     * @return whether it senses a vehicle in this step
     */
    bool IsSensing(uint32_t device) const;
    /**
     * @param device index
     * @return size of the message that it makes in this step (bytes)
     */
    uint32_t GetMessageBytes(uint32_t device) const;
    /**
     * @return devices
     */
    const std::vector<Ptr<IotDevice>>& GetDevices() const;
    /**
     * @return what happened in the step that has ended
     */
    const IotStepCounts& GetCounts() const;
    /**
     * @return books of all bytes
     */
    Ptr<const IotLedger> GetLedger() const;

  protected:
    void DoDispose() override;

  private:
    /**
     * @param step that begins
     */
    void BeginStep(uint32_t step);
    /**
     * @param step that ends
     */
    void EndStep(uint32_t step);
    /**
     * @brief Make a plan, and tell it if it is another one.
     * @param step that begins
     */
    void Plan(uint32_t step);

    Ptr<const IotScenario> m_scenario;       //!< what was built
    StepCallback m_step;                     //!< called at the end of each step
    Time m_period;                           //!< length of a step
    std::unique_ptr<IotCores> m_cores;       //!< of the clusters
    std::unique_ptr<IotPlanner> m_planner;   //!< plans them
    std::vector<IotCores::Move> m_moves;     //!< asked for, by core
    std::vector<int32_t> m_assigned;         //!< cluster by device
    IotPlan m_plan;                          //!< of this step
    uint32_t m_version{0};                   //!< of the plan
    IotPlaces m_vehicles;                    //!< in this step
    Ptr<IotLedger> m_ledger;                 //!< books of all bytes
    std::vector<Ptr<IotDevice>> m_devices;   //!< by index
    Ptr<UniformRandomVariable> m_random;     //!< instants of messages
    std::vector<Time> m_instants;            //!< of its messages, in a step, by device
    std::unique_ptr<IotStepCounts> m_counts; //!< of the last step
};

} // namespace ns3

#endif // IOT_NETWORK_H

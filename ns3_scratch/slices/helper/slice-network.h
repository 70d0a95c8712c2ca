// SPDX-License-Identifier: GPL-2.0-only

#ifndef SLICE_NETWORK_H
#define SLICE_NETWORK_H

#include "nr-slice-quotas.h"
#include "slice-cell.h"
#include "slice-demand.h"
#include "slice-edge-host.h"
#include "slice-scenario.h"
#include "slice-step-counts.h"

#include "ns3/callback.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{

/**
 * @ingroup slices
 * @brief Sites that do not disturb one another, each a licensed cell and an edge host, in steps.
 *
 * Build() once, then run the simulation. At the beginning of a step what was asked for takes
 * effect, and demands go on to their next level. At the end of the step everything is counted, and
 * somebody is called who may ask for something. All cells keep one slot grid.
 */
class SliceNetwork : public Object
{
  public:
    /// Called at the end of each step, with its number, from 0.
    using StepCallback = Callback<void, uint32_t>;

    /// A resource of a site that UEs have shares of.
    struct Share
    {
        double asked{0.0};    //!< by whoever set it last
        double admitted{0.0}; //!< what the site can give
    };

    /// A UE of the network.
    struct Ue
    {
        Ptr<NrGbrBearer> bearer; //!< its data
        Share gfbrBps;           //!< guaranteed flow bit rate (bit/s)
        Share cpu;               //!< of the edge host
        double demandBps{0.0};   //!< in this step (bit/s)
        double cpuDemand{0.0};   //!< in this step (work/s)
        SliceStepCounts counts;  //!< of the last step
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    SliceNetwork();

    /**
     * @brief Create all sites, and begin with step 0.
     * @param scenario what to build; parsed
     * @param step called at the end of each step
     */
    void Build(Ptr<const SliceScenario> scenario, StepCallback step);

    /**
     * @brief Guarantee a UE a bit rate, from the next step on.
     *
     * Where the airtime of a site's guaranteed rates is more than there is, the sum of each over
     * what the UE could get of the whole carrier being above 1, all are divided by that sum.
     * @param ue index
     * @param bitRate guaranteed (bit/s)
     */
    void SetGfbr(uint32_t ue, double bitRate);
    /**
     * @brief Give a UE a share of its edge host, from the next step on.
     *
     * Where those of a site sum to more than 1, all are divided by the sum.
     * @param ue index
     * @param share of the host
     */
    void SetCpuShare(uint32_t ue, double share);
    /**
     * @brief Give a site's slices quotas of its resource blocks, from the next step on.
     * @param site index
     * @param ratios by slice, as NrSliceQuotas allows
     */
    void SetPolicy(uint32_t site, const std::vector<NrPolicyRatio>& ratios);

    /**
     * @return what was built
     */
    const SliceScenario& GetScenario() const;
    /**
     * @param ue index
     * @return what is known of it
     */
    const Ue& GetUe(uint32_t ue) const;
    /**
     * @param site index
     * @return quotas by slice
     */
    const std::vector<NrPolicyRatio>& GetPolicy(uint32_t site) const;
    /**
     * @return resource blocks of a cell in a step, times slots
     */
    double GetPrbs() const;

  protected:
    void DoDispose() override;

  private:
    /// A site.
    struct Site
    {
        Ptr<SliceCell> cell;                 //!< radio
        std::unique_ptr<SliceEdgeHost> host; //!< computing
        std::vector<NrPolicyRatio> policy;   //!< by slice
    };

    /**
     * @param site index
     * @param stream first random stream to use
     * @return number of streams used
     */
    int64_t BuildSite(uint32_t site, int64_t stream);
    /**
     * @param ue index
     * @return its bearer
     */
    Ptr<NrGbrBearer> CreateBearer(uint32_t ue) const;
    /// The slot ends, if there was one, and the next begins.
    void NextSlot();
    /// A step begins: demands go on, what was asked for takes effect.
    void BeginStep();
    /**
     * @brief Work out what a site can give.
     * @param site index
     * @param share of its UEs
     * @param weigh what of the resource a UE needs for its share
     */
    template <typename Weigh>
    void Admit(uint32_t site, Share Ue::* share, Weigh weigh);
    /// A step ends: everything is counted.
    void EndStep();

    Ptr<const SliceScenario> m_scenario;   //!< what was built
    StepCallback m_step;                   //!< called at the end of each step
    std::unique_ptr<SliceDemand> m_demand; //!< how demands change
    Ptr<UniformRandomVariable> m_random;   //!< phases of arrivals
    std::vector<Site> m_sites;             //!< by index
    std::vector<Ue> m_ues;                 //!< by index, site by site
    uint32_t m_slotsPerStep{0};            //!< in a step
    uint32_t m_slot{0};                    //!< that are over in this step
    uint32_t m_stepNumber{0};              //!< of this step
};

} // namespace ns3

#endif // SLICE_NETWORK_H

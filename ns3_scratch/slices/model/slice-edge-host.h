// SPDX-License-Identifier: GPL-2.0-only

#ifndef SLICE_EDGE_HOST_H
#define SLICE_EDGE_HOST_H

#include "ns3/nstime.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup slices
 * @brief A host that works on the jobs of a site's UEs.
 *
 * Jobs are alike. Each UE has a share of the host and a queue of its own, first come, first served;
 * a job that finds it full is dropped. A share that is reserved is all that a UE gets; else those
 * that have something to do get what others leave, by their shares (generalised processor sharing).
 * Jobs arrive at even intervals at the rate of a UE's demand, or one by one by Submit(). All
 * follows from the clock alone: the host is brought up to date whenever somebody looks at it. At
 * all times
 *
 *     offered = done + dropped + queued
 */
class SliceEdgeHost
{
  public:
    /// Of all UEs alike.
    struct Settings
    {
        double capacity;    //!< work a second
        double jobWork;     //!< work of a job
        uint32_t queueJobs; //!< most jobs of a UE that wait or are worked on
        bool isReserved;    //!< whether a share is all that a UE gets
    };

    /// Work of a UE since the start.
    struct Counters
    {
        double offered; //!< of jobs that arrived
        double done;    //!< of jobs that are through, and of those that are not
        double dropped; //!< of jobs that found the queue full
        double queued;  //!< that is left to do
    };

    /**
     * @param nUes number of UEs, which have no demand and no share yet
     * @param settings of all alike
     */
    SliceEdgeHost(uint32_t nUes, const Settings& settings);

    /**
     * @param ue index
     * @param share of the host from now on, within [0, 1]
     */
    void SetShare(uint32_t ue, double share);

    /**
     * @brief Let jobs arrive at another rate from now on; the part of an interval that has passed
     * counts.
     * @param ue index
     * @param demand work a second
     */
    void SetDemand(uint32_t ue, double demand);

    /**
     * @param ue index
     * @param phase of its arrivals: the share of an interval that is left until the next, in [0, 1)
     */
    void SetPhase(uint32_t ue, double phase);

    /**
     * @param ue index of a UE of which a job arrives now
     */
    void Submit(uint32_t ue);

    /// Work up to the current time.
    void Update();

    /**
     * @param ue index
     * @return its work, as of the last Update()
     */
    Counters GetCounters(uint32_t ue) const;

  private:
    /// What the host knows of a UE.
    struct Client
    {
        double share{0};      //!< of the host
        double jobRate{0};    //!< arrivals a second
        double untilNext{0};  //!< intervals until the next arrival
        uint64_t offered{0};  //!< jobs that arrived
        uint64_t accepted{0}; //!< of them
        double queued{0};     //!< work that is left to do
    };

    /**
     * @param client one that a job arrives for
     */
    void Admit(Client& client) const;
    /**
     * @param duration in which nothing arrives (s)
     */
    void Work(double duration);
    /**
     * @param shares of all that have something to do, in sum
     * @param client one of them
     * @return work a second that it gets
     */
    double GetRate(double shares, const Client& client) const;

    Settings m_settings;           //!< of all alike
    Time m_updated;                //!< when work was done up to
    std::vector<Client> m_clients; //!< by UE
};

} // namespace ns3

#endif // SLICE_EDGE_HOST_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef SLICE_SCENARIO_H
#define SLICE_SCENARIO_H

#include "slice-demand.h"

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup slices
 * @brief Every number of a situation, as an attribute: flags of the program have their names.
 *
 * What is drawn (slices, mean SNRs and rates, demands) is told: lists of numbers, `x:y:...`, by UE,
 * in the order of sites.
 */
class SliceScenario : public Object
{
  public:
    static constexpr uint32_t N_SLICES = 3; //!< eMBB, URLLC, mMTC

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @brief Read the lists.
     * @throws std::invalid_argument if one has too few or too many numbers, or one that is not
     * allowed; says flag, value and what is allowed
     */
    void Parse();

    /**
     * @return UEs of all sites
     */
    uint32_t GetNUes() const;
    /**
     * @return length of a step
     */
    Time GetStep() const;
    /**
     * @param slice index
     * @return size of its packets (bytes)
     */
    uint32_t GetPacketBytes(uint32_t slice) const;
    /**
     * @brief The packet delay budget of a slice's 5QI, as recalled from TS 23.501 Table 5.7.4-1:
     * 2 (conversational video) for eMBB, 82 (discrete automation) for URLLC, 3 (process monitoring)
     * for mMTC. All of it is the radio's here.
     * @param slice index
     * @return the budget
     */
    static Time GetDelayBudget(uint32_t slice);

    std::vector<uint32_t> slices;     //!< slice by UE, once parsed
    std::vector<double> meanSnrDb;    //!< SNR in the mean over fading by UE, once parsed (dB)
    std::vector<double> meanRateBps;  //!< what a UE could get of the carrier, once parsed (bit/s)
    std::vector<double> demandBps;    //!< mean demand by UE, once parsed (bit/s)
    std::vector<double> cpuDemand;    //!< mean demand by UE, once parsed (work/s)
    SliceDemand::Levels demandLevels; //!< factors of demands, once parsed
    uint64_t demandChange;            //!< probability of a draw in a step, times 2^32

    uint32_t steps;        //!< actions of a run
    uint32_t nSites;       //!< number of sites
    uint32_t uesPerSite;   //!< UEs of each
    std::string scheduler; //!< rule: qos, pf, rr or max-rate
    bool isReserved;       //!< whether a guaranteed rate and a share of the host bound a UE as well
    std::string fading;    //!< none or rayleigh
    uint32_t coherenceMs;  //!< length of a block of fading (ms)
    uint32_t diversity;    //!< branches of a UE's receiver
    double cpuCapacity;    //!< of an edge host (work/s)
    double jobWork;        //!< of a job
    uint32_t cpuQueueJobs; //!< most jobs of a UE at a host

  private:
    uint32_t m_stepMs;           //!< length of a step (ms)
    uint32_t m_embbPacketBytes;  //!< size of a packet
    uint32_t m_urllcPacketBytes; //!< size of a packet
    uint32_t m_mmtcPacketBytes;  //!< size of a packet
    std::string m_slices;        //!< as given
    std::string m_meanSnrDb;     //!< as given
    std::string m_meanRateBps;   //!< as given
    std::string m_demandBps;     //!< as given
    std::string m_cpuDemand;     //!< as given
    std::string m_demandLevels;  //!< as given
};

} // namespace ns3

#endif // SLICE_SCENARIO_H

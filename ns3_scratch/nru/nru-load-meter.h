// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_LOAD_METER_H
#define NRU_LOAD_METER_H

#include "nru-channel-access-manager.h"

#include "ns3/nstime.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief A cell's load: the airtime that its demand needs, over the airtime that LBT leaves to it.
 *
 * What LBT leaves is not what is idle: a cell that contends takes its share from a neighbour that
 * fills the channel, and cannot take what a neighbour needs. Two estimates of the airtime that the
 * cell would get if it always had data are combined:
 *
 * - while it had data: its time on the air over its time on the air or contending. This is what it
 *   really got, also beside neighbours that do not hear one another;
 * - while it had none: the fair share by what it heard of every other transmitter on its channel
 *   (GetFairShare()), no less than the time in which it heard nobody, less the overhead of access.
 *
 * Each counts with the share of time that it stands for. Discovery bursts are taken off.
 */
class NruLoadMeter
{
  public:
    /**
     * @param access the cell's channel access, which hears the others
     * @param discoveryShare share of time that goes into discovery bursts
     */
    void Configure(Ptr<NruChannelAccessManager> access, double discoveryShare);

    /// What is measured begins now.
    void Start();

    /**
     * @param duration of a transmission of the cell that starts now
     */
    void AddTransmission(Time duration);

    /// The cell begins to contend for the channel.
    void StartContention();

    /// The cell has been granted the channel.
    void EndContention();

    /**
     * @brief Measure over the time since the last call, or since the start.
     * @param needed share of time that the cell's demand needs
     */
    void Measure(double needed);

    /**
     * @return load as last measured: needed over available airtime; may exceed 1
     */
    double GetLoad() const;
    /**
     * @return available share of time as last measured
     */
    double GetAirtime() const;
    /**
     * @return share of time that the cell transmitted, as last measured
     */
    double GetUsedAirtime() const;
    /**
     * @return when it was measured last
     */
    Time GetMeasured() const;

    /**
     * @brief The airtime that a saturated node gets beside others, by max-min fairness.
     *
     * Nodes that contend with equal parameters and equal COTs share time evenly, except that a node
     * leaves what it does not need. So the share s solves s + sum_k min(u_k, s) = 1.
     * @param others share of time u_k that each other node holds the channel
     * @return s, within (0, 1]
     */
    static double GetFairShare(std::vector<double> others);

  private:
    Ptr<NruChannelAccessManager> m_access; //!< hears the others
    double m_discoveryShare{0.0};          //!< of time
    double m_efficiency{1.0};              //!< of channel access: COT over COT and backoff
    Time m_measured;                       //!< last call of Measure()
    Time m_txTime;                         //!< on the air since then
    Time m_contending;                     //!< since then, periods that have ended
    Time m_contentionStart;                //!< of the present period
    bool m_isContending{false};            //!< a period is under way
    Time m_busyTime;                       //!< of the channel by others, until then
    Time m_txEnd;                          //!< of the latest transmission
    double m_load{0.0};                    //!< last result
    double m_airtime{1.0};                 //!< last result
    double m_usedAirtime{0.0};             //!< last result
};

} // namespace ns3

#endif // NRU_LOAD_METER_H

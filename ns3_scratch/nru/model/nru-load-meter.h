// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_LOAD_METER_H
#define NRU_LOAD_METER_H

#include "nru-channel-access-manager.h"

#include "ns3/nstime.h"

#include <deque>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief A cell's load: the airtime that its demand needs now, over the airtime that LBT left to it
 * of late.
 *
 * The two are known in different ways. What the demand needs follows from the UEs that are attached
 * and their rates: it changes at once when a UE moves, so that a balancer sees its own moves. What
 * LBT leaves can only be measured, over a time in which the channel changes hands often. So it is
 * averaged over the time over which a guaranteed bit rate is promised (averaging window, TS 23.501
 * clause 5.7.3.6), at first since the start or since the cell came to its channel; and a period in
 * which the cell was starved moves the average by no more than its share of the window.
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
 * Each counts with the share of time that it stands for. This is done for each interval between two
 * measurements, whose results are averaged with their lengths as weights, and not once with sums
 * over the window: a neighbour that is on the air half of the window leaves all of the other half,
 * and with sums would count as one that takes half at any time. Discovery bursts are taken off.
 *
 * The load ends at what SIBx can tell, four times what the cell can carry. So a cell to which LBT
 * left nothing has a finite load, and no floor of the airtime is needed.
 */
class NruLoadMeter
{
  public:
    /**
     * @param access the cell's channel access, which hears the others
     * @param discoveryShare share of time that goes into discovery bursts
     * @param window over which the airtime that LBT leaves is averaged
     */
    void Configure(Ptr<NruChannelAccessManager> access, double discoveryShare, Time window);

    /// What is measured begins now.
    void Start();

    /// The cell is on another channel from now on: what LBT left on the old one is forgotten.
    void ChangeChannel();

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
     * @param needed share of time that the cell's demand needs now
     */
    void Measure(double needed);

    /**
     * @return load as last measured: needed over available airtime, at most
     * NruSibxHeader::MAX_LOAD; above 1 is overload
     */
    double GetLoad() const;
    /**
     * @return available share of time as last measured, over the window; 0 to 1
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
    /// An interval between two measurements on one channel.
    struct Interval
    {
        double length;  //!< s
        double airtime; //!< share of it that LBT left to the cell
    };

    /**
     * @return time on the air since the start, what a transmission has still to come left out
     */
    Time GetTxTime() const;
    /// A new interval begins.
    void BeginInterval();
    /**
     * @param length of the present interval, which ends now (s)
     * @return share of it that LBT left to the cell, discovery bursts taken off
     */
    double MeasureInterval(double length);
    /**
     * @brief Forget the intervals that have left the window.
     * @return mean over the others
     */
    double AverageAirtime();

    Ptr<NruChannelAccessManager> m_access; //!< hears the others
    double m_discoveryShare{0.0};          //!< of time
    double m_efficiency{1.0};              //!< of channel access: COT over COT and backoff
    Time m_window;                         //!< to average over
    Time m_txTime;                         //!< of all transmissions, since the start
    Time m_txEnd;                          //!< of the latest transmission
    Time m_contending;                     //!< in the interval, periods that have ended
    Time m_contentionStart;                //!< of the present period
    bool m_isContending{false};            //!< a period is under way
    Time m_measured;                       //!< last call of Measure()
    Time m_txMeasured;                     //!< GetTxTime() then
    Time m_began;                          //!< of the interval
    Time m_txBegan;                        //!< GetTxTime() then
    Time m_busyBegan;                      //!< time for which others had held the channel by then
    std::deque<Interval> m_intervals;      //!< of the window, oldest first
    double m_load{0.0};                    //!< last result
    double m_airtime{1.0};                 //!< last result
    double m_usedAirtime{0.0};             //!< last result
};

} // namespace ns3

#endif // NRU_LOAD_METER_H

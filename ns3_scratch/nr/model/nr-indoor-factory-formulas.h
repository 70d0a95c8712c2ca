// SPDX-License-Identifier: GPL-2.0-only
#ifndef NR_INDOOR_FACTORY_FORMULAS_H
#define NR_INDOOR_FACTORY_FORMULAS_H

#include <string>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Kinds of indoor factory (TR 38.901 Table 7.2-4).
 */
enum class NrIndoorFactoryScenario
{
    SL, //!< sparse clutter, low base station
    DL, //!< dense clutter, low base station
    SH, //!< sparse clutter, high base station
    DH, //!< dense clutter, high base station
    HH, //!< high transmitter and receiver: always line of sight
};

/**
 * @ingroup nr
 * @brief The machines and shelves that stand in a factory (TR 38.901 Table 7.2-4).
 */
struct NrClutter
{
    double size;    //!< typical size d_clutter, m, positive
    double density; //!< share r of the floor that clutter covers, inside (0, 1)
    double height;  //!< effective height h_c, m
};

/**
 * @ingroup nr
 * @brief Path loss, line of sight and shadowing of the indoor factory, as pure functions.
 *
 * TR 38.901 clauses 7.4.1, 7.4.2 and 7.5; valid for 3D distances of 1 m to 600 m and 0.5 GHz to 100
 * GHz. Nearer than 1 m is taken as 1 m.
 */
struct NrIndoorFactory
{
    static constexpr double MIN_DISTANCE_M = 1.0;           //!< least 3D distance, m
    static constexpr double MAX_DISTANCE_M = 600.0;         //!< greatest 3D distance, m
    static constexpr double SHADOWING_CORRELATION_M = 10.0; //!< Table 7.5-6 Part 3, m
    static constexpr double LOS_SHADOWING_DB = 4.3;         //!< Table 7.4.1-1, dB

    /**
     * @brief Scenario of a name.
     * @param name "SL", "DL", "SH", "DH" or "HH"
     * @return the scenario; stops the program if there is none of that name
     */
    static NrIndoorFactoryScenario Parse(const std::string& name);

    /**
     * @brief Name of a scenario.
     * @param scenario the scenario
     * @return its two letters
     */
    static std::string GetName(NrIndoorFactoryScenario scenario);

    /**
     * @brief Whether the clutter is dense.
     * @param scenario the scenario
     * @return true for DL and DH
     */
    static bool IsDense(NrIndoorFactoryScenario scenario);

    /**
     * @brief Path loss with line of sight (Table 7.4.1-1).
     * @param distance3d distance, m
     * @param frequencyGhz carrier frequency, GHz
     * @return path loss, dB
     */
    static double GetLossLos(double distance3d, double frequencyGhz);

    /**
     * @brief Path loss without line of sight (Table 7.4.1-1), never below that with it.
     * @param scenario the scenario; HH, which is always in line of sight, gets that loss
     * @param distance3d distance, m
     * @param frequencyGhz carrier frequency, GHz
     * @return path loss, dB
     */
    static double
    GetLossNlos(NrIndoorFactoryScenario scenario, double distance3d, double frequencyGhz);

    /**
     * @brief Standard deviation of shadowing without line of sight (Table 7.4.1-1).
     * @param scenario the scenario; HH gets that with line of sight
     * @return standard deviation, dB
     */
    static double GetNlosShadowing(NrIndoorFactoryScenario scenario);

    /**
     * @brief Distance k over which the probability of line of sight falls to 1/e (Table 7.4.2-1).
     *
     * Low base stations: -d_clutter / ln(1 - r). High ones: that times (h_BS - h_UT) / (h_c -
     * h_UT), the reciprocal of the share of the path that runs below the clutter's top. The table
     * covers h_BS > h_c > h_UT; the same geometry continues it to every pair of heights: two nodes
     * below the top have the k of a low base station, two nodes above it always see each other.
     *
     * @param scenario SL, DL, SH or DH
     * @param clutter the clutter
     * @param heightA height of one node, m
     * @param heightB height of the other node, m
     * @return k, m; infinite if the nodes always see each other (also for HH)
     */
    static double GetLosDistance(NrIndoorFactoryScenario scenario,
                                 const NrClutter& clutter,
                                 double heightA,
                                 double heightB);

    /**
     * @brief Probability of line of sight, exp(-d / k) (Table 7.4.2-1).
     * @param distance2d horizontal distance, m
     * @param losDistance k of GetLosDistance, m
     * @return probability
     */
    static double GetLosProbability(double distance2d, double losDistance);

    /**
     * @brief Distance over which the state of line of sight is correlated (Table 7.6.3.1-2).
     * @param clutter the clutter
     * @return half its typical size, m
     */
    static double GetLosCorrelation(const NrClutter& clutter);
};

} // namespace ns3

#endif // NR_INDOOR_FACTORY_FORMULAS_H

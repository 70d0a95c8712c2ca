// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_INDOOR_OFFICE_FORMULAS_H
#define NR_INDOOR_OFFICE_FORMULAS_H

namespace ns3
{

/**
 * @ingroup nr
 * @brief Line of sight in the indoor office, as pure functions (TR 38.901 Table 7.4.2-1).
 *
 * ns-3's models of it draw a state and keep the probability to themselves.
 */
struct NrIndoorOffice
{
    static constexpr double LOS_CORRELATION_M = 10.0; //!< of the state, Table 7.6.3.1-2, m

    /**
     * @brief Probability of line of sight in an open office.
     * @param distance2d horizontal distance, m
     * @return probability
     */
    static double GetLosProbabilityOpen(double distance2d);

    /**
     * @brief Probability of line of sight in a mixed office.
     * @param distance2d horizontal distance, m
     * @return probability
     */
    static double GetLosProbabilityMixed(double distance2d);
};

} // namespace ns3

#endif // NR_INDOOR_OFFICE_FORMULAS_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_BIANCHI_MODEL_H
#define NRU_BIANCHI_MODEL_H

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ns3
{

/** @brief Contention of one kind of node. */
struct NruBianchiClass
{
    uint32_t cwMin;     //!< smallest window
    uint32_t cwMax;     //!< largest window
    uint32_t maxCwUses; //!< draws from cwMax before a return to cwMin, 0: without end
};

/** @brief Access and collision probability of a node. */
struct NruBianchiPoint
{
    double tau; //!< probability to transmit in a virtual slot
    double p;   //!< probability that such a transmission collides
};

/**
 * @brief Access probability of a saturated node whose attempts collide with probability p, after
 * Bianchi (2000): attempts over slots in one climb of the ladder of windows. An attempt from
 * window W = CW + 1 takes (W - 1) / 2 slots of countdown on average, and one to transmit.
 * @param node the node
 * @param p collision probability
 * @return tau
 */
inline double
GetBianchiTau(const NruBianchiClass& node, double p)
{
    double attempts = 0.0;
    double slots = 0.0;
    double weight = 1.0;
    uint32_t uses = 0;
    for (uint32_t cw = node.cwMin; weight > 1e-15; cw = std::min(2 * cw + 1, node.cwMax))
    {
        uses += cw == node.cwMax ? 1 : 0;
        if (node.maxCwUses > 0 && uses > node.maxCwUses)
        {
            break;
        }
        attempts += weight;
        slots += weight * (cw + 2) / 2.0;
        weight *= p;
    }
    return attempts / slots;
}

/**
 * @brief Fixed point of n equal saturated nodes.
 * @param node the nodes
 * @param n how many
 * @return the fixed point
 */
inline NruBianchiPoint
SolveBianchi(const NruBianchiClass& node, uint32_t n)
{
    double low = 0.0;
    double high = 1.0;
    for (int i = 0; i < 100; ++i)
    {
        const double tau = (low + high) / 2.0;
        const double p = 1.0 - std::pow(1.0 - tau, n - 1.0);
        (GetBianchiTau(node, p) > tau ? low : high) = tau;
    }
    return {low, 1.0 - std::pow(1.0 - low, n - 1.0)};
}

/** @brief Fixed point of two kinds of nodes with the same defer duration. */
struct NruTwoClassPoint
{
    NruBianchiPoint first;  //!< of a node of the first kind
    NruBianchiPoint second; //!< of a node of the second kind
};

/**
 * @brief Fixed point of saturated nodes of two kinds in one collision domain.
 * @param first nodes of the first kind
 * @param nFirst how many, at least 1
 * @param second nodes of the second kind
 * @param nSecond how many, at least 1
 * @return the fixed point
 */
inline NruTwoClassPoint
SolveTwoClasses(const NruBianchiClass& first,
                uint32_t nFirst,
                const NruBianchiClass& second,
                uint32_t nSecond)
{
    NruTwoClassPoint point{{0.1, 0.0}, {0.1, 0.0}};
    auto silent = [](double tau, double n) { return std::pow(1.0 - tau, n); };
    for (int i = 0; i < 2000; ++i)
    {
        const double a = point.first.tau;
        const double b = point.second.tau;
        point.first.p = 1.0 - silent(a, nFirst - 1.0) * silent(b, nSecond);
        point.second.p = 1.0 - silent(a, nFirst) * silent(b, nSecond - 1.0);
        // Damped, so that it converges.
        point.first.tau = 0.9 * a + 0.1 * GetBianchiTau(first, point.first.p);
        point.second.tau = 0.9 * b + 0.1 * GetBianchiTau(second, point.second.p);
    }
    return point;
}

} // namespace ns3

#endif // NRU_BIANCHI_MODEL_H

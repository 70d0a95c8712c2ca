// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_CONTENTION_WINDOW_H
#define NRU_CONTENTION_WINDOW_H

#include "nru-priority-class.h"

#include <array>
#include <cstdint>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Contention windows of the four classes and how feedback moves them
 * (TS 37.213 clause 4.1.4).
 */
class NruContentionWindow
{
  public:
    /** @brief How the feedback of the reference duration moves the windows. */
    enum class Rule
    {
        NR,    //!< clause 4.1.4.2: any transport block acknowledged resets every class
        LAA80, //!< clause 4.1.4.1: at least 80 % NACK raises every class
    };

    NruContentionWindow();

    /**
     * @brief Choose the rule.
     * @param rule the rule
     */
    void SetRule(Rule rule);

    /**
     * @brief Set how many consecutive draws a class makes from its largest window before it
     * returns to its smallest.
     * @param k 1 to 8; 0: never (for comparison with models without the rule)
     */
    void SetMaxCwUses(uint32_t k);

    /**
     * @brief Current window.
     * @param priorityClass the class, 1 to 4
     * @return the window CW_p
     */
    uint32_t Get(uint32_t priorityClass) const;

    /**
     * @brief Window for a new draw of N_init, counting the use of CWmax.
     * @param priorityClass the class, 1 to 4
     * @return the window to draw from
     */
    uint32_t Use(uint32_t priorityClass);

    /**
     * @brief Update all windows from the HARQ-ACK feedback of a reference duration.
     * @param nAck transport blocks acknowledged
     * @param nNack transport blocks not acknowledged; with nAck 0 too nothing changes
     */
    void Update(uint32_t nAck, uint32_t nNack);

  private:
    /** @brief Window of one class. */
    struct State
    {
        uint32_t cw;      //!< current window
        uint32_t maxUses; //!< consecutive draws from the largest window
    };

    Rule m_rule{Rule::NR};                               //!< update rule
    uint32_t m_maxCwUses{8};                             //!< K, 0 for never
    std::array<State, NRU_N_PRIORITY_CLASSES> m_classes; //!< windows by class - 1
};

} // namespace ns3

#endif // NRU_CONTENTION_WINDOW_H

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-contention-window.h"

#include "ns3/abort.h"

namespace ns3
{

NruContentionWindow::NruContentionWindow()
{
    for (uint32_t p = 1; p <= NRU_N_PRIORITY_CLASSES; ++p)
    {
        m_classes[p - 1] = {GetNruPriorityClass(p).cwMin, 0};
    }
}

void
NruContentionWindow::SetRule(Rule rule)
{
    m_rule = rule;
}

void
NruContentionWindow::SetMaxCwUses(uint32_t k)
{
    NS_ABORT_MSG_IF(k > 8, "K of " << k << "; allowed: 1 to 8, or 0 for never");
    m_maxCwUses = k;
}

uint32_t
NruContentionWindow::Get(uint32_t priorityClass) const
{
    GetNruPriorityClass(priorityClass); // checks the class
    return m_classes[priorityClass - 1].cw;
}

uint32_t
NruContentionWindow::Use(uint32_t priorityClass)
{
    const auto& limits = GetNruPriorityClass(priorityClass);
    auto& state = m_classes[priorityClass - 1];
    if (m_maxCwUses > 0 && state.maxUses >= m_maxCwUses)
    {
        state = {limits.cwMin, 0};
    }
    if (state.cw == limits.cwMax)
    {
        ++state.maxUses;
    }
    return state.cw;
}

void
NruContentionWindow::Update(uint32_t nAck, uint32_t nNack)
{
    if (nAck + nNack == 0)
    {
        return;
    }
    const bool raise = m_rule == Rule::NR ? nAck == 0
                                          : static_cast<uint64_t>(nNack) * 5 >=
                                                (static_cast<uint64_t>(nAck) + nNack) * 4;
    for (uint32_t p = 1; p <= NRU_N_PRIORITY_CLASSES; ++p)
    {
        const auto& limits = GetNruPriorityClass(p);
        auto& state = m_classes[p - 1];
        if (raise)
        {
            state.cw = limits.GetNextCw(state.cw);
        }
        else
        {
            state = {limits.cwMin, 0};
        }
    }
}

} // namespace ns3

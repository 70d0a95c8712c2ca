// SPDX-License-Identifier: GPL-2.0-only

#include "nru-reference-duration.h"

#include <utility>

namespace ns3
{

void
NruReferenceDuration::Start()
{
    m_isOpen = true;
    m_acks = 0;
    m_nacks = 0;
}

void
NruReferenceDuration::Count(bool isAck)
{
    if (m_isOpen)
    {
        ++(isAck ? m_acks : m_nacks);
    }
}

bool
NruReferenceDuration::EndSlot()
{
    return std::exchange(m_isOpen, false);
}

void
NruReferenceDuration::Report(NruChannelAccessManager& access)
{
    if (m_acks + m_nacks > 0)
    {
        access.ReportHarqFeedback(m_acks, m_nacks);
    }
    m_isOpen = false;
    m_acks = 0;
    m_nacks = 0;
}

} // namespace ns3

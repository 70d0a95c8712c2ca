// SPDX-License-Identifier: GPL-2.0-only

#include "nr-block-fading.h"

namespace ns3
{

NrBlockFading::NrBlockFading(uint32_t nLinks, Time coherence, uint32_t diversity)
    : m_coherence(coherence),
      m_diversity(diversity),
      m_branches(CreateObject<ExponentialRandomVariable>()),
      m_gains(nLinks)
{
}

int64_t
NrBlockFading::AssignStreams(int64_t stream)
{
    m_branches->SetStream(stream);
    return 1;
}

void
NrBlockFading::Advance(Time now)
{
    for (; m_end <= now; m_end += m_coherence)
    {
        for (auto& gain : m_gains)
        {
            auto sum = 0.0;
            for (uint32_t branch = 0; branch < m_diversity; ++branch)
            {
                sum += m_branches->GetValue(1.0, 0.0); // mean 1, no bound
            }
            gain = sum / m_diversity;
        }
    }
}

double
NrBlockFading::GetGain(uint32_t link) const
{
    return m_gains[link];
}

} // namespace ns3

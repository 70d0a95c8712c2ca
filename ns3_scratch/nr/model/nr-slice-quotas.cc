// SPDX-License-Identifier: GPL-2.0-only

#include "nr-slice-quotas.h"

#include "nr-carrier.h"

#include <algorithm>

namespace ns3
{

namespace
{

/**
 * @param ratio of the carrier, within [0, 1]
 * @return whole resource blocks in it, whatever its last digit was rounded to
 */
uint32_t
ToPrbs(double ratio)
{
    return static_cast<uint32_t>(ratio * NrCarrier::N_PRB + 1e-9);
}

/**
 * @param most resource blocks
 * @param taken of them
 * @return what is left
 */
uint32_t
GetLeft(uint32_t most, uint32_t taken)
{
    return most > taken ? most - taken : 0;
}

} // namespace

NrSliceQuotas::NrSliceQuotas(const std::vector<NrPolicyRatio>& ratios, uint32_t nPrb)
    : m_free(nPrb)
{
    m_quotas.reserve(ratios.size());
    for (const auto& [dedicated, minimum, maximum] : ratios)
    {
        m_quotas.push_back({ToPrbs(dedicated), ToPrbs(minimum), ToPrbs(maximum), 0});
    }
}

uint32_t
NrSliceQuotas::GetFree() const
{
    return m_free;
}

uint32_t
NrSliceQuotas::GetGuaranteed(uint32_t slice) const
{
    return std::min(GetRoom(slice), GetLeft(m_quotas[slice].minimum, m_quotas[slice].taken));
}

uint32_t
NrSliceQuotas::GetRoom(uint32_t slice) const
{
    auto others = 0U;
    for (uint32_t s = 0; s < m_quotas.size(); ++s)
    {
        others += s == slice ? 0 : GetLeft(m_quotas[s].dedicated, m_quotas[s].taken);
    }
    return std::min(GetLeft(m_free, others),
                    GetLeft(m_quotas[slice].maximum, m_quotas[slice].taken));
}

double
NrSliceQuotas::GetFulfilment(uint32_t slice) const
{
    const auto& quota = m_quotas[slice];
    return quota.minimum > 0 ? static_cast<double>(quota.taken) / quota.minimum : 1.0;
}

void
NrSliceQuotas::Take(uint32_t slice, uint32_t nPrb)
{
    m_quotas[slice].taken += nPrb;
    m_free -= nPrb;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-rate-knowledge.h"

#include "nr-decibel.h"
#include "nr-name-checker.h"

#include "ns3/string.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruRateKnowledge);

TypeId
NruRateKnowledge::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruRateKnowledge")
                            .SetParent<Object>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruRateKnowledge>()
                            .AddAttribute("Source",
                                          "measured (on discovery bursts) or expected (over the "
                                          "gNBs of the channel that the cell does not hear).",
                                          StringValue("measured"),
                                          MakeStringAccessor(&NruRateKnowledge::m_source),
                                          MakeNrNameChecker({"measured", "expected"}));
    return tid;
}

NruRateKnowledge::NruRateKnowledge() = default;

void
NruRateKnowledge::DoDispose()
{
    m_gnbs.clear();
    m_amc = nullptr;
    Object::DoDispose();
}

void
NruRateKnowledge::Configure(const std::vector<Ptr<NruGnb>>& gnbs, Ptr<const NrAmc> amc)
{
    m_gnbs = gnbs;
    m_amc = amc;
}

std::vector<NruRateKnowledge::Interferer>
NruRateKnowledge::FindInterferers(Ptr<const NruUe> ue, uint32_t cell) const
{
    const auto phy = m_gnbs[cell]->GetPhy();
    const auto threshold = NrToWatt(m_gnbs[cell]->GetAccess()->GetThresholdDbm());
    std::vector<Interferer> interferers;
    for (const auto& gnb : m_gnbs)
    {
        if (gnb != m_gnbs[cell] && gnb->GetPhy()->GetChannelIndex() == phy->GetChannelIndex() &&
            gnb->GetDownlink().GetSignal(phy->GetMobility()) < threshold)
        {
            interferers.push_back({gnb->GetDownlink().GetSignal(ue->GetMobility()),
                                   gnb->GetLoadMeter().GetUsedAirtime()});
        }
    }
    const auto kept = std::min(interferers.size(), MAX_INTERFERERS);
    std::partial_sort(interferers.begin(),
                      interferers.begin() + kept,
                      interferers.end(),
                      [](const auto& a, const auto& b) { return a.power > b.power; });
    interferers.resize(kept);
    return interferers;
}

double
NruRateKnowledge::Get(Ptr<const NruUe> ue, uint32_t cell) const
{
    if (m_source == "measured")
    {
        return m_amc->GetFullBandRate(ue->GetCell(cell).sinrDb);
    }
    const auto interferers = FindInterferers(ue, cell);
    double mean = 0;
    for (uint32_t state = 0; state < 1U << interferers.size(); ++state)
    {
        double probability = 1;
        double power = 0;
        for (std::size_t i = 0; i < interferers.size(); ++i)
        {
            const bool isOn = state >> i & 1;
            probability *= isOn ? interferers[i].probability : 1 - interferers[i].probability;
            power += isOn ? interferers[i].power : 0.0;
        }
        const auto sinr = m_gnbs[cell]->GetDownlink().GetSinr(ue->GetMobility(), power);
        mean += probability * m_amc->GetFullBandRate(NrToDb(sinr));
    }
    return mean;
}

} // namespace ns3

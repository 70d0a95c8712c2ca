// SPDX-License-Identifier: GPL-2.0-only

#include "slice-network.h"

#include "nr-amc.h"
#include "nr-carrier.h"
#include "nr-link-adaptation.h"

#include "ns3/double.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(SliceNetwork);

namespace
{
/// Share of first transmissions that fail in the long run: what CQIs promise (TS 38.214 clause
/// 5.2.2.1).
constexpr double TARGET_BLER = 0.1;
} // namespace

TypeId
SliceNetwork::GetTypeId()
{
    static TypeId tid = TypeId("ns3::SliceNetwork")
                            .SetParent<Object>()
                            .SetGroupName("Slices")
                            .AddConstructor<SliceNetwork>();
    return tid;
}

SliceNetwork::SliceNetwork()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

void
SliceNetwork::DoDispose()
{
    m_step = StepCallback();
    for (auto& site : m_sites)
    {
        site.cell->Dispose();
    }
    m_sites.clear();
    m_ues.clear();
    m_demand.reset();
    m_random = nullptr;
    m_scenario = nullptr;
    Object::DoDispose();
}

void
SliceNetwork::Build(Ptr<const SliceScenario> scenario, StepCallback step)
{
    m_scenario = scenario;
    m_step = step;
    m_slotsPerStep = scenario->GetStep().GetNanoSeconds() / NrCarrier::SLOT_NS;
    m_demand = std::make_unique<SliceDemand>(RngSeedManager::GetRun(),
                                             scenario->GetNUes(),
                                             scenario->demandLevels,
                                             scenario->demandChange);
    m_ues.resize(scenario->GetNUes());
    int64_t stream = 0;
    m_random->SetStream(stream++);
    for (uint32_t site = 0; site < scenario->nSites; ++site)
    {
        stream += BuildSite(site, stream);
    }
    Simulator::ScheduleNow(&SliceNetwork::NextSlot, this);
}

Ptr<NrGbrBearer>
SliceNetwork::CreateBearer(uint32_t ue) const
{
    const auto slice = m_scenario->slices[ue];
    auto bearer = CreateObject<NrGbrBearer>();
    bearer->SetAttribute("PacketSize", UintegerValue(m_scenario->GetPacketBytes(slice)));
    bearer->SetAttribute("DelayBudget", TimeValue(SliceScenario::GetDelayBudget(slice)));
    return bearer;
}

int64_t
SliceNetwork::BuildSite(uint32_t site, int64_t stream)
{
    const auto n = m_scenario->uesPerSite;
    auto scheduler = CreateObject<NrScheduler>();
    scheduler->SetAttribute("Rule", StringValue(m_scenario->scheduler));
    auto amc = CreateObject<NrAmc>();
    auto linkAdaptation = CreateObject<NrLinkAdaptation>();
    linkAdaptation->SetAttribute("Target", DoubleValue(TARGET_BLER));
    linkAdaptation->SetAmc(amc);
    auto fading = m_scenario->fading == "none"
                      ? nullptr
                      : std::make_unique<NrBlockFading>(n,
                                                        MilliSeconds(m_scenario->coherenceMs),
                                                        m_scenario->diversity);
    m_sites.push_back(
        {CreateObject<SliceCell>(),
         std::make_unique<SliceEdgeHost>(n,
                                         SliceEdgeHost::Settings{m_scenario->cpuCapacity,
                                                                 m_scenario->jobWork,
                                                                 m_scenario->cpuQueueJobs,
                                                                 m_scenario->isReserved}),
         std::vector<NrPolicyRatio>(SliceScenario::N_SLICES)});
    auto& [cell, host, policy] = m_sites.back();
    std::vector<SliceCell::Ue> served;
    for (uint32_t i = 0; i < n; ++i)
    {
        const auto u = site * n + i;
        auto& ue = m_ues[u];
        ue.bearer = CreateBearer(u);
        ue.bearer->Start(std::max(m_scenario->demandBps[u], 1.0), m_random->GetValue(0, 1));
        host->SetPhase(i, m_random->GetValue(0, 1));
        ue.gfbrBps.asked = m_scenario->meanRateBps[u] / n;
        ue.cpu.asked = 1.0 / n;
        served.push_back({ue.bearer, m_scenario->slices[u], m_scenario->meanSnrDb[u]});
    }
    cell->Configure(site, served, scheduler, amc, linkAdaptation, std::move(fading));
    return cell->AssignStreams(stream);
}

void
SliceNetwork::SetGfbr(uint32_t ue, double bitRate)
{
    m_ues.at(ue).gfbrBps.asked = bitRate;
}

void
SliceNetwork::SetCpuShare(uint32_t ue, double share)
{
    m_ues.at(ue).cpu.asked = share;
}

void
SliceNetwork::SetPolicy(uint32_t site, const std::vector<NrPolicyRatio>& ratios)
{
    m_sites.at(site).policy = ratios;
}

void
SliceNetwork::NextSlot()
{
    if (m_slot > 0)
    {
        for (auto& site : m_sites)
        {
            site.cell->EndSlot();
        }
    }
    if (m_slot == m_slotsPerStep)
    {
        EndStep();
        m_slot = 0;
        if (m_stepNumber > m_scenario->steps)
        {
            return;
        }
    }
    if (m_slot == 0)
    {
        BeginStep();
    }
    for (auto& site : m_sites)
    {
        site.cell->StartSlot();
    }
    ++m_slot;
    Simulator::Schedule(NanoSeconds(NrCarrier::SLOT_NS), &SliceNetwork::NextSlot, this);
}

template <typename Weigh>
void
SliceNetwork::Admit(uint32_t site, Share Ue::* share, Weigh weigh)
{
    const auto first = site * m_scenario->uesPerSite;
    const auto end = first + m_scenario->uesPerSite;
    auto sum = 0.0;
    for (auto u = first; u < end; ++u)
    {
        sum += weigh(u, (m_ues[u].*share).asked);
    }
    for (auto u = first; u < end; ++u)
    {
        auto& [asked, admitted] = m_ues[u].*share;
        admitted = asked / std::max(sum, 1.0);
    }
}

void
SliceNetwork::BeginStep()
{
    m_demand->Advance(m_stepNumber);
    for (uint32_t site = 0; site < m_sites.size(); ++site)
    {
        Admit(site, &Ue::gfbrBps, [this](uint32_t u, double asked) {
            return asked / m_scenario->meanRateBps[u];
        });
        Admit(site, &Ue::cpu, [](uint32_t, double asked) { return asked; });
        m_sites[site].cell->GetScheduler()->SetPolicy(m_sites[site].policy);
    }
    for (uint32_t u = 0; u < m_ues.size(); ++u)
    {
        auto& ue = m_ues[u];
        ue.demandBps = m_scenario->demandBps[u] * m_demand->GetLevel(u, 0);
        ue.cpuDemand = m_scenario->cpuDemand[u] * m_demand->GetLevel(u, 1);
        ue.bearer->SetArrivalRate(ue.demandBps);
        ue.bearer->SetBitRate(ue.gfbrBps.admitted);
        ue.bearer->SetMaximumBitRate(
            m_scenario->isReserved ? ue.gfbrBps.admitted : std::numeric_limits<double>::infinity());
        auto& host = *m_sites[u / m_scenario->uesPerSite].host;
        host.SetDemand(u % m_scenario->uesPerSite, ue.cpuDemand);
        host.SetShare(u % m_scenario->uesPerSite, ue.cpu.admitted);
    }
}

void
SliceNetwork::EndStep()
{
    for (auto& site : m_sites)
    {
        site.host->Update();
    }
    for (uint32_t u = 0; u < m_ues.size(); ++u)
    {
        const auto& site = m_sites[u / m_scenario->uesPerSite];
        auto& ue = m_ues[u];
        ue.bearer->Update();
        ue.counts.Measure(*ue.bearer, *site.cell, *site.host, u % m_scenario->uesPerSite);
    }
    m_step(m_stepNumber++);
}

const SliceScenario&
SliceNetwork::GetScenario() const
{
    return *m_scenario;
}

const SliceNetwork::Ue&
SliceNetwork::GetUe(uint32_t ue) const
{
    return m_ues.at(ue);
}

const std::vector<NrPolicyRatio>&
SliceNetwork::GetPolicy(uint32_t site) const
{
    return m_sites.at(site).policy;
}

double
SliceNetwork::GetPrbs() const
{
    return static_cast<double>(m_slotsPerStep) * NrCarrier::N_PRB;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-spectrum-channel.h"

#include "ns3/abort.h"
#include "ns3/mobility-model.h"
#include "ns3/node.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruSpectrumChannel);

namespace
{
/// Shapes of one spectrum model that are remembered: transmitters use far fewer.
constexpr std::size_t MAX_SHAPES = 64;

/**
 * @param psd a power spectral density
 * @param low lower end of a band (Hz)
 * @param high upper end of the band (Hz)
 * @return power within the band (W)
 */
double
GetPowerWithin(const SpectrumValue& psd, double low, double high)
{
    double power = 0;
    auto band = psd.ConstBandsBegin();
    for (auto density = psd.ConstValuesBegin(); density != psd.ConstValuesEnd(); ++density, ++band)
    {
        power += *density * std::max(0.0, std::min(band->fh, high) - std::max(band->fl, low));
    }
    return power;
}
} // namespace

TypeId
NruSpectrumChannel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruSpectrumChannel")
                            .SetParent<SpectrumChannel>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruSpectrumChannel>();
    return tid;
}

NruSpectrumChannel::NruSpectrumChannel() = default;

void
NruSpectrumChannel::DoDispose()
{
    m_pathGain = nullptr;
    m_groups.clear();
    m_converters.clear();
    m_shapes.clear();
    m_bands.clear();
    SpectrumChannel::DoDispose();
}

void
NruSpectrumChannel::SetPathGain(Ptr<NrPathGain> pathGain)
{
    m_pathGain = pathGain;
}

void
NruSpectrumChannel::SetBand(Ptr<const NetDevice> device, double low, double high)
{
    NS_ABORT_MSG_UNLESS(low < high,
                        "band from " << low << " to " << high << " Hz; allowed: upwards");
    m_bands[PeekPointer(device)] = {low, high};
    m_shapes.clear();
}

void
NruSpectrumChannel::AddRx(Ptr<SpectrumPhy> phy)
{
    RemoveRx(phy);
    const auto model = phy->GetRxSpectrumModel();
    NS_ABORT_MSG_UNLESS(model, "a receiver without a spectrum model");
    auto& group = m_groups[model->GetUid()];
    group.model = model;
    group.phys.push_back(phy);
}

void
NruSpectrumChannel::RemoveRx(Ptr<SpectrumPhy> phy)
{
    for (auto& [uid, group] : m_groups)
    {
        group.phys.erase(std::remove(group.phys.begin(), group.phys.end(), phy), group.phys.end());
    }
    m_shapes.clear();
}

bool
NruSpectrumChannel::Notices(const SpectrumValue& psd, const SpectrumPhy& phy) const
{
    const auto band = m_bands.find(PeekPointer(phy.GetDevice()));
    return band == m_bands.end() || GetPowerWithin(psd, band->second.first, band->second.second) >=
                                        MIN_SHARE * Integral(psd);
}

std::vector<NruSpectrumChannel::Target>
NruSpectrumChannel::FindTargets(Ptr<const SpectrumValue> psd)
{
    std::vector<Target> targets;
    const auto model = psd->GetSpectrumModel();
    for (const auto& [uid, group] : m_groups)
    {
        if (uid != model->GetUid() && model->IsOrthogonal(*group.model))
        {
            continue;
        }
        Ptr<SpectrumValue> converted;
        for (const auto& phy : group.phys)
        {
            if (!Notices(*psd, *phy))
            {
                continue;
            }
            if (!converted && uid == model->GetUid())
            {
                converted = psd->Copy();
            }
            else if (!converted)
            {
                const auto [converter, isNew] = m_converters.try_emplace({model->GetUid(), uid});
                if (isNew)
                {
                    converter->second = SpectrumConverter(model, group.model);
                }
                converted = converter->second.Convert(psd);
            }
            targets.push_back({phy, converted});
        }
    }
    return targets;
}

const NruSpectrumChannel::Shape&
NruSpectrumChannel::FindShape(Ptr<const SpectrumValue> psd)
{
    auto& shapes = m_shapes[psd->GetSpectrumModelUid()];
    // Masks are alike at the edges: what differs does so in the middle.
    const auto middle = psd->GetValuesN() / 2;
    const auto found = std::find_if(shapes.begin(), shapes.end(), [&](const auto& shape) {
        return psd->ValuesAt(middle) == shape.psd->ValuesAt(middle) &&
               std::equal(psd->ConstValuesBegin(),
                          psd->ConstValuesEnd(),
                          shape.psd->ConstValuesBegin());
    });
    if (found != shapes.end())
    {
        return *found;
    }
    if (shapes.size() == MAX_SHAPES)
    {
        shapes.erase(shapes.begin());
    }
    shapes.push_back({psd->Copy(), FindTargets(psd)});
    return shapes.back();
}

void
NruSpectrumChannel::StartTx(Ptr<SpectrumSignalParameters> params)
{
    NS_ABORT_MSG_UNLESS(params->txPhy, "a signal without a transmitter");
    NS_ABORT_MSG_IF(params->txAntenna, "a transmitter with an antenna; allowed: isotropic only");
    m_txSigParamsTrace(params);
    const auto txMobility = params->txPhy->GetMobility();
    const auto txDevice = params->txPhy->GetDevice();
    const auto txPsd = params->psd;
    for (const auto& target : FindShape(txPsd).targets)
    {
        const auto rxDevice = target.phy->GetDevice();
        if (target.phy == params->txPhy ||
            (rxDevice && txDevice && rxDevice->GetNode() == txDevice->GetNode()))
        {
            continue;
        }
        // The copy of a signal has a copy of the density, which is thus the receiver's own.
        params->psd = target.psd;
        const auto signal = params->Copy();
        const auto rxMobility = target.phy->GetMobility();
        Time delay;
        if (m_propagationDelay && txMobility && rxMobility)
        {
            delay = m_propagationDelay->GetDelay(txMobility, rxMobility);
        }
        Simulator::ScheduleWithContext(rxDevice ? rxDevice->GetNode()->GetId()
                                                : Simulator::GetContext(),
                                       delay,
                                       &NruSpectrumChannel::StartRx,
                                       this,
                                       signal,
                                       target.phy);
    }
    params->psd = txPsd;
}

void
NruSpectrumChannel::StartRx(Ptr<SpectrumSignalParameters> params, Ptr<SpectrumPhy> receiver)
{
    const auto txMobility = params->txPhy->GetMobility();
    const auto rxMobility = receiver->GetMobility();
    if (txMobility && rxMobility)
    {
        *params->psd *= m_pathGain->Get(txMobility, rxMobility);
    }
    receiver->StartRx(params);
}

std::size_t
NruSpectrumChannel::GetNDevices() const
{
    std::size_t n = 0;
    for (const auto& [uid, group] : m_groups)
    {
        n += group.phys.size();
    }
    return n;
}

Ptr<NetDevice>
NruSpectrumChannel::GetDevice(std::size_t i) const
{
    for (const auto& [uid, group] : m_groups)
    {
        if (i < group.phys.size())
        {
            return group.phys[i]->GetDevice();
        }
        i -= group.phys.size();
    }
    NS_ABORT_MSG("no device has index " << i << "; allowed: below " << GetNDevices());
}

} // namespace ns3

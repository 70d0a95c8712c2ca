// SPDX-License-Identifier: GPL-2.0-only

#include "nru-channel-filter.h"

#ifdef NRU_HAS_SPECTRUM_FILTER

#include "nru-signal-parameters.h"

#include "ns3/spectrum-phy.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruChannelFilter);

TypeId
NruChannelFilter::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruChannelFilter")
                            .SetParent<SpectrumTransmitFilter>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruChannelFilter>();
    return tid;
}

void
NruChannelFilter::AddReceiver(Ptr<const NetDevice> device, uint32_t channelIndex)
{
    m_channels[PeekPointer(device)] = channelIndex;
}

bool
NruChannelFilter::DoFilter(Ptr<const SpectrumSignalParameters> params,
                           Ptr<const SpectrumPhy> receiver)
{
    const auto* signal = dynamic_cast<const NruSignalParameters*>(PeekPointer(params));
    if (!signal)
    {
        return false;
    }
    const auto found = m_channels.find(PeekPointer(receiver->GetDevice()));
    return found != m_channels.end() && found->second != signal->channelIndex;
}

int64_t
NruChannelFilter::DoAssignStreams(int64_t)
{
    return 0;
}

} // namespace ns3

#endif // NRU_HAS_SPECTRUM_FILTER

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-cached-loss-model.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruCachedLossModel);

TypeId
NruCachedLossModel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruCachedLossModel")
                            .SetParent<PropagationLossModel>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruCachedLossModel>();
    return tid;
}

void
NruCachedLossModel::SetPathGain(Ptr<NruPathGain> pathGain)
{
    m_pathGain = pathGain;
}

void
NruCachedLossModel::DoDispose()
{
    m_pathGain = nullptr;
    PropagationLossModel::DoDispose();
}

double
NruCachedLossModel::DoCalcRxPower(double txPowerDbm,
                                  Ptr<MobilityModel> a,
                                  Ptr<MobilityModel> b) const
{
    return txPowerDbm + m_pathGain->GetDb(a, b);
}

int64_t
NruCachedLossModel::DoAssignStreams(int64_t)
{
    return 0;
}

} // namespace ns3

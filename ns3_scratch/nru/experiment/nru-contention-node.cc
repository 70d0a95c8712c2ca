// SPDX-License-Identifier: GPL-2.0-only

#include "nru-contention-node.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruContentionNode);

TypeId
NruContentionNode::GetTypeId()
{
    static TypeId tid = TypeId("ns3::NruContentionNode")
                            .SetParent<Object>()
                            .SetGroupName("Nru")
                            .AddConstructor<NruContentionNode>()
                            .AddAttribute("Saturated",
                                          "Always something to send",
                                          BooleanValue(true),
                                          MakeBooleanAccessor(&NruContentionNode::m_saturated),
                                          MakeBooleanChecker())
                            .AddAttribute("OfferedLoad",
                                          "Offered load when not saturated, bit/s, Poisson",
                                          DoubleValue(10e6),
                                          MakeDoubleAccessor(&NruContentionNode::m_offeredBps),
                                          MakeDoubleChecker<double>(1.0))
                            .AddAttribute("PhyRate",
                                          "Rate while the node holds the channel, bit/s",
                                          DoubleValue(100e6),
                                          MakeDoubleAccessor(&NruContentionNode::m_phyRateBps),
                                          MakeDoubleChecker<double>(1.0))
                            .AddAttribute("PacketSize",
                                          "Packet size, bytes",
                                          UintegerValue(1500),
                                          MakeUintegerAccessor(&NruContentionNode::m_packetBytes),
                                          MakeUintegerChecker<uint32_t>(1));
    return tid;
}

NruContentionNode::NruContentionNode()
    : m_interval(CreateObject<ExponentialRandomVariable>())
{
}

NruContentionNode::~NruContentionNode()
{
}

void
NruContentionNode::DoDispose()
{
    m_event.Cancel();
    m_sendEvent.Cancel();
    if (m_phy)
    {
        m_access->Dispose();
        m_phy->Dispose();
    }
    m_phy = nullptr;
    m_access = nullptr;
    m_monitor = nullptr;
    m_interval = nullptr;
    Object::DoDispose();
}

void
NruContentionNode::Install(Ptr<NrSpectrumPhy> phy,
                           Ptr<NruChannelAccessManager> access,
                           Ptr<NruMediumMonitor> monitor)
{
    m_phy = phy;
    m_access = access;
    m_monitor = monitor;
    m_access->SetGrantCallback(MakeCallback(&NruContentionNode::Send, this));
}

void
NruContentionNode::Start()
{
    NS_ABORT_MSG_IF(!m_access, "a contention node needs its radio and channel access first");
    if (m_saturated)
    {
        Contend();
        return;
    }
    m_interval->SetAttribute("Mean", DoubleValue(8.0 * m_packetBytes / m_offeredBps));
    m_event =
        Simulator::Schedule(Seconds(m_interval->GetValue()), &NruContentionNode::Arrive, this);
}

void
NruContentionNode::Arrive()
{
    m_backlogBits += 8.0 * m_packetBytes;
    m_event =
        Simulator::Schedule(Seconds(m_interval->GetValue()), &NruContentionNode::Arrive, this);
    Contend();
}

void
NruContentionNode::Contend()
{
    if (!m_access->IsCotActive() && (m_saturated || m_backlogBits > 0.0))
    {
        m_access->RequestAccess();
    }
}

void
NruContentionNode::Send(Time mcot)
{
    const Time needed = Seconds(m_backlogBits / m_phyRateBps);
    const Time duration = m_saturated ? mcot : std::min(mcot, std::max(needed, MicroSeconds(1)));
    m_phy->StartTx(duration);
    m_sendEvent = Simulator::Schedule(duration, &NruContentionNode::EndSend, this, duration);
}

void
NruContentionNode::EndSend(Time duration)
{
    const bool collided = m_monitor->GetNContenders() > 1;
    m_access->NotifyCotEnd();
    m_access->ReportHarqFeedback(collided ? 0 : 1, collided ? 1 : 0);
    if (!collided)
    {
        const double sent = duration.GetSeconds() * m_phyRateBps;
        m_deliveredBits += m_saturated ? sent : std::min(sent, m_backlogBits);
        m_backlogBits = std::max(0.0, m_backlogBits - sent);
        m_backlogBits = m_backlogBits < 0.5 ? 0.0 : m_backlogBits;
    }
    Contend();
}

double
NruContentionNode::GetDeliveredBits() const
{
    return m_deliveredBits;
}

int64_t
NruContentionNode::AssignStreams(int64_t stream)
{
    m_interval->SetStream(stream);
    return 1 + m_access->AssignStreams(stream + 1);
}

} // namespace ns3

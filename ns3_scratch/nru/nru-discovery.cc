// SPDX-License-Identifier: GPL-2.0-only

#include "nru-discovery.h"

#include "nru-carrier.h"
#include "nru-sibx-header.h"

#include "ns3/simulator.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruDiscovery);

namespace
{
const Time SLOT = NanoSeconds(NruCarrier::SLOT_NS);
/// Type 2A senses for this long (TS 37.213 clause 4.1.2.1).
const Time TYPE_2A_SENSING = MicroSeconds(25);
} // namespace

TypeId
NruDiscovery::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruDiscovery")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruDiscovery>()
            .AddAttribute("Period",
                          "Period of discovery bursts of one slot; at least 20 slots, for a duty "
                          "cycle of at most 1/20 (TS 37.213 clause 4.1.2).",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&NruDiscovery::m_period),
                          MakeTimeChecker(20 * SLOT))
            .AddAttribute("Window",
                          "Discovery burst transmission window: how long a burst that finds the "
                          "channel busy is tried again, at each slot.",
                          TimeValue(MilliSeconds(5)),
                          MakeTimeAccessor(&NruDiscovery::m_window),
                          MakeTimeChecker(2 * SLOT))
            .AddAttribute("SiWindow",
                          "Length of the SI window in which a SIBx has to be sent (si-WindowLength "
                          "of 80 slots, TS 38.331 clause 6.3.2).",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&NruDiscovery::m_siWindow),
                          MakeTimeChecker(SLOT));
    return tid;
}

NruDiscovery::NruDiscovery() = default;

void
NruDiscovery::DoDispose()
{
    m_access = nullptr;
    m_send.Nullify();
    Object::DoDispose();
}

void
NruDiscovery::Configure(uint32_t pci, Ptr<NruChannelAccessManager> access, Callback<void> send)
{
    m_pci = pci;
    m_access = access;
    m_send = send;
}

void
NruDiscovery::Start(Time offset)
{
    Simulator::Schedule(offset, &NruDiscovery::OpenWindow, this);
}

void
NruDiscovery::OpenWindow()
{
    m_isDue = true;
    m_windowEnd = Simulator::Now() + m_window;
    Simulator::Schedule(m_period, &NruDiscovery::OpenWindow, this);
    Try();
}

void
NruDiscovery::Try()
{
    const auto now = Simulator::Now();
    const auto start = NruCarrier::CeilToSlot(now + TYPE_2A_SENSING);
    if (!m_isDue || start + SLOT > m_windowEnd)
    {
        m_isDue = false;
        return;
    }
    const auto sense = start - TYPE_2A_SENSING;
    if (now < sense)
    {
        Simulator::Schedule(sense - now, &NruDiscovery::Try, this);
        return;
    }
    m_access->RequestType2a(MakeCallback(&NruDiscovery::HandleType2a, this));
    Simulator::Schedule(SLOT, &NruDiscovery::Try, this);
}

void
NruDiscovery::HandleType2a(bool granted)
{
    if (granted && m_isDue)
    {
        m_send();
    }
}

bool
NruDiscovery::IsDue() const
{
    return m_isDue;
}

Ptr<Packet>
NruDiscovery::Take(double load)
{
    m_isDue = false;
    if (!m_isSibxDue || Simulator::Now() >= m_siWindowEnd)
    {
        return nullptr;
    }
    NruSibxHeader header;
    header.SetSequence(m_sibxDue);
    header.SetPci(m_pci);
    header.SetLoad(load);
    auto sibx = Create<Packet>();
    sibx->AddHeader(header);
    m_isSibxDue = false;
    ++m_sibxSent;
    return sibx;
}

void
NruDiscovery::OpenSiWindow()
{
    m_isSibxDue = true;
    m_siWindowEnd = Simulator::Now() + m_siWindow;
    ++m_sibxDue;
}

Time
NruDiscovery::GetPeriod() const
{
    return m_period;
}

uint32_t
NruDiscovery::GetSibxDue() const
{
    return m_sibxDue;
}

uint32_t
NruDiscovery::GetSibxSent() const
{
    return m_sibxSent;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-discovery.h"

#include "nr-carrier.h"
#include "nr-name-checker.h"
#include "nru-sibx-header.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruDiscovery);

namespace
{
const Time SLOT = NanoSeconds(NrCarrier::SLOT_NS);
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
            .AddAttribute("Access",
                          "Channel access outside the gNB's own occupancies: type2a (only for "
                          "bursts of at most 1 ms and a duty cycle of at most 1/20, TS 37.213 "
                          "clause 4.1.2) or type1 (priority class 1).",
                          StringValue("type2a"),
                          MakeStringAccessor(&NruDiscovery::m_accessType),
                          MakeNrNameChecker({"type2a", "type1"}))
            .AddAttribute("BurstSlots",
                          "Length of a burst (slots). Three leave room in the 2 ms of class 1 for "
                          "the rest of the slot in which access is granted.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&NruDiscovery::m_burstSlots),
                          MakeUintegerChecker<uint32_t>(1, 3))
            .AddAttribute("Period",
                          "Period of discovery bursts.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&NruDiscovery::m_period),
                          MakeTimeChecker(2 * SLOT))
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
                          MakeTimeChecker(SLOT))
            .AddAttribute(
                "SibxLoss",
                "Whether a SIBx can be lost; if not, each UE in range has each one when it "
                "is due. Bursts go out as ever.",
                BooleanValue(true),
                MakeBooleanAccessor(&NruDiscovery::m_hasSibxLoss),
                MakeBooleanChecker());
    return tid;
}

NruDiscovery::NruDiscovery() = default;

void
NruDiscovery::DoDispose()
{
    m_access = nullptr;
    m_callbacks = {};
    Object::DoDispose();
}

void
NruDiscovery::Configure(uint32_t pci,
                        Ptr<NruChannelAccessManager> access,
                        const Callbacks& callbacks)
{
    NS_ABORT_MSG_UNLESS(m_accessType == "type1" || NruType2aSensor::IsAllowed(GetBurst(), m_period),
                        "discovery bursts of " << GetBurst().As(Time::MS) << " every "
                                               << m_period.As(Time::MS)
                                               << " are not allowed by type2a: at most 1 ms, and "
                                                  "1/20 of the time; shorten them or use type1");
    NS_ABORT_MSG_UNLESS(GetBurst() < m_period && GetBurst() <= m_window,
                        "discovery bursts of "
                            << GetBurst().As(Time::MS) << " are not shorter than their period of "
                            << m_period.As(Time::MS) << " and within their window of "
                            << m_window.As(Time::MS));
    m_pci = pci;
    m_access = access;
    m_callbacks = callbacks;
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
    m_windowEnd = Simulator::Now() + std::min(m_window, m_period);
    Simulator::Schedule(m_period, &NruDiscovery::OpenWindow, this);
    if (m_accessType == "type2a")
    {
        Try();
        return;
    }
    m_callbacks.contend();
    // a burst that starts at the last boundary from which it fits still counts
    const auto last = m_windowEnd - GetBurst() + NanoSeconds(1);
    Simulator::Schedule(last - Simulator::Now(), &NruDiscovery::Expire, this);
}

void
NruDiscovery::Expire()
{
    if (m_isDue)
    {
        m_isDue = false;
        m_callbacks.contend();
    }
}

void
NruDiscovery::Try()
{
    const auto now = Simulator::Now();
    const auto start = NrCarrier::CeilToSlot(now + TYPE_2A_SENSING);
    if (!m_isDue || start + GetBurst() > m_windowEnd)
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
        m_callbacks.send();
    }
}

bool
NruDiscovery::IsDue() const
{
    return m_isDue;
}

bool
NruDiscovery::IsType1Needed() const
{
    return m_isDue && m_accessType == "type1";
}

Ptr<Packet>
NruDiscovery::CreateSibx(double load) const
{
    NruSibxHeader header;
    header.SetSequence(m_sibxDue);
    header.SetPci(m_pci);
    header.SetLoad(load);
    auto sibx = Create<Packet>();
    sibx->AddHeader(header);
    return sibx;
}

Ptr<Packet>
NruDiscovery::Take(double load)
{
    m_isDue = false;
    return TakeSibx(load);
}

bool
NruDiscovery::IsSibxDue() const
{
    return m_isSibxDue && Simulator::Now() < m_siWindowEnd;
}

Ptr<Packet>
NruDiscovery::TakeSibx(double load)
{
    if (!IsSibxDue())
    {
        return nullptr;
    }
    m_isSibxDue = false;
    ++m_sibxSent;
    return CreateSibx(load);
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
NruDiscovery::GetBurstSlots() const
{
    return m_burstSlots;
}

Time
NruDiscovery::GetBurst() const
{
    return SLOT * m_burstSlots;
}

bool
NruDiscovery::HasSibxLoss() const
{
    return m_hasSibxLoss;
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

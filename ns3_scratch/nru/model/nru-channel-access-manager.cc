// SPDX-License-Identifier: GPL-2.0-only

#include "nru-channel-access-manager.h"

#include "nr-name-checker.h"
#include "nru-energy-detection.h"
#include "nru-priority-class.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("NruChannelAccessManager");

NS_OBJECT_ENSURE_REGISTERED(NruChannelAccessManager);

namespace
{

} // namespace

TypeId
NruChannelAccessManager::GetTypeId()
{
    using Self = NruChannelAccessManager;
    static TypeId tid =
        TypeId("ns3::NruChannelAccessManager")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruChannelAccessManager>()
            .AddAttribute("PriorityClass",
                          "Channel access priority class of Type 1, 1 to 4",
                          UintegerValue(3),
                          MakeUintegerAccessor(&Self::m_priorityClass),
                          MakeUintegerChecker<uint32_t>(1, NRU_N_PRIORITY_CLASSES))
            .AddAttribute("CwUpdateRule",
                          "How feedback moves the contention windows: nr (any transport block "
                          "acknowledged resets them) or laa80 (at least 80 % NACK raises them)",
                          StringValue("nr"),
                          MakeStringAccessor(&Self::m_cwUpdateRule),
                          MakeNrNameChecker({"nr", "laa80"}))
            .AddAttribute("MaxCwUses",
                          "K: consecutive draws from a class's largest window before it returns "
                          "to its smallest, 1 to 8; 0: never (for models without the rule)",
                          UintegerValue(8),
                          MakeUintegerAccessor(&Self::m_maxCwUses),
                          MakeUintegerChecker<uint32_t>(0, 8))
            .AddAttribute(
                "StartAlignment",
                "When a transmission may start: symbol (at once, the gNB fills the time to a "
                "symbol boundary itself) or slot (self-deferral to its boundary)",
                StringValue("symbol"),
                MakeStringAccessor(&Self::m_startAlignment),
                MakeNrNameChecker({"symbol", "slot"}))
            .AddAttribute("SlotDuration",
                          "Distance of slot boundaries, counted from time 0",
                          TimeValue(MicroSeconds(500)),
                          MakeTimeAccessor(&Self::m_slotDuration),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddAttribute("ThresholdRule",
                          "Energy detection threshold: formula (TS 37.213 clause 4.1.5, from the "
                          "transmit power) or fixed",
                          StringValue("formula"),
                          MakeStringAccessor(&Self::m_thresholdRule),
                          MakeNrNameChecker({"formula", "fixed"}))
            .AddAttribute("FixedThreshold",
                          "Energy detection threshold of rule Fixed, dBm",
                          DoubleValue(-72.0),
                          MakeDoubleAccessor(&Self::m_fixedThresholdDbm),
                          MakeDoubleChecker<double>())
            .AddAttribute("OtherTechnologyAbsent",
                          "Whether absence of other technologies is guaranteed: higher threshold "
                          "and longer occupancy of classes 3 and 4",
                          BooleanValue(false),
                          MakeBooleanAccessor(&Self::m_otherTechnologyAbsent),
                          MakeBooleanChecker())
            .AddTraceSource("Busy",
                            "The own channel turns busy",
                            MakeTraceSourceAccessor(&Self::m_busyTrace),
                            "ns3::NruChannelAccessManager::BusyTracedCallback")
            .AddTraceSource("Idle",
                            "The own channel turns idle, with the time it was busy",
                            MakeTraceSourceAccessor(&Self::m_idleTrace),
                            "ns3::NruChannelAccessManager::IdleTracedCallback")
            .AddTraceSource("Backoff",
                            "A backoff is drawn: N and the window",
                            MakeTraceSourceAccessor(&Self::m_backoffTrace),
                            "ns3::NruChannelAccessManager::BackoffTracedCallback")
            .AddTraceSource("Grant",
                            "Type 1 is granted: access delay and longest occupancy",
                            MakeTraceSourceAccessor(&Self::m_grantTrace),
                            "ns3::NruChannelAccessManager::GrantTracedCallback")
            .AddTraceSource("CotEnd",
                            "The occupancy ends, with its duration",
                            MakeTraceSourceAccessor(&Self::m_cotEndTrace),
                            "ns3::NruChannelAccessManager::CotEndTracedCallback")
            .AddTraceSource("CwChange",
                            "A contention window changes: class, old, new",
                            MakeTraceSourceAccessor(&Self::m_cwTrace),
                            "ns3::NruChannelAccessManager::CwTracedCallback");
    return tid;
}

NruChannelAccessManager::NruChannelAccessManager()
    : m_uniform(CreateObject<UniformRandomVariable>())
{
    NS_LOG_FUNCTION(this);
}

NruChannelAccessManager::~NruChannelAccessManager()
{
    NS_LOG_FUNCTION(this);
}

void
NruChannelAccessManager::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_event.Cancel();
    m_type2a.Cancel();
    if (m_phy)
    {
        m_phy->SetChangeCallback(MakeNullCallback<void, bool>());
    }
    m_phy = nullptr;
    m_uniform = nullptr;
    m_grantCallback = MakeNullCallback<void, Time>();
    Object::DoDispose();
}

// ---- Radio and energy ----

void
NruChannelAccessManager::SetPhy(Ptr<NrSpectrumPhy> phy)
{
    NS_LOG_FUNCTION(this << phy);
    NS_ABORT_MSG_IF(m_phy, "the radio of a channel access manager is set once");
    m_phy = phy;
    m_ledger.SetNChannels(phy->GetNChannels());
    phy->SetChangeCallback(MakeCallback(&NruChannelAccessManager::NotifyRadioChange, this));
    ApplyAttributes();
}

double
NruChannelAccessManager::ComputeThresholdDbm(bool discoveryBurstOnly) const
{
    if (m_thresholdRule == "fixed")
    {
        return m_fixedThresholdDbm;
    }
    NS_ABORT_MSG_IF(!m_phy, "a channel access manager needs its radio first");
    NruEnergyDetectionInput input;
    input.txPowerDbm = m_phy->GetTxPowerDbm();
    input.bandwidthMhz = NrCarrier::CHANNEL_BANDWIDTH_HZ / 1e6;
    input.discoveryBurstOnly = discoveryBurstOnly;
    input.otherTechnologyAbsent = m_otherTechnologyAbsent;
    return GetNruEnergyDetectionThresholdDbm(input);
}

double
NruChannelAccessManager::GetThresholdDbm() const
{
    return ComputeThresholdDbm(false);
}

double
NruChannelAccessManager::GetType2aThresholdDbm() const
{
    return ComputeThresholdDbm(true);
}

void
NruChannelAccessManager::ApplyAttributes()
{
    m_window.SetRule(m_cwUpdateRule == "nr" ? NruContentionWindow::Rule::NR
                                            : NruContentionWindow::Rule::LAA80);
    m_window.SetMaxCwUses(m_maxCwUses);
    m_thresholdW = std::pow(10.0, (GetThresholdDbm() - 30.0) / 10.0);
    m_type2aThresholdW = std::pow(10.0, (GetType2aThresholdDbm() - 30.0) / 10.0);
    NotifyRadioChange(false);
}

void
NruChannelAccessManager::NotifyRadioChange(bool channelChanged)
{
    const Time now = Simulator::Now();
    const double power = m_phy->GetReceivedPowerW(m_phy->GetChannelIndex());
    const bool transmitting = m_phy->IsTransmitting();
    const bool busy = transmitting || power >= m_thresholdW;
    const bool type2aBusy = transmitting || power >= m_type2aThresholdW;
    const bool wasBusy = m_history.IsBusy();

    m_ledger.Hear(*m_phy, m_thresholdW);
    if (channelChanged)
    {
        m_history.Clear();
        m_type2a.Reset(type2aBusy);
    }
    m_type2a.SetBusy(type2aBusy);
    m_history.Set(now, busy);
    if (m_state == State::INACTIVE || m_state == State::OCCUPYING)
    {
        m_history.ForgetBefore(now);
    }

    const bool contending = m_state == State::CONTENDING || m_state == State::ALIGNING;
    if (channelChanged && contending)
    {
        DrawBackoff(now);
    }
    else if (m_state == State::CONTENDING && wasBusy && !busy)
    {
        EvaluateAfterBusy();
    }

    if (busy && !wasBusy)
    {
        NS_LOG_LOGIC("busy");
        m_busyStart = now;
        m_busyTrace();
    }
    else if (!busy && wasBusy)
    {
        NS_LOG_LOGIC("idle");
        m_idleTrace(now - m_busyStart);
    }
}

// ---- Type 1 ----

void
NruChannelAccessManager::SetGrantCallback(Callback<void, Time> callback)
{
    m_grantCallback = callback;
}

void
NruChannelAccessManager::RequestAccess()
{
    RequestAccess(m_priorityClass);
}

void
NruChannelAccessManager::RequestAccess(uint32_t priorityClass)
{
    NS_LOG_FUNCTION(this << priorityClass);
    NS_ABORT_MSG_IF(!m_phy, "a channel access manager needs its radio first");
    NS_ABORT_MSG_IF(m_grantCallback.IsNull(), "a channel access manager needs a grant callback");
    NS_ABORT_MSG_IF(m_state == State::OCCUPYING,
                    "access requested during a channel occupancy: end that first");
    if (IsRequested())
    {
        return;
    }
    ApplyAttributes();
    m_requestClass = priorityClass;
    m_requestTime = Simulator::Now();
    DrawBackoff(m_requestTime);
}

void
NruChannelAccessManager::DrawBackoff(Time origin)
{
    const uint32_t before = m_window.Get(m_requestClass);
    const uint32_t cw = m_window.Use(m_requestClass);
    if (cw != before)
    {
        m_cwTrace(m_requestClass, before, cw);
    }
    m_remaining = m_uniform->GetInteger(0, cw);
    NS_LOG_LOGIC("N = " << m_remaining << " of " << cw);
    m_backoffTrace(m_remaining, cw);
    StartSensing(origin);
}

void
NruChannelAccessManager::StartSensing(Time origin)
{
    m_state = State::CONTENDING;
    m_origin = origin;
    m_history.ForgetBefore(origin);
    m_event.Cancel();
    const Time end = origin + GetNruPriorityClass(m_requestClass).GetDeferDuration() +
                     m_remaining * GetNruSensingSlot();
    m_event =
        Simulator::Schedule(end - Simulator::Now(), &NruChannelAccessManager::EndCountdown, this);
}

void
NruChannelAccessManager::EvaluateAfterBusy()
{
    const uint32_t deferSlots = GetNruPriorityClass(m_requestClass).deferSlots + 1;
    const uint32_t nSlots = deferSlots + m_remaining;
    const uint32_t busySlot = m_history.GetFirstBusySlot(m_origin, nSlots);
    if (busySlot == nSlots)
    {
        return; // too short to make a slot busy, or still the time before a slot
    }
    if (busySlot >= deferSlots)
    {
        m_remaining -= busySlot - deferSlots + 1; // the busy slot has consumed its count
    }
    NS_LOG_LOGIC("frozen with N = " << m_remaining);
    StartSensing(Simulator::Now());
}

void
NruChannelAccessManager::EndCountdown()
{
    NS_LOG_FUNCTION(this);
    const uint32_t nSlots = GetNruPriorityClass(m_requestClass).deferSlots + 1 + m_remaining;
    if (m_history.GetFirstBusySlot(m_origin, nSlots) != nSlots)
    {
        return; // the end of the busy period restarts the sensing
    }
    if (m_phy->IsTransmitting())
    {
        m_remaining = 0; // a Type 2A burst has started at this instant
        StartSensing(Simulator::Now());
        return;
    }
    if (m_startAlignment == "slot")
    {
        const int64_t slot = m_slotDuration.GetTimeStep();
        const int64_t past = Simulator::Now().GetTimeStep() % slot;
        if (past != 0)
        {
            m_state = State::ALIGNING;
            m_event = Simulator::Schedule(TimeStep(slot - past),
                                          &NruChannelAccessManager::EndAlignment,
                                          this);
            return;
        }
    }
    Grant();
}

void
NruChannelAccessManager::EndAlignment()
{
    NS_LOG_FUNCTION(this);
    const auto& limits = GetNruPriorityClass(m_requestClass);
    const Time now = Simulator::Now();
    const uint32_t nSlots = limits.deferSlots + 1;
    const Time origin = now - limits.GetDeferDuration();
    if (m_history.GetFirstBusySlot(origin, nSlots) == nSlots && !m_phy->IsTransmitting())
    {
        Grant();
        return;
    }
    DrawBackoff(m_history.IsBusy() ? now : m_history.GetLastBusyEnd());
}

void
NruChannelAccessManager::Grant()
{
    m_state = State::OCCUPYING;
    m_grantTime = Simulator::Now();
    const Time mcot = GetMcot(m_requestClass);
    m_grantTrace(m_grantTime - m_requestTime, mcot);
    m_grantCallback(mcot);
}

void
NruChannelAccessManager::CancelRequest()
{
    NS_LOG_FUNCTION(this);
    if (IsRequested())
    {
        m_event.Cancel();
        m_state = State::INACTIVE;
    }
}

bool
NruChannelAccessManager::IsRequested() const
{
    return m_state == State::CONTENDING || m_state == State::ALIGNING;
}

void
NruChannelAccessManager::NotifyCotEnd()
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_IF(m_state != State::OCCUPYING, "end of a channel occupancy that is not held");
    m_state = State::INACTIVE;
    m_cotEndTrace(Simulator::Now() - m_grantTime);
}

void
NruChannelAccessManager::ReportHarqFeedback(uint32_t nAck, uint32_t nNack)
{
    NS_LOG_FUNCTION(this << nAck << nNack);
    const NruContentionWindow before = m_window;
    m_window.Update(nAck, nNack);
    for (uint32_t p = 1; p <= NRU_N_PRIORITY_CLASSES; ++p)
    {
        if (before.Get(p) != m_window.Get(p))
        {
            m_cwTrace(p, before.Get(p), m_window.Get(p));
        }
    }
}

// ---- Type 2A ----

void
NruChannelAccessManager::RequestType2a(Callback<void, bool> callback)
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_IF(!m_phy, "a channel access manager needs its radio first");
    ApplyAttributes();
    m_type2a.Start(MakeCallback(&NruChannelAccessManager::EndType2a, this).Bind(callback));
    if (IsCotActive() || m_phy->IsTransmitting())
    {
        m_type2a.Deny();
    }
}

void
NruChannelAccessManager::EndType2a(Callback<void, bool> callback, bool granted)
{
    NS_LOG_FUNCTION(this << granted);
    callback(granted && !IsCotActive() && !m_phy->IsTransmitting());
}

// ---- Limits, bookkeeping ----

Time
NruChannelAccessManager::GetMcot(uint32_t priorityClass) const
{
    const auto& limits = GetNruPriorityClass(priorityClass);
    return m_otherTechnologyAbsent ? limits.mcotAlone : limits.mcot;
}

Time
NruChannelAccessManager::GetBusyTime()
{
    return m_ledger.GetBusyTime(Simulator::Now());
}

std::map<uint32_t, Time>
NruChannelAccessManager::TakeHeardAirtime()
{
    return m_ledger.TakeHeard(Simulator::Now());
}

std::vector<double>
NruChannelAccessManager::TakeChannelOccupancy()
{
    return m_ledger.TakeOccupancy(Simulator::Now(), m_phy->GetChannelIndex());
}

int64_t
NruChannelAccessManager::AssignStreams(int64_t stream)
{
    m_uniform->SetStream(stream);
    return 1;
}

} // namespace ns3

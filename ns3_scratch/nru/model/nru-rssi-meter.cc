// SPDX-License-Identifier: GPL-2.0-only

#include "nru-rssi-meter.h"

#include "nr-carrier.h"
#include "nr-decibel.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruRssiMeter);

TypeId
NruRssiMeter::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruRssiMeter")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruRssiMeter>()
            .AddAttribute("Threshold",
                          "A sample above this counts as occupied (dBm); channelOccupancyThreshold "
                          "of TS 38.331, whose RSSI-Range goes from -100 to -25 dBm.",
                          DoubleValue(-72.0),
                          MakeDoubleAccessor(&NruRssiMeter::m_thresholdDbm),
                          MakeDoubleChecker<double>(-100.0, -25.0))
            .AddAttribute("Period",
                          "From one occasion to measure to the next (rmtc-Periodicity).",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&NruRssiMeter::m_period),
                          MakeTimeChecker(MilliSeconds(40), MilliSeconds(640)))
            .AddAttribute("Symbols",
                          "Symbols of an occasion, each a sample (measDurationSymbols).",
                          UintegerValue(70),
                          MakeUintegerAccessor(&NruRssiMeter::m_symbols),
                          MakeUintegerChecker<uint32_t>(1, 70));
    return tid;
}

NruRssiMeter::NruRssiMeter() = default;

void
NruRssiMeter::DoDispose()
{
    m_ues.clear();
    m_gnbs.clear();
    m_transmissionLog = nullptr;
    Object::DoDispose();
}

void
NruRssiMeter::Configure(const std::vector<Ptr<NruUe>>& ues,
                        const std::vector<Ptr<NruGnb>>& gnbs,
                        Ptr<NrTransmissionLog> transmissionLog)
{
    m_ues = ues;
    m_gnbs = gnbs;
    m_transmissionLog = transmissionLog;
    m_samples.assign(ues.size(), {});
    m_reports.assign(ues.size(), {});
}

void
NruRssiMeter::Start()
{
    for (uint32_t ue = 0; ue < m_ues.size(); ++ue)
    {
        const auto offset = MilliSeconds(m_period.GetMilliSeconds() * ue / m_ues.size());
        Simulator::Schedule(offset + GetDuration(), &NruRssiMeter::Measure, this, ue);
    }
}

Time
NruRssiMeter::GetDuration() const
{
    return NanoSeconds(NrCarrier::SLOT_NS * m_symbols / NrCarrier::SYMBOLS_PER_SLOT);
}

void
NruRssiMeter::Measure(uint32_t ue)
{
    const auto now = Simulator::Now();
    const auto& gnb = m_gnbs[m_ues[ue]->GetServing()];
    const auto powers = m_transmissionLog->GetReceivedPowers(m_ues[ue]->GetMobility(),
                                                             gnb->GetPhy()->GetChannelIndex(),
                                                             now - GetDuration(),
                                                             now,
                                                             m_symbols);
    const auto noise = gnb->GetDownlink().GetNoise();
    const auto threshold = NrToWatt(m_thresholdDbm);
    auto& samples = m_samples[ue];
    for (const auto received : powers)
    {
        const auto power = noise + received;
        samples.power += power;
        samples.above += power > threshold;
        ++samples.n;
    }
    Simulator::Schedule(m_period, &NruRssiMeter::Measure, this, ue);
}

void
NruRssiMeter::EndInterval()
{
    for (uint32_t ue = 0; ue < m_samples.size(); ++ue)
    {
        auto& samples = m_samples[ue];
        if (samples.n > 0)
        {
            m_reports[ue] = {NrToDb(samples.power / samples.n) + 30,
                             static_cast<double>(samples.above) / samples.n};
            samples = {};
        }
    }
}

const NruRssiMeter::Report&
NruRssiMeter::GetReport(uint32_t ue) const
{
    return m_reports.at(ue);
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-scenario-flags.h"

#include "ns3/config.h"
#include "ns3/string.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ns3
{

NruScenarioFlags::NruScenarioFlags()
{
    // The standard's values; what lies between them cannot be configured (TS 38.331 clause 6.3.2).
    const std::vector<std::string> timesToTrigger{"0",
                                                  "40",
                                                  "64",
                                                  "80",
                                                  "100",
                                                  "128",
                                                  "160",
                                                  "256",
                                                  "320",
                                                  "480",
                                                  "512",
                                                  "640",
                                                  "1024",
                                                  "1280",
                                                  "2560",
                                                  "5120"};
    const std::vector<std::string> siPeriods{"80", "160", "320", "640", "1280", "2560", "5120"};
    m_flags = {
        {"hallLengthM", "NruHall::Length", "Length of the hall (m)"},
        {"hallWidthM", "NruHall::Width", "Width of the hall (m)"},
        {"nGnbs", "NruNetwork::NGnbs", "Number of gNBs"},
        {"gnbLayout", "NruNetwork::GnbLayout", "Where gNBs stand: grid or random"},
        {"gnbHeightM", "NruHall::GnbHeight", "Height of gNBs (m)"},
        {"coverageRadiusM",
         "NruHall::CoverageRadius",
         "Random layout: every point of the hall is within this of a gNB (m)"},
        {"nUes", "NruNetwork::NUes", "Number of UEs"},
        {"ueHeightM", "NruHall::UeHeight", "Height of UEs (m)"},
        {"mobileShare", "NruNetwork::MobileShare", "Share of UEs that move"},
        {"ueSpeedMps", "NruNetwork::UeSpeed", "Speed of UEs that move (m/s)"},
        {"demandMbps", "NruDemand::Mean", "Mean guaranteed bit rate of a UE (Mb/s)", 1e6},
        {"demandDistribution",
         "NruDemand::Distribution",
         "Of guaranteed bit rates: constant, uniform or gamma"},
        {"demandWidthMbps", "NruDemand::Width", "Width of the uniform distribution (Mb/s)", 1e6},
        {"demandVarianceMbps2",
         "NruDemand::Variance",
         "Variance of the gamma distribution ((Mb/s)^2)",
         1e12},
        {"packetSizeBytes", "NrGbrBearer::PacketSize", "Size of a packet (bytes)"},
        {"packetDelayBudgetMs",
         "NrGbrBearer::DelayBudget",
         "A packet that waited this long is discarded (ms)"},
        {"averagingWindowMs",
         "NruGnb::AveragingWindow",
         "Time over which a cell's load averages the airtime that is left to it (ms)"},
        {"queueLimitBytes", "NrGbrBearer::QueueLimit", "Room in a UE's queue (bytes)"},
        {"carrierFrequencyGhz", "NruNetwork::CarrierFrequency", "Carrier frequency (GHz)", 1e9},
        {"nChannels", "NruNetwork::NChannels", "Number of 20 MHz channels"},
        {"channelSelection",
         "NruNetwork::ChannelSelection",
         "How gNBs choose their channel: fixed or occupancy"},
        {"channelHysteresis",
         "NruChannelSelector::Hysteresis",
         "A gNB moves to a channel that is less occupied by more than this (share of time)"},
        {"gnbTxPowerDbm", "NrSpectrumPhy::TxPower", "Transmit power of a gNB (dBm)"},
        {"ueNoiseFigureDb", "NruGnb::UeNoiseFigure", "Noise figure of a UE (dB)"},
        {"ueTxPowerDbm", "NruRandomAccess::UeTxPower", "Transmit power of a UE (dBm)"},
        {"gnbNoiseFigureDb", "NruRandomAccess::GnbNoiseFigure", "Noise figure of a gNB (dB)"},
        {"propagation",
         "NruPropagation::Model",
         "Path loss of TR 38.901: inh-open, inh-mixed, inf-sl, inf-dl, inf-sh, inf-dh, inf-hh"},
        {"shadowing", "NruPropagation::Shadowing", "Shadow fading: true or false"},
        {"ceilingLinks",
         "NruHallChannelConditionModel::CeilingLinks",
         "Links between two nodes at the gNBs' height: los (in line of sight) or drawn (as to "
         "UEs)"},
        {"losState",
         "NruHallChannelConditionModel::LosState",
         "Line of sight of a UE: consistent (changes as it walks, neighbours share it) or drawn "
         "(once a link)"},
        {"interference",
         "NrTransmissionLog::Interference",
         "Whether concurrent transmitters count in SINR: true or false"},
        {"snrGapDb", "NrAmc::SnrGapDb", "Gap of coding to the Shannon bound (dB)"},
        {"rateKnowledge",
         "NruRateKnowledge::Source",
         "Rates that UEs know of cells: measured (on discovery bursts) or expected (over the cells "
         "that the serving one does not hear)"},
        {"outerLoopTarget",
         "NrLinkAdaptation::Target",
         "Share of first transmissions that fail in the long run"},
        {"outerLoopStepDb",
         "NrLinkAdaptation::Step",
         "What a NACK takes from a SINR, 0 for no outer loop (dB)"},
        {"outerLoopFloorDb",
         "NrLinkAdaptation::Floor",
         "The outer loop's correction of a SINR is no lower (dB)"},
        {"accessPriorityClass",
         "NruChannelAccessManager::PriorityClass",
         "Channel access priority class of LBT, 1 to 4"},
        {"cwUpdateRule",
         "NruChannelAccessManager::CwUpdateRule",
         "How feedback moves the contention window: nr or laa80"},
        {"startAlignment",
         "NruChannelAccessManager::StartAlignment",
         "Where a channel occupancy may start: symbol (held by a reservation signal until then) or "
         "slot (self-deferral to its boundary)"},
        {"accessHoldoffMs",
         "NruGnb::HoldOff",
         "A gNB contends once its oldest packet waited this long (ms)"},
        {"sibPeriodMs",
         "NruNetwork::SibxPeriod",
         "SIBx period, the length of a step (ms)",
         1.0,
         siPeriods},
        {"warmupPeriods", "NruNetwork::WarmUpPeriods", "SIBx periods before the first step ends"},
        {"siWindowMs",
         "NruDiscovery::SiWindow",
         "Length of the SI window, in which a SIBx has to be sent (ms)",
         1.0,
         {"5", "10", "20", "40", "80", "160", "320", "640"}},
        {"sibLoss", "NruDiscovery::SibxLoss", "Whether a SIBx can be lost: true or false"},
        {"discoveryPeriodMs", "NruDiscovery::Period", "Period of discovery bursts (ms)"},
        {"sibAccess",
         "NruDiscovery::Access",
         "Channel access of discovery bursts, which carry SIBx: type2a (25 us; at most 1/20 of the "
         "time) or type1 (class 1)"},
        {"channelOccupancyThresholdDbm",
         "NruRssiMeter::Threshold",
         "A UE's RSSI sample above this counts as channel occupancy (dBm)"},
        {"rssiPeriodMs",
         "NruRssiMeter::Period",
         "Period in which UEs measure RSSI (ms)",
         1.0,
         {"40", "80", "160", "320", "640"}},
        {"rssiSymbols",
         "NruRssiMeter::Symbols",
         "Symbols in which they do so, each a sample",
         1.0,
         {"1", "14", "28", "42", "70"}},
        {"nWifiAps", "NruNetwork::NWifiAps", "Number of Wi-Fi access points"},
        {"wifiChannels", "NruNetwork::WifiChannels", "Channels of the access points, in turn"},
        {"wifiStationsPerAp",
         "NruNetwork::WifiStationsPerAp",
         "Number of stations of an access point"},
        {"wifiDemandMbps",
         "NruWifiBss::OfferedLoad",
         "What an access point is given for its stations while on (Mb/s)",
         1e6},
        {"wifiOnS", "NruWifiBss::MeanOn", "Mean time with traffic (s)"},
        {"wifiOffS", "NruWifiBss::MeanOff", "Mean time without traffic, 0 to be always on (s)"},
        {"choRsrpThresholdDbm",
         "NruUe::ChoRsrpThreshold",
         "SS-RSRP from which a CHO candidate is entered (dBm)"},
        {"choTimeToTriggerMs",
         "NruUe::ChoTimeToTrigger",
         "Time to trigger of CHO (ms)",
         1.0,
         timesToTrigger},
        {"choLbEn",
         "NruUe::ChoLoadCondition",
         "A CHO candidate must also cost less than the serving cell: true or false"},
        {"choCostMargin",
         "NruUe::ChoCostMargin",
         "By how much it must cost less, with cost 1/(1 - load)"},
        {"choMaxCandidates", "NruUe::ChoMaxCandidates", "Most cells prepared for a UE"},
        {"t304Ms",
         "NruUe::T304",
         "A handover that takes longer has failed (ms)",
         1.0,
         {"50", "100", "150", "200", "500", "1000", "2000", "10000"}},
        {"handoverInterruptionMs", "NruUe::Interruption", "Interruption by a handover (ms)"},
        {"a3OffsetDb", "NruUe::A3Offset", "Offset of event A3 (dB)"},
        {"a3HysteresisDb", "NruUe::A3Hysteresis", "Hysteresis of event A3 (dB)"},
        {"a3TimeToTriggerMs",
         "NruUe::A3TimeToTrigger",
         "Time to trigger of event A3 (ms)",
         1.0,
         timesToTrigger},
        {"l3FilterK", "NruUe::L3FilterK", "Coefficient k of the layer 3 filter"},
        {"pingPongWindowS",
         "NruUe::PingPongWindow",
         "A handover back within this time is a ping-pong (s)"},
    };
}

void
NruScenarioFlags::AddTo(CommandLine& cmd)
{
    for (auto& flag : m_flags)
    {
        flag.AddTo(cmd);
    }
    cmd.AddValue("edThresholdDbm",
                 "Energy detection threshold of gNBs (dBm); by TS 37.213 clause 4.1.5 if not given",
                 m_edThreshold);
    cmd.AddValue("rateModel",
                 "Rates by modulation and coding of NR: nr, the only one",
                 m_rateModel);
    cmd.AddValue("steps", "Number of steps", m_steps);
}

std::string
NruScenarioFlags::Apply() const
{
    for (const auto& flag : m_flags)
    {
        if (const auto error = flag.Apply(); !error.empty())
        {
            return error;
        }
    }
    if (m_rateModel != "nr")
    {
        return "--rateModel=" + m_rateModel +
               (m_rateModel == "shannon" ? ": not on ns-3, whose blocks have MCSs; the mock has it"
                                         : ": not nr");
    }
    if (!m_edThreshold.empty())
    {
        NrFlag fixed("edThresholdDbm", "NruChannelAccessManager::FixedThreshold", "");
        fixed.Set(m_edThreshold);
        if (const auto error = fixed.Apply(); !error.empty())
        {
            return error;
        }
        Config::SetDefault("ns3::NruChannelAccessManager::ThresholdRule", StringValue("fixed"));
    }
    const auto steps = NrFlag::ParseNumber(m_steps);
    if (!steps || *steps < 1 || *steps > INT32_MAX || *steps != std::floor(*steps))
    {
        return "--steps=" + m_steps + ": not a whole number of at least 1";
    }
    return FindConflict();
}

std::string
NruScenarioFlags::FindConflict() const
{
    const auto number = [this](const char* name) { return Find(name).GetNumber(); };
    const auto given = [this](const char* name) {
        return "--" + Find(name).GetName() + "=" + Find(name).GetText() + ": ";
    };
    if (Find("demandDistribution").GetText() == "uniform" &&
        number("demandWidthMbps") >= 2 * number("demandMbps"))
    {
        return given("demandWidthMbps") + "not below twice --demandMbps, " +
               NrFlag::ToText(2 * number("demandMbps"));
    }
    if (number("queueLimitBytes") < number("packetSizeBytes"))
    {
        return given("queueLimitBytes") + "no room for a packet of --packetSizeBytes, " +
               Find("packetSizeBytes").GetText();
    }
    if (number("handoverInterruptionMs") >= number("t304Ms"))
    {
        return given("handoverInterruptionMs") + "not below --t304Ms, " + Find("t304Ms").GetText();
    }
    if (number("wifiOffS") > 0 && number("wifiOnS") == 0)
    {
        return given("wifiOnS") + "not above 0 while --wifiOffS is";
    }
    if (Find("sibAccess").GetText() == "type2a" && number("discoveryPeriodMs") < 10)
    {
        return given("discoveryPeriodMs") + "not at least 10, as --sibAccess=type2a needs";
    }
    if (number("siWindowMs") < number("discoveryPeriodMs") ||
        number("siWindowMs") > number("sibPeriodMs"))
    {
        return given("siWindowMs") + "not between --discoveryPeriodMs and --sibPeriodMs";
    }
    return "";
}

const NrFlag&
NruScenarioFlags::Find(const std::string& name) const
{
    return *std::find_if(m_flags.begin(), m_flags.end(), [&](const auto& flag) {
        return flag.GetName() == name;
    });
}

uint32_t
NruScenarioFlags::GetSteps() const
{
    return static_cast<uint32_t>(*NrFlag::ParseNumber(m_steps));
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-scenario-flags.h"

#include "nru-flag-text.h"

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
    const auto number = Kind::NUMBER;
    const auto integer = Kind::INTEGER;
    const auto ms = Kind::TIME_MS;
    const auto text = Kind::TEXT;
    m_flags = {
        {"hallLengthM", "120", "Length of the hall (m)", "NruHall::Length", number},
        {"hallWidthM", "50", "Width of the hall (m)", "NruHall::Width", number},
        {"nGnbs", "10", "Number of gNBs", "NruNetwork::NGnbs", integer},
        {"gnbLayout",
         "grid",
         "Where gNBs stand: grid or random",
         "NruNetwork::GnbLayout",
         text,
         1.0,
         {"grid", "random"}},
        {"gnbHeightM", "3", "Height of gNBs (m)", "NruHall::GnbHeight", number},
        {"coverageRadiusM",
         "40",
         "Random layout: every point of the hall is within this of a gNB (m)",
         "NruHall::CoverageRadius",
         number},
        {"nUes", "100", "Number of UEs", "NruNetwork::NUes", integer},
        {"ueHeightM", "1.5", "Height of UEs (m)", "NruHall::UeHeight", number},
        {"mobileShare", "0.1", "Share of UEs that move", "NruNetwork::MobileShare", number},
        {"ueSpeedMps", "1", "Speed of UEs that move (m/s)", "NruNetwork::UeSpeed", number},
        {"demandMbps",
         "2.75",
         "Mean guaranteed bit rate of a UE (Mb/s)",
         "NruDemand::Mean",
         number,
         1e6},
        {"demandDistribution",
         "uniform",
         "Of guaranteed bit rates: constant, uniform or gamma",
         "NruDemand::Distribution",
         text,
         1.0,
         {"constant", "uniform", "gamma"}},
        {"demandWidthMbps",
         "4.5",
         "Width of the uniform distribution (Mb/s)",
         "NruDemand::Width",
         number,
         1e6},
        {"demandVarianceMbps2",
         "4.5",
         "Variance of the gamma distribution ((Mb/s)^2)",
         "NruDemand::Variance",
         number,
         1e12},
        {"packetSizeBytes",
         "1500",
         "Size of a packet (bytes)",
         "NruGbrBearer::PacketSize",
         integer},
        {"packetDelayBudgetMs",
         "300",
         "A packet that waited this long is discarded (ms)",
         "NruGbrBearer::DelayBudget",
         ms},
        {"averagingWindowMs",
         "2000",
         "Time over which a cell's load averages the airtime that is left to it (ms)",
         "NruGnb::AveragingWindow",
         ms},
        {"queueLimitBytes",
         "500000",
         "Room in a UE's queue (bytes)",
         "NruGbrBearer::QueueLimit",
         integer},
        {"carrierFrequencyGhz",
         "5.2",
         "Carrier frequency (GHz)",
         "NruNetwork::CarrierFrequency",
         number,
         1e9},
        {"nChannels", "4", "Number of 20 MHz channels", "NruNetwork::NChannels", integer},
        {"channelSelection",
         "fixed",
         "How gNBs choose their channel: fixed or occupancy",
         "NruNetwork::ChannelSelection",
         text,
         1.0,
         {"fixed", "occupancy"}},
        {"channelHysteresis",
         "0.1",
         "A gNB moves to a channel that is less occupied by more than this (share of time)",
         "NruChannelSelector::Hysteresis",
         number},
        {"gnbTxPowerDbm", "23", "Transmit power of a gNB (dBm)", "NruSpectrumPhy::TxPower", number},
        {"ueNoiseFigureDb", "9", "Noise figure of a UE (dB)", "NruGnb::UeNoiseFigure", number},
        {"ueTxPowerDbm",
         "17",
         "Transmit power of a UE (dBm)",
         "NruRandomAccess::UeTxPower",
         number},
        {"gnbNoiseFigureDb",
         "5",
         "Noise figure of a gNB (dB)",
         "NruRandomAccess::GnbNoiseFigure",
         number},
        {"propagation",
         "inh-open",
         "Path loss of TR 38.901: inh-open, inh-mixed, inf-sl, inf-dl, inf-sh, inf-dh, inf-hh",
         "NruPropagation::Model",
         text,
         1.0,
         {"inh-open", "inh-mixed", "inf-sl", "inf-dl", "inf-sh", "inf-dh", "inf-hh"}},
        {"shadowing",
         "true",
         "Shadow fading: true or false",
         "NruPropagation::Shadowing",
         text,
         1.0,
         {"true", "false"}},
        {"ceilingLinks",
         "los",
         "Links between two nodes at the gNBs' height: los (in line of sight) or drawn (as to UEs)",
         "NruHallChannelConditionModel::CeilingLinks",
         text,
         1.0,
         {"los", "drawn"}},
        {"losState",
         "consistent",
         "Line of sight of a UE: consistent (changes as it walks, neighbours share it) or drawn "
         "(once a link)",
         "NruHallChannelConditionModel::LosState",
         text,
         1.0,
         {"consistent", "drawn"}},
        {"interference",
         "true",
         "Whether concurrent transmitters count in SINR: true or false",
         "NruTransmissionLog::Interference",
         text,
         1.0,
         {"true", "false"}},
        {"snrGapDb", "4.4", "Gap of coding to the Shannon bound (dB)", "NruAmc::SnrGapDb", number},
        {"rateKnowledge",
         "measured",
         "Rates that UEs know of cells: measured (on discovery bursts) or expected (over the cells "
         "that the serving one does not hear)",
         "NruRateKnowledge::Source",
         text,
         1.0,
         {"measured", "expected"}},
        {"outerLoopTarget",
         "0.3",
         "Share of first transmissions that fail in the long run",
         "NruLinkAdaptation::Target",
         number},
        {"outerLoopStepDb",
         "0.5",
         "What a NACK takes from a SINR, 0 for no outer loop (dB)",
         "NruLinkAdaptation::Step",
         number},
        {"outerLoopFloorDb",
         "-10",
         "The outer loop's correction of a SINR is no lower (dB)",
         "NruLinkAdaptation::Floor",
         number},
        {"accessPriorityClass",
         "3",
         "Channel access priority class of LBT, 1 to 4",
         "NruChannelAccessManager::PriorityClass",
         integer},
        {"cwUpdateRule",
         "nr",
         "How feedback moves the contention window: nr or laa80",
         "NruChannelAccessManager::CwUpdateRule",
         text,
         1.0,
         {"nr", "laa80"},
         {"NR", "LAA80"}},
        {"startAlignment",
         "symbol",
         "Where a channel occupancy may start: symbol (held by a reservation signal until then) "
         "or "
         "slot (self-deferral to its boundary)",
         "NruChannelAccessManager::StartAlignment",
         text,
         1.0,
         {"symbol", "slot"},
         {"Immediate", "SlotBoundary"}},
        {"accessHoldoffMs",
         "5",
         "A gNB contends once its oldest packet waited this long (ms)",
         "NruGnb::HoldOff",
         ms},
        {"sibPeriodMs",
         "160",
         "SIBx period, the length of a step (ms)",
         "NruNetwork::SibxPeriod",
         ms,
         1.0,
         siPeriods},
        {"warmupPeriods",
         "6",
         "SIBx periods before the first step ends",
         "NruNetwork::WarmUpPeriods",
         integer},
        {"siWindowMs",
         "40",
         "Length of the SI window, in which a SIBx has to be sent (ms)",
         "NruDiscovery::SiWindow",
         ms,
         1.0,
         {"5", "10", "20", "40", "80", "160", "320", "640"}},
        {"sibLoss",
         "true",
         "Whether a SIBx can be lost: true or false",
         "NruDiscovery::SibxLoss",
         text,
         1.0,
         {"true", "false"}},
        {"discoveryPeriodMs", "20", "Period of discovery bursts (ms)", "NruDiscovery::Period", ms},
        {"sibAccess",
         "type2a",
         "Channel access of discovery bursts, which carry SIBx: type2a (25 us; at most 1/20 of the "
         "time) or type1 (class 1)",
         "NruDiscovery::Access",
         text,
         1.0,
         {"type2a", "type1"},
         {"Type2a", "Type1"}},
        {"nWifiAps", "0", "Number of Wi-Fi access points", "NruNetwork::NWifiAps", integer},
        {"wifiChannels",
         "0,1,2,3",
         "Channels of the access points, in turn",
         "NruNetwork::WifiChannels",
         text},
        {"wifiStationsPerAp",
         "2",
         "Number of stations of an access point",
         "NruNetwork::WifiStationsPerAp",
         integer},
        {"wifiDemandMbps",
         "5",
         "What an access point is given for its stations while on (Mb/s)",
         "NruWifiBss::OfferedLoad",
         number,
         1e6},
        {"wifiOnS", "0", "Mean time with traffic (s)", "NruWifiBss::MeanOn", Kind::TIME_S},
        {"wifiOffS",
         "0",
         "Mean time without traffic, 0 to be always on (s)",
         "NruWifiBss::MeanOff",
         Kind::TIME_S},
        {"choRsrpThresholdDbm",
         "-118",
         "SS-RSRP from which a CHO candidate is entered (dBm)",
         "NruUe::ChoRsrpThreshold",
         number},
        {"choTimeToTriggerMs",
         "40",
         "Time to trigger of CHO (ms)",
         "NruUe::ChoTimeToTrigger",
         ms,
         1.0,
         timesToTrigger},
        {"choLbEn",
         "false",
         "A CHO candidate must also cost less than the serving cell: true or false",
         "NruUe::ChoLoadCondition",
         text,
         1.0,
         {"true", "false"}},
        {"choCostMargin",
         "0",
         "By how much it must cost less, with cost 1/(1 - load)",
         "NruUe::ChoCostMargin",
         number},
        {"choMaxCandidates",
         "8",
         "Most cells prepared for a UE",
         "NruUe::ChoMaxCandidates",
         integer},
        {"t304Ms",
         "1000",
         "A handover that takes longer has failed (ms)",
         "NruUe::T304",
         ms,
         1.0,
         {"50", "100", "150", "200", "500", "1000", "2000", "10000"}},
        {"handoverInterruptionMs",
         "40",
         "Interruption by a handover (ms)",
         "NruUe::Interruption",
         ms},
        {"a3OffsetDb", "3", "Offset of event A3 (dB)", "NruUe::A3Offset", number},
        {"a3HysteresisDb", "1", "Hysteresis of event A3 (dB)", "NruUe::A3Hysteresis", number},
        {"a3TimeToTriggerMs",
         "256",
         "Time to trigger of event A3 (ms)",
         "NruUe::A3TimeToTrigger",
         ms,
         1.0,
         timesToTrigger},
        {"l3FilterK", "4", "Coefficient k of the layer 3 filter", "NruUe::L3FilterK", integer},
        {"pingPongWindowS",
         "1",
         "A handover back within this time is a ping-pong (s)",
         "NruUe::PingPongWindow",
         Kind::TIME_S},
    };
}

void
NruScenarioFlags::AddTo(CommandLine& cmd)
{
    for (auto& flag : m_flags)
    {
        cmd.AddValue(flag.name, flag.help, flag.value);
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
NruScenarioFlags::Apply(const Flag& flag)
{
    const auto given = "--" + flag.name + "=" + flag.value + ": ";
    auto value = flag.value;
    if (flag.kind != Kind::TEXT)
    {
        const auto parsed = NruFlagText::ParseNumber(flag.value);
        if (!parsed || (flag.kind == Kind::INTEGER && *parsed != std::floor(*parsed)))
        {
            return given + (flag.kind == Kind::INTEGER ? "not a whole number" : "not a number");
        }
        value = NruFlagText::ToText(*parsed * flag.scale);
    }
    const auto known = std::find(flag.allowed.begin(), flag.allowed.end(), value);
    if (!flag.allowed.empty() && known == flag.allowed.end())
    {
        return given + "not one of " + NruFlagText::Join(flag.allowed);
    }
    const auto attribute = "ns3::" + flag.attribute;
    if (!flag.meant.empty())
    {
        value = flag.meant[known - flag.allowed.begin()];
    }
    value += flag.kind == Kind::TIME_MS ? "ms" : flag.kind == Kind::TIME_S ? "s" : "";
    if (!Config::SetDefaultFailSafe(attribute, StringValue(value)))
    {
        const auto checker = NruFlagText::GetChecker(attribute);
        return given + "not allowed by " + attribute + " (" +
               (checker->HasUnderlyingTypeInformation() ? checker->GetUnderlyingTypeInformation()
                                                        : checker->GetValueTypeName()) +
               ")";
    }
    return "";
}

const std::string&
NruScenarioFlags::GetValue(const std::string& name) const
{
    return std::find_if(m_flags.begin(),
                        m_flags.end(),
                        [&](const Flag& flag) { return flag.name == name; })
        ->value;
}

std::string
NruScenarioFlags::Apply() const
{
    for (const auto& flag : m_flags)
    {
        if (const auto error = Apply(flag); !error.empty())
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
        const Flag fixed{"edThresholdDbm",
                         m_edThreshold,
                         "",
                         "NruChannelAccessManager::FixedThreshold",
                         Kind::NUMBER};
        if (const auto error = Apply(fixed); !error.empty())
        {
            return error;
        }
        Config::SetDefault("ns3::NruChannelAccessManager::ThresholdRule", StringValue("Fixed"));
    }
    const auto width = *NruFlagText::ParseNumber(GetValue("demandWidthMbps"));
    const auto mean = *NruFlagText::ParseNumber(GetValue("demandMbps"));
    if (GetValue("demandDistribution") == "uniform" && width >= 2 * mean)
    {
        return "--demandWidthMbps=" + NruFlagText::ToText(width) +
               ": not below twice --demandMbps, " + NruFlagText::ToText(2 * mean);
    }
    if (*NruFlagText::ParseNumber(GetValue("handoverInterruptionMs")) >=
        *NruFlagText::ParseNumber(GetValue("t304Ms")))
    {
        return "--handoverInterruptionMs=" + GetValue("handoverInterruptionMs") +
               ": not below --t304Ms, " + GetValue("t304Ms");
    }
    if (*NruFlagText::ParseNumber(GetValue("wifiOffS")) > 0 &&
        *NruFlagText::ParseNumber(GetValue("wifiOnS")) == 0)
    {
        return "--wifiOnS=0: not above 0 while --wifiOffS is";
    }
    const auto discoveryPeriod = *NruFlagText::ParseNumber(GetValue("discoveryPeriodMs"));
    if (GetValue("sibAccess") == "type2a" && discoveryPeriod < 10)
    {
        return "--discoveryPeriodMs=" + NruFlagText::ToText(discoveryPeriod) +
               ": not at least 10, as --sibAccess=type2a needs";
    }
    const auto siWindow = *NruFlagText::ParseNumber(GetValue("siWindowMs"));
    if (siWindow < discoveryPeriod || siWindow > *NruFlagText::ParseNumber(GetValue("sibPeriodMs")))
    {
        return "--siWindowMs=" + NruFlagText::ToText(siWindow) +
               ": not between --discoveryPeriodMs and --sibPeriodMs";
    }
    const auto steps = NruFlagText::ParseNumber(m_steps);
    if (!steps || *steps < 1 || *steps > INT32_MAX || *steps != std::floor(*steps))
    {
        return "--steps=" + m_steps + ": not a whole number of at least 1";
    }
    return "";
}

uint32_t
NruScenarioFlags::GetSteps() const
{
    return static_cast<uint32_t>(*NruFlagText::ParseNumber(m_steps));
}

} // namespace ns3

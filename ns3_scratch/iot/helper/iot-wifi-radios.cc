// SPDX-License-Identifier: GPL-2.0-only

#include "iot-radios.h"
#include "iot-wifi-radio.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/string.h"
#include "ns3/txop.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/yans-wifi-channel.h"
#include "ns3/yans-wifi-helper.h"
#include "ns3/yans-wifi-phy.h"

#include <cmath>
#include <map>

namespace ns3
{

namespace
{

constexpr double EXPONENT = 3.0;       //!< of path loss: indoors, with obstructions
constexpr double LOSS_1M_DB = 46.68;   //!< of free space, 5.15 GHz, 1 m
constexpr double REFERENCE_M = 0.001;  //!< path loss is that of this distance below it
constexpr double ROUNDING_DB = 1e-7;   //!< far below what 1 mm makes at any range
constexpr double DETECTION_SNR_DB = 4; //!< of a preamble, as ns-3's default

/// Minimum sensitivity (dBm) by rate (Mb/s): IEEE 802.11-2020, Table 17-18, 20 MHz.
const std::map<int, double> SENSITIVITIES{
    {6, -82},
    {9, -81},
    {12, -79},
    {18, -77},
    {24, -74},
    {36, -70},
    {48, -66},
    {54, -65},
};

/**
 * @param distance of two radios (m)
 * @return path loss (dB)
 */
double
GetLossDb(double distance)
{
    return LOSS_1M_DB + 10 * EXPONENT * std::log10(std::max(distance, REFERENCE_M));
}

/**
 * @param range of a scenario (m)
 * @return it, in whole millimetres (m)
 */
double
Round(double range)
{
    return ToIotMm(range) / 1000.0;
}

/**
 * @brief Make a channel that a device sends on; who hears it is added.
 * @return it, with the path loss of all links
 */
Ptr<YansWifiChannel>
MakeChannel()
{
    auto loss = CreateObject<LogDistancePropagationLossModel>();
    loss->SetPathLossExponent(EXPONENT);
    loss->SetReference(REFERENCE_M, GetLossDb(REFERENCE_M));
    auto channel = CreateObject<YansWifiChannel>();
    channel->SetPropagationLossModel(loss);
    channel->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
    return channel;
}

/**
 * @param limit most times that a frame is sent again
 * @param mac gets it, on an ns-3 that has it there
 * @param wifi gets it, on another
 */
void
SetRetryLimit(uint32_t limit, WifiMacHelper& mac, WifiHelper& wifi, const std::string& mode)
{
    const auto attempts = UintegerValue(limit + 1); // which is what ns-3 counts
    TypeId::AttributeInformation ignored;
    const auto isOfMac = TypeId::LookupByName("ns3::WifiMac")
                             .LookupAttributeByName("FrameRetryLimit", &ignored); // from 3.43 on
    if (isOfMac)
    {
        mac.SetType("ns3::AdhocWifiMac", "FrameRetryLimit", attempts);
        wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                     "DataMode",
                                     StringValue(mode),
                                     "ControlMode",
                                     StringValue("OfdmRate6Mbps"));
        return;
    }
    mac.SetType("ns3::AdhocWifiMac");
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                 "DataMode",
                                 StringValue(mode),
                                 "ControlMode",
                                 StringValue("OfdmRate6Mbps"),
                                 "MaxSsrc",
                                 attempts,
                                 "MaxSlrc",
                                 attempts);
}

} // namespace

std::vector<Ptr<IotRadio>>
MakeIotWifiRadios(const IotScenario& scenario)
{
    const auto rate = static_cast<int>(scenario.wifiRateMbps);
    const auto sensitivity = SENSITIVITIES.at(rate);
    const auto power = sensitivity + GetLossDb(Round(scenario.linkRangeM)) + ROUNDING_DB;
    const auto floor = power - GetLossDb(Round(scenario.interferenceRangeM)) - ROUNDING_DB;

    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211a);
    WifiMacHelper mac;
    SetRetryLimit(scenario.retryLimit, mac, wifi, "OfdmRate" + std::to_string(rate) + "Mbps");
    YansWifiPhyHelper phy;
    phy.Set("TxPowerStart", DoubleValue(power));
    phy.Set("TxPowerEnd", DoubleValue(power));
    phy.Set("RxSensitivity", DoubleValue(floor));
    phy.SetPreambleDetectionModel("ns3::ThresholdPreambleDetectionModel",
                                  "MinimumRssi",
                                  DoubleValue(sensitivity),
                                  "Threshold",
                                  DoubleValue(DETECTION_SNR_DB));

    std::vector<Ptr<IotRadio>> radios;
    std::vector<Ptr<YansWifiPhy>> phys;
    for (const auto& place : scenario.devices)
    {
        phy.SetChannel(MakeChannel());
        auto mobility = CreateObject<ConstantPositionMobilityModel>();
        mobility->SetPosition(Vector(place.x / 1000.0, place.y / 1000.0, 0));
        auto node = CreateObject<Node>();
        node->AggregateObject(mobility);
        auto device = DynamicCast<WifiNetDevice>(wifi.Install(phy, mac, node).Get(0));
        device->GetMac()->GetTxop()->GetWifiMacQueue()->SetMaxDelay(Hours(1)); // retries end first
        auto radio = CreateObject<IotWifiRadio>();
        radio->Install(device, radios.size());
        radios.push_back(radio);
        phys.push_back(DynamicCast<YansWifiPhy>(device->GetPhy()));
    }
    const auto range = ToIotMm(scenario.interferenceRangeM);
    for (uint32_t i = 0; i < phys.size(); ++i)
    {
        for (uint32_t j = 0; j < phys.size(); ++j)
        {
            if (i != j && GetIotSquare(scenario.devices[i], scenario.devices[j]) <= range * range)
            {
                DynamicCast<YansWifiChannel>(phys[i]->GetChannel())->Add(phys[j]);
            }
        }
    }
    return radios;
}

} // namespace ns3

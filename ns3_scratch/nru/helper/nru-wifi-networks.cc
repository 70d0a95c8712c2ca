// SPDX-License-Identifier: GPL-2.0-only

#include "nru-wifi-networks.h"

#include "ns3/node.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace ns3
{

namespace
{

/// ThresholdPreambleDetectionModel::MinimumRssi of ns-3, the sensitivity that IEEE 802.11 asks for.
constexpr double MIN_PREAMBLE_DBM = -82.0;

/**
 * @param text indices of channels, separated by commas
 * @param nChannels number of channels
 * @return the indices, at least one
 * @throws std::invalid_argument if one is none
 */
std::vector<uint32_t>
ParseChannels(const std::string& text, uint32_t nChannels)
{
    std::vector<uint32_t> channels;
    std::istringstream list(text);
    for (std::string item; std::getline(list, item, ',');)
    {
        uint32_t channel = 0;
        const char* end = item.data() + item.size();
        const auto parsed = std::from_chars(item.data(), end, channel);
        if (parsed.ec != std::errc{} || parsed.ptr != end || channel >= nChannels)
        {
            throw std::invalid_argument("WifiChannels \"" + text + "\": \"" + item +
                                        "\" is not a channel index within 0 to " +
                                        std::to_string(nChannels - 1));
        }
        channels.push_back(channel);
    }
    if (channels.empty())
    {
        throw std::invalid_argument("WifiChannels is empty");
    }
    return channels;
}

} // namespace

int64_t
NruWifiNetworks::Build(const Settings& settings,
                       Ptr<NruHall> hall,
                       Ptr<NruSpectrumChannel> spectrum,
                       Ptr<const NrSpectrumPhy> phy,
                       int64_t stream)
{
    if (settings.nAps == 0)
    {
        return 0;
    }
    const auto channels = ParseChannels(settings.channels, phy->GetNChannels());
    auto next = stream;
    for (uint32_t i = 0; i < settings.nAps; ++i)
    {
        const auto centre = phy->GetChannelCentreHz(channels[i % channels.size()]);
        const auto positions = hall->DrawWifi(settings.nStations, settings.radiusM);
        auto bss = CreateObject<NruWifiBss>();
        bss->Build(spectrum,
                   centre,
                   positions.front(),
                   {positions.begin() + 1, positions.end()},
                   "factory-" + std::to_string(i));
        next += bss->AssignStreams(next);
        for (uint32_t j = 0; j < bss->GetDevices().GetN(); ++j)
        {
            spectrum->SetBand(bss->GetDevices().Get(j),
                              centre - NrCarrier::CHANNEL_BANDWIDTH_HZ / 2,
                              centre + NrCarrier::CHANNEL_BANDWIDTH_HZ / 2);
        }
        m_networks.push_back(bss);
    }
    return next - stream;
}

void
NruWifiNetworks::LeaveOutOfRange(Ptr<NrPathGain> pathGain)
{
    for (std::size_t i = 0; i < m_networks.size(); ++i)
    {
        const auto& devices = m_networks[i]->GetDevices();
        const auto getMobility = [&devices](uint32_t index) {
            return devices.Get(index)->GetNode()->GetObject<MobilityModel>();
        };
        const double powerDbm =
            DynamicCast<WifiNetDevice>(devices.Get(0))->GetPhy()->GetTxPowerStart();
        for (uint32_t j = 1; j < devices.GetN(); ++j)
        {
            const auto receivedDbm = powerDbm + pathGain->GetDb(getMobility(0), getMobility(j));
            if (receivedDbm < MIN_PREAMBLE_DBM)
            {
                m_networks[i]->LeaveOut(j - 1);
                std::clog << "Wi-Fi station " << j - 1 << " of access point " << i
                          << " receives it at " << receivedDbm << " dBm, below " << MIN_PREAMBLE_DBM
                          << " dBm: left out\n";
            }
        }
    }
}

bool
NruWifiNetworks::AreAssociated() const
{
    return std::all_of(m_networks.begin(), m_networks.end(), [](const auto& bss) {
        return bss->IsAssociated();
    });
}

void
NruWifiNetworks::Start()
{
    for (const auto& bss : m_networks)
    {
        bss->Start();
    }
}

void
NruWifiNetworks::Dispose()
{
    for (const auto& bss : m_networks)
    {
        bss->Dispose();
    }
    m_networks.clear();
}

const std::vector<Ptr<NruWifiBss>>&
NruWifiNetworks::Get() const
{
    return m_networks;
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_WIFI_NETWORKS_H
#define NRU_WIFI_NETWORKS_H

#include "nr-path-gain.h"
#include "nr-spectrum-phy.h"
#include "nru-hall.h"
#include "nru-spectrum-channel.h"
#include "nru-wifi-bss.h"

#include "ns3/ptr.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief All Wi-Fi networks of the hall, which share the channels with NR-U.
 */
class NruWifiNetworks
{
  public:
    /// How many there are, and where.
    struct Settings
    {
        uint32_t nAps;        //!< access points
        uint32_t nStations;   //!< of each
        double radiusM;       //!< stations are within this of their access point
        std::string channels; //!< indices, separated by commas; access points take them in turn
    };

    /**
     * @brief Create them.
     * @param settings how many, and where
     * @param hall that they stand in
     * @param spectrum that they send on
     * @param phy any radio of NR-U: its channels are theirs
     * @param stream first random stream to use
     * @return number of streams used
     */
    int64_t Build(const Settings& settings,
                  Ptr<NruHall> hall,
                  Ptr<NruSpectrumChannel> spectrum,
                  Ptr<const NrSpectrumPhy> phy,
                  int64_t stream);

    /**
     * @brief Offer nothing to stations that receive their access point below what Wi-Fi detects a
     * preamble at, and say which these are. They would never be associated.
     * @param pathGain gains of all links
     */
    void LeaveOutOfRange(Ptr<NrPathGain> pathGain);

    /**
     * @return true if all stations in range are associated
     */
    bool AreAssociated() const;

    /// Start all traffic.
    void Start();

    /// Dispose of all, and forget them.
    void Dispose();

    /**
     * @return all, in the order of their access points
     */
    const std::vector<Ptr<NruWifiBss>>& Get() const;

  private:
    std::vector<Ptr<NruWifiBss>> m_networks; //!< all
};

} // namespace ns3

#endif // NRU_WIFI_NETWORKS_H

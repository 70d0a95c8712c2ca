// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_WIFI_BSS_H
#define NRU_WIFI_BSS_H

#include "nr-delay-counts.h"

#include "ns3/event-id.h"
#include "ns3/net-device-container.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/spectrum-channel.h"
#include "ns3/vector.h"
#include "ns3/wifi-mpdu.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief A Wi-Fi access point with its stations, of ns-3's own 802.11ax, beside the NR-U cells.
 *
 * They share the spectrum channel: each side hears the other as energy, and frames that meet are
 * lost or not by their SINR. Wi-Fi defers to NR-U at -62 dBm (CCA-ED). The access point sends
 * Poisson traffic to its stations in turn, as best effort, either always or in exponentially
 * distributed on and off times; that makes the airtime which is left to NR-U vary in time.
 */
class NruWifiBss : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruWifiBss();

    /**
     * @brief Create all devices.
     * @param spectrum the spectrum channel
     * @param centreHz centre of the 20 MHz channel, one of Wi-Fi's between 5.17 and 5.25 GHz (Hz)
     * @param accessPoint position (m)
     * @param stations positions (m)
     * @param name SSID
     */
    void Build(Ptr<SpectrumChannel> spectrum,
               double centreHz,
               const Vector& accessPoint,
               const std::vector<Vector>& stations,
               const std::string& name);

    /**
     * @brief Offer a station nothing, since it is too far away to be associated. Call before
     * Start().
     * @param station its index, the first is 0
     */
    void LeaveOut(uint32_t station);

    /**
     * @return whether all stations are associated but those left out; the access point drops what
     * it gets for others
     */
    bool IsAssociated() const;

    /// Start to offer traffic.
    void Start();

    /**
     * @return the access point's device, then the stations'
     */
    const NetDeviceContainer& GetDevices() const;
    /**
     * @return payload that the access point was given (bytes)
     */
    uint64_t GetOfferedBytes() const;
    /**
     * @return payload that stations have acknowledged (bytes)
     */
    uint64_t GetDeliveredBytes() const;
    /**
     * @return packets that stations have acknowledged, by delay since the access point was given
     * them
     */
    const NrDelayCounts& GetDelays() const;

    /**
     * @brief Fix the random streams. Call after Build().
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /// A packet arrives at the access point.
    void Send();
    /// An on or off time is over.
    void Toggle();
    /**
     * @param mpdu a frame that has been acknowledged
     */
    void CountAcked(Ptr<const WifiMpdu> mpdu);

    double m_offeredLoad;  //!< while on (bit/s)
    Time m_meanOn;         //!< 0: always on
    Time m_meanOff;        //!< 0: never off
    uint32_t m_packetSize; //!< bytes

    NetDeviceContainer m_devices;            //!< the access point's, then the stations'
    std::vector<uint32_t> m_served;          //!< devices of the stations that get packets
    Ptr<ExponentialRandomVariable> m_random; //!< intervals, on and off times
    bool m_isOn{true};                       //!< packets arrive
    EventId m_arrival;                       //!< of the next packet
    uint32_t m_nextStation{0};               //!< that gets it, among the served
    uint64_t m_offered{0};                   //!< bytes
    uint64_t m_delivered{0};                 //!< bytes
    NrDelayCounts m_delays;                  //!< of these
};

} // namespace ns3

#endif // NRU_WIFI_BSS_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_NETWORK_H
#define NRU_NETWORK_H

#include "nru-cell-offsets.h"
#include "nru-demand.h"
#include "nru-gnb.h"
#include "nru-hall.h"
#include "nru-random-access.h"
#include "nru-rssi-meter.h"
#include "nru-spectrum-channel.h"
#include "nru-ue.h"
#include "nru-wifi-networks.h"

#include "ns3/callback.h"
#include "ns3/object.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief An NR-U network in a factory hall: gNBs, UEs, and the spectrum they share.
 *
 * Set the attributes, Build() once, then run the simulation. The attributes of the parts (NruHall,
 * NruGnb, NruUe, NrGbrBearer, NruChannelAccessManager, NrSpectrumPhy, NrAmc, ...) are set by
 * their defaults before Build(). gNB i starts on channel i modulo the number of channels.
 */
class NruNetwork : public Object
{
  public:
    /**
     * @brief Called at the end of every SIBx period after the warm-up, when all cells have measured
     * their load.
     * @param step number of the period, from 0
     */
    typedef Callback<void, uint32_t> StepCallback;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruNetwork();

    /**
     * @brief Create all nodes, and start them: at once, or, for Wi-Fi to be the same whatever NR-U
     * does, when all Wi-Fi stations have associated.
     * @param step called at the end of every SIBx period
     */
    void Build(StepCallback step);

    /**
     * @return when traffic began: zero, or later with Wi-Fi
     */
    Time GetStart() const;
    /**
     * @return all gNBs, by index
     */
    const std::vector<Ptr<NruGnb>>& GetGnbs() const;
    /**
     * @return all UEs, by index
     */
    const std::vector<Ptr<NruUe>>& GetUes() const;
    /**
     * @return all Wi-Fi networks
     */
    const std::vector<Ptr<NruWifiBss>>& GetWifi() const;
    /**
     * @return what UEs hear on their channels
     */
    Ptr<const NruRssiMeter> GetRssiMeter() const;
    /**
     * @return the cell individual offsets
     */
    Ptr<NruCellOffsets> GetCellOffsets() const;
    /**
     * @return gains between gNBs, and to UEs
     */
    Ptr<NrPathGain> GetPathGain() const;
    /**
     * @return modulation and coding, common to all cells
     */
    Ptr<const NrAmc> GetAmc() const;
    /**
     * @return duration of a step
     */
    Time GetSibxPeriod() const;

  protected:
    void DoDispose() override;

  private:
    /// What a UE asks for.
    struct Traffic
    {
        double bitRate; //!< guaranteed (bit/s)
        double phase;   //!< of its arrivals, within [0, 1)
    };

    /// Create the spectrum channel, path loss, and what listens to everything.
    void BuildSpectrum();
    /**
     * @param positions where the gNBs stand (m)
     */
    void BuildGnbs(const std::vector<Vector>& positions);
    /**
     * @param positions where the UEs stand at first (m)
     */
    void BuildUes(const std::vector<Vector>& positions);
    /// Start once all stations are associated.
    void AwaitWifi();
    /// Start all traffic.
    void Start();
    /**
     * @param position of a new node (m)
     * @param speed of its random waypoint walk (m/s); 0 to stand still
     * @return its mobility, aggregated to a node
     */
    Ptr<MobilityModel> CreateMobility(const Vector& position, double speed);
    /// Draw line of sight and shadowing of all links there are, in a fixed order: before Wi-Fi is
    /// built, so that it does not change those of NR-U, and after, so that traffic does not.
    void FixLinks();
    /// Update the path gains of nodes that move.
    void RefreshLinks();
    /// Each UE selects the cell that it receives best, having searched a quiet spectrum for all.
    void SelectCells();
    /**
     * @param period number of the SIBx period that ends now, warm-up included
     */
    void EndPeriod(uint32_t period);
    /**
     * @param ue index of the UE that leaves
     * @param source index of the cell it leaves
     * @param target index of the cell it moves to
     */
    void StartHandover(uint32_t ue, uint32_t source, uint32_t target);
    /**
     * @param ue index of the UE that arrives
     * @param source index of the cell it left
     * @param target index of the cell it enters
     */
    void CompleteHandover(uint32_t ue, uint32_t source, uint32_t target);

    /**
     * @param ue index of a UE
     * @param cell index of the cell that it wants to reach
     * @return whether its preamble gets through now
     */
    bool TryRandomAccess(uint32_t ue, uint32_t cell);

    uint32_t m_nGnbs;               //!< number of gNBs
    uint32_t m_nUes;                //!< number of UEs
    uint32_t m_nChannels;           //!< number of 20 MHz channels
    std::string m_channelSelection; //!< fixed or occupancy
    std::string m_gnbLayout;        //!< grid or random
    double m_mobileShare;           //!< of the UEs
    double m_ueSpeed;               //!< m/s
    double m_carrierFrequency;      //!< Hz
    uint32_t m_nWifiAps;            //!< access points
    uint32_t m_wifiStations;        //!< of each
    double m_wifiRadius;            //!< around each (m)
    std::string m_wifiChannels;     //!< indices, separated by commas
    uint32_t m_warmUpPeriods;       //!< before the first step
    Time m_linkPeriod;              //!< between updates of path gains
    Time m_sibxPeriod;              //!< duration of a step

    StepCallback m_step;                      //!< end of a step
    Ptr<NruHall> m_hall;                      //!< where
    Ptr<NruSpectrumChannel> m_spectrum;       //!< the air
    Ptr<NrPathGain> m_pathGain;               //!< gains to UEs
    Ptr<NrTransmissionLog> m_transmissionLog; //!< interference at UEs
    Ptr<NruRandomAccess> m_randomAccess;      //!< of UEs
    Ptr<NruRssiMeter> m_rssiMeter;            //!< of UEs
    Ptr<NrAmc> m_amc;                         //!< modulation and coding
    Ptr<NrLinkAdaptation> m_linkAdaptation;   //!< chooses MCS
    Ptr<NruCellOffsets> m_offsets;            //!< CIOs
    Ptr<NruDemand> m_demand;                  //!< of UEs
    std::vector<Ptr<NruGnb>> m_gnbs;          //!< by index
    std::vector<Ptr<NruUe>> m_ues;            //!< by index
    NruWifiNetworks m_wifi;                   //!< all
    std::vector<Traffic> m_traffic;           //!< by UE
    Time m_start;                             //!< when it began
    int64_t m_nextStream{0};                  //!< first random stream not yet used
};

} // namespace ns3

#endif // NRU_NETWORK_H

// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_GNB_H
#define NRU_GNB_H

#include "nr-amc.h"
#include "nr-data-plane.h"
#include "nr-downlink.h"
#include "nr-link-adaptation.h"
#include "nr-path-gain.h"
#include "nr-radio-links.h"
#include "nr-scheduler.h"
#include "nr-spectrum-phy.h"
#include "nr-transmission-log.h"
#include "nru-broadcast.h"
#include "nru-channel-access-manager.h"
#include "nru-channel-selector.h"
#include "nru-discovery.h"
#include "nru-load-meter.h"
#include "nru-reference-duration.h"
#include "nru-ue.h"

#include "ns3/event-id.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <optional>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief A gNB in unlicensed spectrum: one cell on one 20 MHz channel.
 *
 * **Data.** Packets wait in the bearers of the attached UEs. Once the oldest has waited for
 * `HoldOff`, or more than a slot's worth is left at the end of a channel occupancy time (COT), the
 * gNB contends for the channel by Type 1 access. When it is granted the gNB announces a COT long
 * enough for what waits, up to the maximum (the COT duration of DCI format 2_0), and its scheduler
 * fills the slots. The first transmission starts at the next symbol; a reservation signal
 * holds the channel until then. First and last slot may be cut short (PDSCH mapping type B).
 *
 * **Discovery bursts** (NruDiscovery) let all UEs measure RSRP and SINR, and carry SIBx. One that
 * needs Type 1 access takes the place of data that contend: their backoff starts anew after it.
 *
 * **Load** (NruLoadMeter) is the airtime that the demand of the attached UEs needs, each at the
 * rate of its link and at what its data cost (NrAirtimeCost), over the airtime that LBT left to
 * this cell in the averaging window.
 */
class NruGnb : public Object, private NrRadioLinks
{
  public:
    /// What a gNB works with.
    struct Parts
    {
        Ptr<NrSpectrumPhy> phy;                     //!< its radio
        Ptr<NruChannelAccessManager> access;        //!< its channel access
        Ptr<NruDiscovery> discovery;                //!< its discovery bursts
        Ptr<NruChannelSelector> selector;           //!< chooses its channel; null to stay
        Ptr<NrScheduler> scheduler;                 //!< its scheduler
        Ptr<const NrAmc> amc;                       //!< error rates
        Ptr<const NrLinkAdaptation> linkAdaptation; //!< chooses MCS
        Ptr<NrTransmissionLog> transmissionLog;     //!< interference at UEs
        Ptr<NrPathGain> pathGain;                   //!< gains to UEs
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruGnb();

    /**
     * TracedCallback signature of channel occupancies.
     * @param [in] gnb index of the gNB
     * @param [in] start when it begins
     * @param [in] duration how long it lasts
     */
    typedef void (*CotTracedCallback)(uint32_t gnb, Time start, Time duration);

    /**
     * TracedCallback signature of transport blocks.
     * @param [in] gnb index of the gNB
     * @param [in] ue index of the UE
     * @param [in] process the HARQ process, this transmission included
     * @param [in] isAck whether it was received
     */
    typedef void (*BlockTracedCallback)(uint32_t gnb,
                                        uint32_t ue,
                                        const NrHarqProcess& process,
                                        bool isAck);

    /**
     * TracedCallback signature of discovery bursts.
     * @param [in] gnb index of the gNB
     * @param [in] hasSibx whether it carries a SIBx
     */
    typedef void (*DiscoveryTracedCallback)(uint32_t gnb, bool hasSibx);

    /**
     * @param index of this gNB, from 0; also its physical cell identity
     * @param parts what it works with
     * @param ues all UEs of the hall: its discovery bursts may reach any of them
     */
    void Configure(uint32_t index, const Parts& parts, const std::vector<Ptr<NruUe>>& ues);

    /**
     * @brief Start discovery bursts and traffic.
     * @param nGnbs number of gNBs that share the discovery period
     */
    void Start(uint32_t nGnbs);

    /**
     * @param ue a UE that this cell serves from now on
     */
    void Attach(Ptr<NruUe> ue);

    /**
     * @brief A UE leaves; what was in flight to it goes back to its bearer.
     * @param ue index of an attached UE
     */
    void Detach(uint32_t ue);

    /**
     * @param channel index of the 20 MHz channel to move to, at the end of the present COT
     */
    void SetChannel(uint8_t channel);

    /**
     * @brief Measure the load over the time since the last call; the next SIBx carries it.
     */
    void MeasureLoad();

    /// A new SI window opens: a SIBx is due.
    void OpenSiWindow();

    /**
     * @return its load, as of the last MeasureLoad()
     */
    const NruLoadMeter& GetLoadMeter() const;
    /**
     * @return its discovery bursts
     */
    Ptr<const NruDiscovery> GetDiscovery() const;
    /**
     * @return how its signal arrives
     */
    const NrDownlink& GetDownlink() const;
    /**
     * @return its radio
     */
    Ptr<NrSpectrumPhy> GetPhy() const;
    /**
     * @return its channel access
     */
    Ptr<NruChannelAccessManager> GetAccess() const;

    /**
     * @brief Fix the random streams.
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    // Inherited from NrRadioLinks
    double GetSinr(uint32_t ue, Time from, Time to) const override;
    double GetReportedSinrDb(uint32_t ue) const override;

    /**
     * @param sent a block whose slot ends now
     * @param outcome what became of it
     */
    void HandleBlock(const NrScheduler::Allocation& sent, const NrHarq::Outcome& outcome);

    /// Ask for the channel now, or schedule the time to, if there is data or a burst.
    void CheckTraffic();
    /// Ask for the channel: a burst waits for Type 1, or the data have waited for long enough.
    void RequestAccess();
    /// Whether a discovery burst waits for Type 1 has changed; it goes before data.
    void HandleDiscoveryChange();
    /**
     * @param maxCot maximum channel occupancy time
     */
    void StartCot(Time maxCot);
    /**
     * @brief Announce what is granted, and begin.
     * @param end of the COT
     * @param kind what it carries
     */
    void Occupy(Time end, NrSignalKind kind);
    /// A slot, or part of one, of the COT begins; the one before has ended.
    void StartSlot();
    /// Evaluate what was sent in the slot that ends now.
    void EndSlot();
    /// The COT ends.
    void EndCot();

    /**
     * @param reference that has ended: the contention window follows its feedback
     */
    void ReportReference(NruReferenceDuration reference);

    /// Send a discovery burst outside a COT, after Type 2A access.
    void SendDiscovery();
    /// A discovery burst goes on the air now.
    void StartDiscovery();
    /**
     * @param start when the burst that ends now began
     */
    void EndDiscovery(Time start);

    /// Move to the channel asked for, if nothing is on the air.
    void ApplyChannel();
    /**
     * @param duration of a transmission that starts now
     * @param kind what it carries
     */
    void Transmit(Time duration, NrSignalKind kind);

    Time m_holdOff;               //!< before contention
    Time m_harqFeedbackDelay;     //!< before a retransmission
    uint32_t m_harqTransmissions; //!< at most, of a block
    double m_noiseFigureDb;       //!< of UEs
    Time m_averagingWindow;       //!< of the load

    uint32_t m_index{0};                 //!< of this gNB
    Parts m_parts;                       //!< what it works with
    std::vector<Ptr<NruUe>> m_ues;       //!< all
    NrDataPlane m_data;                  //!< to attached UEs
    NrDownlink m_downlink;               //!< what UEs receive
    NruBroadcast m_broadcast;            //!< what they make of discovery bursts
    std::optional<uint8_t> m_newChannel; //!< to move to

    EventId m_trafficEvent;           //!< RequestAccess
    bool m_isContending{false};       //!< Type 1 access asked for
    bool m_isForDiscovery{false};     //!< what it was asked for, or the COT, is a discovery burst
    bool m_inCot{false};              //!< holds the channel
    Time m_cotEnd;                    //!< when the COT ends
    Time m_slotStart;                 //!< of the present slot
    Ptr<Packet> m_slotSibx;           //!< SIBx among data in the present slot; null if none
    NruReferenceDuration m_reference; //!< feedback for the contention window

    Ptr<Packet> m_sibx;       //!< SIBx in the discovery burst on the air; null if none
    NruLoadMeter m_loadMeter; //!< measures the load

    Ptr<UniformRandomVariable> m_random; //!< decides on block errors

    /// TracedCallback (gNB, start, duration): a COT begins.
    TracedCallback<uint32_t, Time, Time> m_cotTrace;
    /// TracedCallback (gNB, UE, process, ack): a transport block was received or not.
    TracedCallback<uint32_t, uint32_t, const NrHarqProcess&, bool> m_blockTrace;
    /// TracedCallback (gNB, with SIBx): a discovery burst went on the air.
    TracedCallback<uint32_t, bool> m_discoveryTrace;
};

} // namespace ns3

#endif // NRU_GNB_H

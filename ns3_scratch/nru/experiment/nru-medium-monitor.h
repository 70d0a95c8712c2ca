// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_MEDIUM_MONITOR_H
#define NRU_MEDIUM_MONITOR_H

#include "ns3/nstime.h"
#include "ns3/spectrum-phy.h"

#include <cstdint>
#include <map>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Technology of a contending node.
 */
enum class NruTechnology : uint8_t
{
    NRU,
    WIFI,
};

/**
 * @ingroup nru
 * @brief How the time of a collision domain was spent. The shares add up to one.
 */
struct NruMediumShares
{
    double nruSuccess{0.0};     //!< one NR-U node alone
    double nruCollision{0.0};   //!< NR-U nodes only, more than one
    double wifiSuccess{0.0};    //!< one Wi-Fi node alone, with its acknowledgement
    double wifiCollision{0.0};  //!< Wi-Fi nodes only, more than one
    double crossCollision{0.0}; //!< nodes of both technologies
    double defer{0.0};          //!< shortest defer duration after each busy period
    double idle{0.0};           //!< idle slots, or nobody had anything to send
};

/**
 * @ingroup nru
 * @brief Attempts of the nodes of one technology.
 */
struct NruAccessCounts
{
    uint32_t nodes{0};    //!< contending nodes
    uint64_t attempts{0}; //!< busy periods a node took part in
    uint64_t collided{0}; //!< of these, with another node in them
};

/**
 * @ingroup nru
 * @brief Onlooker of a collision domain that tells busy periods apart and counts virtual slots.
 *
 * It has no position, so that the spectrum channel hands it every transmission without delay or
 * loss. A busy period is a run of transmissions with gaps shorter than 20 us, so that a Wi-Fi
 * frame and its acknowledgement are one. A virtual slot (Bianchi 2000)
 * is an idle 9 us slot after the defer duration, or a busy period.
 */
class NruMediumMonitor : public SpectrumPhy
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruMediumMonitor();
    ~NruMediumMonitor() override;

    /**
     * @brief Set the spectrum model in which it listens.
     * @param model the model
     */
    void SetRxSpectrumModel(Ptr<const SpectrumModel> model);

    /**
     * @brief Set the shortest defer duration in use.
     * @param defer the duration
     */
    void SetDefer(Time defer);

    /**
     * @brief Count the transmissions of a node as attempts; those of others are responses.
     * @param sender the node's radio, or its device
     * @param technology its technology
     */
    void AddContender(Ptr<const Object> sender, NruTechnology technology);

    /** @return nodes that have transmitted in the current or last busy period */
    uint32_t GetNContenders() const;

    /** @brief Count from now on; what is on the air now counts as idle. */
    void Start();

    /** @brief Count up to now. */
    void Stop();

    /** @return how the time between Start() and Stop() was spent */
    NruMediumShares GetShares() const;

    /**
     * @brief Attempts between Start() and Stop().
     * @param technology the technology
     * @return the counts
     */
    NruAccessCounts GetCounts(NruTechnology technology) const;

    /** @return virtual slots between Start() and Stop() */
    uint64_t GetVirtualSlots() const;

    // inherited from SpectrumPhy
    void SetDevice(Ptr<NetDevice> device) override;
    Ptr<NetDevice> GetDevice() const override;
    void SetMobility(Ptr<MobilityModel> mobility) override;
    Ptr<MobilityModel> GetMobility() const override;
    void SetChannel(Ptr<SpectrumChannel> channel) override;
    Ptr<const SpectrumModel> GetRxSpectrumModel() const override;
    Ptr<Object> GetAntenna() const override;
    void StartRx(Ptr<SpectrumSignalParameters> params) override;

  protected:
    void DoDispose() override;

  private:
    /**
     * @brief Book the busy period up to a time.
     * @param end end of the busy period, or of the counting
     */
    void CloseBusyPeriod(Time end);

    /**
     * @brief Book a gap between busy periods.
     * @param until its end
     */
    void BookGap(Time until);

    Ptr<const SpectrumModel> m_model;                      //!< model it listens in
    Time m_defer;                                          //!< shortest defer duration
    std::map<const Object*, NruTechnology> m_technologies; //!< contending radios
    std::vector<const Object*> m_contenders;               //!< in this busy period
    bool m_counting{false};                                //!< between Start and Stop
    bool m_busy{false};                                    //!< a busy period is open
    Time m_busyStart;                                      //!< its start
    Time m_busyEnd;                                        //!< its end so far
    Time m_booked;                                         //!< up to when time is booked
    Time m_start;                                          //!< start of the counting
    std::map<NruTechnology, NruAccessCounts> m_counts;     //!< attempts
    uint64_t m_virtualSlots{0};                            //!< virtual slots
    NruMediumShares m_seconds;                             //!< time spent, s
};

} // namespace ns3

#endif // NRU_MEDIUM_MONITOR_H

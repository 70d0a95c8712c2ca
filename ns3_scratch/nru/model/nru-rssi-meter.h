// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_RSSI_METER_H
#define NRU_RSSI_METER_H

#include "nr-transmission-log.h"
#include "nru-gnb.h"
#include "nru-ue.h"

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief What each UE hears on the channel of its serving cell: RSSI and channel occupancy.
 *
 * RSSI is the power of everything that a UE receives on a channel, of its own cell, of others, of
 * other technologies and of noise (TS 38.215 clause 5.1.21). UEs sample it at each of `Symbols`
 * symbols every `Period` (`RMTC-Config`, TS 38.331 clause 6.3.2), and report at the end of each
 * report interval the mean of the samples and the channel occupancy, the share of the samples above
 * `Threshold` (`measResultForRSSI`, clause 5.5.5). Values are not rounded as they are in a report.
 * An occasion is of the cell that serves at its end, and of the report interval that it ends in.
 *
 * The subframes in which the UEs begin are spread evenly over the period. Nothing here is drawn,
 * and nothing that a UE measures changes what it or its cell does.
 */
class NruRssiMeter : public Object
{
  public:
    /// What a UE reports; NaN before its first sample.
    struct Report
    {
        double rssiDbm{NAN};   //!< mean power (dBm)
        double occupancy{NAN}; //!< share of samples above the threshold
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruRssiMeter();

    /**
     * @param ues all UEs, by index
     * @param gnbs all gNBs, by index, one of which serves each UE
     * @param transmissionLog what is on the air
     */
    void Configure(const std::vector<Ptr<NruUe>>& ues,
                   const std::vector<Ptr<NruGnb>>& gnbs,
                   Ptr<NrTransmissionLog> transmissionLog);

    /// Measure from now on, which is a slot boundary.
    void Start();

    /// A report interval ends. UEs that have no sample of it keep the report before.
    void EndInterval();

    /**
     * @param ue index of a UE
     * @return what it reported last
     */
    const Report& GetReport(uint32_t ue) const;

  protected:
    void DoDispose() override;

  private:
    /// The samples of a UE in this interval.
    struct Samples
    {
        double power{0.0}; //!< sum (W)
        uint32_t above{0}; //!< those above the threshold
        uint32_t n{0};     //!< all
    };

    /**
     * @return length of an occasion
     */
    Time GetDuration() const;

    /**
     * @brief An occasion of a UE ends, which sampled each of its symbols; and so on, period by
     * period.
     * @param ue index of the UE
     */
    void Measure(uint32_t ue);

    std::vector<Ptr<NruUe>> m_ues;            //!< by index
    std::vector<Ptr<NruGnb>> m_gnbs;          //!< by index
    Ptr<NrTransmissionLog> m_transmissionLog; //!< what is on the air
    double m_thresholdDbm;                    //!< of occupancy
    Time m_period;                            //!< from one occasion to the next
    uint32_t m_symbols;                       //!< of an occasion
    std::vector<Samples> m_samples;           //!< by UE
    std::vector<Report> m_reports;            //!< by UE
};

} // namespace ns3

#endif // NRU_RSSI_METER_H

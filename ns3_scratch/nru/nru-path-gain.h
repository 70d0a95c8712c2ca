// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_PATH_GAIN_H
#define NRU_PATH_GAIN_H

#include "ns3/mobility-model.h"
#include "ns3/object.h"
#include "ns3/propagation-loss-model.h"

#include <unordered_map>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief Linear path gains between nodes, computed once for as long as neither end moves.
 *
 * Path loss and shadowing of TR 38.901 depend on the two positions alone, so a link's gain is kept
 * until either end has moved by more than `UpdateDistance`. With the default of 0 m the cache is
 * exact; a larger distance trades accuracy of moving links for speed.
 */
class NruPathGain : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruPathGain();

    /**
     * @param model the propagation loss model that every link uses
     */
    void SetPropagationLossModel(Ptr<PropagationLossModel> model);

    /**
     * @brief The gain of one link; it is the same in both directions.
     * @param a one end
     * @param b the other end
     * @return received over transmitted power, linear
     */
    double Get(Ptr<MobilityModel> a, Ptr<MobilityModel> b);

    /**
     * @brief As Get(), in dB.
     * @param a one end
     * @param b the other end
     * @return received over transmitted power (dB)
     */
    double GetDb(Ptr<MobilityModel> a, Ptr<MobilityModel> b);

  protected:
    void DoDispose() override;

  private:
    /// A gain, and where both ends were when it was computed.
    struct Link
    {
        double gain{-1.0}; //!< linear; negative before the first use
        double gainDb{0};  //!< the same (dB)
        Vector a;          //!< position of the end with the lower index, m
        Vector b;          //!< position of the end with the higher index, m
    };

    /**
     * @param a one end
     * @param b the other end
     * @return what is known of the link, brought up to date
     */
    const Link& Update(Ptr<MobilityModel> a, Ptr<MobilityModel> b);

    /**
     * @param mobility an end of a link
     * @return its index, given at first sight
     */
    uint32_t GetIndex(const MobilityModel* mobility);

    Ptr<PropagationLossModel> m_model; //!< computes a gain that is not known
    double m_updateDistance;           //!< m
    std::unordered_map<const MobilityModel*, uint32_t> m_index; //!< dense indices of the ends
    std::vector<std::vector<Link>> m_links;                     //!< [higher index][lower index]
};

} // namespace ns3

#endif // NRU_PATH_GAIN_H

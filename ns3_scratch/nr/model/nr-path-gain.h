// SPDX-License-Identifier: GPL-2.0-only

#ifndef NR_PATH_GAIN_H
#define NR_PATH_GAIN_H

#include "ns3/mobility-model.h"
#include "ns3/object.h"
#include "ns3/propagation-loss-model.h"

#include <unordered_map>
#include <vector>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Linear path gains between nodes, computed once for as long as neither end moves.
 *
 * Path loss and shadowing of TR 38.901 depend on the two positions alone, so a link's gain is kept
 * until Refresh() finds that either end has moved by more than `UpdateDistance`. Links are
 * refreshed in a fixed order at times that do not depend on traffic, so that the same seed gives
 * the same fading whatever agents do.
 */
class NrPathGain : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NrPathGain();

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

    /// Compute the gains of all known links anew whose ends have moved.
    void Refresh();

  protected:
    void DoDispose() override;

  private:
    /// What is known of a link.
    struct Link
    {
        double gain{-1.0}; //!< linear; negative before the first use
        double gainDb{0};  //!< the same (dB)
    };

    /// An end of links.
    struct End
    {
        Ptr<MobilityModel> mobility; //!< where it is
        Vector position;             //!< where it was when its links were computed (m)
        std::vector<Link> links;     //!< to the ends before it, by index
    };

    /**
     * @param a one end
     * @param b the other end
     * @return what is known of the link, computed if nothing was
     */
    const Link& Find(Ptr<MobilityModel> a, Ptr<MobilityModel> b);

    /**
     * @param a one end
     * @param b the other end
     * @return the link, computed now
     */
    Link Compute(Ptr<MobilityModel> a, Ptr<MobilityModel> b) const;

    /**
     * @param mobility an end of a link
     * @return its index, given at first sight
     */
    uint32_t GetIndex(Ptr<MobilityModel> mobility);

    Ptr<PropagationLossModel> m_model; //!< computes a gain that is not known
    double m_updateDistance;           //!< m
    std::unordered_map<const MobilityModel*, uint32_t> m_index; //!< of the ends
    std::vector<End> m_ends;                                    //!< by index
};

} // namespace ns3

#endif // NR_PATH_GAIN_H

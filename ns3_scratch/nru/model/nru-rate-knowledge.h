// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_RATE_KNOWLEDGE_H
#define NRU_RATE_KNOWLEDGE_H

#include "nr-amc.h"
#include "nru-gnb.h"
#include "nru-ue.h"

#include "ns3/object.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief The rate that a cell would give to a UE alone while it transmits, as an agent knows it.
 *
 * - `Source` = measured: by the SINR that the UE has measured on discovery bursts, most of which
 * are sent on a channel that the cell found idle.
 * - `Source` = expected: the mean over who interferes. Those gNBs of the cell's channel that it
 * does not hear are on the air independently of each other, each with the share of time in which it
 *   transmitted in the last step; those that it hears are not, by listen-before-talk. The strongest
 *   MAX_INTERFERERS at the UE count. SINR is that of path gains and noise.
 */
class NruRateKnowledge : public Object
{
  public:
    /// Interferers whose states are enumerated.
    static constexpr std::size_t MAX_INTERFERERS = 4;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruRateKnowledge();

    /**
     * @param gnbs all, by index
     * @param amc modulation and coding
     */
    void Configure(const std::vector<Ptr<NruGnb>>& gnbs, Ptr<const NrAmc> amc);

    /**
     * @param ue a UE
     * @param cell index of a cell
     * @return the rate (bit/s); 0 if out of range
     */
    double Get(Ptr<const NruUe> ue, uint32_t cell) const;

  protected:
    void DoDispose() override;

  private:
    /// Who may interfere.
    struct Interferer
    {
        double power;       //!< at the UE (W)
        double probability; //!< of being on the air
    };

    /**
     * @param ue a UE
     * @param cell index of a cell
     * @return the strongest at the UE of those that the cell does not hear
     */
    std::vector<Interferer> FindInterferers(Ptr<const NruUe> ue, uint32_t cell) const;

    std::string m_source;            //!< measured or expected
    std::vector<Ptr<NruGnb>> m_gnbs; //!< all, by index
    Ptr<const NrAmc> m_amc;          //!< modulation and coding
};

} // namespace ns3

#endif // NRU_RATE_KNOWLEDGE_H

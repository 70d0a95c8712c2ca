// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_DEMAND_H
#define NRU_DEMAND_H

#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <string>

namespace ns3
{

/**
 * @ingroup nru
 * @brief How the UEs' guaranteed bit rates are distributed.
 */
class NruDemand : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    NruDemand();

    /**
     * @return a UE's guaranteed bit rate (bit/s)
     */
    double Draw();

    /**
     * @return when a UE's first packet arrives, as a share of the interval between packets
     */
    double DrawPhase();

    /**
     * @brief Fix the random streams.
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  private:
    double m_mean;                        //!< bit/s
    std::string m_distribution;           //!< constant, uniform or gamma
    double m_width;                       //!< bit/s
    double m_variance;                    //!< (bit/s)^2
    Ptr<UniformRandomVariable> m_uniform; //!< uniform demand
    Ptr<GammaRandomVariable> m_gamma;     //!< gamma demand
    Ptr<UniformRandomVariable> m_phase;   //!< of packets
};

} // namespace ns3

#endif // NRU_DEMAND_H

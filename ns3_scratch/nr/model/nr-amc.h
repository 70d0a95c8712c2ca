// SPDX-License-Identifier: GPL-2.0-only
#ifndef NR_AMC_H
#define NR_AMC_H

#include "nr-carrier.h"
#include "nr-mcs-table.h"

#include "ns3/object.h"

#include <array>
#include <cstdint>

namespace ns3
{

/**
 * @ingroup nr
 * @brief Adaptive modulation and coding: from SINR to MCS, rate and error rate.
 *
 * One object may serve every cell and UE: all queries are const, cheap (a look-up, 28 comparisons
 * or one erfc) and without side effects.
 *
 * A SINR of NaN or minus infinity (never measured) is out of range for every query.
 *
 * **Block error rate.** A code block of K bits (segmentation of TS 38.212 clause 5.2.2) sent with
 * an MCS of spectral efficiency SE = Qm R is lost with probability
 *
 *     Q((sinrDb - median(mcs)) / spread(K)),   spread(K) = BlerSpreadDb sqrt(8448 / K),
 *
 * Q being the tail of the normal distribution; a transport block of C code blocks with
 * 1 - (1 - that)^C. This is the shape of the normal approximation to the finite-length coding bound
 * (Polyanskiy, Poor, Verdu, IEEE Trans. Inf. Theory 56(5), 2010): the median stays where the rate
 * meets the capacity, the spread shrinks with the square root of the length. The median is placed
 * such that the reference block of the MCS, 51 PRBs by 12 symbols, has a BLER of 10 % at
 *
 *     10 log10(G (2^SE - 1)) dB,   10 log10(G) = SnrGapDb.
 *
 * How that compares: the thresholds often used for the LTE CQIs (-6.7 dB at CQI 1 to 22.7 dB at CQI
 * 15) lie 2.8 to 6.1 dB above the Shannon bound, link simulations of NR's LDPC codes as published
 * with the 5G-LENA simulator 3.8 to 5.0 dB. Their mean, 4.4 dB, is the default. The same
 * simulations show a spread of 0.15 dB at 8192 bits that grows like the inverse square root of the
 * length (0.73 dB at 304 bits, 0.78 dB by the law above).
 *
 * HARQ with chase combining: hand the sum of the (linear) SINRs of all transmissions to GetBler.
 */
class NrAmc : public Object
{
  public:
    static constexpr uint8_t MAX_MCS = 27;  //!< highest index of the MCS table
    static constexpr int OUT_OF_RANGE = -1; //!< what SelectMcs returns if no MCS is good enough

    /// @return the TypeId
    static TypeId GetTypeId();
    NrAmc();
    ~NrAmc() override = default;

    /**
     * @brief Probability that a transport block is not decoded.
     * @param mcs MCS index, 0 to 27
     * @param sinrDb SINR of the block, dB; for a retransmission that of the combined copies
     * @param tbsBits transport block size, bit, at least 1
     * @return block error rate, 0 to 1; 1 for a SINR of NaN
     */
    double GetBler(uint8_t mcs, double sinrDb, uint32_t tbsBits) const;

    /**
     * @brief SINR at which the reference block (51 PRBs, 12 symbols) of an MCS meets TargetBler.
     * @param mcs MCS index, 0 to 27
     * @return SINR, dB
     */
    double GetSinrThreshold(uint8_t mcs) const;

    /**
     * @brief Link adaptation.
     * @param sinrDb SINR, dB
     * @return highest MCS whose reference block has a BLER of at most TargetBler; OUT_OF_RANGE if
     *         MCS 0 has more
     */
    int SelectMcs(double sinrDb) const;

    /**
     * @brief Channel quality indicator (TS 38.214 clause 5.2.2.1, BLER 10 %).
     *
     * CQI 1 stands for a code rate below that of MCS 0: it does not promise that MCS 0 gets
     * through.
     *
     * @param sinrDb SINR, dB
     * @return CQI, 0 (out of range) to 15
     */
    uint8_t GetCqi(double sinrDb) const;

    /**
     * @brief Rate of a UE that has all 51 PRBs of every slot.
     * @param sinrDb SINR, dB
     * @return transport block of the selected MCS over PdschSymbols symbols per 0.5 ms slot, bit/s;
     *         0 if out of range
     */
    double GetFullBandRate(double sinrDb) const;

  private:
    static constexpr std::size_t N_MCS = NR_MCS_TABLE.size(); //!< entries of the MCS table
    static constexpr std::size_t N_CQI = NR_CQI_TABLE.size(); //!< entries of the CQI table

    void SetTargetBler(double targetBler);     //!< @param targetBler BLER, inside (0, 1)
    double GetTargetBler() const;              //!< @return BLER
    void SetSnrGapDb(double snrGapDb);         //!< @param snrGapDb gap, dB
    double GetSnrGapDb() const;                //!< @return gap, dB
    void SetBlerSpreadDb(double blerSpreadDb); //!< @param blerSpreadDb spread, dB
    double GetBlerSpreadDb() const;            //!< @return spread, dB
    void SetPdschSymbols(uint32_t symbols);    //!< @param symbols PDSCH symbols of a slot
    uint32_t GetPdschSymbols() const;          //!< @return PDSCH symbols of a slot

    /// @brief Derive all thresholds and rates from the attributes.
    void Update();

    double m_targetBler{0.1};    //!< BLER that link adaptation aims at
    double m_snrGapDb{4.4};      //!< distance from the Shannon bound, dB
    double m_blerSpreadDb{0.15}; //!< spread of the BLER curve of the longest code block, dB
    uint32_t m_pdschSymbols{12}; //!< PDSCH symbols of a slot, for GetFullBandRate

    std::array<double, N_MCS> m_medianDb{};       //!< SINR of a code block error rate of 1/2, dB
    std::array<double, N_MCS> m_thresholdDb{};    //!< SINR of the target BLER, dB
    std::array<double, N_MCS> m_fullBandRate{};   //!< full band rate, bit/s
    std::array<double, N_CQI> m_cqiThresholdDb{}; //!< SINR of 10 % BLER of each CQI, dB
};

} // namespace ns3

#endif // NR_AMC_H

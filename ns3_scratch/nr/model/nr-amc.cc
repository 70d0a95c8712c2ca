// SPDX-License-Identifier: GPL-2.0-only
#include "nr-amc.h"

#include "nr-transport-block.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/uinteger.h"

#include <cmath>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("NrAmc");

NS_OBJECT_ENSURE_REGISTERED(NrAmc);

namespace
{

constexpr double LONGEST_CODE_BLOCK = 8448.0; //!< of LDPC base graph 1, bit (TS 38.212 5.2.2)
constexpr uint32_t REFERENCE_SYMBOLS = 12;    //!< PDSCH symbols of the reference block
constexpr double REFERENCE_BLER = 0.1; //!< BLER of the reference block where its curve is set

/**
 * @brief Tail of the standard normal distribution.
 * @param x any real
 * @return probability to exceed x
 */
double
NormalTail(double x)
{
    return 0.5 * std::erfc(x / std::sqrt(2.0));
}

/**
 * @brief Inverse of NormalTail, by bisection.
 * @param probability inside (0, 1)
 * @return x that is exceeded with this probability, to 1e-14
 */
double
InverseNormalTail(double probability)
{
    double low = -40.0;
    double high = 40.0;
    for (int i = 0; i < 53; ++i)
    {
        const double middle = 0.5 * (low + high);
        (NormalTail(middle) > probability ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

/**
 * @brief Code block error rate that gives a transport block error rate.
 * @param bler transport block error rate
 * @param blocks code blocks
 * @return code block error rate
 */
double
GetCodeBlockErrorRate(double bler, uint32_t blocks)
{
    return -std::expm1(std::log1p(-bler) / blocks);
}

/**
 * @brief Spread of the error curve of a code block.
 * @param longestDb spread of the longest code block, dB
 * @param bits size of the code block, bit
 * @return spread, dB
 */
double
GetSpreadDb(double longestDb, double bits)
{
    return longestDb * std::sqrt(LONGEST_CODE_BLOCK / bits);
}

/**
 * @brief SINR at which the capacity, less a gap, equals an efficiency.
 * @param efficiency spectral efficiency, bit/s/Hz
 * @param gapDb gap, dB
 * @return SINR, dB
 */
double
GetShannonSinrDb(double efficiency, double gapDb)
{
    return 10.0 * std::log10(std::exp2(efficiency) - 1.0) + gapDb;
}

} // namespace

TypeId
NrAmc::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NrAmc")
            .SetParent<Object>()
            .SetGroupName("Nr")
            .AddConstructor<NrAmc>()
            .AddAttribute("TargetBler",
                          "Block error rate that link adaptation aims at",
                          DoubleValue(0.1),
                          MakeDoubleAccessor(&NrAmc::SetTargetBler, &NrAmc::GetTargetBler),
                          MakeDoubleChecker<double>(1e-6, 0.999))
            .AddAttribute("SnrGapDb",
                          "Distance of the 10 % BLER point of each MCS from the Shannon bound, dB",
                          DoubleValue(4.4),
                          MakeDoubleAccessor(&NrAmc::SetSnrGapDb, &NrAmc::GetSnrGapDb),
                          MakeDoubleChecker<double>(0.0, 30.0))
            .AddAttribute("BlerSpreadDb",
                          "Standard deviation of the BLER curve of a code block of 8448 bits, dB",
                          DoubleValue(0.15),
                          MakeDoubleAccessor(&NrAmc::SetBlerSpreadDb, &NrAmc::GetBlerSpreadDb),
                          MakeDoubleChecker<double>(1e-3, 10.0))
            .AddAttribute("PdschSymbols",
                          "PDSCH symbols of a slot that the full band rate counts, 2 to 14",
                          UintegerValue(12),
                          MakeUintegerAccessor(&NrAmc::SetPdschSymbols, &NrAmc::GetPdschSymbols),
                          MakeUintegerChecker<uint32_t>(2, NrCarrier::SYMBOLS_PER_SLOT));
    return tid;
}

NrAmc::NrAmc()
{
    NS_LOG_FUNCTION(this);
    Update();
}

double
NrAmc::GetBler(uint8_t mcs, double sinrDb, uint32_t tbsBits) const
{
    NS_ABORT_MSG_IF(mcs > MAX_MCS, "MCS index " << +mcs << " is not in 0..27");
    const auto blocks = NrTransportBlock::Segment(tbsBits, NR_MCS_TABLE[mcs].GetCodeRate());
    if (std::isnan(sinrDb))
    {
        return 1.0;
    }
    const double spreadDb = GetSpreadDb(m_blerSpreadDb, blocks.bits);
    const double blockError = NormalTail((sinrDb - m_medianDb[mcs]) / spreadDb);
    return blockError < 1.0 ? -std::expm1(blocks.count * std::log1p(-blockError)) : 1.0;
}

double
NrAmc::GetSinrThreshold(uint8_t mcs) const
{
    NS_ABORT_MSG_IF(mcs > MAX_MCS, "MCS index " << +mcs << " is not in 0..27");
    return m_thresholdDb[mcs];
}

int
NrAmc::SelectMcs(double sinrDb) const
{
    for (int mcs = MAX_MCS; mcs >= 0; --mcs)
    {
        if (sinrDb >= m_thresholdDb[mcs])
        {
            return mcs;
        }
    }
    return OUT_OF_RANGE;
}

uint8_t
NrAmc::GetCqi(double sinrDb) const
{
    uint8_t cqi = N_CQI;
    while (cqi > 0 && !(sinrDb >= m_cqiThresholdDb[cqi - 1]))
    {
        --cqi;
    }
    return cqi;
}

double
NrAmc::GetFullBandRate(double sinrDb) const
{
    const int mcs = SelectMcs(sinrDb);
    return mcs == OUT_OF_RANGE ? 0.0 : m_fullBandRate[mcs];
}

void
NrAmc::SetTargetBler(double targetBler)
{
    m_targetBler = targetBler;
    Update();
}

double
NrAmc::GetTargetBler() const
{
    return m_targetBler;
}

void
NrAmc::SetSnrGapDb(double snrGapDb)
{
    m_snrGapDb = snrGapDb;
    Update();
}

double
NrAmc::GetSnrGapDb() const
{
    return m_snrGapDb;
}

void
NrAmc::SetBlerSpreadDb(double blerSpreadDb)
{
    m_blerSpreadDb = blerSpreadDb;
    Update();
}

double
NrAmc::GetBlerSpreadDb() const
{
    return m_blerSpreadDb;
}

void
NrAmc::SetPdschSymbols(uint32_t symbols)
{
    m_pdschSymbols = symbols;
    Update();
}

uint32_t
NrAmc::GetPdschSymbols() const
{
    return m_pdschSymbols;
}

void
NrAmc::Update()
{
    NS_LOG_FUNCTION(this);
    for (uint8_t mcs = 0; mcs < N_MCS; ++mcs)
    {
        const auto& row = NR_MCS_TABLE[mcs];
        const auto reference =
            NrTransportBlock::LookUpSize(mcs, NrCarrier::N_PRB, REFERENCE_SYMBOLS);
        const auto blocks = NrTransportBlock::Segment(reference, row.GetCodeRate());
        const double spreadDb = GetSpreadDb(m_blerSpreadDb, blocks.bits);
        const auto offsetDb = [&](double bler) {
            return spreadDb * InverseNormalTail(GetCodeBlockErrorRate(bler, blocks.count));
        };
        m_medianDb[mcs] =
            GetShannonSinrDb(row.GetEfficiency(), m_snrGapDb) - offsetDb(REFERENCE_BLER);
        m_thresholdDb[mcs] = m_medianDb[mcs] + offsetDb(m_targetBler);
        m_fullBandRate[mcs] = NrTransportBlock::LookUpSize(mcs, NrCarrier::N_PRB, m_pdschSymbols) *
                              NrCarrier::SLOTS_PER_SECOND;
    }
    for (std::size_t i = 0; i < N_CQI; ++i)
    {
        m_cqiThresholdDb[i] = GetShannonSinrDb(NR_CQI_TABLE[i].GetEfficiency(), m_snrGapDb);
    }
}

} // namespace ns3

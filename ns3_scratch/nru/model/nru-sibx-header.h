// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_SIBX_HEADER_H
#define NRU_SIBX_HEADER_H

#include "ns3/header.h"

namespace ns3
{

/**
 * @ingroup nru
 * @brief SIBx: the 40-bit system information block by which a cell tells its load.
 *
 * Seyoum et al. (Electronics 2025, 14, 3986) give the length and leave the content open. Here, most
 * significant bit first:
 *
 * | bits | field |
 * |---|---|
 * | 14 | sequence number, counts the cell's SIBx instances modulo 2^14 |
 * | 10 | physical cell identity, 0 to 1007 (TS 38.211 clause 7.4.2.1) |
 * | 16 | load, unsigned fixed point with 14 fractional bits, saturating at 4 - 2^-14 |
 */
class NruSibxHeader : public Header
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /// The largest physical cell identity (TS 38.211 clause 7.4.2.1).
    static constexpr uint16_t MAX_PCI = 1007;

    /// The largest load that can be told.
    static constexpr double MAX_LOAD = 65535.0 / 16384.0;

    NruSibxHeader();

    /**
     * @param sequence instance counter, taken modulo 2^14
     */
    void SetSequence(uint32_t sequence);
    /**
     * @return instance counter, 0 to 2^14 - 1
     */
    uint16_t GetSequence() const;

    /**
     * @param pci physical cell identity, at most 1007
     */
    void SetPci(uint16_t pci);
    /**
     * @return physical cell identity
     */
    uint16_t GetPci() const;

    /**
     * @param load a cell's load, not negative; rounded to 2^-14, saturates just below 4
     */
    void SetLoad(double load);
    /**
     * @return the load as it was rounded
     */
    double GetLoad() const;

    // Inherited from Header
    TypeId GetInstanceTypeId() const override;
    void Print(std::ostream& os) const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;

  private:
    uint16_t m_sequence{0}; //!< 14 bits
    uint16_t m_pci{0};      //!< 10 bits
    uint16_t m_load{0};     //!< load * 2^14
};

} // namespace ns3

#endif // NRU_SIBX_HEADER_H

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-cell-offsets.h"

#include "ns3/abort.h"

#include <cmath>

namespace ns3
{

NruCellOffsets::NruCellOffsets(uint32_t nCells)
    : m_nCells(nCells),
      m_offsetDb(static_cast<std::size_t>(nCells) * nCells, 0.0)
{
}

void
NruCellOffsets::Set(uint32_t serving, uint32_t neighbour, double offsetDb)
{
    NS_ABORT_MSG_UNLESS(std::abs(offsetDb) <= MAX_DB,
                        "cio_db[" << serving << "," << neighbour << "] = " << offsetDb
                                  << " is not within -24 to 24 dB");
    // Q-OffsetRange has steps of 1 dB up to 6 dB and of 2 dB beyond
    const auto step = std::abs(offsetDb) <= 6.0 ? 1.0 : 2.0;
    m_offsetDb.at(serving * m_nCells + neighbour) = std::round(offsetDb / step) * step;
}

double
NruCellOffsets::Get(uint32_t serving, uint32_t neighbour) const
{
    return m_offsetDb.at(serving * m_nCells + neighbour);
}

} // namespace ns3

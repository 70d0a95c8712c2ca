// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_GAUSSIAN_FIELD_H
#define NRU_GAUSSIAN_FIELD_H

#include "ns3/random-variable-stream.h"
#include "ns3/vector.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup nru
 * @brief A standard normal random variable at every point of a floor, alike at points that are
 * near.
 *
 * Independent normals on a square grid whose spacing is the correlation distance, interpolated
 * bilinearly between them and divided by the root of the sum of the squared weights: mean 0 and
 * variance 1 everywhere (spatial consistency by interpolation, TR 38.901 clause 7.6.3).
 */
class NruGaussianField
{
  public:
    /**
     * @param length of the floor, along x (m)
     * @param width of the floor, along y (m)
     * @param spacing of the grid: the correlation distance (m)
     * @param normal gives the values on the grid, all of them now
     */
    NruGaussianField(double length,
                     double width,
                     double spacing,
                     const Ptr<NormalRandomVariable>& normal);

    /**
     * @param position within the floor (m); beyond it counts as its edge
     * @return the value there
     */
    double Get(const Vector& position) const;

  private:
    double m_spacing;             //!< m
    std::size_t m_columns;        //!< cells along x
    std::size_t m_rows;           //!< cells along y
    std::vector<double> m_values; //!< at the corners of the cells, row by row
};

} // namespace ns3

#endif // NRU_GAUSSIAN_FIELD_H

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-gaussian-field.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NruGaussianField::NruGaussianField(double length,
                                   double width,
                                   double spacing,
                                   const Ptr<NormalRandomVariable>& normal)
    : m_spacing(spacing),
      m_columns(std::ceil(length / spacing)),
      m_rows(std::ceil(width / spacing)),
      m_values((m_columns + 1) * (m_rows + 1))
{
    std::generate(m_values.begin(), m_values.end(), [&] { return normal->GetValue(); });
}

double
NruGaussianField::Get(const Vector& position) const
{
    const auto x = std::clamp(position.x / m_spacing, 0.0, static_cast<double>(m_columns));
    const auto y = std::clamp(position.y / m_spacing, 0.0, static_cast<double>(m_rows));
    const auto column = std::min(static_cast<std::size_t>(x), m_columns - 1);
    const auto row = std::min(static_cast<std::size_t>(y), m_rows - 1);
    const auto right = x - column;
    const auto upper = y - row;
    const auto* corner = &m_values[row * (m_columns + 1) + column];
    const auto interpolate = [right](const double* left) {
        return (1 - right) * left[0] + right * left[1];
    };
    const auto value =
        (1 - upper) * interpolate(corner) + upper * interpolate(corner + m_columns + 1);
    return value / (std::hypot(1 - right, right) * std::hypot(1 - upper, upper));
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-hall.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/pointer.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruHall);

namespace
{
/// Draws of a random layout before giving up.
constexpr uint32_t MAX_DRAWS = 100000;
} // namespace

TypeId
NruHall::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruHall")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruHall>()
            .AddAttribute("Length",
                          "Length of the hall, along x (m).",
                          DoubleValue(120.0),
                          MakeDoubleAccessor(&NruHall::m_length),
                          MakeDoubleChecker<double>(1.0))
            .AddAttribute("Width",
                          "Width of the hall, along y (m).",
                          DoubleValue(50.0),
                          MakeDoubleAccessor(&NruHall::m_width),
                          MakeDoubleChecker<double>(1.0))
            .AddAttribute("GnbHeight",
                          "Height of the gNBs' antennas (m).",
                          DoubleValue(3.0),
                          MakeDoubleAccessor(&NruHall::m_gnbHeight),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute("UeHeight",
                          "Height of the UEs' antennas (m).",
                          DoubleValue(1.5),
                          MakeDoubleAccessor(&NruHall::m_ueHeight),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute("CoverageRadius",
                          "With gNBs at random, every point of the hall is within this distance of "
                          "one (m).",
                          DoubleValue(40.0),
                          MakeDoubleAccessor(&NruHall::m_coverageRadius),
                          MakeDoubleChecker<double>(1.0));
    return tid;
}

NruHall::NruHall()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

double
NruHall::GetLength() const
{
    return m_length;
}

double
NruHall::GetWidth() const
{
    return m_width;
}

double
NruHall::GetGnbHeight() const
{
    return m_gnbHeight;
}

std::vector<Vector>
NruHall::GetGrid(uint32_t n) const
{
    NS_ABORT_MSG_UNLESS(n >= 1, "number of gNBs " << n << " is not 1 or more");
    const auto rows = std::clamp<uint32_t>(std::lround(std::sqrt(n * m_width / m_length)), 1, n);
    std::vector<Vector> positions;
    for (uint32_t row = 0; row < rows; ++row)
    {
        const auto columns = n / rows + (row < n % rows ? 1 : 0);
        for (uint32_t column = 0; column < columns; ++column)
        {
            positions.emplace_back(m_length * (column + 0.5) / columns,
                                   m_width * (row + 0.5) / rows,
                                   m_gnbHeight);
        }
    }
    return positions;
}

Vector
NruHall::Draw(double height)
{
    const auto x = m_random->GetValue(0, m_length);
    const auto y = m_random->GetValue(0, m_width);
    return Vector(x, y, height);
}

bool
NruHall::IsCovered(const std::vector<Vector>& gnbs) const
{
    for (double x = 0; x <= m_length; ++x)
    {
        for (double y = 0; y <= m_width; ++y)
        {
            if (std::none_of(gnbs.begin(), gnbs.end(), [&](const Vector& gnb) {
                    return std::hypot(gnb.x - x, gnb.y - y) <= m_coverageRadius;
                }))
            {
                return false;
            }
        }
    }
    return true;
}

std::vector<Vector>
NruHall::DrawGnbs(uint32_t n)
{
    NS_ABORT_MSG_UNLESS(n >= 1, "number of gNBs " << n << " is not 1 or more");
    std::vector<Vector> positions(n);
    for (uint32_t draw = 0; draw < MAX_DRAWS; ++draw)
    {
        for (auto& position : positions)
        {
            position = Draw(m_gnbHeight);
        }
        if (IsCovered(positions))
        {
            return positions;
        }
    }
    std::ostringstream why;
    why << "coverage radius " << m_coverageRadius << " m: in " << MAX_DRAWS
        << " draws no random layout of " << n << " gNBs covers the hall of " << m_length << " m x "
        << m_width << " m; allow a larger radius or more gNBs";
    throw std::invalid_argument(why.str());
}

std::vector<Vector>
NruHall::DrawUes(uint32_t n)
{
    std::vector<Vector> positions(n);
    for (auto& position : positions)
    {
        position = Draw(m_ueHeight);
    }
    return positions;
}

std::vector<Vector>
NruHall::DrawWifi(uint32_t n, double radius)
{
    std::vector<Vector> positions{Draw(m_gnbHeight)};
    const auto accessPoint = positions.front();
    while (positions.size() <= n)
    {
        const auto station = Draw(m_ueHeight);
        if (std::hypot(station.x - accessPoint.x, station.y - accessPoint.y) <= radius)
        {
            positions.push_back(station);
        }
    }
    return positions;
}

Ptr<PositionAllocator>
NruHall::GetWaypoints() const
{
    const auto uniform = [](double max) {
        auto variable = CreateObject<UniformRandomVariable>();
        variable->SetAttribute("Max", DoubleValue(max));
        return variable;
    };
    auto allocator = CreateObject<RandomRectanglePositionAllocator>();
    allocator->SetX(uniform(m_length));
    allocator->SetY(uniform(m_width));
    allocator->SetZ(m_ueHeight);
    return allocator;
}

int64_t
NruHall::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

} // namespace ns3

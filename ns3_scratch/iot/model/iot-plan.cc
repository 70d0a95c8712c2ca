// SPDX-License-Identifier: GPL-2.0-only

#include "iot-plan.h"

#include <algorithm>
#include <limits>

namespace ns3
{

IotPlanner::IotPlanner(IotPlaces devices, int64_t linkRange, bool byCore)
    : m_devices(std::move(devices)),
      m_byCore(byCore),
      m_neighbours(m_devices.size())
{
    for (uint32_t i = 0; i < m_devices.size(); ++i)
    {
        for (uint32_t j = 0; j < m_devices.size(); ++j)
        {
            if (i != j && GetIotSquare(m_devices[i], m_devices[j]) <= linkRange * linkRange)
            {
                m_neighbours[i].push_back(j);
            }
        }
        std::stable_sort(m_neighbours[i].begin(),
                         m_neighbours[i].end(),
                         [this, i](uint32_t a, uint32_t b) {
                             return GetIotSquare(m_devices[i], m_devices[a]) <
                                    GetIotSquare(m_devices[i], m_devices[b]);
                         });
    }
}

const std::vector<std::vector<uint32_t>>&
IotPlanner::GetNeighbours() const
{
    return m_neighbours;
}

IotPlan
IotPlanner::Make(const IotCores& cores, const std::vector<int32_t>& assigned) const
{
    IotPlan plan;
    FindHeads(plan, cores, assigned);
    FindClusters(plan, cores, assigned);
    FindRoutes(plan);
    return plan;
}

void
IotPlanner::FindHeads(IotPlan& plan,
                      const IotCores& cores,
                      const std::vector<int32_t>& assigned) const
{
    for (uint32_t c = 0; c < cores.GetPlaces().size(); ++c)
    {
        const int32_t cluster = c;
        const auto hasOwn = std::find(assigned.begin(), assigned.end(), cluster) != assigned.end();
        const auto wanted = hasOwn ? cluster : IotPlan::NONE;
        int32_t head = IotPlan::NONE;
        auto least = std::numeric_limits<int64_t>::max();
        for (uint32_t i = 0; i < m_devices.size(); ++i)
        {
            const auto square = GetIotSquare(m_devices[i], cores.GetPlaces()[c]);
            if (assigned[i] == wanted && square < least)
            {
                head = i;
                least = square;
            }
        }
        const auto isTaken = std::find(plan.head.begin(), plan.head.end(), head) != plan.head.end();
        plan.head.push_back(isTaken ? IotPlan::NONE : head);
    }
}

void
IotPlanner::FindClusters(IotPlan& plan,
                         const IotCores& cores,
                         const std::vector<int32_t>& assigned) const
{
    plan.cluster = assigned;
    for (uint32_t c = 0; c < plan.head.size(); ++c)
    {
        if (plan.head[c] != IotPlan::NONE)
        {
            plan.cluster[plan.head[c]] = c;
        }
    }
    std::vector<double> scales;
    for (uint32_t c = 0; c < plan.head.size(); ++c)
    {
        scales.push_back(cores.GetScale(c));
    }
    for (uint32_t i = 0; i < m_devices.size(); ++i)
    {
        if (plan.cluster[i] != IotPlan::NONE)
        {
            continue;
        }
        auto least = std::numeric_limits<double>::infinity();
        for (uint32_t c = 0; c < plan.head.size(); ++c)
        {
            if (plan.head[c] == IotPlan::NONE)
            {
                continue;
            }
            const auto& to = m_byCore ? cores.GetPlaces()[c] : m_devices[plan.head[c]];
            const auto weighted = static_cast<double>(GetIotSquare(m_devices[i], to)) * scales[c];
            if (weighted < least)
            {
                plan.cluster[i] = c;
                least = weighted;
            }
        }
    }
}

void
IotPlanner::FindRoutes(IotPlan& plan) const
{
    plan.parent.assign(m_devices.size(), IotPlan::NOWHERE);
    plan.hops.assign(m_devices.size(), 0);
    std::vector<uint32_t> reached; // breadth first, of all clusters
    for (const auto head : plan.head)
    {
        if (head != IotPlan::NONE)
        {
            plan.parent[head] = IotPlan::TO_SERVER;
            plan.hops[head] = 1;
            reached.push_back(head);
        }
    }
    for (std::size_t k = 0; k < reached.size(); ++k)
    {
        for (const auto j : m_neighbours[reached[k]])
        {
            if (plan.hops[j] == 0 && plan.cluster[j] == plan.cluster[reached[k]])
            {
                plan.hops[j] = plan.hops[reached[k]] + 1;
                reached.push_back(j);
            }
        }
    }
    for (const auto i : reached)
    {
        const auto& near = m_neighbours[i];
        const auto found = std::find_if(near.begin(), near.end(), [&](uint32_t j) {
            return plan.cluster[j] == plan.cluster[i] && plan.hops[j] == plan.hops[i] - 1 &&
                   plan.hops[j] > 0;
        });
        if (found != near.end())
        {
            plan.parent[i] = *found;
        }
    }
}

} // namespace ns3

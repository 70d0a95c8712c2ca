// SPDX-License-Identifier: GPL-2.0-only

#include "iot-network.h"

#include "iot-radios.h"

#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <set>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotNetwork);

TypeId
IotNetwork::GetTypeId()
{
    static TypeId tid = TypeId("ns3::IotNetwork")
                            .SetParent<Object>()
                            .SetGroupName("Iot")
                            .AddConstructor<IotNetwork>();
    return tid;
}

IotNetwork::IotNetwork()
    : m_ledger(CreateObject<IotLedger>()),
      m_random(CreateObject<UniformRandomVariable>())
{
}

void
IotNetwork::DoDispose()
{
    m_step = StepCallback();
    m_counts.reset();
    for (auto& device : m_devices)
    {
        device->GetRadio()->Dispose();
        device->Dispose();
    }
    m_devices.clear();
    m_ledger = nullptr;
    m_random = nullptr;
    Object::DoDispose();
}

void
IotNetwork::Build(Ptr<const IotScenario> scenario, StepCallback step)
{
    m_scenario = scenario;
    m_step = step;
    m_period = Seconds(scenario->periodS);
    m_cores = std::make_unique<IotCores>(scenario->servers, scenario->GetLimits());
    m_planner = std::make_unique<IotPlanner>(scenario->devices,
                                             ToIotMm(scenario->linkRangeM),
                                             scenario->distanceTo == "core");
    m_moves.assign(scenario->servers.size(), IotCores::Move::STAY);
    m_assigned.assign(scenario->devices.size(), IotPlan::NONE);

    int64_t stream = 0;
    m_random->SetStream(stream++);
    m_ledger->Open(scenario->devices.size(), scenario->servers.size());
    for (const auto& radio : MakeIotRadios(*scenario))
    {
        auto device = CreateObject<IotDevice>();
        device->SetAttribute("QueueLimit", UintegerValue(scenario->queueLimitBytes));
        device->Install(m_devices.size(), radio, m_ledger, scenario->devices.size());
        stream += device->AssignStreams(stream);
        m_devices.push_back(device);
        m_instants.push_back(m_period * m_random->GetValue(0, 1));
    }
    m_counts = std::make_unique<IotStepCounts>(m_devices, m_ledger, scenario->servers.size());
    Simulator::ScheduleNow(&IotNetwork::BeginStep, this, 0);
}

void
IotNetwork::SetMove(uint32_t core, IotCores::Move move)
{
    m_moves.at(core) = move;
}

void
IotNetwork::SetCluster(uint32_t device, int32_t cluster)
{
    m_assigned.at(device) = cluster;
}

uint32_t
IotNetwork::GetNMoves() const
{
    return m_moves.size() - std::count(m_moves.begin(), m_moves.end(), IotCores::Move::STAY);
}

void
IotNetwork::BeginStep(uint32_t step)
{
    for (uint32_t c = 0; c < m_moves.size(); ++c)
    {
        m_cores->Apply(c, m_moves[c]);
        m_moves[c] = IotCores::Move::STAY;
    }
    Plan(step);
    m_vehicles = m_scenario->GetVehicles(step);
    for (uint32_t i = 0; i < m_devices.size(); ++i)
    {
        Simulator::Schedule(m_instants[i], &IotDevice::Make, m_devices[i], GetMessageBytes(i));
    }
    Simulator::Schedule(m_period, &IotNetwork::EndStep, this, step);
}

void
IotNetwork::Plan(uint32_t step)
{
    const auto before = std::move(m_plan);
    m_plan = m_planner->Make(*m_cores, m_assigned);
    if (step == 0)
    {
        for (const auto& device : m_devices)
        {
            device->SetPlan(m_plan);
        }
        return;
    }
    if (m_plan.parent == before.parent && m_plan.head == before.head)
    {
        return;
    }
    ++m_version;
    std::set<int32_t> heads(m_plan.head.begin(), m_plan.head.end());
    heads.insert(before.head.begin(), before.head.end());
    heads.erase(IotPlan::NONE);
    for (const auto head : heads)
    {
        m_devices[head]->TellPlan(m_plan, m_version);
    }
}

void
IotNetwork::EndStep(uint32_t step)
{
    m_counts->Measure(m_period);
    m_step(step);
    if (step < m_scenario->steps)
    {
        BeginStep(step + 1);
    }
}

bool
IotNetwork::IsSensing(uint32_t device) const
{
    const auto range = ToIotMm(m_scenario->sensingRangeM);
    return std::any_of(m_vehicles.begin(), m_vehicles.end(), [&](const IotPlace& vehicle) {
        return GetIotSquare(m_scenario->devices[device], vehicle) <= range * range;
    });
}

uint32_t
IotNetwork::GetMessageBytes(uint32_t device) const
{
    return IsSensing(device) ? m_scenario->sensingMessageBytes : m_scenario->messageBytes;
}

const IotScenario&
IotNetwork::GetScenario() const
{
    return *m_scenario;
}

const IotCores&
IotNetwork::GetCores() const
{
    return *m_cores;
}

const std::vector<int32_t>&
IotNetwork::GetAssigned() const
{
    return m_assigned;
}

const IotPlan&
IotNetwork::GetPlan() const
{
    return m_plan;
}

const IotPlaces&
IotNetwork::GetVehicles() const
{
    return m_vehicles;
}

const std::vector<Ptr<IotDevice>>&
IotNetwork::GetDevices() const
{
    return m_devices;
}

const IotStepCounts&
IotNetwork::GetCounts() const
{
    return *m_counts;
}

Ptr<const IotLedger>
IotNetwork::GetLedger() const
{
    return m_ledger;
}

} // namespace ns3

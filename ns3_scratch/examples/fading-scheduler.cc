// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * @brief An agent chooses, slot by slot, which of the walking users is sent to, and how strongly.
 *
 * Observation: Dict of `cell`, a Dict of `waiting`, Box [users] of what waits for each (bytes), and
 * `power`, Box [1], the last slot's; and of `users`, a Tuple of a Dict for each: `snr_db`, Box [1],
 * and `grade`, Discrete(3), whether that is bad, fair or good. Action: Tuple of the user, Discrete,
 * and the power as a share of the highest, Box [1]. Reward: what was delivered, over what a slot
 * carries at best, less a tenth of the power.
 */

#include "gym-command-line.h"
#include "gym-interface.h"

#include "ns3/core-module.h"
#include "ns3/mobility-module.h"
#include "ns3/propagation-module.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace ns3;

namespace
{

constexpr double BANDWIDTH_HZ = 1e6;   //!< of the channel (Hz)
constexpr double POWER_DBM = 20;       //!< the highest (dBm)
constexpr double NOISE_DBM = -104;     //!< thermal noise and noise figure over the bandwidth (dBm)
constexpr double BEST_BPS_HZ = 6;      //!< highest spectral efficiency (bit/s/Hz)
constexpr double ARRIVAL_BYTES = 4000; //!< mean of what comes for all users in a slot (bytes)
constexpr double LOWEST_SNR_DB = -50;  //!< as observed (dB)
constexpr double HIGHEST_SNR_DB = 80;  //!< as observed (dB)

/// A base station and the users that walk around it.
class Cell
{
  public:
    /**
     * @brief Let users walk within 100 m of the base station.
     * @param nUsers how many
     * @param slot length of a slot
     */
    Cell(uint32_t nUsers, Time slot)
        : m_slot(slot),
          m_waiting(nUsers, 0),
          m_station(CreateObject<ConstantPositionMobilityModel>()),
          m_loss(CreateObject<LogDistancePropagationLossModel>()),
          m_arrivals(CreateObject<ExponentialRandomVariable>())
    {
        m_loss->SetNext(CreateObject<NakagamiPropagationLossModel>());
        m_arrivals->SetAttribute("Mean", DoubleValue(ARRIVAL_BYTES / nUsers));
        NodeContainer users(nUsers);
        MobilityHelper walk;
        walk.SetPositionAllocator("ns3::RandomDiscPositionAllocator",
                                  "Rho",
                                  StringValue("ns3::UniformRandomVariable[Min=5|Max=100]"));
        walk.SetMobilityModel("ns3::RandomWalk2dMobilityModel",
                              "Bounds",
                              RectangleValue(Rectangle(-100, 100, -100, 100)));
        walk.Install(users);
        for (uint32_t user = 0; user < nUsers; ++user)
        {
            m_users.push_back(users.Get(user)->GetObject<MobilityModel>());
        }
        Measure();
    }

    /** @return the space of the observations */
    Ptr<GymSpace> GetObservationSpace() const
    {
        const auto nUsers = static_cast<uint32_t>(m_users.size());
        auto cell = Create<GymDictSpace>();
        cell->AddBox("waiting",
                     0,
                     std::numeric_limits<uint32_t>::max(),
                     {nUsers},
                     GymDtype::UINT32);
        cell->AddBox("power", 0, 1, {1}, GymDtype::DOUBLE);
        auto users = Create<GymTupleSpace>();
        for (uint32_t user = 0; user < nUsers; ++user)
        {
            auto one = Create<GymDictSpace>();
            one->AddBox("snr_db", LOWEST_SNR_DB, HIGHEST_SNR_DB, {1}, GymDtype::FLOAT);
            one->Add("grade", Create<GymDiscreteSpace>(3));
            users->Add(one);
        }
        auto space = Create<GymDictSpace>();
        space->Add("cell", cell);
        space->Add("users", users);
        return space;
    }

    /** @return the space of the actions */
    Ptr<GymSpace> GetActionSpace() const
    {
        auto space = Create<GymTupleSpace>();
        space->Add(Create<GymDiscreteSpace>(static_cast<int32_t>(m_users.size())));
        space->Add(Create<GymBoxSpace>(0, 1, std::vector<uint32_t>{1}, GymDtype::DOUBLE));
        return space;
    }

    /** @return what waits, and how well each user could be reached */
    Ptr<GymData> GetObservation() const
    {
        auto cell = Create<GymDictData>();
        cell->AddBox("waiting", m_waiting);
        cell->AddBox("power", std::vector<double>{m_power});
        auto users = Create<GymTupleData>();
        for (const double snrDb : m_snrDb)
        {
            auto one = Create<GymDictData>();
            one->AddBox("snr_db", std::vector<float>{static_cast<float>(snrDb)});
            one->Add("grade", Create<GymDiscreteData>(snrDb < 5 ? 0 : snrDb < 15 ? 1 : 2));
            users->Add(one);
        }
        auto observation = Create<GymDictData>();
        observation->Add("cell", cell);
        observation->Add("users", users);
        return observation;
    }

    /** @return the reward of the last slot */
    float GetReward() const
    {
        const double most = BEST_BPS_HZ * BANDWIDTH_HZ * m_slot.GetSeconds() / 8;
        return static_cast<float>(m_delivered / most - 0.1 * m_power);
    }

    /** @param action whom to send to, and how strongly */
    void Execute(Ptr<const GymData> action)
    {
        const auto& parts = DynamicCast<const GymTupleData>(action)->GetElements();
        m_chosen = DynamicCast<const GymDiscreteData>(parts[0])->GetValue();
        m_power = DynamicCast<const GymBoxData>(parts[1])->Get<double>()[0];
    }

    /** @brief Send for a slot as was decided, then see what came and how the users stand. */
    void Play()
    {
        const double snr = m_power * std::pow(10, m_snrDb[m_chosen] / 10);
        const double bps = BANDWIDTH_HZ * std::min(std::log2(1 + snr), BEST_BPS_HZ);
        const auto most = static_cast<uint32_t>(bps * m_slot.GetSeconds() / 8);
        m_delivered = std::min(most, m_waiting[m_chosen]);
        m_waiting[m_chosen] -= m_delivered;
        for (auto& bytes : m_waiting)
        {
            bytes += m_arrivals->GetInteger();
        }
        Measure();
    }

  private:
    /** @brief Measure each user's signal at the highest power. */
    void Measure()
    {
        m_snrDb.clear();
        for (const auto& user : m_users)
        {
            const double snrDb = m_loss->CalcRxPower(POWER_DBM, m_station, user) - NOISE_DBM;
            m_snrDb.push_back(std::clamp(snrDb, LOWEST_SNR_DB, HIGHEST_SNR_DB));
        }
    }

    Time m_slot;                             //!< length of a slot
    std::vector<uint32_t> m_waiting;         //!< by user (bytes)
    std::vector<double> m_snrDb;             //!< by user, at the highest power (dB)
    uint32_t m_chosen{0};                    //!< who is sent to
    double m_power{0};                       //!< how strongly, as a share of the highest
    uint32_t m_delivered{0};                 //!< in the last slot (bytes)
    Ptr<MobilityModel> m_station;            //!< where the base station is
    std::vector<Ptr<MobilityModel>> m_users; //!< where the users are
    Ptr<PropagationLossModel> m_loss;        //!< path loss and fading
    Ptr<RandomVariableStream> m_arrivals;    //!< what comes for a user in a slot (bytes)
};

/**
 * @brief A slot begins: ask the agent, send, go on.
 * @param gym the session with the agent
 * @param cell the cell
 * @param slot length of a slot
 */
void
Decide(Ptr<GymInterface> gym, Cell* cell, Time slot)
{
    if (gym->NotifyCurrentState())
    {
        cell->Play();
        Simulator::Schedule(slot, &Decide, gym, cell, slot);
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    uint32_t nUsers = 3;
    Time slot = MilliSeconds(10);
    Time duration = Seconds(2);
    CommandLine cmd(__FILE__);
    AddGymFlags(cmd);
    cmd.AddValue("nUsers", "Number of users", nUsers);
    cmd.AddValue("slot", "Time between two decisions", slot);
    cmd.AddValue("duration", "Simulated time", duration);
    ParseStrictly(cmd, argc, argv);

    Cell cell(nUsers, slot);
    auto gym = CreateObject<GymInterface>();
    gym->SetObservationCallbacks(MakeCallback(&Cell::GetObservationSpace, &cell),
                                 MakeCallback(&Cell::GetObservation, &cell));
    gym->SetActionCallbacks(MakeCallback(&Cell::GetActionSpace, &cell),
                            MakeCallback(&Cell::Execute, &cell));
    gym->SetRewardCallback(MakeCallback(&Cell::GetReward, &cell));
    if (gym->Init())
    {
        Simulator::Schedule(slot, &Decide, gym, &cell, slot);
        Simulator::Stop(duration);
        Simulator::Run();
        gym->NotifySimulationEnd();
    }
    const auto exitCode = gym->GetExitCode();
    gym->Dispose();
    Simulator::Destroy();
    return exitCode;
}

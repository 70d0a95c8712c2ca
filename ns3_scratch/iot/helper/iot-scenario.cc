// SPDX-License-Identifier: GPL-2.0-only

#include "iot-scenario.h"

#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <charconv>
#include <sstream>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotScenario);

namespace
{

constexpr double MAX_M = 1000; //!< longest side of an area (m)

/**
 * @param text `x,y:x,y:...`
 * @param flag that it is given by
 * @return the places
 */
IotPlaces
ParsePlaces(const std::string& text, const std::string& flag)
{
    IotPlaces places;
    const auto* at = text.data();
    const auto* end = at + text.size();
    const auto read = [&](int64_t& number, char separator) {
        const auto parsed = std::from_chars(at, end, number);
        at = parsed.ptr;
        const auto isLast = separator == ':' && at == end;
        if (parsed.ec != std::errc{} || number < 0 || !(isLast || (at < end && *at == separator)))
        {
            throw std::invalid_argument(
                "--" + flag + "=" + text.substr(0, 60) + (text.size() > 60 ? "..." : "") +
                ": place " + std::to_string(places.size()) + " is not x,y in whole mm, from 0 on");
        }
        at += isLast ? 0 : 1;
    };
    while (at < end)
    {
        IotPlace place;
        read(place.x, ',');
        read(place.y, ':');
        places.push_back(place);
    }
    return places;
}

/**
 * @param places what was given
 * @param most number of them
 * @param flag that they are given by
 */
void
CheckNumber(const IotPlaces& places, uint32_t most, const std::string& flag)
{
    if (places.empty() || places.size() > most)
    {
        throw std::invalid_argument("--" + flag + ": " + std::to_string(places.size()) +
                                    " places, allowed are 1 to " + std::to_string(most));
    }
}

/**
 * @tparam T number type of an attribute
 * @param member where it is kept
 * @param low smallest value
 * @param high largest value
 * @return accessor and checker
 */
template <typename T>
auto
Bounded(T IotScenario::* member, T low, T high)
{
    if constexpr (std::is_same_v<T, double>)
    {
        return std::make_pair(MakeDoubleAccessor(member), MakeDoubleChecker<double>(low, high));
    }
    else
    {
        return std::make_pair(MakeUintegerAccessor(member), MakeUintegerChecker<T>(low, high));
    }
}

} // namespace

TypeId
IotScenario::GetTypeId()
{
    static TypeId tid = [] {
        auto type = TypeId("ns3::IotScenario")
                        .SetParent<Object>()
                        .SetGroupName("Iot")
                        .AddConstructor<IotScenario>();
        const auto real =
            [&type](const char* name, const char* help, double initial, auto bounded) {
                type.AddAttribute(name, help, DoubleValue(initial), bounded.first, bounded.second);
            };
        const auto whole = [&type](const char* name,
                                   const char* help,
                                   uint32_t initial,
                                   auto bounded) {
            type.AddAttribute(name, help, UintegerValue(initial), bounded.first, bounded.second);
        };
        const auto text =
            [&type](const char* name, const char* help, const char* initial, auto member) {
                type.AddAttribute(name,
                                  help,
                                  StringValue(initial),
                                  MakeStringAccessor(member),
                                  MakeStringChecker());
            };
        using S = IotScenario;
        whole("Steps", "Actions of a run", 50, Bounded<uint32_t>(&S::steps, 1, 1000000));
        real("PeriodS", "Length of a step (s)", 1, Bounded(&S::periodS, 0.001, 3600.0));
        real("AreaLengthM", "Length of the area (m)", 15, Bounded(&S::areaLengthM, 1.0, MAX_M));
        real("AreaWidthM", "Width of the area (m)", 15, Bounded(&S::areaWidthM, 1.0, MAX_M));
        text("Devices", "Places of devices, x,y:x,y:... (mm)", "", &S::m_devices);
        text("Servers", "Places of servers, x,y:x,y:... (mm)", "", &S::m_servers);
        whole("NVehicles", "Number of vehicles", 1, Bounded<uint32_t>(&S::m_nVehicles, 1, 16));
        text("Vehicles", "Places of vehicles, step by step, x,y:... (mm)", "", &S::m_vehicles);
        real("LinkRangeM",
             "Two devices no farther apart have a link (m)",
             3,
             Bounded(&S::linkRangeM, 0.001, MAX_M));
        real("InterferenceRangeM",
             "Who is no farther from a sender hears it as noise, where out of the link range (m)",
             6,
             Bounded(&S::interferenceRangeM, 0.001, 2 * MAX_M));
        real("SensingRangeM",
             "A device no farther from a vehicle senses it (m)",
             6,
             Bounded(&S::sensingRangeM, 0.001, MAX_M));
        whole("MessageBytes",
              "Size of a message without a vehicle in sight (bytes)",
              1000,
              Bounded<uint32_t>(&S::messageBytes, 1, 1000000));
        whole("SensingMessageBytes",
              "Size of a message with one in sight (bytes)",
              3000,
              Bounded<uint32_t>(&S::sensingMessageBytes, 1, 100000000));
        real("CoreStepM",
             "How far a core moves in an action (m)",
             1,
             Bounded(&S::coreStepM, 0.001, MAX_M));
        whole("MovesPerStep",
              "Most cores that one action may move, shrink or expand",
              1,
              Bounded<uint32_t>(&S::movesPerStep, 1, MAX_SERVERS));
        real("WeightFactor",
             "Shrinking a cluster multiplies distances to its head by it, expanding divides",
             1.25,
             Bounded(&S::weightFactor, 1.0, 10.0));
        whole("WeightLevels",
              "Most times that a cluster is shrunk, or expanded, in net",
              10,
              Bounded<uint32_t>(&S::weightLevels, 0, 50));
        text("DistanceTo", "What devices join by: head or core", "head", &S::distanceTo);
        text("Phy", "Radio: wifi, disc or lr-wpan", "wifi", &S::phy);
        real("WifiRateMbps",
             "Rate of 802.11a frames with messages (Mb/s)",
             6,
             Bounded(&S::wifiRateMbps, 6.0, 54.0));
        whole("QueueLimitBytes",
              "Room in a device's queue (bytes)",
              50000,
              Bounded<uint32_t>(&S::queueLimitBytes, 1, INT32_MAX));
        whole("RetryLimit",
              "Most times that a frame without acknowledgement is sent again",
              7,
              Bounded<uint32_t>(&S::retryLimit, 0, 31));
        return type;
    }();
    return tid;
}

void
IotScenario::Parse()
{
    devices = ParsePlaces(m_devices, "devices");
    servers = ParsePlaces(m_servers, "servers");
    vehicles = ParsePlaces(m_vehicles, "vehicles");
    CheckNumber(devices, MAX_DEVICES, "devices");
    CheckNumber(servers, MAX_SERVERS, "servers");
    if (const auto needed = (uint64_t{steps} + 1) * m_nVehicles; vehicles.size() != needed)
    {
        throw std::invalid_argument("--vehicles: " + std::to_string(vehicles.size()) +
                                    " places, allowed are " + std::to_string(needed) + ", " +
                                    std::to_string(m_nVehicles) + " in each of " +
                                    std::to_string(steps + 1) + " steps");
    }
    if (interferenceRangeM < linkRangeM)
    {
        std::ostringstream mistake;
        mistake << "--interferenceRangeM=" << interferenceRangeM << ": not at least --linkRangeM, "
                << linkRangeM;
        throw std::invalid_argument(mistake.str());
    }
}

IotCores::Limits
IotScenario::GetLimits() const
{
    return {{ToIotMm(areaLengthM), ToIotMm(areaWidthM)},
            ToIotMm(coreStepM),
            weightFactor,
            static_cast<int32_t>(weightLevels)};
}

IotPlaces
IotScenario::GetVehicles(uint32_t step) const
{
    const auto first = vehicles.begin() + uint64_t{step} * m_nVehicles;
    return {first, first + m_nVehicles};
}

} // namespace ns3

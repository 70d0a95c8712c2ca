// SPDX-License-Identifier: GPL-2.0-only

#include "iot-radios.h"

#include "iot-disc-radio.h"

namespace ns3
{

std::vector<Ptr<IotRadio>>
MakeIotDiscRadios(const IotScenario& scenario)
{
    std::vector<Ptr<IotDiscRadio>> radios;
    for (uint32_t i = 0; i < scenario.devices.size(); ++i)
    {
        radios.push_back(CreateObject<IotDiscRadio>());
        radios.back()->Install(i);
    }
    const auto range = ToIotMm(scenario.linkRangeM);
    for (uint32_t i = 0; i < radios.size(); ++i)
    {
        for (uint32_t j = 0; j < radios.size(); ++j)
        {
            if (i != j && GetIotSquare(scenario.devices[i], scenario.devices[j]) <= range * range)
            {
                radios[i]->AddNeighbour(radios[j]);
            }
        }
    }
    return {radios.begin(), radios.end()};
}

std::vector<Ptr<IotRadio>>
MakeIotRadios(const IotScenario& scenario)
{
    return scenario.phy == "disc" ? MakeIotDiscRadios(scenario) : MakeIotWifiRadios(scenario);
}

} // namespace ns3

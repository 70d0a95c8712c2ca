// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOT_TEST_AREA_H
#define IOT_TEST_AREA_H

#include "iot-network.h"
#include "iot-scenario.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <functional>
#include <string>

namespace ns3
{

/**
 * @ingroup iot-tests
 * @brief An area of a test: a scenario, and what is done at the end of each step.
 */
class IotTestArea
{
  public:
    /**
     * @param devices places, `x,y:x,y` (mm)
     * @param servers places
     * @param steps actions of a run
     */
    IotTestArea(const std::string& devices, const std::string& servers, uint32_t steps)
        : m_scenario(CreateObject<IotScenario>())
    {
        Set("Devices", StringValue(devices));
        Set("Servers", StringValue(servers));
        Set("Steps", UintegerValue(steps));
        Set("Phy", StringValue("disc"));
        std::string vehicles;
        for (uint32_t k = 0; k <= steps; ++k)
        {
            vehicles.append(k == 0 ? "" : ":").append("15000,15000");
        }
        Set("Vehicles", StringValue(vehicles));
    }

    /**
     * @param attribute of the scenario
     * @param value what it is to be
     */
    void Set(const std::string& attribute, const AttributeValue& value)
    {
        m_scenario->SetAttribute(attribute, value);
    }

    /**
     * @brief Play all steps.
     * @param atEnd called at the end of each step, with the network and the step's number
     */
    void Play(std::function<void(IotNetwork&, uint32_t)> atEnd)
    {
        m_scenario->Parse();
        auto network = CreateObject<IotNetwork>();
        network->Build(m_scenario, [&](uint32_t step) {
            atEnd(*network, step);
            if (step == m_scenario->steps)
            {
                Simulator::Stop();
            }
        });
        Simulator::Run();
        Simulator::Destroy();
        network->Dispose();
    }

  private:
    Ptr<IotScenario> m_scenario; //!< what is played
};

} // namespace ns3

#endif // IOT_TEST_AREA_H

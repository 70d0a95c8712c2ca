// SPDX-License-Identifier: GPL-2.0-only

#include "iot-radio.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(IotRadio);

TypeId
IotRadio::GetTypeId()
{
    static TypeId tid = TypeId("ns3::IotRadio").SetParent<Object>().SetGroupName("Iot");
    return tid;
}

void
IotRadio::SetCallbacks(ReceiveCallback receive, DoneCallback done)
{
    m_receive = receive;
    m_done = done;
}

bool
IotRadio::HasChannel() const
{
    return true;
}

void
IotRadio::DoDispose()
{
    m_receive = ReceiveCallback();
    m_done = DoneCallback();
    Object::DoDispose();
}

} // namespace ns3

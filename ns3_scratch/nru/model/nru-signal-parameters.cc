// SPDX-License-Identifier: GPL-2.0-only

#include "nru-signal-parameters.h"

namespace ns3
{

Ptr<SpectrumSignalParameters>
NruSignalParameters::Copy() const
{
    return Create<NruSignalParameters>(*this);
}

} // namespace ns3

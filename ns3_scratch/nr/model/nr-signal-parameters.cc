// SPDX-License-Identifier: GPL-2.0-only

#include "nr-signal-parameters.h"

namespace ns3
{

Ptr<SpectrumSignalParameters>
NrSignalParameters::Copy() const
{
    return Create<NrSignalParameters>(*this);
}

} // namespace ns3

// SPDX-License-Identifier: GPL-2.0-only

#include "nru-demand.h"

#include "nr-name-checker.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/string.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(NruDemand);

TypeId
NruDemand::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::NruDemand")
            .SetParent<Object>()
            .SetGroupName("Nru")
            .AddConstructor<NruDemand>()
            .AddAttribute("Mean",
                          "Mean guaranteed bit rate of a UE (bit/s).",
                          DoubleValue(2.75e6),
                          MakeDoubleAccessor(&NruDemand::m_mean),
                          MakeDoubleChecker<double>(1.0))
            .AddAttribute("Distribution",
                          "Of the guaranteed bit rates: constant, uniform or gamma.",
                          StringValue("uniform"),
                          MakeStringAccessor(&NruDemand::m_distribution),
                          MakeNrNameChecker({"constant", "uniform", "gamma"}))
            .AddAttribute("Width",
                          "Width of the uniform distribution around its mean (bit/s).",
                          DoubleValue(4.5e6),
                          MakeDoubleAccessor(&NruDemand::m_width),
                          MakeDoubleChecker<double>(0.0))
            .AddAttribute("Variance",
                          "Variance of the gamma distribution ((bit/s)^2).",
                          DoubleValue(4.5e12),
                          MakeDoubleAccessor(&NruDemand::m_variance),
                          MakeDoubleChecker<double>(1.0));
    return tid;
}

NruDemand::NruDemand()
    : m_uniform(CreateObject<UniformRandomVariable>()),
      m_gamma(CreateObject<GammaRandomVariable>()),
      m_phase(CreateObject<UniformRandomVariable>())
{
}

double
NruDemand::Draw()
{
    if (m_distribution == "uniform")
    {
        NS_ABORT_MSG_UNLESS(m_width < 2 * m_mean,
                            "Width " << m_width << " bit/s is not below twice Mean, " << 2 * m_mean
                                     << " bit/s");
        return std::max(m_uniform->GetValue(m_mean - m_width / 2, m_mean + m_width / 2), 1.0);
    }
    if (m_distribution == "gamma")
    {
        // mean = alpha beta, variance = alpha beta^2
        const auto beta = m_variance / m_mean;
        return std::max(m_gamma->GetValue(m_mean / beta, beta), 1.0);
    }
    return m_mean;
}

double
NruDemand::DrawPhase()
{
    return m_phase->GetValue();
}

int64_t
NruDemand::AssignStreams(int64_t stream)
{
    m_uniform->SetStream(stream);
    m_gamma->SetStream(stream + 1);
    m_phase->SetStream(stream + 2);
    return 3;
}

} // namespace ns3

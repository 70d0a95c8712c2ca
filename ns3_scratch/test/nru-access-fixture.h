// SPDX-License-Identifier: GPL-2.0-only

#ifndef NRU_ACCESS_FIXTURE_H
#define NRU_ACCESS_FIXTURE_H

#include "nru-channel-access-manager.h"

#include "ns3/multi-model-spectrum-channel.h"
#include "ns3/simulator.h"

#include <cmath>
#include <utility>
#include <vector>

namespace ns3
{

/** @brief A radio and its channel access, in a scripted pattern of energy. */
class NruAccessFixture
{
  public:
    NruAccessFixture()
        : phy(CreateObject<NrSpectrumPhy>()),
          access(CreateObject<NruChannelAccessManager>())
    {
        phy->SetChannel(CreateObject<MultiModelSpectrumChannel>());
        access->SetPhy(phy);
        access->SetGrantCallback(MakeCallback(&NruAccessFixture::OnGrant, this));
        access->TraceConnectWithoutContext("Backoff",
                                           MakeCallback(&NruAccessFixture::OnBackoff, this));
    }

    ~NruAccessFixture()
    {
        access->Dispose();
        phy->Dispose();
        Simulator::Destroy();
    }

    /**
     * @brief Put energy on the air.
     * @param startNs start from now, ns
     * @param durationNs length, ns
     * @param powerDbm received power, dBm
     * @param channel index of the channel
     * @param gnbId transmitting gNB, or OTHER_TECHNOLOGY for a foreign signal
     */
    void Energy(int64_t startNs,
                int64_t durationNs,
                double powerDbm = -60.0,
                uint32_t channel = 0,
                uint32_t gnbId = 77)
    {
        Ptr<SpectrumSignalParameters> signal;
        if (gnbId == NrSpectrumPhy::OTHER_TECHNOLOGY)
        {
            signal = Create<SpectrumSignalParameters>();
        }
        else
        {
            auto nru = Create<NrSignalParameters>();
            nru->gnbId = gnbId;
            signal = nru;
        }
        signal->psd = Create<SpectrumValue>(phy->GetRxSpectrumModel());
        (*signal->psd)[channel] =
            std::pow(10.0, (powerDbm - 30.0) / 10.0) / NrCarrier::OCCUPIED_BANDWIDTH_HZ;
        signal->duration = NanoSeconds(durationNs);
        Simulator::Schedule(NanoSeconds(startNs), &NrSpectrumPhy::StartRx, phy, signal);
    }

    /**
     * @brief Request access, drawing until N is as wanted.
     * @param n the N wanted, at most CWmin
     */
    void Request(uint32_t n)
    {
        do
        {
            access->CancelRequest();
            access->RequestAccess();
        } while (draws.back().first != n);
    }

    /**
     * @brief Hold the channel for a time, from now on.
     * @param duration the time
     */
    void Transmit(Time duration)
    {
        phy->StartTx(duration);
    }

    Ptr<NrSpectrumPhy> phy;                           //!< the radio
    Ptr<NruChannelAccessManager> access;              //!< its channel access
    std::vector<int64_t> grantsNs;                    //!< times of Type 1 grants, ns
    std::vector<std::pair<uint32_t, uint32_t>> draws; //!< N and CW of each draw
    std::vector<std::pair<int64_t, bool>> type2a;     //!< times and outcomes of Type 2A, ns
    Time mcot;                                        //!< occupancy granted last

    /**
     * @brief Note the outcome of a Type 2A request.
     * @param granted the outcome
     */
    void OnType2a(bool granted)
    {
        type2a.emplace_back(Simulator::Now().GetNanoSeconds(), granted);
    }

    /** @brief Request the channel by Type 2A. */
    void RequestType2a()
    {
        access->RequestType2a(MakeCallback(&NruAccessFixture::OnType2a, this));
    }

  private:
    /**
     * @brief Note a grant.
     * @param longest longest occupancy
     */
    void OnGrant(Time longest)
    {
        grantsNs.push_back(Simulator::Now().GetNanoSeconds());
        mcot = longest;
    }

    /**
     * @brief Note a draw.
     * @param n the N drawn
     * @param cw its window
     */
    void OnBackoff(uint32_t n, uint32_t cw)
    {
        draws.emplace_back(n, cw);
    }
};

} // namespace ns3

#endif // NRU_ACCESS_FIXTURE_H

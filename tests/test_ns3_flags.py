# SPDX-License-Identifier: GPL-2.0-only
"""The scenario program's flags: a bad value is named with what is allowed, and ends it with code 2."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from pyagents.toolchain import scenario_program
from pyagents.toolchain.ns3 import CHOICE_VARIABLE

pytestmark = [
    pytest.mark.ns3,
    pytest.mark.skipif(os.environ.get(CHOICE_VARIABLE) == "none", reason=f"{CHOICE_VARIABLE}=none"),
    pytest.mark.timeout(1200),  # the first may have to build
]


@pytest.fixture(scope="module")
def program() -> Path:
    return scenario_program()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--nGnbs=six"], "--nGnbs=six: not a whole number"),
        (["--nGnbs=2.5"], "--nGnbs=2.5: not a whole number"),
        (["--nGnbs=0"], "--nGnbs=0: not allowed by ns3::NruNetwork::NGnbs (uint32_t 1:1008)"),
        (
            ["--mobileShare=1.5"],
            "--mobileShare=1.5: not allowed by ns3::NruNetwork::MobileShare (double 0:1)",
        ),
        (["--hallLengthM=inf"], "--hallLengthM=inf: not a number"),
        (["--hallLengthM=120m"], "--hallLengthM=120m: not a number"),
        (["--gnbLayout=ring"], "--gnbLayout=ring: not one of grid, random"),
        (["--propagation=umi"], "--propagation=umi: not one of inh-open, inh-mixed, inf-sl"),
        (["--ceilingLinks=nlos"], "--ceilingLinks=nlos: not one of los, drawn"),
        (["--losState=fixed"], "--losState=fixed: not one of consistent, drawn"),
        (["--interference=no"], "--interference=no: not one of true, false"),
        (["--rateKnowledge=none"], "--rateKnowledge=none: not one of measured, expected"),
        (["--sibLoss=no"], "--sibLoss=no: not one of true, false"),
        (["--rateModel=shannon"], "--rateModel=shannon: not on ns-3, whose blocks have MCSs"),
        (["--rateModel=mcs"], "--rateModel=mcs: not nr"),
        (["--choRsrpThresholdDbm=-30"], "--choRsrpThresholdDbm=-30: not allowed by"),
        (["--shadowing=yes"], "--shadowing=yes: not one of true, false"),
        (["--cwUpdateRule=NR"], "--cwUpdateRule=NR: not one of nr, laa80"),
        (["--startAlignment=frame"], "--startAlignment=frame: not one of symbol, slot"),
        (["--sibAccess=type2b"], "--sibAccess=type2b: not one of type2a, type1"),
        (["--siWindowMs=30"], "--siWindowMs=30: not one of 5, 10, 20, 40"),
        (["--siWindowMs=10"], "--siWindowMs=10: not between --discoveryPeriodMs and --sibPeriodMs"),
        (["--discoveryPeriodMs=5"], "--discoveryPeriodMs=5: not at least 10, as --sibAccess=type2a needs"),
        (["--sibPeriodMs=100"], "--sibPeriodMs=100: not one of 80, 160"),
        (["--a3TimeToTriggerMs=257"], "--a3TimeToTriggerMs=257: not one of 0, 40"),
        (["--t304Ms=60"], "--t304Ms=60: not one of 50, 100"),
        (["--accessPriorityClass=5"], "--accessPriorityClass=5: not allowed by"),
        (["--averagingWindowMs=0"], "--averagingWindowMs=0: not allowed by ns3::NruGnb::AveragingWindow"),
        (["--outerLoopTarget=0.6"], "not allowed by ns3::NrLinkAdaptation::Target (double 0.001:0.5)"),
        (["--outerLoopStepDb=-1"], "--outerLoopStepDb=-1: not allowed by ns3::NrLinkAdaptation::Step"),
        (["--outerLoopFloorDb=1"], "not allowed by ns3::NrLinkAdaptation::Floor (double -40:0)"),
        (["--edThresholdDbm=low"], "--edThresholdDbm=low: not a number"),
        (["--demandMbps=2", "--demandWidthMbps=5"], "--demandWidthMbps=5: not below twice --demandMbps, 4"),
        (["--wifiOffS=1"], "--wifiOnS=0: not above 0 while --wifiOffS is"),
        (["--wifiOnS=1", "--queueLimitBytes=1499"], "--queueLimitBytes=1499: no room for a packet of"),
        (
            ["--ueSpeedMps=1e-9"],
            "not allowed by ns3::NruNetwork::UeSpeed (double 0.001:100)",
        ),
        (["--nWifiAps=1", "--wifiChannels=0,,1"], '"" is not a channel index within 0 to 3'),
        (["--nWifiAps=1", "--wifiChannels=\u0660"], "is not a channel index within 0 to 3"),
        (["--nWifiAps=1", "--wifiChannels=4"], '"4" is not a channel index within 0 to 3'),
        (["--nWifiAps=1", "--wifiChannels=99999999999999999999"], "is not a channel index within 0 to 3"),
        (["--nWifiAps=1", "--carrierFrequencyGhz=60"], "no Wi-Fi channel is centred at"),
        (["--nWifiAps=1", "--nChannels=25"], "no Wi-Fi channel is centred at 4.96 GHz"),
        (["fig7"], "'fig7' is no flag, allowed is --NAME=VALUE"),
        (["--nUes=8", "8"], "'8' is no flag"),
        (["--steps=0"], "--steps=0: not a whole number of at least 1"),
    ],
)
def test_a_bad_value_is_named(program: Path, tmp_path: Path, flags: list[str], message: str) -> None:
    done = subprocess.run(
        [program, *flags, f"--openGymEndpoint=ipc://{tmp_path}/socket"],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert re.match(r"indoor-factory: ", done.stderr)
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1

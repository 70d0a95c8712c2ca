# SPDX-License-Identifier: GPL-2.0-only
"""What Wi-Fi devices send and receive is kept where it is asked for, and changes no number."""

import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

from pyagents.core.families import find_family
from pyagents.core.scenario import Scenario
from pyagents.scenarios import indoor_factory, iot_edge
from pyagents.simulators.ns3 import PCAP_VARIABLE, Ns3Simulator
from pyagents.toolchain import scenario_program

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]  # the first of them may have to build

RADIOTAP = 127
SCENARIOS: dict[str, tuple[Scenario, int]] = {
    "indoor-factory": (
        indoor_factory.Scenario(n_gnbs=2, n_ues=4, steps=2, n_wifi_aps=1, wifi_stations_per_ap=2),
        3,
    ),
    "iot-edge": (iot_edge.Scenario(n_devices=5, steps=2), 5),
}


def play(program: Path, scenario: Scenario) -> dict[str, np.ndarray]:
    with Ns3Simulator(program=program) as simulator:
        now = simulator.reset(scenario, 1)
        while not simulator.done:
            now = simulator.step(find_family(scenario.family).action())
    arrays: dict[str, np.ndarray] = now.to_arrays()
    return arrays


def count_packets(file: Path) -> int:
    content = file.read_bytes()
    magic, _, _, _, _, _, kind = struct.unpack_from("<IHHiIII", content)
    assert (magic, kind) == (0xA1B2C3D4, RADIOTAP)
    place, count = 24, 0
    while place < len(content):
        place += 16 + struct.unpack_from("<8xI", content, place)[0]
        count += 1
    assert place == len(content)
    return count


@pytest.mark.parametrize("name", SCENARIOS)
def test_packets_of_wifi_are_kept(name: str, in_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, (scenario, n_devices) = scenario_program(name), SCENARIOS[name]
    usual = play(program, scenario)
    assert not list(in_tmp.iterdir())
    monkeypatch.setenv(PCAP_VARIABLE, "air")
    kept = play(program, scenario)
    for field, array in usual.items():
        np.testing.assert_array_equal(kept[field], array, err_msg=field)
    files = sorted(in_tmp.glob("air-*.pcap"))
    assert 1 < len(files) <= n_devices  # newer ns-3 makes none where there are no packets
    assert sum(count_packets(file) > 0 for file in files) > 1


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_folder_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    flags = ["--pcap=no/air", *(["--devices=1,2"] if name == "iot-edge" else [])]
    done = subprocess.run([scenario_program(name), *flags], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, f"{name}: --pcap=no/air: there is no folder no\n")

# SPDX-License-Identifier: GPL-2.0-only
"""The benchmark of the wire measures what it says."""

import json
from pathlib import Path

import pytest

from pyagents.bench.wire_messages import observation_space, recorded_step
from pyagents.cli import main
from pyagents.scenario import PRESETS
from pyagents.snapshot import Snapshot
from pyagents.wire import State
from pyagents.wire.codec import StateCodec


def test_sends_what_the_scenario_really_sends() -> None:
    observation, action = recorded_step(PRESETS["fig7"])
    codec = StateCodec(observation_space(observation))
    read = codec.decode(codec.encode(State(observation))).observation
    assert Snapshot.from_arrays(read).n_ues == 100
    assert action["cho_target"].shape == (100,)


def test_the_parts_add_up_to_the_round_trip(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    assert main(["bench", "wire", "--json", "--rounds", "60", "--blocks", "1", "--scenario", "fig5"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert [result["transport"] for result in results] == ["tcp", "unix"]
    for result in results:
        parts = [
            value for name, value in result.items() if name.startswith(("encode", "decode", "transport_"))
        ]
        assert len(parts) == 5
        assert sum(parts) == pytest.approx(result["round_trip_us"])
        assert min(parts) > 0
        assert result["ratio"] == pytest.approx(result["round_trip_us"] / result["floor_us"])
        assert result["rounds"] == 48
        assert result["state_bytes"] > 6 * 40 * 8 * 4


def test_bad_input_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "wires"]) == 2
    assert main(["bench", "wire", "--rounds", "0"]) == 2
    assert "rounds=0 is not allowed" in capsys.readouterr().err

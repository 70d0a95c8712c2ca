# SPDX-License-Identifier: GPL-2.0-only
"""The benchmark of the wire measures what it says."""

import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from pyagents.bench.wire_kinds import KINDS
from pyagents.bench.wire_messages import STEPS, read_recording, recorded_steps, write_recording
from pyagents.bench.wire_stock import read_state, write_action
from pyagents.cli import main
from pyagents.core.families import find_scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from pyagents.simulators.spaces import action_space, observation_space
from pyagents.toolchain.ns3 import CHOICE_VARIABLE
from pyagents.wire import State
from pyagents.wire.protocol.codec import ActionCodec, StateCodec

FIG5, FIG7 = find_scenario("fig5"), find_scenario("fig7")
SHORT = ["--json", "--rounds", "60", "--blocks", "1", "--scenario", "fig5"]


def check(results: dict[str, list[dict[str, Any]]], simulator: str) -> None:
    assert [result["step"] for result in results["decodings"]] == [10, 500]
    for result in results["decodings"]:
        assert result["ratio"] == pytest.approx(result["decode_us"] / result["stock_us"])
        assert result["state_bytes"] > 6 * 40 * 8 * 4
    assert [result["kind"] for result in results["kinds"]] == list(KINDS)
    assert all(
        value > 0 for result in results["kinds"] for value in result.values() if value != result["kind"]
    )
    check_round_trips(results["round_trips"], simulator)


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_for_ns3_gyms_client_reads_and_writes_the_same(kind: str) -> None:
    space, value = KINDS[kind]
    frame = StateCodec(space).encode(State(value, 1.5))
    for arrays in (True, False):
        observation, reward, *_ = read_state(frame, arrays=arrays)
        assert reward == 1.5
        assert np.array_equal(np.hstack(flat(observation)), np.hstack(flat(value)))
    assert write_action(space, value) == ActionCodec(space, narrow=True).encode(value)


def flat(value: Any) -> list[Any]:
    """The numbers and arrays of a value, in order."""
    if isinstance(value, (dict, tuple)):
        return [one for part in (value.values() if isinstance(value, dict) else value) for one in flat(part)]
    return [value]


def check_round_trips(results: list[dict[str, Any]], simulator: str) -> None:
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
        assert result["simulator"] == simulator


def test_sends_what_the_scenario_really_sends() -> None:
    recorded = recorded_steps(FIG7)
    assert tuple(recorded) == STEPS
    codec = StateCodec(observation_space(FIG7))
    for states, actions in recorded.values():
        assert len(states) == len(actions) == 8
        for state in states:
            frame = codec.encode(State(state))
            read = codec.decode(frame).observation
            assert Snapshot.from_arrays(read).n_ues == 100
            stock = read_state(frame)[0]
            assert all(np.array_equal(stock[name], read[name].ravel(), equal_nan=True) for name in read)
        assert actions[0]["cho_target"].shape == (100,)


def test_reading_a_state_takes_no_longer_late_in_a_run() -> None:
    """Not by the clock: at any step it is read without the protobuf runtime."""
    codec = StateCodec(observation_space(FIG7))
    frames = [codec.encode(State(state)) for states, _ in recorded_steps(FIG7).values() for state in states]
    assert len({len(frame) for frame in frames}) == 1
    with patch.object(codec, "_decode_any", None):
        assert all(codec.decode(frame).observation is not None for frame in frames)


def test_a_recording_reads_back(tmp_path: Path) -> None:
    states, _ = recorded_steps(FIG5)[10]
    spaces = observation_space(FIG5), action_space(FIG5)
    write_recording(tmp_path / "recording", *spaces, states)
    seen, done, read = read_recording(tmp_path / "recording")
    assert (seen, done) == spaces
    for one, other in zip(states, read, strict=True):
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def test_the_parts_add_up_to_the_round_trip(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    assert main(["bench", "wire", "--peer", "python", *SHORT]) == 0
    check(json.loads(capsys.readouterr().out), "Python")


def test_what_keys_cost_is_a_column_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    assert main(["bench", "wire", "--peer", "python", "--keys", *SHORT]) == 0
    results = json.loads(capsys.readouterr().out)
    assert results["round_trips"].pop()["transport"] == "tcp, keys"
    check(results, "Python")


@pytest.mark.ns3
@pytest.mark.skipif(os.environ.get(CHOICE_VARIABLE) == "none", reason=f"{CHOICE_VARIABLE}=none")
@pytest.mark.timeout(1200)  # may have to build
def test_the_other_end_is_the_bridges_cpp_half(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    assert main(["bench", "wire", "--peer", "cpp", *SHORT]) == 0
    check(json.loads(capsys.readouterr().out), "C++")


def test_without_ns3_the_other_end_is_python_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.setenv(CHOICE_VARIABLE, "none")
    assert main(["bench", "wire", *SHORT]) == 0
    out, err = capsys.readouterr()
    check(json.loads(out), "Python")
    assert "Measured with Python at the other end instead." in err
    assert main(["bench", "wire", "--peer", "cpp", *SHORT]) == 1


def test_bad_input_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "wires"]) == 2
    assert main(["bench", "wire", "--rounds", "0"]) == 2
    assert "rounds=0 is not allowed" in capsys.readouterr().err

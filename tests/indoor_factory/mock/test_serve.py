# SPDX-License-Identifier: GPL-2.0-only
"""The mock behind the wire, for our Session and for a client that knows only ns3-gym's messages."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import zmq

from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.simulators.ns3 import Ns3Simulator
from pyagents.simulators.serve import serve
from pyagents.simulators.spaces import action_space, observation_space
from pyagents.wire import Box, Dict, Session
from pyagents.wire.process import peer as wire_peer
from pyagents.wire.process.request_socket import NoAnswerError
from pyagents.wire.protocol import messages_pb2 as pb

ROOT = Path(__file__).parents[3]
SMALL = Scenario(n_gnbs=3, n_ues=8, steps=4)
SERVE = [sys.executable, "-m", "pyagents.cli", "serve-mock"]


@pytest.fixture(autouse=True)
def _project_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def command(*flags: str) -> list[str]:
    return [*SERVE, "--n-gnbs=3", "--n-ues=8", "--steps=4", "--n-wifi-aps=0", *flags]


def expected(seed: int) -> list[Snapshot]:
    simulator = MockSimulator()
    seen = [simulator.reset(SMALL, seed)]
    while not simulator.done:
        seen.append(simulator.step(move(seen[-1])))
    return seen


def move(now: Snapshot) -> Action:
    return Action(cho_target=((now.serving + 1) % 3).astype(np.int32))


@pytest.mark.parametrize("endpoint", [None, "tcp://127.0.0.1:0"])
def test_a_session_plays_the_run_that_the_simulator_plays(endpoint: str | None) -> None:
    with Session(command("--simSeed=5"), endpoint=endpoint) as session:
        state, seen = session.start(), []
        while True:
            observation = state.observation
            assert isinstance(observation, dict)
            seen.append(Snapshot.from_arrays({name: np.array(value) for name, value in observation.items()}))
            if state.game_over:
                break
            state = session.step({"cho_target": move(seen[-1]).cho_target})
    wanted = expected(5)
    assert len(seen) == len(wanted) == 5
    for got, want in zip(seen, wanted, strict=True):
        for name in Snapshot.facts():
            np.testing.assert_array_equal(getattr(got, name), getattr(want, name))


def test_it_stands_in_for_the_ns3_program(tmp_path: Path) -> None:
    program = tmp_path / "program"
    # The ns-3 program's flags are ours, spelled otherwise; the few that matter here are enough.
    program.write_text(
        '#!/bin/sh\nfor flag; do case $flag in --openGym*|--simSeed*) kept="$kept $flag";; esac; done\n'
        f"exec {' '.join(command())} $kept\n"
    )
    program.chmod(0o755)
    with Ns3Simulator(program=program) as simulator:
        now = simulator.reset(SMALL, 5)
        while not simulator.done:
            now = simulator.step(move(now))
    np.testing.assert_array_equal(now.delivered_bytes, expected(5)[-1].delivered_bytes)


def test_a_client_of_the_bare_messages_is_served(tmp_path: Path) -> None:
    """What stock ns3-gym's Python side does: bind, answer the announcement, take states, send actions."""
    endpoint = f"ipc://{tmp_path}/socket"
    context = zmq.Context()
    socket = context.socket(zmq.REP)
    socket.setsockopt(zmq.RCVTIMEO, 60_000)
    socket.bind(endpoint)
    peer = subprocess.Popen(command(f"--endpoint={endpoint}", "--seed=5"), stdout=subprocess.PIPE, text=True)
    try:
        init = pb.SimInitMsg.FromString(socket.recv())
        assert init.obsSpace.type == pb.Dict
        assert init.simProcessId > 0
        socket.send(pb.SimInitAck(done=True).SerializeToString())
        count = 0
        while True:
            state = pb.EnvStateMsg.FromString(socket.recv())
            count += 1
            answer = pb.EnvActMsg(stopSimReq=state.isGameOver)
            socket.send(answer.SerializeToString())
            if state.isGameOver:
                break
        assert state.reason == pb.EnvStateMsg.SimulationEnd
        assert count == 5
        output, _ = peer.communicate(timeout=60)
        assert (output, peer.returncode) == ("4 of 4 steps\n", 0)
    finally:
        peer.kill()
        peer.wait()
        context.destroy(linger=0)


def test_an_agent_may_stop_it_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_peer, "_POLITE_S", 30.0)  # however busy the machine, it ends by itself
    with Session(command()) as session:
        session.start()
        session.step(None)
        session.close()
        assert session.returncode == 0


def test_stock_clients_first_example_is_served() -> None:
    """It packs an action by its length and its numbers, and so knows no Box of two dimensions."""
    with Session(command("--simSeed=5")) as session:
        space = session.action_space
        assert isinstance(space, Dict)
        assert {name: len(box.shape) for name, box in space.spaces.items() if isinstance(box, Box)} == {
            "cho_target": 1,
            "cio_db": 1,
            "channel": 1,
        }
        session.start()
        state = session.step({"cio_db": np.array([0.0, 1, 2, 3, 0, 5, 6, 8, 0])})
        assert state.observation["cio_db"].tolist() == [[0, 1, 2], [3, 0, 5], [6, 8, 0]]


def test_spaces_hold_what_is_sent_and_taken() -> None:
    now = MockSimulator().reset(SMALL, 1)
    space = observation_space(SMALL)
    assert list(space.spaces) == list(Snapshot.facts())
    for name, box in space.spaces.items():
        assert isinstance(box, Box)
        value = np.atleast_1d(getattr(now, name))
        assert value.shape == box.shape
        assert value.dtype == box.dtype
    assert list(action_space(SMALL).spaces) == ["cho_target", "cio_db", "channel"]


def test_silence_is_said_with_the_endpoint(tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/nobody"
    with pytest.raises(NoAnswerError, match="no agent answers at ipc://"):
        serve(MockSimulator(), SMALL, 1, endpoint, timeout_s=0.05)


def test_only_this_machine_is_connected_to() -> None:
    with pytest.raises(ValueError, match="endpoint: is 'tcp://192"):
        serve(MockSimulator(), SMALL, 1, "tcp://192.0.2.1:5555")


def test_wrong_flags_are_named() -> None:
    run = subprocess.run([*SERVE, "--scenario=nonsense"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "scenario 'nonsense' is unknown" in run.stderr
    assert "fig5" in PRESETS

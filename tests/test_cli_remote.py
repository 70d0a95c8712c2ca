# SPDX-License-Identifier: GPL-2.0-only
"""`nru keys`, and a run whose agent and scenario are two commands."""

import dataclasses
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pyagents.cli import main
from pyagents.cli.serve_ns3 import program_flags
from pyagents.cli.serving import parse_serving
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action
from pyagents.simulators.announcement import announce, find_difference
from pyagents.simulators.remote import RemoteSimulator
from pyagents.simulators.serve import serve
from pyagents.wire import ProtocolError
from pyagents.wire.process.keys import make_keys
from tests.conftest import ROOT
from tests.hall import Hall

HALL = ["--n-gnbs", "3", "--n-ues", "8", "--n-wifi-aps", "0"]
SCENARIO = [*HALL, "--steps", "3"]


@pytest.fixture
def keys(in_tmp: Path) -> Path:
    make_keys(in_tmp / "keys")
    return in_tmp / "keys"


def start(*arguments: str) -> "subprocess.Popen[str]":
    """A command of ours, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "pyagents.cli", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_beside(command: str, theirs: list[str], ours: list[str]) -> tuple[int, int, str]:
    """Play: exit codes of agent and scenario, and what the scenario said."""
    with start(command, *theirs) as scenario:
        try:
            ended = main(["run", "--agent", "max-rsrp", "--timeout-s", "20", "--out", "x", *ours])
            said = "".join(scenario.communicate(timeout=60))
        finally:
            scenario.kill()
    return ended, scenario.returncode, said


def test_keys_are_made_once(in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--out", "keys"]) == 0
    made = capsys.readouterr().out.split()
    assert sorted(made) == [
        f"keys/{side}.{part}" for side in ("agent", "scenario") for part in ("public", "secret")
    ]
    before = {path: path.read_bytes() for path in (in_tmp / "keys").iterdir()}
    assert main(["keys", "--out", "keys"]) == 0
    assert "stay" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in (in_tmp / "keys").iterdir()} == before


def test_run_is_the_same_with_the_scenario_elsewhere(keys: Path, in_tmp: Path) -> None:
    where = ["--endpoint", f"ipc://{in_tmp}/s", "--keys", str(keys)]
    assert run_beside(
        "serve-mock", [*where, *SCENARIO, "--seed", "4"], [*where, *SCENARIO, "--seed", "4"]
    ) == (
        0,
        0,
        "3 of 3 steps\n",
    )
    local = ["run", "--agent", "max-rsrp", "--simulator", "mock", *SCENARIO, "--seed", "4", "--out", "y"]
    assert main(local) == 0
    assert (in_tmp / "x" / "rows.csv").read_bytes() == (in_tmp / "y" / "rows.csv").read_bytes()
    summary = json.loads((in_tmp / "x" / "summary.json").read_text())
    assert summary["simulator"] == "remote"
    assert summary["code"]["simulator"] == "not known"


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (["--n-ues", "9"], "announced observation rsrp_dbm as [9, 3], this run has [8, 3]"),
        (["--n-gnbs", "4"], "announced observation rsrp_dbm as [8, 4], this run has [8, 3]"),
        (["--n-channels", "5"], "announced action channel as [3] up to 4, this run has [3] up to 3"),
        (["--sib-period-ms", "80"], "plays sib_period_ms=80, this run has sib_period_ms=160"),
        (["--steps", "4"], "plays steps=4, this run has steps=3"),
        (["--seed", "2"], "plays seed=2, this run has seed=1"),
        (
            ["--seed", "2", "--demand-mbps", "2.5"],
            "plays seed=2, demand_mbps=2.5, this run has seed=1",
        ),
    ],
)
def test_other_scenarios_are_refused_and_the_difference_is_said(
    in_tmp: Path, capsys: pytest.CaptureFixture[str], theirs: list[str], said: str
) -> None:
    where = ["--endpoint", f"ipc://{in_tmp}/s"]
    ended, _, _ = run_beside("serve-mock", [*where, *SCENARIO, *theirs], [*where, *SCENARIO])
    assert ended == 1
    error = capsys.readouterr().err
    assert f"the scenario that connected {said}" in error
    assert "start both with the same --scenario, fields and --seed" in error
    assert not (in_tmp / "x" / "summary.json").exists()


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ({"sib_period_ms": 80}, "has steps of 0.08 s, this run of 0.16 s"),
        ({"steps": 2}, "ended after 2 steps, this run has 3"),
        ({"steps": 4}, "goes on after 3 steps, this run has 3"),
    ],
)
def test_a_program_that_tells_nothing_is_known_by_its_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: dict[str, int], said: str
) -> None:
    monkeypatch.setattr("pyagents.simulators.serve.announce", lambda scenario, seed: "")
    ours, endpoint = Scenario(n_gnbs=3, n_ues=8, steps=3), f"ipc://{tmp_path}/s"
    other = dataclasses.replace(ours, **theirs)  # type: ignore[arg-type]
    player = threading.Thread(target=lambda: serve(Hall(), other, 1, endpoint, timeout_s=20.0))
    with RemoteSimulator(endpoint, timeout_s=20.0) as simulator:
        player.start()
        simulator.reset(ours, 1)

        def play() -> None:
            while not simulator.done:
                simulator.step(Action())

        with pytest.raises(ProtocolError, match=said):
            play()
    player.join()


def test_texts_of_other_programs_say_nothing_of_the_run() -> None:
    scenario = Scenario()
    assert find_difference(announce(scenario, 3), scenario, 3) == ""
    for text in (
        "",
        "hello",
        "[]",
        "3",
        "{}",
        '{"nru": 1}',
        '{"nru": {}}',
        '{"nru": {"scenario": 1}}',
        "[" * 9999,
    ):
        assert find_difference(text, scenario, 3) == ""


def test_agent_with_other_keys_is_named_by_the_scenario(keys: Path, in_tmp: Path) -> None:
    make_keys(in_tmp / "others")
    (in_tmp / "others" / "agent.public").write_bytes((keys / "agent.public").read_bytes())
    endpoint = ["--endpoint", f"ipc://{in_tmp}/s"]
    ended, code, said = run_beside(
        "serve-mock",
        [*endpoint, "--keys", "others", *SCENARIO],
        [*endpoint, "--keys", "keys", *SCENARIO, "--timeout-s", "10"],
    )
    assert (ended, code) == (1, 1)
    assert "lets in another scenario.public than ours" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["run", "--endpoint", "tcp://0.0.0.0:5555"],
            "allowed only with keys, which `nru keys --out DIR` makes",
        ),
        (["run", "--endpoint", "tcp://*:5555", "--keys", "gone"], "cannot read gone/agent.secret"),
        (["run", "--keys", "keys"], "keys is allowed only with --endpoint"),
        (
            ["run", "--endpoint", "ipc:///x", "--simulator", "mock"],
            "simulator=mock is not allowed with --endpoint",
        ),
        (["run", "--endpoint", "ipc:///x", "--timeout-s", "0"], "timeout_s=0"),
        (["run", "--endpoint", "ipc:///no/such/place"], "there is no directory /no/such"),
        (["run", "--endpoint", "ipc:///etc/passwd"], "that is a file and no socket"),
        (["serve-mock", "--endpoint", "ipc:///no/such/place"], "there is no directory /no/such"),
        (["serve-mock", "--endpoint", "tcp://agent:5555"], "allowed only with keys"),
        (["serve-ns3", "--endpoint", "tcp://agent:5555"], "allowed only with keys"),
        (
            ["serve-ns3", "--endpoint", "tcp://*:5555", "--keys", "keys"],
            "address and port of the one who listens",
        ),
        (["serve-ns3", "--keys", "gone"], "cannot read gone/scenario.secret"),
        (["serve-ns3", "--scenario", "fig9"], "fig5, fig6, fig7"),
        (["serve-ns3", "--seed", "0"], "seed=0"),
        (["keys", "--out", "/proc/nowhere"], "cannot write keys to /proc/nowhere"),
    ],
)
@pytest.mark.usefixtures("keys")
def test_bad_input_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_the_ns3_program_gets_what_was_asked_for(keys: Path) -> None:
    arguments = [
        "--openGymEndpoint=tcp://agent:1",
        f"--openGymKeys={keys}",
        "--simSeed=3",
        "--timeout-s",
        "2.5",
    ]
    asked = parse_serving([*arguments, *SCENARIO], command="serve-ns3", description="")
    flags = program_flags(asked)
    assert {
        "--nGnbs=3",
        "--steps=3",
        "--simSeed=3",
        "--openGymEndpoint=tcp://agent:1",
        f"--openGymKeys={keys}",
        f"--ns3::GymInterface::Info={announce(asked.fields, 3)}",
        "--openGymTimeout=2500ms",
        "--ns3::GymInterface::ConnectTimeout=2500ms",
    } <= set(flags)


@pytest.mark.ns3
def test_ns3_plays_the_same_run_elsewhere(keys: Path, in_tmp: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = ["--endpoint", f"tcp://127.0.0.1:{port}", "--keys", str(keys)]
    ended, code, said = run_beside("serve-ns3", [*where, *SCENARIO], [*where, *SCENARIO])
    assert (ended, code) == (0, 0)
    assert said == f"Waits for an agent at tcp://127.0.0.1:{port}, at most 600 s.\n"
    assert main(["run", "--agent", "max-rsrp", *SCENARIO, "--out", "y"]) == 0
    assert (in_tmp / "x" / "rows.csv").read_bytes() == (in_tmp / "y" / "rows.csv").read_bytes()


@pytest.mark.ns3
@pytest.mark.parametrize("wrong", ["agent", "scenario"])
def test_ns3_with_wrong_keys_ends_and_says_so(keys: Path, in_tmp: Path, wrong: str) -> None:
    make_keys(in_tmp / "others")
    for path in keys.glob("*"):
        if not path.name.startswith(wrong):
            (in_tmp / "others" / path.name).write_bytes(path.read_bytes())
    where = ["--endpoint", f"ipc://{in_tmp}/s", "--timeout-s", "4"]
    ended, code, said = run_beside(
        "serve-ns3", [*where, "--keys", "others", *SCENARIO], [*where, "--keys", "keys", *SCENARIO]
    )
    assert (ended, code) == (1, 1)
    assert "has other keys: no handshake within 4 s" in said

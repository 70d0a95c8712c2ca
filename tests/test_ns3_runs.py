# SPDX-License-Identifier: GPL-2.0-only
"""The real thing: the ns-3 scenario program under the whole stack."""

import dataclasses
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from pyagents.cli import main
from pyagents.core.agent_spec import find_agent
from pyagents.runs.run import Run
from pyagents.runs.task import Task, perform
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import MAX_LOAD, Action, Snapshot
from pyagents.simulators.ns3 import Ns3Simulator, flag_name
from pyagents.toolchain import scenario_program
from pyagents.wire import PeerDiedError
from tests.conftest import ROOT

pytestmark = pytest.mark.ns3

SMALL = dataclasses.replace(PRESETS["fig5"], steps=12)


@pytest.fixture(scope="module")
def program() -> Path:
    return scenario_program()


@pytest.fixture
def simulator(program: Path, tmp_path: Path) -> Iterator[Ns3Simulator]:
    with Ns3Simulator(program=program, log_path=tmp_path / "log") as simulator:
        yield simulator


def play(
    simulator: Ns3Simulator, scenario: Scenario, agent: str = "max-rsrp", seed: int = 1
) -> list[Snapshot]:
    decider = find_agent(agent).make()
    decider.reset(scenario, seed)
    snapshots = [simulator.reset(scenario, seed)]
    while not simulator.done:
        snapshots.append(simulator.step(decider.act(snapshots[-1])))
    return snapshots


def children_of(process: psutil.Process) -> list[psutil.Process]:
    """Processes below one that run, but for the one that Python keeps for `multiprocessing`."""
    return [
        child
        for child in process.children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE
        and not any("multiprocessing.resource_tracker" in word for word in child.cmdline())
    ]


# ---- Two languages, one scenario ----


def test_flags_and_defaults_are_those_of_the_program(program: Path) -> None:
    done = subprocess.run([program, "--PrintHelp"], capture_output=True, check=True, text=True)
    flags = dict(re.findall(r"^ +--(\w+): .*?(?:\[([^\[\]]*)\])?$", done.stdout, re.MULTILINE))
    known_elsewhere = {"simSeed", "printCost", "pcap"}
    ours = {flag for flag in flags if not flag.startswith(("Print", "openGym"))} - known_elsewhere
    assert ours == {flag_name(field.name) for field in dataclasses.fields(Scenario)}
    for field in dataclasses.fields(Scenario):
        text = flags[flag_name(field.name)]
        match field.default:
            case None:
                assert text == "", field.name
            case bool():
                assert text == str(field.default).lower(), field.name
            case str():
                assert text == field.default, field.name
            case _:
                assert float(text) == field.default, field.name


def test_bad_value_stops_the_program_with_its_name(program: Path, tmp_path: Path) -> None:
    """What Python would not let pass, the program does not either."""
    done = subprocess.run([program, "--nGnbs=0"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode != 0
    assert "nGnbs" in done.stderr + done.stdout


# ---- What a run holds ----


@pytest.mark.parametrize("agent", ["max-rsrp", "gt-rl"])
def test_bytes_are_conserved(agent: str, simulator: Ns3Simulator) -> None:
    for snapshot in play(simulator, dataclasses.replace(SMALL, demand_mbps=9.0), agent):
        kept = snapshot.delivered_bytes + snapshot.dropped_bytes + snapshot.queued_bytes
        np.testing.assert_array_equal(snapshot.offered_bytes, kept)


def test_states_are_plausible(simulator: Ns3Simulator) -> None:
    snapshots = play(simulator, SMALL, "gt-rl")
    assert len(snapshots) == SMALL.steps + 1
    assert [s.time_s for s in snapshots] == pytest.approx(
        [0.16 * (SMALL.warmup_periods + k + 1) for k in range(len(snapshots))]
    )
    for before, now in itertools.pairwise(snapshots):
        assert ((now.serving >= 0) & (now.serving < 6)).all()
        assert ((now.airtime >= 0) & (now.airtime <= 1)).all()
        assert ((now.airtime_used >= 0) & (now.airtime_used <= 1)).all()
        assert ((now.load >= 0) & (now.load <= MAX_LOAD)).all()
        delivered_packets = (now.delivered_bytes - before.delivered_bytes) / SMALL.packet_size_bytes
        np.testing.assert_array_equal(now.delays.sum(axis=1), delivered_packets)
        assert (now.late_bytes <= now.delivered_bytes).all()
        for counter in (
            "handovers",
            "ping_pongs",
            "offered_bytes",
            "delivered_bytes",
            "late_bytes",
            "sib_due",
            "sib_heard",
        ):
            assert (getattr(now, counter) >= getattr(before, counter)).all(), counter
        assert (now.sib_sent <= now.sib_due).all()
        assert (now.sib_heard <= now.sib_sent[None, :]).all()
        heard = now.sib_heard > 0
        np.testing.assert_array_equal(np.isnan(now.sib_load), ~heard)
        np.testing.assert_array_equal(np.isinf(now.sib_age_s), ~heard)
    last = snapshots[-1]
    assert (last.demand_bps == 5e6).all()
    offered_bps = last.offered_bytes * 8 / last.time_s
    np.testing.assert_allclose(offered_bps, 5e6, rtol=0.05)


def test_gnbs_tell_how_strongly_they_receive_each_other(simulator: Ns3Simulator) -> None:
    snapshot = simulator.reset(dataclasses.replace(SMALL, shadowing=False, gnb_tx_power_dbm=20), 1)
    across = snapshot.gnb_position_m[:, None] - snapshot.gnb_position_m
    with np.errstate(divide="ignore"):
        loss_db = 32.4 + 17.3 * np.log10(np.linalg.norm(across, axis=2)) + 20 * np.log10(5.2)  # InH, in sight
    others = ~np.eye(SMALL.n_gnbs, dtype=bool)
    assert snapshot.gnb_rsrp_dbm[others] == pytest.approx((20 - 27.87 - loss_db)[others], abs=0.01)
    assert np.isnan(snapshot.gnb_rsrp_dbm[~others]).all()


def test_a_ue_goes_where_it_is_told_and_stays_where_it_is_held(simulator: Ns3Simulator) -> None:
    snapshot = simulator.reset(SMALL, 1)
    strong = np.where(np.arange(6)[None] == snapshot.serving[:, None], -np.inf, snapshot.rsrp_dbm)
    ue = int(strong.max(axis=1).argmax())
    target = int(strong[ue].argmax())
    wish = snapshot.serving.copy()
    wish[ue] = target
    for _ in range(3):
        snapshot = simulator.step(Action(cho_target=wish))
    assert snapshot.serving[ue] == target
    assert snapshot.handovers.sum() == 1


def test_a_station_out_of_range_of_its_access_point_is_left_out(
    simulator: Ns3Simulator, tmp_path: Path
) -> None:
    scenario = dataclasses.replace(PRESETS["fig7"], n_ues=40, steps=3)  # one is deep in shadow
    *_, last = play(simulator, scenario, seed=20)
    said = (tmp_path / "log").read_text()
    assert said == (
        "Wi-Fi station 1 of access point 0 receives it at -83.6849 dBm, below -82 dBm: left out\n"
    )
    assert last.wifi_delivered_bytes > 0


def test_gt_rl_balances_what_max_rsrp_does_not(simulator: Ns3Simulator) -> None:
    without_wifi = dataclasses.replace(PRESETS["fig5"], n_wifi_aps=0)

    def settled_deviation(agent: str) -> float:
        runs = [play(simulator, without_wifi, agent, seed)[25:] for seed in range(1, 6)]
        return float(np.mean([snapshot.load.std() for run in runs for snapshot in run]))

    assert settled_deviation("gt-rl") < 0.6 * settled_deviation("max-rsrp")


# ---- The same again ----


def test_same_seed_same_bytes_other_seed_others() -> None:
    for agent in ("max-rsrp", "gt-rl"):
        config = find_agent(agent).config_dict()
        runs = [Run(scenario=SMALL, agent=agent, agent_config=config, seed=seed) for seed in (3, 3, 4)]
        a, b, c = (perform(Task(run=run)).files["rows.csv"] for run in runs)
        assert a == b
        assert a != c


def test_reset_forgets_the_last_run(simulator: Ns3Simulator) -> None:
    first = play(simulator, SMALL, "gt-rl", 2)
    play(simulator, dataclasses.replace(SMALL, n_ues=10), "max-rsrp", 5)
    again = play(simulator, SMALL, "gt-rl", 2)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a.load, b.load)
        np.testing.assert_array_equal(a.rsrp_dbm, b.rsrp_dbm)


# ---- Bad ends ----


def test_killing_ns3_is_noticed_within_two_seconds(simulator: Ns3Simulator) -> None:
    scenario = dataclasses.replace(SMALL, steps=100_000)
    simulator.reset(scenario, 1)
    child = children_of(psutil.Process())[0]
    killed: list[float] = []

    def kill() -> None:
        killed.append(time.monotonic())
        child.kill()

    threading.Timer(0.5, kill).start()
    with pytest.raises(PeerDiedError) as error:
        step_for_ever(simulator)
    assert time.monotonic() - killed[0] < 2
    assert "SIGKILL" in str(error.value)
    assert "log" in str(error.value)
    assert not children_of(psutil.Process())


def step_for_ever(simulator: Ns3Simulator) -> None:
    while True:
        simulator.step(Action())


@pytest.mark.parametrize("command", ["run", "demo"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ending_the_command_line_leaves_no_process(
    command: str, number: signal.Signals, program: Path, tmp_path: Path
) -> None:
    arguments = [sys.executable, "-m", "pyagents.cli", command, "--steps", "100000", "--out", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        arguments, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            family = wait_for_simulators(psutil.Process(process.pid), program)
            process.send_signal(number)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not alive
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert b"Traceback" not in errors
    assert not list(tmp_path.rglob("summary.json"))


def wait_for_simulators(parent: psutil.Process, program: Path) -> list[psutil.Process]:
    """The scenario programs below a process, once there are any that run."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = [child for child in children_of(parent) if child.name() == program.name]
        if found and all(child.cpu_times().user > 0.1 for child in found):
            return found
        time.sleep(0.05)
    raise AssertionError("no simulator was started")


@pytest.mark.usefixtures("in_tmp")
def test_failed_program_ends_a_run_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pyagents.simulators.ns3.scenario_flags", lambda scenario, seed: ["--noSuchFlag=1"])
    assert main(["run", "--out", "mine"]) == 1
    error = capsys.readouterr().err
    assert "simulator.log" in error
    assert "Traceback" not in error

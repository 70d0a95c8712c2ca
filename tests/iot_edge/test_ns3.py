# SPDX-License-Identifier: GPL-2.0-only
"""The family's ns-3 program: on ideal links it is the mock, on Wi-Fi frames take their time."""

import dataclasses
import re
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from pyagents.scenarios.iot_edge.metrics import row
from pyagents.scenarios.iot_edge.mock import MockSimulator
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Move, Snapshot
from pyagents.scenarios.iot_edge.world import program_values
from pyagents.simulators.ns3 import Ns3Simulator, flag_name, scenario_flags
from pyagents.toolchain import scenario_program
from pyagents.wire import PeerDiedError

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]  # the first of them may have to build

PLANNED = ("gamma", "delta", "reward", "gamma_measured", "delta_measured")


@pytest.fixture(scope="module")
def program() -> Path:
    return scenario_program("iot-edge")


@pytest.fixture
def simulator(program: Path, tmp_path: Path) -> Iterator[Ns3Simulator]:
    with Ns3Simulator(program=program, log_path=tmp_path / "log") as simulator:
        yield simulator


def draw(rng: np.random.Generator) -> Scenario:
    """A small situation, sparse or dense."""
    return Scenario(
        steps=4,
        phy="disc",
        n_devices=int(rng.integers(1, 90)),
        n_servers=int(rng.integers(1, 7)),
        n_vehicles=int(rng.integers(1, 4)),
        link_range_m=float(rng.choice([1.5, 3.0, 6.0])),
        moves_per_step=int(rng.integers(1, 4)),
        weight_levels=2,
        distance_to=("head", "core")[int(rng.integers(2))],
        route="direction",
    )


def decide(scenario: Scenario, rng: np.random.Generator) -> Action:
    """Move as many cores as may be, and at times assign devices."""
    moves = np.full(scenario.n_servers, Move.STAY, np.int32)
    some = rng.permutation(scenario.n_servers)[: scenario.moves_per_step]
    moves[some] = rng.integers(0, len(Move), len(some))
    if rng.random() < 0.6:
        return Action(core_move=moves)
    assigned = rng.integers(-1, scenario.n_servers, scenario.n_devices).astype(np.int32)
    return Action(core_move=moves, cluster=np.where(rng.random(scenario.n_devices) < 0.5, assigned, -1))


def expect_equal(found: Snapshot, expected: Snapshot) -> None:
    for name in Snapshot.facts().keys() - {"control_bytes"}:  # of plans, which the mock need not tell
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), 1e-9, 1e-9, err_msg=name)


def play_both(simulator: Ns3Simulator, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scenario = draw(rng)
    with MockSimulator() as mock:
        pair = [(simulator.reset(scenario, seed), mock.reset(scenario, seed))]
        while not mock.done:
            expect_equal(*pair[-1])
            action = decide(scenario, rng)
            pair.append((simulator.step(action), mock.step(action)))
        expect_equal(*pair[-1])
        assert simulator.done
        ours, theirs = (row(side, scenario) for side in zip(*pair[-2:], strict=True))
        assert [ours[name] for name in PLANNED] == pytest.approx([theirs[name] for name in PLANNED], abs=1e-9)


def test_on_ideal_links_it_is_the_mock(simulator: Ns3Simulator) -> None:
    for seed in range(1, 13):
        play_both(simulator, seed)


@pytest.mark.slow
def test_on_ideal_links_it_is_the_mock_a_thousand_times(simulator: Ns3Simulator) -> None:
    for seed in range(1001, 2001):
        play_both(simulator, seed)


def test_on_wifi_frames_take_time_and_no_byte_is_lost_sight_of(simulator: Ns3Simulator) -> None:
    scenario = Scenario(steps=6, n_devices=40)
    rng = np.random.default_rng(1)
    made, ended = 0.0, 0.0
    now = simulator.reset(scenario, 1)
    while True:
        made += now.message_bytes.sum()
        ended += now.received_bytes.sum() + now.dropped_bytes.sum()
        assert made == ended + now.queued_bytes.sum()
        assert now.dropped_by_cause_bytes.sum() == now.dropped_bytes.sum()
        unreachable = now.message_bytes[now.hops == 0].sum()
        assert now.received_bytes.sum() > 0.8 * (now.message_bytes.sum() - unreachable)
        assert 0 < now.busy_share.max() < 1
        if simulator.done:
            break
        now = simulator.step(decide(scenario, rng))
    measured = row([now, now], scenario)
    assert now.delays.sum() == now.received_messages.sum() > 0
    assert 0.5 < measured["delay_p50_ms"] < measured["delay_p95_ms"] < 500
    assert 0 < measured["gamma_measured"] <= 1
    assert 0 < measured["delta_measured"] <= 1


def test_plans_cost_bytes_where_they_change_and_reach_all_that_are_joined(simulator: Ns3Simulator) -> None:
    scenario = Scenario(steps=3, n_devices=60, connect="redraw", n_servers=2)
    first = simulator.reset(scenario, 1)
    stay = np.full(2, Move.STAY, np.int32)
    kept = simulator.step(Action(core_move=stay))
    assert (first.control_bytes == 0).all()
    assert (kept.control_bytes == 0).all()
    changed = simulator.step(Action(core_move=stay, cluster=np.arange(60, dtype=np.int32) % 2))
    assert (changed.parent != kept.parent).any()
    assert (changed.control_bytes >= 9 + 2 * 60).mean() > 0.95
    assert (changed.next_hop == changed.parent).mean() > 0.95


def test_a_step_has_no_more_moves_than_it_may(simulator: Ns3Simulator) -> None:
    simulator.reset(Scenario(steps=2, phy="disc"), 1)
    with pytest.raises(PeerDiedError, match=r"more than 1 entries that are not 4 \(stay\)"):
        simulator.step(Action(core_move=np.zeros(4, np.int32)))


def test_its_flags_are_what_the_family_tells_with_the_same_defaults(program: Path) -> None:
    done = subprocess.run([program, "--PrintHelp"], capture_output=True, check=True, text=True)
    flags = dict(re.findall(r"^ +--(\w+): .*?(?:\[([^\[\]]*)\])?$", done.stdout, re.MULTILINE))
    known_elsewhere = {"simSeed", "printCost", "pcap"}
    ours = {flag for flag in flags if not flag.startswith(("Print", "openGym"))} - known_elsewhere
    told = program_values(Scenario(), 1)
    assert ours == {flag_name(name) for name in told}
    defaults = {**dataclasses.asdict(Scenario()), "sensing_message_bytes": 3000}
    for name in told.keys() - {"devices", "servers", "vehicles"}:
        default = defaults[name]
        assert flags[flag_name(name)] == (default if isinstance(default, str) else f"{default:g}"), name


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--periodS=soon"], "--periodS=soon: not a number"),
        (["--movesPerStep=1.5"], "--movesPerStep=1.5: not a whole number"),
        (["--retryLimit=40"], "--retryLimit=40: not allowed by ns3::IotScenario::RetryLimit (uint32_t 0:31)"),
        (["--phy=wire"], "--phy=wire: not one of wifi, disc"),
        (["--wifiRateMbps=7"], "--wifiRateMbps=7: not one of 6, 9, 12"),
        (["--distanceTo=server"], "--distanceTo=server: not one of head, core"),
        (["--devices=1,2:3"], "--devices=1,2:3: place 1 is not x,y in whole mm, from 0 on"),
        (["--devices=1,-2"], "--devices=1,-2: place 0 is not x,y in whole mm"),
        (["--vehicles=0,0:1,1"], "--vehicles: 2 places, allowed are 51, 1 in each of 51 steps"),
        (["--interferenceRangeM=2"], "--interferenceRangeM=2: not at least --linkRangeM, 3"),
    ],
)
def test_a_bad_value_is_named(program: Path, tmp_path: Path, flags: list[str], message: str) -> None:
    told = scenario_flags(Scenario(), 1)
    done = subprocess.run(
        [program, *told, *flags, f"--openGymEndpoint=ipc://{tmp_path}/socket"],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("iot-edge: ")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_devices_there_is_nothing_to_play(program: Path) -> None:
    done = subprocess.run([program], capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert done.stderr == "iot-edge: --devices: 0 places, allowed are 1 to 1000\n"


def test_gymnasium_finds_nothing_wrong_with_it(program: Path) -> None:
    told = program_values(Scenario(steps=3, n_devices=12, n_servers=2, moves_per_step=2), 1)
    env = gymnasium.make(
        "pyagents.envs:Ns3Gym-v0",
        program_or_port=program,
        args={flag_name(name): value for name, value in told.items()},
        nan=0.0,
    )
    with warnings.catch_warnings():
        # What Gymnasium says of wide bounds: indices and metres have the ones they have.
        warnings.filterwarnings("ignore", message=".*(symmetric and normalized|Box observation space m).*")
        check_env(env.unwrapped)
    env.close()

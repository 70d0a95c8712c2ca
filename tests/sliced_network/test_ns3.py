# SPDX-License-Identifier: GPL-2.0-only
"""The family's ns-3 program: packets add up, and come to what the mock's means say."""

import dataclasses
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from pyagents.core.agent import Agent
from pyagents.core.simulator import Simulator
from pyagents.scenarios.sliced_network.agents.rules import EqualSplit, MaxMin
from pyagents.scenarios.sliced_network.metrics import row, summary, window_steps
from pyagents.scenarios.sliced_network.mock import MockSimulator
from pyagents.scenarios.sliced_network.scenario import PRESETS, Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Ratio, Snapshot
from pyagents.scenarios.sliced_network.world import program_values
from pyagents.simulators.ns3 import Ns3Simulator, flag_name, scenario_flags
from pyagents.toolchain import scenario_program
from pyagents.wire import PeerDiedError

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]  # the first of them may have to build

SMALL = dataclasses.replace(PRESETS["fdrl-small"], n_sites=2, steps=12)
LISTS = {
    "slices",
    "mean_snr_db",
    "mean_rate_bps",
    "demand_bps",
    "cpu_demand",
    "demand_levels",
    "demand_change",
}
POINTS = 0.03
"""Utilisation and satisfaction of the two simulators lie no farther apart."""


@pytest.fixture(scope="module")
def program() -> Path:
    return scenario_program("sliced-network")


@pytest.fixture
def simulator(program: Path, tmp_path: Path) -> Iterator[Ns3Simulator]:
    with Ns3Simulator(program=program, log_path=tmp_path / "log") as simulator:
        yield simulator


def play(simulator: Simulator, scenario: Scenario, agent: Agent, seed: int = 1) -> list[Snapshot]:
    """All states of a run."""
    agent.reset(scenario, seed)
    states = [simulator.reset(scenario, seed)]
    while not simulator.done:
        states.append(simulator.step(agent.act(states[-1])))
    return states


def sum_up(states: list[Snapshot], scenario: Scenario) -> dict[str, float]:
    window = window_steps(scenario)
    return summary([row(states[max(k - window, 0) : k], scenario) for k in range(1, len(states) + 1)])


@pytest.mark.parametrize("agent", [EqualSplit(), MaxMin()], ids=["equal-split", "max-min"])
@pytest.mark.parametrize("is_reserved", [True, False])
def test_packets_come_to_what_the_mock_has_in_the_mean(
    simulator: Ns3Simulator, agent: Agent, is_reserved: bool
) -> None:
    scenario = dataclasses.replace(PRESETS["fdrl-site"], steps=60, is_reserved=is_reserved)
    with MockSimulator() as mock:
        ours, theirs = (sum_up(play(side, scenario, agent), scenario) for side in (simulator, mock))
    for name in ("utilisation", "satisfaction"):
        for one in (name, f"{name}_radio", f"{name}_computing"):
            assert ours[one] == pytest.approx(theirs[one], abs=POINTS), one


def test_demands_and_what_is_in_force_are_the_mocks(simulator: Ns3Simulator) -> None:
    rng = np.random.default_rng(2)
    scenario = dataclasses.replace(SMALL, demand_period_steps=2.0, first_site=3)
    with MockSimulator() as mock:
        pair = [(simulator.reset(scenario, 5), mock.reset(scenario, 5))]
        while not mock.done:
            ratios = rng.dirichlet([1, 1, 1], (2, 3)).cumsum(axis=-1).clip(0, 1) * [0.3, 0.3, 1]
            action = Action(
                gfbr_bps=rng.uniform(0, 2e7, scenario.n_ues),
                cpu_share=rng.uniform(0, 0.3, scenario.n_ues),
                prb_ratio=ratios,
            )
            pair.append((simulator.step(action), mock.step(action)))
    for ours, theirs in pair:
        for name in ("time_s", "slice", "site", "mean_snr_db", "mean_rate_bps", "demand_bps", "cpu_demand"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), name)
        for name in ("gfbr_bps", "cpu_share", "prb_ratio"):
            np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), 1e-12, err_msg=name)
        room = ours.prb_ratio[..., Ratio.MAXIMUM] + 1e-9
        assert (ours.prb_used <= room).all()


def test_no_byte_and_no_work_is_lost_sight_of(simulator: Ns3Simulator) -> None:
    scenario = dataclasses.replace(SMALL, load=1.3, fading="rayleigh", is_reserved=False)
    states = play(simulator, scenario, MaxMin())
    sizes = np.array(scenario.packet_bytes)
    for before, now in zip([None, *states], states, strict=False):
        waited = before.queued_bytes if before else 0.0
        np.testing.assert_array_equal(
            waited + now.offered_bytes, now.delivered_bytes + now.dropped_bytes + now.queued_bytes
        )
        work = before.cpu_queued if before else 0.0
        np.testing.assert_allclose(
            work + now.cpu_offered, now.cpu_done + now.cpu_dropped + now.cpu_queued, atol=1e-6
        )
        received = [now.delivered_bytes[now.slice == one].sum() for one in range(len(sizes))]
        np.testing.assert_array_equal(now.delay_count.sum(axis=-1) * sizes, received)
        by_site = now.prb_share.reshape(scenario.n_sites, -1).sum(axis=-1)
        np.testing.assert_allclose(now.prb_used.sum(axis=-1), by_site)
    assert states[-1].dropped_bytes.sum() > 0
    assert sum(now.rate_bps.mean() for now in states) > 0


def test_a_seed_decides_on_all_of_it(simulator: Ns3Simulator) -> None:
    scenario = dataclasses.replace(SMALL, fading="rayleigh", steps=3)
    first, again, other = (play(simulator, scenario, EqualSplit(), seed)[-1] for seed in (1, 1, 2))
    for name in Snapshot.facts():
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name), name)
    assert (first.delivered_bytes != other.delivered_bytes).any()


@pytest.mark.parametrize(
    ("ratio", "message"),
    [
        ((0.4, 0.3, 1.0), r"prb_ratio'\]\[1, 2\] = 0.400000, 0.300000, 1.000000, allowed is dedicated <="),
        ((0.0, 0.9, 0.8), r"prb_ratio'\]\[1, 2\] = 0.000000, 0.900000, 0.800000, allowed is dedicated <="),
        ((0.0, 1.0, 1.0), r"prb_ratio'\]\[1\] has minima of 1.4\d* in sum, allowed is at most 1"),
    ],
)
def test_quotas_that_contradict_each_other_are_refused(
    simulator: Ns3Simulator, ratio: tuple[float, float, float], message: str
) -> None:
    simulator.reset(SMALL, 1)
    ratios = np.full((2, 3, 3), [0.0, 0.2, 1.0])
    ratios[1, 2] = ratio
    with pytest.raises(PeerDiedError, match=message):
        simulator.step(Action(prb_ratio=ratios))


def test_a_client_of_gymnasium_plays_it(program: Path) -> None:
    env = gymnasium.make(
        "pyagents.envs:Ns3Gym-v0",
        program_or_port=program,
        args=scenario_flags(SMALL, 1),
        disable_env_checker=True,
    )
    observation, _ = env.reset(seed=1)
    steps, over = 0, False
    while not over:
        assert env.observation_space.contains(observation)
        action = env.action_space.sample()
        action["prb_ratio"].reshape(-1, 3)[:] = [0.0, 0.2, 1.0]  # at random they contradict each other
        observation, _, terminated, over, _ = env.step(action)
        steps += 1
    env.close()
    assert (steps, terminated) == (SMALL.steps, False)


def test_its_flags_are_what_the_family_tells_with_the_same_defaults(program: Path) -> None:
    done = subprocess.run([program, "--PrintHelp"], capture_output=True, check=True, text=True)
    flags = dict(re.findall(r"^ +--(\w+): .*?(?:\[([^\[\]]*)\])?$", done.stdout, re.MULTILINE))
    ours = {flag for flag in flags if not flag.startswith(("Print", "openGym"))} - {"simSeed", "printCost"}
    told = program_values(Scenario(), 1)
    assert ours == {flag_name(name) for name in told}
    defaults = dataclasses.asdict(Scenario())
    for name in told.keys() - LISTS:
        default = defaults[name]
        spelled = str(default).lower() if isinstance(default, bool | str) else f"{default:g}"
        assert flags[flag_name(name)] == spelled, name


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--cpuCapacity=much"], "--cpuCapacity=much: not a number"),
        (["--nSites=1.5"], "--nSites=1.5: not a whole number"),
        (["--diversity=9"], "--diversity=9: not allowed by ns3::SliceScenario::Diversity (uint32_t 1:8)"),
        (["--scheduler=edf"], "--scheduler=edf: not one of qos, pf, rr, max-rate"),
        (["--fading=rice"], "--fading=rice: not one of none, rayleigh"),
        (["--isReserved=maybe"], "--isReserved=maybe: not one of true, false"),
        (["--slices=0:1:3"], "--slices: number 2 = 3 is not a number of 0 to 2"),
        (["--slices=0:1.5"], "--slices: number 1 = 1.5 is not a whole number"),
        (["--demandBps=1:x"], "--demandBps: number 1 = x is not a number of 0 or more"),
        (["--meanSnrDb=10"], "--meanSnrDb: 1 numbers, allowed are 16"),
        (["--fading=rayleigh", "--coherenceMs=30"], "--coherenceMs=30: not a divisor of --stepMs, 100"),
    ],
)
def test_a_bad_value_is_named(program: Path, tmp_path: Path, flags: list[str], message: str) -> None:
    told = scenario_flags(SMALL, 1)
    done = subprocess.run(
        [program, *told, *flags, f"--openGymEndpoint=ipc://{tmp_path}/socket"],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("sliced-network: ")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1

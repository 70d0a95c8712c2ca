# SPDX-License-Identifier: GPL-2.0-only
"""Where GT-RL's game goes: one at a time to balance, all at once round in circles, selected to rest."""

from typing import Any

import numpy as np
import pytest

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.agents.gt_rl import GtRl, GtRlConfig, mixed_strategy
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from tests.hall import Hall, needed_airtime

LONE_CHANNELS = {"n_gnbs": 4, "n_channels": 4, "n_ues": 24}


def load_deviation(config: GtRlConfig, scenario: Scenario, seed: int, **hall: Any) -> tuple[Floats, Snapshot]:
    """Standard deviation of the loads over the steps, and the last snapshot."""
    agent, simulator = GtRl(config), Hall(**hall)
    agent.reset(scenario, seed)
    snapshot = simulator.reset(scenario, seed)
    deviations = [snapshot.load.std()]
    while not simulator.done:
        snapshot = simulator.step(agent.act(snapshot))
        deviations.append(snapshot.load.std())
    return np.array(deviations), snapshot


@pytest.mark.parametrize("seed", range(1, 6))
def test_one_at_a_time_reaches_a_point_that_nobody_wants_to_leave(seed: int) -> None:
    """An epsilon-Nash point: no UE could cut its cost of Eq (4) by more than min_saving."""
    scenario = Scenario(demand_mbps=5.0, steps=150, **LONE_CHANNELS)  # type: ignore[arg-type]
    config = GtRlConfig(selection="none", rate="measured", pace="in-turn", own_load="full", epsilon=0.0)
    deviations, last = load_deviation(config, scenario, seed)
    assert deviations[-1] <= deviations[0]
    assert (deviations[-24:] == deviations[-1]).all(), "a whole sweep without a move"
    share = last.demand_bps[:, None] / last.rate_bps
    joined = np.minimum(last.load + share, 1 - 1e-3)
    rows = np.arange(last.n_ues)
    joined[rows, last.serving] = last.load[last.serving]
    saving = 1 / (1 - joined[rows, last.serving]) - (1 / (1 - joined)).min(axis=1)
    assert saving.max() <= config.min_saving + 1e-9


def expected_spread(rho: float, beta: float, iterations: int = 30) -> list[float]:
    """Distance from balance when a share beta of all load follows Eq (6) in each period, in expectation."""
    load = rho * np.array([1.05, 0.95, 1.02, 0.98])
    spread = [float(np.ptp(load))]
    for _ in range(iterations):
        strategy = mixed_strategy(load[None], np.ones((1, 4), dtype=bool), 1e-3)[0]
        load = (1 - beta) * load + beta * load.sum() * strategy
        spread.append(float(np.ptp(load)))
    return spread


@pytest.mark.parametrize(("rho", "beta"), [(0.4, 1.0), (0.7, 0.5), (0.9, 0.15), (0.7, 0.59)])
def test_sampling_contracts_while_beta_is_below_twice_the_headroom(rho: float, beta: float) -> None:
    assert beta < 2 * (1 - rho)
    assert expected_spread(rho, beta)[-1] < 0.5 * expected_spread(rho, beta)[0]


@pytest.mark.parametrize(("rho", "beta"), [(0.7, 1.0), (0.9, 0.3), (0.7, 0.65)])
def test_sampling_oscillates_beyond(rho: float, beta: float) -> None:
    assert beta > 2 * (1 - rho)
    assert expected_spread(rho, beta)[-1] > expected_spread(rho, beta)[0]


def test_sampling_all_at_once_keeps_a_noise_floor_that_greed_does_not() -> None:
    """Eq (6) leaves a deviation of rho sqrt((n - 1) / m) with m equal UEs on n cells: 0.25 rho here."""
    scenario = Scenario(
        n_gnbs=4, n_ues=48, demand_distribution="constant", demand_mbps=2.0, shadowing=False, snr_gap_db=0.0
    )
    sampling = GtRlConfig(selection="none", rate="measured", epsilon=1.0, epsilon_decay=1.0)
    floor, last = load_deviation(sampling, scenario, 1)
    rho = float(needed_airtime(last.serving, last.demand_bps, last.rate_bps).mean())
    assert floor[10:].mean() == pytest.approx(0.25 * rho, rel=0.3)
    greedy, _ = load_deviation(GtRlConfig(epsilon=0.0, min_saving=0.0), scenario, 1)
    assert greedy[-10:].mean() < 0.5 * floor[10:].mean()


@pytest.mark.parametrize("preset", ["fig5", "fig7"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_greed_all_at_once_herds_and_the_defaults_settle(preset: str, seed: int) -> None:
    scenario = PRESETS[preset]
    herd, _ = load_deviation(GtRlConfig(selection="none"), scenario, seed, sib_loss=0.1, load_noise=0.05)
    calm, _ = load_deviation(GtRlConfig(), scenario, seed, sib_loss=0.1, load_noise=0.05)
    assert herd[-20:].mean() > herd[0]
    assert calm[-20:].mean() < 0.1
    assert calm[-20:].mean() < 0.3 * herd[-20:].mean()

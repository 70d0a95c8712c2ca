# SPDX-License-Identifier: GPL-2.0-only
"""What is drawn: slices, SNRs, demands and how they change; what the program on ns-3 is told of them."""

import dataclasses

import numpy as np
import pytest

from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.scenarios.nr import SLOT_S
from pyagents.scenarios.sliced_network import Scenario
from pyagents.scenarios.sliced_network.demand import N_LEVELS, change_threshold, gamma_levels
from pyagents.scenarios.sliced_network.mock.levels import draw_levels, mixed
from pyagents.scenarios.sliced_network.rates import LOWEST_SNR_DB, goodput_bps, over_fading, rate_bps
from pyagents.scenarios.sliced_network.scenario import PRESETS
from pyagents.scenarios.sliced_network.world import draw_world
from pyagents.simulators.ns3 import scenario_flags

SITES = Scenario(n_sites=3, ues_per_site=20)
LONGEST_ARGUMENT = 2**17
"""What Linux takes, byte."""


@pytest.mark.parametrize("variation", [0.1, 0.5, 1.0, 1.5, 2.0])
def test_levels_have_the_mean_and_spread_of_the_gamma_distribution(variation: float) -> None:
    levels = gamma_levels(variation)
    assert levels.mean() == pytest.approx(1.0, abs=1e-6)
    assert levels.std() == pytest.approx(variation, rel=0.03)  # means of bins spread a little less
    assert (np.diff(levels) > 0).all()


def test_levels_of_an_exponential_distribution_are_those_in_closed_form() -> None:
    edges = np.arange(N_LEVELS) / N_LEVELS
    below = -(1 - edges) * (1 - np.log1p(-edges))  # integral of x exp(-x) up to the quantile, less 1
    means = np.diff(np.append(below, 0.0)) * N_LEVELS
    assert gamma_levels(1.0) == pytest.approx(means, rel=3e-3)


def test_mixed_numbers_are_those_of_splitmix64() -> None:
    mixes = int(mixed(np.uint64(1), np.uint64(0), np.uint64(0)))
    assert mixes == 0xE220A8397B1DCDAF  # first output of the generator from state 0


def test_demands_hold_as_long_as_they_are_to() -> None:
    level, changes = np.ones((1, 200, 2)), 0
    levels, threshold = gamma_levels(0.5), np.uint64(change_threshold(20))
    draw_levels(np.array([5], np.uint64), 0, threshold, levels, level)
    for step in range(1, 501):
        before = level.copy()
        draw_levels(np.array([5], np.uint64), step, threshold, levels, level)
        changes += int((level != before).sum())
    assert changes / (500 * 400) == pytest.approx(63 / 64 / 20, rel=0.03)  # one in 64 draws the same


@pytest.mark.parametrize("spread", [0.0, 0.4])
def test_each_site_has_its_load_of_both_resources(spread: float) -> None:
    scenario = dataclasses.replace(SITES, load=0.8, load_spread=spread)
    world = draw_world(scenario, 3)
    loads = np.stack(
        [
            (world.demand[:, 0] / world.mean_rate_bps).reshape(3, 20).sum(axis=1),
            (world.demand[:, 1] / scenario.cpu_capacity).reshape(3, 20).sum(axis=1),
        ]
    )
    assert loads[0] == pytest.approx(loads[1], rel=1e-4)
    assert (abs(loads / 0.8 - 1) <= spread + 1e-4).all()
    assert (loads.std(axis=1) > 0.01).all() == bool(spread)


def test_sites_are_alike_or_as_unlike_as_the_concentration_says() -> None:
    counts = [
        np.stack([np.bincount(one, minlength=3) for one in draw_world(scenario, 2).slices.reshape(50, 40)])
        for scenario in (
            Scenario(n_sites=50, ues_per_site=40),
            Scenario(n_sites=50, ues_per_site=40, dirichlet_alpha=10),
            Scenario(n_sites=50, ues_per_site=40, dirichlet_alpha=0.3),
        )
    ]
    assert (counts[0] == [20, 8, 12]).all()
    assert all((one.sum(axis=1) == 40).all() for one in counts)
    assert 0 < counts[1].std(axis=0).max() < counts[2].std(axis=0).min()


def test_a_site_alone_is_what_it_is_among_others() -> None:
    many = Scenario(n_sites=4, dirichlet_alpha=0.5, load_spread=0.5)
    third = dataclasses.replace(many, n_sites=1, first_site=2)
    assert np.array_equal(draw_world(third, 9).slices, draw_world(many, 1).slices[100:150])
    worlds = draw_world(third, 9), draw_world(many, 1)
    (alone,), among = ((one.demand[:, 1].reshape(-1, 50).sum(axis=1)) for one in worlds)
    assert alone == pytest.approx(among[2], rel=1e-4)
    assert not np.array_equal(worlds[0].mean_snr_db, worlds[1].mean_snr_db[100:150])
    other = draw_world(dataclasses.replace(many, sites_seed=2), 1)
    assert not np.array_equal(other.slices, worlds[1].slices)


def test_another_load_leaves_slices_and_snrs_as_they_are() -> None:
    few, many = draw_world(SITES, 7), draw_world(dataclasses.replace(SITES, load=1.2), 7)
    assert np.array_equal(few.slices, many.slices)
    assert np.array_equal(few.mean_snr_db, many.mean_snr_db)
    assert not np.array_equal(few.mean_snr_db, draw_world(SITES, 8).mean_snr_db)


def test_a_rate_in_the_mean_over_fading_is_that_of_drawn_blocks() -> None:
    rng = np.random.default_rng(4)
    for diversity in (1, 4):
        drawn = rng.gamma(diversity, 1 / diversity, 40_000)
        for snr_db in (6.0, 18.0):
            blocks_db = snr_db + 10 * np.log10(drawn)
            (mean,) = over_fading(np.array([snr_db]), diversity).mean_bps
            assert mean == pytest.approx(rate_bps(blocks_db).mean(), rel=0.02)
            faded, rates = over_fading(np.array([snr_db]), diversity, 500), goodput_bps(blocks_db, 500)
            cost = rates.mean() / rates[rates > 0]
            found = faded.mean_bps[0], faded.cost[0], faded.cost_variance[0]
            assert found == pytest.approx((rates.mean(), cost.mean(), cost.var()), rel=0.05)


def test_small_packets_take_more_of_the_carrier() -> None:
    snr_db = np.linspace(0, 40, 300)
    full, some, few = rate_bps(snr_db), goodput_bps(snr_db, 1400), goodput_bps(snr_db, 100)
    assert (few / full).mean() < (some / full).mean() < 1
    assert some[-1] == pytest.approx(51 * 11200 / 12 / SLOT_S)  # twelve PRBs for 11200 bit
    assert few[-1] == pytest.approx(51 * 800 / SLOT_S)  # a PRB for 800 bit


def test_a_hall_that_is_out_of_range_is_refused() -> None:
    near = draw_world(Scenario(n_sites=1, mean_snr="hall"), 1).mean_snr_db
    assert near.min() >= LOWEST_SNR_DB
    assert (rate_bps(near) > 0).all()
    with pytest.raises(ImpossibleScenarioError, match=r"cell_radius_m=1000 .* tx_power_dbm=-20"):
        draw_world(Scenario(mean_snr="hall", cell_radius_m=1000.0, tx_power_dbm=-20.0), 1)


def test_the_program_is_told_of_the_world() -> None:
    flags = dict(flag.removeprefix("--").split("=") for flag in scenario_flags(SITES, 2))
    world = draw_world(SITES, 2)
    assert flags["nSites"] == "3"
    assert [float(one) for one in flags["demandBps"].split(":")] == world.demand[:, 0].tolist()
    assert [float(one) for one in flags["meanSnrDb"].split(":")] == world.mean_snr_db.tolist()
    assert flags["demandChange"] == str(world.change)


def test_the_largest_network_can_be_told() -> None:
    most = Scenario(n_sites=50, ues_per_site=200)
    assert max(map(len, scenario_flags(most, 1))) < LONGEST_ARGUMENT


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mmtc_share": 0.5}, r"mmtc_share=0\.5 is not allowed .* must be 0\.3"),
        ({"snr_low_db": 30.0}, r"snr_high_db=25 is not allowed: must be at least snr_low_db=30"),
        ({"fading": "rayleigh", "coherence_ms": 30}, r"coherence_ms=30 .* divisor of step_ms=100"),
        ({"n_sites": 0}, r"n_sites=0 is not allowed: must be at least 1 and at most 50"),
        ({"scheduler": "edf"}, r"scheduler='edf' .* one of qos, pf, rr, max-rate"),
    ],
)
def test_bad_fields_are_named(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Scenario(**fields)  # type: ignore[arg-type]


def test_presets_are_the_papers_size_and_smaller() -> None:
    assert PRESETS["fdrl"].sizes()["U"] == 500
    assert all(draw_world(preset, 1).slices.size == preset.n_ues for preset in PRESETS.values())

# SPDX-License-Identifier: GPL-2.0-only
"""What is drawn from a scenario and a seed: who is in which slice, how well UEs hear, what they ask for.

What sites are, their slices and loads, is the same in all runs; how well UEs hear, and what they ask for, is
drawn for each. Each has a generator of its own, so that another load leaves slices and SNRs as they are.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.nr import noise_dbm
from pyagents.scenarios.sliced_network.demand import change_threshold, gamma_levels
from pyagents.scenarios.sliced_network.rates import (
    LOWEST_SNR_DB,
    Faded,
    goodput_bps,
    over_fading,
    rate_bps,
)
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.slices import SERVICES, Slice

_SLICES, _PLACES, _LOADS = 1, 2, 3
_MOST_DRAWS = 1000

_CARRIER_GHZ = 3.5
_NOISE_FIGURE_DB = 9.0
_CELL_HEIGHT_M, _UE_HEIGHT_M = 8.0, 1.5
_CLUTTER_DENSITY, _CLUTTER_SIZE_M, _CLUTTER_HEIGHT_M = 0.6, 2.0, 6.0
"""InF-DH (TR 38.901 Table 7.2-4): a cell above the clutter, UEs in it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """All that a run does not decide."""

    seed: int
    """Number of the run."""
    slices: Ints
    """[U] slice of each UE; those of a site in their order."""
    mean_snr_db: Floats
    """[U] mean SNRs."""
    mean_rate_bps: Floats
    """[U] what the whole carrier would deliver of its packets, in the mean over fading."""
    sent_rate_bps: Floats
    """[U] what it would send in full slots."""
    prb_cost: Floats
    """[U] see `Faded.cost`; 1 without fading."""
    prb_cost_variance: Floats
    """[U] see `Faded.cost_variance`; 0 without fading."""
    demand: Floats
    """[U, R] mean demands: bit/s, work/s."""
    levels: Floats
    """[64] what a demand is, over its mean."""
    change: int
    """A demand is drawn anew where a mixed number's high half is below it."""


@lru_cache(maxsize=256)
def draw_world(scenario: Scenario, seed: int) -> World:
    """Draw the world of a run: the same for equal scenarios and seeds.

    Args:
        scenario: situation.
        seed: number of the random run, 1 or above.

    Raises:
        ValueError: the seed is below 1.
        ImpossibleScenarioError: UEs in the hall are out of range.
    """
    if seed < 1:
        raise ValueError(f"seed={seed} is not allowed: must be at least 1")
    slices = _draw_slices(scenario)
    mean_snr_db = np.round(_draw_snr_db(scenario, np.random.default_rng([seed, _PLACES])), 3)
    rates = _rates(scenario, slices, mean_snr_db)
    mean_rate_bps = np.round(rates.mean_bps)
    sent = (
        rate_bps(mean_snr_db)
        if scenario.fading == "none"
        else over_fading(mean_snr_db, scenario.diversity).mean_bps
    )
    world = World(
        seed=seed,
        slices=slices,
        mean_snr_db=mean_snr_db,
        mean_rate_bps=mean_rate_bps,
        sent_rate_bps=sent,
        prb_cost=rates.cost,
        prb_cost_variance=rates.cost_variance,
        demand=_demands(scenario, slices, mean_rate_bps, _draw_loads(scenario)),
        levels=gamma_levels(scenario.demand_variation),
        change=change_threshold(scenario.demand_period_steps),
    )
    for array in (slices, mean_snr_db, mean_rate_bps, sent, *rates[1:], world.demand):
        array.setflags(write=False)
    return world


def program_values(scenario: Scenario, seed: int) -> Mapping[str, object]:
    """What the ns-3 program is told, by name; docs/sliced-network.md lists it.

    Raises:
        ImpossibleScenarioError: see `draw_world`.
    """
    world, fields = draw_world(scenario, seed), scenario.to_dict()
    return {name: fields[name] for name in _TOLD} | {
        "slices": _spell(world.slices),
        "mean_snr_db": _spell(world.mean_snr_db),
        "mean_rate_bps": _spell(world.mean_rate_bps),
        "demand_bps": _spell(world.demand[:, 0]),
        "cpu_demand": _spell(world.demand[:, 1]),
        "demand_levels": _spell(world.levels),
        "demand_change": world.change,
    }


_TOLD = (
    "steps",
    "step_ms",
    "n_sites",
    "ues_per_site",
    "scheduler",
    "is_reserved",
    "fading",
    "coherence_ms",
    "diversity",
    "embb_packet_bytes",
    "urllc_packet_bytes",
    "mmtc_packet_bytes",
    "cpu_capacity",
    "job_work",
    "cpu_queue_jobs",
)


def _spell(numbers: Floats | Ints) -> str:
    return ":".join(repr(number).removesuffix(".0") for number in numbers.tolist())


def _draw_slices(scenario: Scenario) -> Ints:
    """[U] by each site's shares, the largest remainders rounded up."""
    shares = np.tile(scenario.slice_shares, (scenario.n_sites, 1))
    if scenario.dirichlet_alpha:
        some = shares[0] > 0
        around = scenario.dirichlet_alpha * len(Slice) * shares[0, some]
        shares[:, some] = [rng.dirichlet(around) for rng in _of_sites(scenario, _SLICES)]
    counts = np.floor(shares * scenario.ues_per_site + 1e-9)
    for count, share in zip(counts, shares, strict=True):
        missing = scenario.ues_per_site - int(count.sum())
        remainder = share * scenario.ues_per_site - count
        count[np.argsort(-remainder, kind="stable")[:missing]] += 1
    return np.repeat(np.tile(np.arange(len(Slice)), scenario.n_sites), counts.ravel().astype(int)).astype(
        np.int32
    )


def _draw_snr_db(scenario: Scenario, rng: np.random.Generator) -> Floats:
    """[U] mean SNRs."""
    if scenario.mean_snr == "range":
        return rng.uniform(scenario.snr_low_db, scenario.snr_high_db, scenario.n_ues)
    found = np.empty(0)
    for _ in range(_MOST_DRAWS):
        drawn = _snr_in_hall_db(scenario, rng, scenario.n_ues)
        found = np.concatenate([found, drawn[drawn >= LOWEST_SNR_DB]])
        if len(found) >= scenario.n_ues:
            return found[: scenario.n_ues]
    raise ImpossibleScenarioError(
        f"mean_snr='hall': nearly all places within cell_radius_m={scenario.cell_radius_m:g} are out of "
        f"range with tx_power_dbm={scenario.tx_power_dbm:g}: make the one less or the other more"
    )


def _snr_in_hall_db(scenario: Scenario, rng: np.random.Generator, n: int) -> Floats:
    """[n] SNRs at places anywhere in the disc, InF-DH (TR 38.901 Tables 7.4.1-1 and 7.4.2-1)."""
    flat_m = scenario.cell_radius_m * np.sqrt(rng.uniform(size=n))
    distance_m = np.maximum(np.hypot(flat_m, _CELL_HEIGHT_M - _UE_HEIGHT_M), 1.0)
    above = (_CELL_HEIGHT_M - _UE_HEIGHT_M) / (_CLUTTER_HEIGHT_M - _UE_HEIGHT_M)
    decay_m = -_CLUTTER_SIZE_M / math.log(1 - _CLUTTER_DENSITY) * above
    has_los = rng.uniform(size=n) < np.exp(-flat_m / decay_m)
    decades, octaves = np.log10(distance_m), math.log10(_CARRIER_GHZ)
    los_db = 31.84 + 21.5 * decades + 19.0 * octaves
    nlos_db = np.maximum(los_db, 33.63 + 21.9 * decades + 20.0 * octaves)
    shadowing_db = rng.standard_normal(n) * np.where(has_los, 4.3, 4.0)
    loss_db = np.where(has_los, los_db, nlos_db) + shadowing_db
    snr_db: Floats = scenario.tx_power_dbm - loss_db - noise_dbm(_NOISE_FIGURE_DB)
    return snr_db


def _rates(scenario: Scenario, slices: Ints, mean_snr_db: Floats) -> Faded:
    """[U] goodput of each slice's packets, and what it costs under fading."""
    made = np.stack([np.empty(len(slices)), np.ones(len(slices)), np.zeros(len(slices))])
    for one, size in enumerate(scenario.packet_bytes):
        here = slices == one
        if scenario.fading == "none":
            made[0, here] = goodput_bps(mean_snr_db[here], size)
        else:
            made[:, here] = over_fading(mean_snr_db[here], scenario.diversity, size)
    return Faded(*made)


def _draw_loads(scenario: Scenario) -> Floats:
    """[E] loads of sites."""
    low, high = 1 - scenario.load_spread, 1 + scenario.load_spread
    return scenario.load * np.array([rng.uniform(low, high) for rng in _of_sites(scenario, _LOADS)])


def _of_sites(scenario: Scenario, what: int) -> list[np.random.Generator]:
    """[E] a generator a site, the same in all runs."""
    numbers = range(scenario.first_site, scenario.first_site + scenario.n_sites)
    return [np.random.default_rng([scenario.sites_seed, what, number]) for number in numbers]


def _demands(scenario: Scenario, slices: Ints, mean_rate_bps: Floats, loads: Floats) -> Floats:
    """[U, R] mean demands in proportion to the services' weights, such that each site has its load."""
    sites = scenario.n_sites, scenario.ues_per_site
    radio = np.array([service.radio_weight for service in SERVICES])[slices]
    computing = np.array([service.computing_weight for service in SERVICES])[slices]
    airtime = (radio / mean_rate_bps).reshape(sites).sum(axis=1)
    work = computing.reshape(sites).sum(axis=1) / scenario.cpu_capacity
    of_ue = np.repeat(np.arange(scenario.n_sites), scenario.ues_per_site)
    return np.stack(
        [
            np.maximum(np.round(radio * (loads / airtime)[of_ue]), 1.0),
            np.maximum(np.round(computing * (loads / work)[of_ue], 3), 1e-3),
        ],
        axis=1,
    )

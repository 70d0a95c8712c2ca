# SPDX-License-Identifier: GPL-2.0-only
"""Heads, clusters and routes: on paper, and beside the rules word by word."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from pyagents.scenarios.iot_edge.balance import cluster_sums, evenness, reward
from pyagents.scenarios.iot_edge.mock.planning import Plan, lay_out, plan, weight_scales
from pyagents.scenarios.iot_edge.mock.traffic import carry
from pyagents.scenarios.iot_edge.scenario import Scenario, to_mm
from tests.iot_edge import reference

Places = list[tuple[int, int]]


def plan_one(
    scenario: Scenario,
    devices: Places,
    cores: Places,
    level: list[int] | None = None,
    assigned: list[int] | None = None,
) -> Plan:
    return plan(
        lay_out(scenario, [np.array(devices)]),
        np.zeros(1, np.int64),
        np.array([cores]),
        np.array([level or [0] * len(cores)], np.int32),
        np.array([assigned or [-1] * len(devices)], np.int32),
    )


LINE = [(0, 0), (2000, 0), (4000, 0), (6000, 0), (8000, 0)]
"""Five devices in a row, 2 m apart: links between neighbours alone."""


def scenario_of(devices: Places, cores: Places) -> Scenario:
    return Scenario(n_devices=len(devices), n_servers=len(cores))


def test_a_row_of_five_and_two_cores() -> None:
    """The middle device is as near to one head as to the other: the lower cluster has it."""
    made = plan_one(scenario_of(LINE, LINE[:2]), LINE, [(0, 0), (8000, 0)])
    assert made.head.tolist() == [[0, 4]]
    assert made.cluster.tolist() == [[0, 0, 0, 1, 1]]
    assert made.parent.tolist() == [[-1, 0, 1, 4, -1]]
    assert made.hops.tolist() == [[1, 2, 3, 2, 1]]


def test_a_weight_moves_the_border() -> None:
    """Distances of 4 m: by 1.25 on one side the middle device changes over."""
    shrunk = plan_one(scenario_of(LINE, LINE[:2]), LINE, [(0, 0), (8000, 0)], level=[1, 0])
    assert shrunk.cluster.tolist() == [[0, 0, 1, 1, 1]]
    expanded = plan_one(scenario_of(LINE, LINE[:2]), LINE, [(0, 0), (8000, 0)], level=[-5, 0])
    assert expanded.cluster.tolist() == [[0, 0, 0, 0, 1]]  # 6 m / 1.25^5 = 1.97 m, below 2 m
    assert plan_one(scenario_of(LINE, LINE[:2]), LINE, [(0, 0), (8000, 0)], level=[-4, 0]).cluster[0, 3] == 1


def test_two_cores_with_one_head_leave_the_higher_cluster_empty() -> None:
    made = plan_one(scenario_of(LINE, LINE[:2]), LINE, [(100, 0), (0, 100)])
    assert made.head.tolist() == [[0, -1]]
    assert set(made.cluster.ravel()) == {0}


def test_a_core_between_two_devices_takes_the_lower() -> None:
    assert plan_one(scenario_of(LINE, LINE[:1]), LINE, [(3000, 0)]).head.tolist() == [[1]]


def test_the_nearest_parent_and_of_equals_the_lower() -> None:
    #        1 (2 m away from 3)
    # head 0                     3
    #        2 (also)
    devices = [(0, 0), (1500, 1500), (1500, -1500), (3000, 0)]
    made = plan_one(scenario_of(devices, devices[:1]), devices, [(0, 0)])
    assert made.hops.tolist() == [[1, 2, 2, 2]]  # 3 m away: on the edge of the range
    devices[3] = (3001, 0)
    assert plan_one(scenario_of(devices, devices[:1]), devices, [(0, 0)]).parent.tolist() == [[-1, 0, 0, 1]]
    devices[3] = (3001, -1)
    assert plan_one(scenario_of(devices, devices[:1]), devices, [(0, 0)]).parent.tolist() == [[-1, 0, 0, 2]]


def test_routes_stay_in_their_cluster() -> None:
    """Device 1 is assigned elsewhere: what is behind it cannot be reached."""
    made = plan_one(scenario_of(LINE, LINE[:2]), LINE, [(0, 0), (2000, 0)], assigned=[0, 1, 0, 0, 0])
    assert made.head.tolist() == [[0, 1]]
    assert made.hops.tolist() == [[1, 1, 0, 0, 0]]
    assert made.parent.tolist() == [[-1, -1, -2, -2, -2]]


def test_heads_are_found_among_the_assigned() -> None:
    """Core 1 is at device 0, which belongs elsewhere; those without an assignment fill the rest."""
    made = plan_one(scenario_of(LINE, LINE[:2]), LINE, [(0, 0), (0, 0)], assigned=[0, -1, 1, 1, -1])
    assert made.head.tolist() == [[0, 2]]
    assert made.cluster.tolist() == [[0, 0, 1, 1, 1]]


def test_loads_on_paper() -> None:
    """Hops are 1 + 2 + 3 and 2 + 1; a vehicle beside the last device makes its message three times longer."""
    scenario = dataclasses.replace(scenario_of(LINE, LINE[:2]), sensing_range_m=1.0)
    made = plan_one(scenario, LINE, [(0, 0), (8000, 0)])
    traffic = carry(scenario, np.array([LINE]), np.array([[(8000, 1000)]]), made)
    assert traffic.sensing.tolist() == [[0, 0, 0, 0, 1]]
    assert traffic.sent_messages.tolist() == [[3, 2, 1, 1, 2]]
    assert traffic.sent_bytes.tolist() == [[3000, 2000, 1000, 1000, 4000]]
    assert traffic.received_bytes.tolist() == [[3000, 4000]]
    hops = cluster_sums(made.cluster, made.hops, 2)
    assert hops.tolist() == [[6, 3]]
    gamma, delta = evenness(hops), evenness(traffic.received_bytes)
    assert gamma == pytest.approx([1 - 1.5 / 4.5])
    assert delta == pytest.approx([1 - 500 / 3500])
    assert reward(gamma, delta) == pytest.approx([2 / 3 * 6 / 7])


@pytest.mark.parametrize(
    ("loads", "even"), [([5, 5, 5], 1), ([0, 0, 0], 0), ([9, 0, 0], 2 / 3 - 1), ([1, 3], 0.5), ([4, 0], 0)]
)
def test_evenness_on_paper(loads: list[int], even: float) -> None:
    assert evenness(loads) == pytest.approx(even)


def test_two_negatives_make_no_reward() -> None:
    assert reward([-0.3, -0.5, 0.5], [-0.2, 0.5, 0.5]).tolist() == [0, 0, 0.25]


def test_weights_are_powers_of_the_paper() -> None:
    scales = weight_scales(Scenario(weight_levels=2))
    assert scales == pytest.approx([0.8**4, 0.8**2, 1, 1.25**2, 1.25**4])


@pytest.mark.parametrize("seed", range(200))
def test_random_areas_follow_the_rules_word_by_word(seed: int) -> None:
    """Places on a coarse grid, so that there are ties; some devices assigned."""
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(1, 90)), int(rng.integers(1, 6))
    grid = int(rng.choice([1, 250, 1000]))
    devices = (rng.integers(0, 15_000 // grid + 1, (n, 2)) * grid).tolist()
    cores = (rng.integers(0, 15_000 // grid + 1, (k, 2)) * grid).tolist()
    level = rng.integers(-10, 11, k).tolist()
    assigned = np.where(rng.random(n) < rng.choice([0, 0.3, 1]), rng.integers(0, k, n), -1).tolist()
    to_core = bool(rng.random() < 0.3)
    scenario = Scenario(
        n_devices=n,
        n_servers=k,
        link_range_m=float(rng.choice([1, 3, 4.5])),
        interference_range_m=6.0,
        distance_to="core" if to_core else "head",
    )
    expected = reference.plan(
        [tuple(place) for place in devices],
        [tuple(place) for place in cores],
        level,
        assigned,
        range_mm=to_mm(scenario.link_range_m),
        to_core=to_core,
    )
    made = plan_one(scenario, devices, cores, level, assigned)
    assert made.head[0].tolist() == expected.head
    assert made.cluster[0].tolist() == expected.cluster
    assert made.hops[0].tolist() == expected.hops
    assert made.parent[0].tolist() == expected.parent
    hops = [
        sum(h for h, c in zip(expected.hops, expected.cluster, strict=True) if c == own) for own in range(k)
    ]
    exact: Fraction = reference.evenness(hops)
    assert evenness(cluster_sums(made.cluster, made.hops, k))[0] == pytest.approx(float(exact), abs=1e-12)

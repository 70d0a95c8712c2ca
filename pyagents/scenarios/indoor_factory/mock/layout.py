# SPDX-License-Identifier: GPL-2.0-only
"""Where nodes stand, what each UE asks for, and the links between them: drawn once a run."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Mask
from pyagents.scenarios.indoor_factory.mock.line_of_sight import (
    LosRule,
    conditioned,
    grid_shape,
    los_probability,
    los_rule,
    see,
)
from pyagents.scenarios.indoor_factory.mock.propagation import PROPAGATION
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB, Snapshot

UNDETECTED_DB = 25.0
"""Shadow fading of a link on which a UE detects nothing."""
MAX_DRAWS = 100_000
"""Draws of a random layout before giving up."""


class Layout(NamedTuple):
    """One hall as it is at the start, or with a leading batch axis many halls.

    U UEs, of which the first M move; N nodes that transmit: G gNBs, then Wi-Fi access points.
    """

    node_position_m: Floats
    """[N, 3] positions of the nodes, m."""
    ue_position_m: Floats
    """[U, 3] positions of the UEs, m."""
    waypoint_m: Floats
    """[M, 2] where the moving UEs go first."""
    demand_bps: Floats
    """[U] guaranteed bit rates."""
    packet_phase: Floats
    """[U] arrival of the first packet, as a share of the interval between packets."""
    has_los: Mask
    """[N, U] whether node and UE see each other at the start."""
    los_field: Floats
    """[N, X, Y] each node's random field by which it sees UEs, see `line_of_sight`; [N, 0, 0]: none."""
    shadowing_db: Floats
    """[N, U] shadow fading at the start."""
    node_loss_db: Floats
    """[N, N] path loss with shadow fading between nodes, symmetric."""
    wifi_chance: Floats
    """[N - G] uniform numbers: which access points have traffic at first."""


def n_mobile(scenario: Scenario) -> int:
    """How many UEs move: the share of all, rounded half up."""
    return math.floor(scenario.mobile_share * scenario.n_ues + 0.5)


def grid_positions_m(scenario: Scenario) -> Floats:
    """[G, 3] gNBs each in the middle of its share of the hall, shares as nearly square as rows allow.

    Where the number does not fill the rows, the first rows have one more than the last.
    """
    n, length, width = scenario.n_gnbs, scenario.hall_length_m, scenario.hall_width_m
    rows = min(max(math.floor(math.sqrt(n * width / length) + 0.5), 1), n)
    places = [
        (length * (column + 0.5) / columns, width * (row + 0.5) / rows, scenario.gnb_height_m)
        for row in range(rows)
        for columns in [n // rows + (row < n % rows)]
        for column in range(columns)
    ]
    return np.array(places)


def draw_gnbs_m(scenario: Scenario, rng: np.random.Generator) -> Floats:
    """[G, 3] gNBs at random, drawn again until every point of a 1 m raster is near enough to one.

    Raises:
        ImpossibleScenarioError: no draw covers the hall.
    """
    x, y = np.meshgrid(np.arange(scenario.hall_length_m + 1e-9), np.arange(scenario.hall_width_m + 1e-9))
    raster = np.column_stack([x.ravel(), y.ravel()])
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) * raster.max(axis=0)
    for _ in range(MAX_DRAWS):
        positions = _draw_positions_m(scenario, scenario.n_gnbs, scenario.gnb_height_m, rng)
        # The corners first: they rule out most draws.
        if all(_covers(positions, points, scenario.coverage_radius_m) for points in (corners, raster)):
            return positions
    raise ImpossibleScenarioError(
        f"coverage_radius_m={scenario.coverage_radius_m:g}: in {MAX_DRAWS} draws no random layout of "
        f"{scenario.n_gnbs} gNBs covers the hall; allow a larger radius or more gNBs"
    )


def draw_layout(scenario: Scenario, rng: np.random.Generator) -> Layout:
    """Draw a hall. The same generator puts UEs in the same places whatever the nodes.

    Raises:
        ImpossibleScenarioError: no random layout covers the hall.
    """
    ues = _draw_positions_m(scenario, scenario.n_ues, scenario.ue_height_m, rng)
    demand = _draw_demand_bps(scenario, rng)
    phase = rng.random(scenario.n_ues)
    waypoint = _draw_positions_m(scenario, n_mobile(scenario), 0.0, rng)[:, :2]
    gnbs = grid_positions_m(scenario) if scenario.gnb_layout == "grid" else draw_gnbs_m(scenario, rng)
    access_points = _draw_positions_m(scenario, scenario.n_wifi_aps, scenario.gnb_height_m, rng)
    nodes = np.concatenate([gnbs, access_points])
    chance = los_probability(
        scenario.propagation,
        distance_m(nodes[:, :2], ues[:, :2]),
        scenario.gnb_height_m,
        scenario.ue_height_m,
    )
    has_los: Mask = rng.random(chance.shape) < chance
    shadowing = _draw_shadowing_db(scenario, has_los, rng)
    node_loss = _draw_node_loss_db(scenario, nodes, rng)
    wifi_chance = rng.random(scenario.n_wifi_aps)
    rule = rule_of(scenario)
    field = np.empty((len(nodes), 0, 0))
    if scenario.los_state == "consistent":
        shape = grid_shape(rule, scenario.hall_length_m, scenario.hall_width_m)
        field = rng.standard_normal((len(nodes), *shape))
        has_los = see(field, nodes, ues, rule)
    return Layout(
        node_position_m=nodes,
        ue_position_m=ues,
        waypoint_m=waypoint,
        demand_bps=demand,
        packet_phase=phase,
        has_los=has_los,
        los_field=field,
        shadowing_db=shadowing,
        node_loss_db=node_loss,
        wifi_chance=wifi_chance,
    )


def layout_like(scenario: Scenario, seen: Snapshot, rng: np.random.Generator) -> Layout:
    """A hall in which UEs stand, ask and receive gNBs as a Snapshot shows; what it does not show is drawn.

    So the mock can be played in a hall that ns-3 drew, with the same links between gNBs. Hidden are access
    points. Line of sight is assumed where fewer standard deviations of shadow fading explain the link with
    it; the fields of those that walk are made to fit.

    Args:
        scenario: of the Snapshot.
        seen: the first of a run.
        rng: draws the rest.

    Raises:
        ImpossibleScenarioError: no random layout covers the hall.
    """
    drawn, g, model = draw_layout(scenario, rng), scenario.n_gnbs, PROPAGATION[scenario.propagation]
    distance = distance_m(seen.gnb_position_m, seen.ue_position_m)
    loss = scenario.gnb_tx_power_dbm - (seen.rsrp_dbm.T + RESOURCE_ELEMENTS_DB)
    known = np.isfinite(loss)
    fading, deviations = [], []
    for los in (np.ones_like(known), np.zeros_like(known)):
        fading.append(loss - model.loss_db(distance, scenario.carrier_frequency_ghz, los))
        deviations.append(np.abs(fading[-1]) / model.shadowing_std_db(los))
    sees = known & (deviations[0] < deviations[1])
    has_los, shadowing = drawn.has_los.copy(), drawn.shadowing_db.copy()
    has_los[:g] = sees
    shadowing[:g] = np.where(known, np.where(sees, *fading), UNDETECTED_DB)
    position, field, m = drawn.node_position_m.copy(), drawn.los_field.copy(), n_mobile(scenario)
    position[:g] = seen.gnb_position_m
    if field.size and m:
        walking = seen.ue_position_m[:m]
        field[:g] = conditioned(field[:g], position[:g], walking, sees[:, :m], rule_of(scenario), rng)
    between_nodes, itself = drawn.node_loss_db.copy(), np.eye(g, dtype=bool)
    between_nodes[:g, :g] = np.where(
        itself,
        between_nodes[:g, :g],
        scenario.gnb_tx_power_dbm - (seen.gnb_rsrp_dbm + RESOURCE_ELEMENTS_DB),
    )
    return drawn._replace(
        node_position_m=position,
        ue_position_m=seen.ue_position_m.copy(),
        demand_bps=seen.demand_bps.copy(),
        has_los=has_los,
        los_field=field,
        shadowing_db=shadowing,
        node_loss_db=between_nodes,
    )


def stack(layouts: Sequence[Layout]) -> Layout:
    """Many halls as one Layout with a leading batch axis."""
    return Layout(*map(np.stack, zip(*layouts, strict=True)))


def distance_m(a_m: Floats, b_m: Floats) -> Floats:
    """[..., A, B] distances between points [..., A, D] and [..., B, D]."""
    difference = a_m[..., :, None, :] - b_m[..., None, :, :]
    distance: Floats = np.sqrt(np.square(difference).sum(axis=-1))
    return distance


def _draw_positions_m(scenario: Scenario, n: int, height_m: float, rng: np.random.Generator) -> Floats:
    places = rng.random((n, 2)) * (scenario.hall_length_m, scenario.hall_width_m)
    return np.column_stack([places, np.full(n, height_m)])


def _covers(positions_m: Floats, points_m: Floats, radius_m: float) -> bool:
    return bool((distance_m(points_m, positions_m[:, :2]).min(axis=1) <= radius_m).all())


def _draw_demand_bps(scenario: Scenario, rng: np.random.Generator) -> Floats:
    mean, n = scenario.demand_mbps, scenario.n_ues
    match scenario.demand_distribution:
        case "uniform":
            demand = mean + scenario.demand_width_mbps * (rng.random(n) - 0.5)
        case "gamma":
            scale = scenario.demand_variance_mbps2 / mean
            demand = rng.gamma(mean / scale, scale, n)
        case _:
            demand = np.full(n, mean)
    return np.maximum(demand, 1e-6) * 1e6


def rule_of(scenario: Scenario) -> LosRule:
    """By what UEs of a hall have line of sight."""
    diagonal_m = math.hypot(scenario.hall_length_m, scenario.hall_width_m)
    return los_rule(scenario.propagation, diagonal_m, scenario.gnb_height_m, scenario.ue_height_m)


def _draw_shadowing_db(scenario: Scenario, has_los: Mask, rng: np.random.Generator) -> Floats:
    """Shadow fading of links with and without line of sight."""
    normals = rng.standard_normal(has_los.shape)
    return normals * PROPAGATION[scenario.propagation].shadowing_std_db(has_los) * scenario.shadowing


def _draw_node_loss_db(scenario: Scenario, nodes_m: Floats, rng: np.random.Generator) -> Floats:
    """[N, N] path loss with shadow fading between nodes, all of one height."""
    height = scenario.gnb_height_m
    chance = los_probability(scenario.propagation, distance_m(nodes_m[:, :2], nodes_m[:, :2]), height, height)
    has_los: Mask = rng.random(chance.shape) < chance
    if scenario.ceiling_links == "los":
        has_los = np.ones_like(has_los)
    loss = PROPAGATION[scenario.propagation].loss_db(
        distance_m(nodes_m, nodes_m), scenario.carrier_frequency_ghz, has_los
    )
    links = loss + _draw_shadowing_db(scenario, has_los, rng)
    # The upper triangle, mirrored: a link is the same both ways.
    return np.where(np.triu(np.ones(links.shape, dtype=bool)), links, links.T)

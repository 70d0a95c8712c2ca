# SPDX-License-Identifier: GPL-2.0-only
"""The links of a hall: set up, tuned to channels, moved with the UEs, measured."""

import dataclasses

import numpy as np

from pyagents.simulators.mock import access, interference
from pyagents.simulators.mock.layout import distance_m
from pyagents.simulators.mock.measurement import Instants, filtered_rsrp_dbm
from pyagents.simulators.mock.mobility import walk
from pyagents.simulators.mock.numbers import Numbers
from pyagents.simulators.mock.phy import DETECTION_SINR_DB, SLOT_S
from pyagents.simulators.mock.propagation import PROPAGATION
from pyagents.simulators.mock.state import Cells, Known, Links, Noise
from pyagents.snapshot import Floats


def set_up(numbers: Numbers, cells: Cells) -> Links:
    """The links at the start.

    Args:
        numbers: of the run.
        cells: their channels.
    """
    scenario, layout = numbers.scenario, numbers.layout
    loss = PROPAGATION[scenario.propagation].loss_db(
        distance_m(layout.node_position_m, layout.ue_position_m),
        scenario.carrier_frequency_ghz,
        layout.has_los,
    )
    return _tune(
        numbers,
        cells,
        ue_position_m=layout.ue_position_m,
        waypoint_m=layout.waypoint_m,
        shadowing_db=layout.shadowing_db[:, :, : numbers.sizes.mobile],
        rx_dbm=numbers.node_power_dbm[:, None] - loss - layout.shadowing_db,
    )


def retune(numbers: Numbers, links: Links, cells: Cells) -> Links:
    """The links after gNBs changed channel."""
    return _tune(
        numbers,
        cells,
        ue_position_m=links.ue_position_m,
        waypoint_m=links.waypoint_m,
        shadowing_db=links.shadowing_db,
        rx_dbm=links.rx_dbm,
    )


def move(numbers: Numbers, links: Links, cells: Cells, noise: Noise) -> Links:
    """The links after the moving UEs have walked for a step.

    Args:
        numbers: of the run.
        links: before.
        cells: how much nodes transmitted in the step before.
        noise: for shadow fading and waypoints.
    """
    m, crowded = numbers.sizes.mobile, links.aggressors.crowded
    if not (m or crowded):
        return links
    position, waypoint = links.ue_position_m, links.waypoint_m
    shadowing, rx_dbm, tables = links.shadowing_db, links.rx_dbm, links.tables
    if m:
        scenario = numbers.scenario
        fresh = noise.waypoint * (scenario.hall_length_m, scenario.hall_width_m)
        here = position[:, :m, :2]
        there, waypoint = walk(here, waypoint, fresh, scenario.ue_speed_mps * numbers.step_s)
        position = position.copy()
        position[:, :m, :2] = there
        shadowing = numbers.moving.moved_shadowing_db(shadowing, noise.shadowing)
        new_dbm = numbers.node_power_dbm[:, None] - shadowing
        new_dbm -= numbers.moving.loss_db(_log_distance(numbers, there))
        rx_dbm = rx_dbm.copy()
        rx_dbm[:, :, :m] = new_dbm
    if crowded:  # how much the rest transmits is part of the tables
        tables = _tables(numbers, links.aggressors, cells, rx_dbm)
    else:
        tables = tables.with_first(_tables(numbers, links.aggressors, cells, new_dbm))
    return Links(
        ue_position_m=position,
        waypoint_m=waypoint,
        shadowing_db=shadowing,
        rx_dbm=rx_dbm,
        same_channel=links.same_channel,
        heard=links.heard,
        aggressors=links.aggressors,
        tables=tables,
    )


def measure(at: Instants, known: Known, links: Links, start_dbm: Floats, weights: Floats) -> Known:
    """What UEs know of cells' strength after a step.

    Args:
        at: when they measured.
        known: before the step.
        links: at its end.
        start_dbm: [B, G, M] what the moving UEs received at its start.
        weights: [B, G, 1, 4] of the states of aggressors during discovery bursts.
    """
    if not at.n_measurements:
        return known
    g, m = start_dbm.shape[1:]
    sinr = known.sinr_db * (1 - at.sinr_weight)
    sinr += ((at.sinr_weight * weights) @ links.tables.measured_db)[:, :, 0]
    rsrp = known.rsrp_dbm
    if m:
        end_dbm = links.rx_dbm[:, :g, :m]
        filtered = filtered_rsrp_dbm(at, rsrp[:, :, :m], start_dbm, end_dbm, only_last=True)
        unknown = np.isneginf(rsrp[:, :, :m])
        if unknown.any():  # and to stay so until a burst is detected
            detected = links.tables.sinr_db[:, :, 0, :m] >= DETECTION_SINR_DB
            filtered[unknown & ~detected] = -np.inf
        rsrp = rsrp.copy()
        rsrp[:, :, :m] = filtered
    return dataclasses.replace(known, rsrp_dbm=rsrp, sinr_db=sinr)


def aggression(links: Links, cells: Cells) -> tuple[Floats, Floats]:
    """[B, G, 2] each, probability that each aggressor is on: in a discovery burst, and in a slot of data.

    One that the cell does not hear may be on at any time. It spoils the slots that it begins or ends in too,
    of a discovery burst's mean SINR half. One that it hears is on only where both have started together.
    """
    values = np.empty((3, cells.used.size))
    edges = cells.bursts_per_s.ravel() * SLOT_S
    used = cells.used.ravel()
    np.add(used, 0.5 * edges, out=values[0])
    np.add(used, edges, out=values[1])
    values[2] = cells.starts.ravel()
    np.minimum(values, 1.0, out=values)
    on = values.take(np.moveaxis(links.aggressors.node, 0, -1), axis=1)
    on *= links.aggressors.kind
    return on[0], on[1] + on[2]


def _log_distance(numbers: Numbers, position_m: Floats) -> Floats:
    """[B, N, M] log10 of the distances between nodes and moving UEs [B, M, 2], 1 m at least."""
    nodes = numbers.layout.node_position_m
    height = nodes[:, :, 2:] - numbers.scenario.ue_height_m
    square = np.square(nodes[:, :, None, :2] - position_m[:, None]).sum(axis=-1)
    square += height * height
    logarithm: Floats = np.log10(np.maximum(square, 1.0, out=square), out=square)
    logarithm *= 0.5
    return logarithm


def _tune(
    numbers: Numbers,
    cells: Cells,
    *,
    ue_position_m: Floats,
    waypoint_m: Floats,
    shadowing_db: Floats,
    rx_dbm: Floats,
) -> Links:
    # Node i (row) receives of node j (column).
    node_rx_dbm = numbers.node_power_dbm - numbers.layout.node_loss_db
    same_channel = access.shares_channel(cells.channel)
    heard = same_channel * (node_rx_dbm >= numbers.ed_threshold_dbm)
    at_discovery = same_channel * (node_rx_dbm >= numbers.ed_discovery_dbm)
    aggressors = interference.find_aggressors(
        node_rx_dbm, same_channel, heard, at_discovery, numbers.sizes.gnbs
    )
    return Links(
        ue_position_m=ue_position_m,
        waypoint_m=waypoint_m,
        shadowing_db=shadowing_db,
        rx_dbm=rx_dbm,
        same_channel=same_channel,
        heard=heard,
        aggressors=aggressors,
        tables=_tables(numbers, aggressors, cells, rx_dbm),
    )


def _tables(
    numbers: Numbers, aggressors: interference.Aggressors, cells: Cells, rx_dbm: Floats
) -> interference.LinkTables:
    return interference.make_tables(rx_dbm, numbers.noise_w, aggressors, cells.used, numbers.amc)

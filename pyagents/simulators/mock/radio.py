# SPDX-License-Identifier: GPL-2.0-only
"""The links of a hall: set up, tuned to channels, moved with the UEs, measured."""

import math

import numpy as np
from numpy.typing import NDArray

from pyagents.simulators.mock import access, interference
from pyagents.simulators.mock.arrays import Mask
from pyagents.simulators.mock.layout import distance_m
from pyagents.simulators.mock.measurement import Instants, last_filtered_rsrp_dbm
from pyagents.simulators.mock.mobility import walk
from pyagents.simulators.mock.noise import Noise
from pyagents.simulators.mock.numbers import Numbers
from pyagents.simulators.mock.phy import DETECTION_SINR_DB, SLOT_S
from pyagents.simulators.mock.propagation import PROPAGATION
from pyagents.simulators.mock.state import Cells, Links, Measured
from pyagents.snapshot import Floats

_NEPER_PER_DB = math.log(10) / 10


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
    rx_dbm = numbers.node_power_dbm[:, None] - loss - layout.shadowing_db
    return _tune(
        numbers,
        cells,
        ue_position_m=layout.ue_position_m,
        waypoint_m=layout.waypoint_m,
        shadowing_db=layout.shadowing_db[:, :, : numbers.sizes.mobile],
        rx_dbm=rx_dbm,
        tabled_dbm=rx_dbm,
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
        tabled_dbm=links.tabled_dbm,
    )


def move(numbers: Numbers, links: Links, noise: Noise, n_steps: int) -> Links:
    """The links after the moving UEs have walked for a step.

    Args:
        numbers: of the run.
        links: before.
        noise: for shadow fading and waypoints.
        n_steps: simulated so far; every so many the moving UEs' tables are made anew.
    """
    m = numbers.sizes.mobile
    if not m:
        return links
    here = links.ue_position_m[:, :m, :2]
    travel = numbers.scenario.ue_speed_mps * numbers.step_s
    there, waypoint = walk(here, links.waypoint_m, noise.waypoint * numbers.floor_m, travel)
    position = links.ue_position_m.copy()
    position[:, :m, :2] = there
    shadowing = numbers.moving.moved_shadowing_db(links.shadowing_db, noise.shadowing)
    new_dbm = numbers.node_power_dbm[:, None] - shadowing
    new_dbm -= numbers.moving.loss_db(_log_distance(numbers, there))
    rx_dbm = links.rx_dbm.copy()
    rx_dbm[:, :, :m] = new_dbm
    tables, tabled_dbm = links.tables, links.tabled_dbm
    if n_steps % numbers.steps_a_table == 0:
        tables, tabled_dbm = tables.with_first(_tables(numbers, links.aggressors, new_dbm)), rx_dbm
    return Links(
        ue_position_m=position,
        waypoint_m=waypoint,
        shadowing_db=shadowing,
        rx_dbm=rx_dbm,
        tabled_dbm=tabled_dbm,
        same_channel=links.same_channel,
        neighbours=links.neighbours,
        aggressors=links.aggressors,
        tables=tables,
    )


def measure(
    at: Instants, before: Measured, links: Links, start_dbm: Floats, weights: NDArray[np.float32]
) -> Measured:
    """What UEs have measured after a step.

    Args:
        at: when UEs measured.
        before: the step.
        links: at its end.
        start_dbm: [B, G, M] what the moving UEs received at its start.
        weights: [B, G, 1, 4] of the states of aggressors during discovery bursts.
    """
    if not at.n_measurements:
        return before
    g, m = start_dbm.shape[1:]
    sinr = before.sinr_db * (1 - at.sinr_weight)
    sinr += ((weights * np.float32(at.sinr_weight)) @ links.tables.measured_db)[:, :, 0]
    rsrp = before.rsrp_dbm
    if m:
        end_dbm = links.rx_dbm[:, :g, :m]
        filtered = last_filtered_rsrp_dbm(at, rsrp[:, :, :m], start_dbm, end_dbm)
        unknown = filtered == -np.inf
        if np.count_nonzero(unknown):  # and to stay so until a burst is detected
            detected = links.tables.measured_db[:, :, 0, :m] >= DETECTION_SINR_DB
            np.copyto(filtered, end_dbm, where=unknown & detected)
        rsrp = rsrp.copy()
        rsrp[:, :, :m] = filtered
    return Measured(rsrp_dbm=rsrp, sinr_db=sinr)


def aggression(links: Links, cells: Cells) -> Floats:
    """[2, B, G, 2] probability that each aggressor is on: in a discovery burst, and in a slot of data.

    A transmission spoils the slots that it begins or ends in too.
    """
    use = cells.bursts_per_s * SLOT_S
    use += cells.used
    return links.aggressors.on(np.minimum(use, 1.0, out=use), cells.starts)


def senses(numbers: Numbers) -> Mask:
    """[B, N, N] whether a node (row) senses the channel busy while another transmits there."""
    busy: Mask = _between_nodes_dbm(numbers) >= numbers.ed_threshold_dbm
    return busy


def _between_nodes_dbm(numbers: Numbers) -> Floats:
    """[B, N, N] power that nodes (rows) receive of one another."""
    received: Floats = numbers.node_power_dbm - numbers.layout.node_loss_db
    return received


def _log_distance(numbers: Numbers, position_m: Floats) -> Floats:
    """[B, N, M] log10 of the distances between nodes and moving UEs [B, M, 2], 1 m at least."""
    nodes = numbers.layout.node_position_m
    square = nodes[:, :, :1] - position_m[:, None, :, 0]
    square *= square
    y = nodes[:, :, 1:2] - position_m[:, None, :, 1]
    y *= y
    square += y
    square += numbers.height_m2
    np.maximum(square, 1.0, out=square)
    logarithm: Floats = np.log10(square, out=square)
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
    tabled_dbm: Floats,
) -> Links:
    node_rx_dbm = _between_nodes_dbm(numbers)
    same_channel = access.shares_channel(cells.channel)
    heard = same_channel * senses(numbers)
    at_discovery = same_channel * (node_rx_dbm >= numbers.ed_discovery_dbm)
    aggressors = interference.find_aggressors(
        node_rx_dbm, same_channel, heard, at_discovery, numbers.sizes.gnbs
    )
    return Links(
        ue_position_m=ue_position_m,
        waypoint_m=waypoint_m,
        shadowing_db=shadowing_db,
        rx_dbm=rx_dbm,
        tabled_dbm=tabled_dbm,
        same_channel=same_channel,
        neighbours=access.find_neighbours(heard),
        aggressors=aggressors,
        tables=_tables(numbers, aggressors, tabled_dbm),
    )


def _tables(numbers: Numbers, aggressors: interference.Aggressors, rx_dbm: Floats) -> interference.LinkTables:
    return interference.make_tables(
        _watt(rx_dbm + numbers.spoiling_db), numbers.noise_w, aggressors, numbers.amc
    )


def _watt(dbm: Floats) -> Floats:
    neper = dbm - 30
    neper *= _NEPER_PER_DB
    power: Floats = np.exp(neper, out=neper)
    return power

# SPDX-License-Identifier: GPL-2.0-only
"""The links of a hall: set up, tuned to channels, moved with the UEs, measured."""

import math

import numpy as np

from pyagents.simulators.mock import access, interference
from pyagents.simulators.mock.arrays import Mask, Singles
from pyagents.simulators.mock.layout import distance_m
from pyagents.simulators.mock.motion import Motion
from pyagents.simulators.mock.numbers import Numbers
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
    return _tune(numbers, cells, layout.ue_position_m, rx_dbm, rx_dbm)


def retune(numbers: Numbers, links: Links, cells: Cells) -> Links:
    """The links after gNBs changed channel."""
    return _tune(numbers, cells, links.ue_position_m, links.rx_dbm, links.tabled_dbm)


def move(numbers: Numbers, links: Links, motion: Motion, n_steps: int) -> Links:
    """The links after the moving UEs have walked for a step.

    Args:
        numbers: of the run.
        links: before.
        motion: where they went.
        n_steps: simulated so far; every so many the moving UEs' tables are made anew.
    """
    m = numbers.sizes.mobile
    if not m:
        return links
    position = links.ue_position_m.copy()
    position[:, :m, :2] = motion.position_m
    rx_dbm = links.rx_dbm.copy()
    rx_dbm[:, :, :m] = motion.rx_dbm
    tables, tabled_dbm = links.tables, links.tabled_dbm
    if n_steps % numbers.steps_a_table == 0:
        tables, tabled_dbm = tables.with_first(_tables(numbers, links.aggressors, motion.rx_dbm)), rx_dbm
    return Links(
        ue_position_m=position,
        rx_dbm=rx_dbm,
        tabled_dbm=tabled_dbm,
        neighbours=links.neighbours,
        aggressors=links.aggressors,
        tables=tables,
    )


def measure(before: Measured, links: Links, motion: Motion, weights: Singles) -> Measured:
    """What UEs have measured after a step.

    Args:
        before: the step.
        links: at its end.
        motion: of the moving UEs, and when UEs measured.
        weights: [B, G, 1, 4] of the states of aggressors during discovery bursts.
    """
    if not motion.at.n_measurements:
        return before
    new = np.float32(motion.at.sinr_weight)
    sinr = before.sinr_db * (1 - new)
    sinr += ((weights * new) @ links.tables.measured_db)[:, :, 0]
    rsrp = before.rsrp_dbm
    m = motion.filtered_dbm.shape[2]
    if m:
        rsrp = rsrp.copy()
        rsrp[:, :, :m] = motion.filtered_dbm
    return Measured(rsrp_dbm=rsrp, sinr_db=sinr)


def aggression(numbers: Numbers, links: Links, cells: Cells) -> Floats:
    """[2, B, G, 2] probability that each aggressor is on: in a discovery burst, and in a slot of data.

    A transmission spoils the slots that it begins or ends in too: one of Wi-Fi two of them in part, one of a
    gNB, which ends with a slot, the first.
    """
    use = cells.bursts_per_s * numbers.spoilt_s
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


def _tune(numbers: Numbers, cells: Cells, ue_position_m: Floats, rx_dbm: Floats, tabled_dbm: Floats) -> Links:
    node_rx_dbm = _between_nodes_dbm(numbers)
    same_channel = access.shares_channel(cells.channel)
    heard = same_channel * senses(numbers)
    at_discovery = same_channel * (node_rx_dbm >= numbers.ed_discovery_dbm)
    aggressors = interference.find_aggressors(
        node_rx_dbm, same_channel, heard, at_discovery, numbers.sizes.gnbs
    )
    return Links(
        ue_position_m=ue_position_m,
        rx_dbm=rx_dbm,
        tabled_dbm=tabled_dbm,
        neighbours=access.find_neighbours(heard),
        aggressors=aggressors,
        tables=_tables(numbers, aggressors, tabled_dbm),
    )


def _tables(numbers: Numbers, aggressors: interference.Aggressors, rx_dbm: Floats) -> interference.LinkTables:
    """Tables of links, from powers [B, N, K]: those relative to the noise power."""
    neper = rx_dbm + numbers.spoiling_db
    neper -= numbers.noise_dbm
    neper *= _NEPER_PER_DB
    return interference.make_tables(np.exp(neper, out=neper), 1.0, aggressors, numbers.amc)

# SPDX-License-Identifier: GPL-2.0-only
"""The links of a hall: set up, tuned to channels, moved with the UEs, measured."""

import dataclasses
import math

import numpy as np

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.mock import access, interference
from pyagents.scenarios.indoor_factory.mock.arrays import Index, Mask, Singles
from pyagents.scenarios.indoor_factory.mock.interference import chances_on, state_weights
from pyagents.scenarios.indoor_factory.mock.layout import distance_m
from pyagents.scenarios.indoor_factory.mock.motion import Motion
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers
from pyagents.scenarios.indoor_factory.mock.propagation import PROPAGATION
from pyagents.scenarios.indoor_factory.mock.state import Cells, Links, Measured, State
from pyagents.simulators.compiled import compiled

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
        tables, tabled_dbm = _tables(numbers, links.aggressors, motion.rx_dbm, tables), rx_dbm
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
        weights: [B, G, 4] of the states of aggressors during discovery bursts.
    """
    if not motion.at.n_measurements:
        return before
    new = np.float32(motion.at.sinr_weight)
    weighted: Singles = np.multiply(weights, new)
    mean_db: Singles = weighted[:, :, None] @ links.tables.measured_db
    rsrp, sinr = _filtered(before.rsrp_dbm, before.sinr_db, motion.filtered_dbm, mean_db, np.float32(1) - new)
    return Measured(rsrp_dbm=rsrp, sinr_db=sinr)


@compiled
def _filtered(
    rsrp_dbm: Floats, sinr_db: Singles, moving_dbm: Floats, mean_db: Singles, kept: np.float32
) -> tuple[Floats, Singles]:
    """[B, G, U] each: RSRP and SINR after a step.

    Args:
        rsrp_dbm: [B, G, U] before.
        sinr_db: [B, G, U] before.
        moving_dbm: [B, G, M] RSRP of the moving UEs now.
        mean_db: [B, G, 1, U] what the step's mean SINR adds.
        kept: weight of the SINR before.
    """
    rsrp, sinr = rsrp_dbm.copy(), np.empty_like(sinr_db)
    halls, gnbs, ues = sinr_db.shape
    for b in range(halls):
        for g in range(gnbs):
            for u in range(ues):
                sinr[b, g, u] = sinr_db[b, g, u] * kept + mean_db[b, g, 0, u]
            for u in range(moving_dbm.shape[2]):
                rsrp[b, g, u] = moving_dbm[b, g, u]
    return rsrp, sinr


def aggression(numbers: Numbers, links: Links, cells: Cells) -> tuple[Floats, Singles, Singles]:
    """What is on while cells transmit.

    Returns:
        [2, B, G, 2] probability that each aggressor is on in a discovery burst, and in a slot of data.
        [B, G, 4] probability of each state of them in a discovery burst.
        [B, G, 4] the same in a slot of data.
    """
    at, node = links.aggressors, links.aggressors.node
    return _aggression(
        cells.used, cells.bursts_per_s, cells.starts, numbers.spoilt_s, node, at.unheard, at.heard
    )


@compiled
def _aggression(
    used: Floats,
    bursts_per_s: Floats,
    starts: Floats,
    spoilt_s: Floats,
    node: Index,
    unheard: Floats,
    heard: Floats,
) -> tuple[Floats, Singles, Singles]:
    """See `aggression`.

    A transmission spoils the slots that it begins or ends in too: one of Wi-Fi two of them in part, one of a
    gNB, which ends with a slot, the first.
    """
    use = np.empty_like(used)
    for b in range(len(used)):
        for n in range(len(spoilt_s)):
            use[b, n] = min(bursts_per_s[b, n] * spoilt_s[n] + used[b, n], 1.0)
    on = chances_on(use, starts, node, unheard, heard)
    return on, state_weights(on[0]), state_weights(on[1])


def known_rate_bps(numbers: Numbers, state: State) -> Floats:
    """[B, G, U] rates that UEs know of cells; see `Scenario.rate_knowledge`.

    Expected ones are means over the states of each cell's aggressors, of those gNBs that it does not hear,
    each on as in the last step.
    """
    amc, cells, at = numbers.amc, state.cells, state.links.aggressors
    if numbers.scenario.rate_knowledge == "measured":
        return amc.full_band_rate_bps(state.measured.sinr_db)
    used = cells.used.copy()
    used[:, numbers.sizes.gnbs :] = 0.0
    on = chances_on(used, np.zeros_like(cells.starts), at.node, at.unheard, at.heard)
    rates = amc.full_band_rate_bps(state.links.tables.sinr_db)
    expected: Floats = np.einsum("bgs,sbgu->bgu", state_weights(on[1]), rates)
    return expected


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


def _tables(
    numbers: Numbers,
    aggressors: interference.Aggressors,
    rx_dbm: Floats,
    before: interference.LinkTables | None = None,
) -> interference.LinkTables:
    """Tables of links, from powers [B, N, K]: those relative to the noise power; see `make_tables`."""
    if not numbers.scenario.interference:
        aggressors = dataclasses.replace(aggressors, exists=np.zeros_like(aggressors.exists))
    neper = rx_dbm + numbers.spoiling_db
    neper -= numbers.noise_dbm
    neper *= _NEPER_PER_DB
    ratio = np.exp(neper, out=neper)
    return interference.make_tables(
        ratio, 1.0, aggressors, numbers.amc, before, sib_loss=numbers.scenario.sib_loss
    )

# SPDX-License-Identifier: GPL-2.0-only
"""The links of a hall: set up, tuned to channels, moved with the UEs, measured."""

import math

import numpy as np

from pyagents.scenarios.indoor_factory.mock import access, interference
from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Index, Ints, Mask, Singles
from pyagents.scenarios.indoor_factory.mock.interference import Aggressors, chances_on, state_weights
from pyagents.scenarios.indoor_factory.mock.layout import distance_m
from pyagents.scenarios.indoor_factory.mock.motion import Motion
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers
from pyagents.scenarios.indoor_factory.mock.propagation import PROPAGATION
from pyagents.scenarios.indoor_factory.mock.state import Links, Measured, State
from pyagents.simulators.compiled import compiled

_NEPER_PER_DB = math.log(10) / 10


def received_dbm(numbers: Numbers) -> Floats:
    """[B, N, U] power that the UEs receive of each node at the start."""
    scenario, layout = numbers.scenario, numbers.layout
    distance = distance_m(layout.node_position_m, layout.ue_position_m)
    model = PROPAGATION[scenario.propagation]
    loss = model.loss_db(distance, scenario.carrier_frequency_ghz, layout.has_los)
    received: Floats = numbers.node_power_dbm[:, None] - loss - layout.shadowing_db
    return received


def tune(numbers: Numbers, channel: Ints, ue_position_m: Floats, rx_dbm: Floats, tabled_dbm: Floats) -> Links:
    """The links once all are on their channels, from what does not depend on those.

    Args:
        numbers: of the run.
        channel: [B, N].
        ue_position_m: of Links, as are the next two.
        rx_dbm: [B, N, U].
        tabled_dbm: [B, N, U].
    """
    node_rx_dbm, same_channel = _between_nodes_dbm(numbers), access.shares_channel(channel)
    heard = same_channel * senses(numbers)
    at_discovery = same_channel * (node_rx_dbm >= numbers.ed_discovery_dbm)
    aggressors = interference.find_aggressors(
        node_rx_dbm, same_channel, heard, at_discovery, numbers.scenario.n_gnbs
    )
    return Links(
        ue_position_m=ue_position_m,
        rx_dbm=rx_dbm,
        tabled_dbm=tabled_dbm,
        neighbours=access.find_neighbours(heard),
        aggressors=aggressors,
        tables=_tables(numbers, aggressors, tabled_dbm),
    )


def move(numbers: Numbers, links: Links, motion: Motion, n_steps: int) -> Links:
    """The links after the moving UEs have walked for a step.

    Args:
        numbers: of the run.
        links: before.
        motion: where they went.
        n_steps: simulated so far; every so many the moving UEs' tables are made anew.
    """
    m = numbers.n_mobile
    if not m:
        return links
    position = links.ue_position_m.copy()
    position[:, :m, :2] = motion.position_m
    rx_dbm = links.rx_dbm.copy()
    rx_dbm[:, :, :m] = motion.rx_dbm
    tables, tabled_dbm = links.tables, links.tabled_dbm
    if n_steps % numbers.steps_a_table == 0:
        tables, tabled_dbm = _tables(numbers, links.aggressors, motion.rx_dbm, tables), rx_dbm
    return Links(position, rx_dbm, tabled_dbm, links.neighbours, links.aggressors, tables)


def measure(before: Measured, measured_db: Singles, motion: Motion, weights: Singles) -> Measured:
    """What UEs have measured after a step.

    Args:
        before: the step.
        measured_db: [B, G, 4, U] of LinkTables.
        motion: of the moving UEs, and when UEs measured.
        weights: [B, G, 4] of the states of aggressors during discovery bursts.
    """
    if not motion.at.n_measurements:
        return before
    new = np.float32(motion.at.sinr_weight)
    weighted: Singles = np.multiply(weights, new)
    mean_db: Singles = weighted[:, :, None] @ measured_db
    kept = np.float32(1) - new
    return Measured(*_filtered(before.rsrp_dbm, before.sinr_db, motion.filtered_dbm, mean_db, kept))


@compiled
def _filtered(
    rsrp_dbm: Floats, sinr_db: Singles, moving_dbm: Floats, mean_db: Singles, kept: np.float32
) -> tuple[Floats, Singles]:
    """Take in RSRP [B, G, M] of the moving UEs, and what the step's mean SINR adds [B, G, 1, U]."""
    rsrp, sinr = rsrp_dbm.copy(), np.empty_like(sinr_db)
    halls, gnbs, ues = sinr.shape
    for b in range(halls):
        for g in range(gnbs):
            for u in range(ues):
                sinr[b, g, u] = sinr_db[b, g, u] * kept + mean_db[b, g, 0, u]
            for u in range(moving_dbm.shape[2]):
                rsrp[b, g, u] = moving_dbm[b, g, u]
    return rsrp, sinr


@compiled
def aggression(
    of_nodes: Floats, spoilt_s: Floats, node: Index, unheard: Floats, heard: Floats
) -> tuple[Floats, Singles, Singles]:
    """What is on while cells transmit.

    A transmission spoils the slots that it begins or ends in too: one of Wi-Fi two of them in part, one of a
    gNB, which ends with a slot, the first.

    Returns:
        [2, B, G, 2] probability that each aggressor is on in a discovery burst, and in a slot of data.
        [B, G, 4] probability of each state of them in a discovery burst.
        [B, G, 4] the same in a slot of data.
    """
    used, bursts_per_s, starts = of_nodes[0], of_nodes[1], of_nodes[4]
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
    amc, links = numbers.amc, state.links
    if numbers.scenario.rate_knowledge == "measured":
        return amc.full_band_rate_bps(state.measured.sinr_db)
    used = state.usage.of_nodes[0].copy()
    used[:, numbers.scenario.n_gnbs :] = 0.0
    at = links.aggressors
    on = chances_on(used, np.zeros_like(used), at.node, at.unheard, at.heard)
    rates = amc.full_band_rate_bps(links.tables.sinr_db)
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


def _tables(
    numbers: Numbers,
    aggressors: Aggressors,
    rx_dbm: Floats,
    before: interference.LinkTables | None = None,
) -> interference.LinkTables:
    """Tables of links, from powers [B, N, K]: those relative to the noise power; see `make_tables`."""
    if not numbers.scenario.interference:
        aggressors = aggressors._replace(exists=np.zeros_like(aggressors.exists))
    neper = rx_dbm + numbers.spoiling_db
    neper -= numbers.noise_dbm
    neper *= _NEPER_PER_DB
    ratio = np.exp(neper, out=neper)
    return interference.make_tables(
        ratio, 1.0, aggressors, numbers.amc, before, sib_loss=numbers.scenario.sib_loss
    )

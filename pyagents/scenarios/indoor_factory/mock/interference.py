# SPDX-License-Identifier: GPL-2.0-only
"""SINR at the UEs while nodes transmit that the cell does not hear, or that started with it.

Of each cell's co-channel neighbours the two worst, its aggressors, are on or off, which makes four states:
neither, the first, the second, both. What a link has in each state depends on geometry alone, so it is
tabled, once for UEs that stand still and anew for those that have moved some way; a step then only weighs the
states. Where a cell has more co-channel neighbours, the second aggressor stands for all but the first.
"""

from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Index, Singles
from pyagents.scenarios.indoor_factory.mock.phy import DETECTION_SINR_DB, Amc
from pyagents.simulators.compiled import compiled

N_AGGRESSORS = 2
N_STATES = 4


class Aggressors(NamedTuple):
    """The co-channel neighbours of each cell, the worst first: K places, two at least."""

    node: Index
    """[B, G, K] indices in a flattened [B, N]; in places that are not needed, of any node."""
    unheard: Floats
    """[2, B, G, K] 1 for one not heard before discovery bursts, or before data; else 0."""
    heard: Floats
    """[B, G, K] 1 for one heard before data, else 0."""
    exists: Floats
    """[B, G, K] 1 where a place is needed, else 0."""


class LinkTables(NamedTuple):
    """What each link of some UEs has in the four states of its cell's aggressors.

    Of single precision, a millionth of a dB: reading them is much of what a step of many halls takes.
    """

    sinr_db: Singles
    """[4, B, G, K] SINR, the state first."""
    measured_db: Singles
    """[B, G, 4, K] SINR that a measurement shows; weighed, the mean over the bursts that are detected."""
    decoded: Singles
    """[B, G, 4, K] probability to decode a SIBx."""


def find_aggressors(
    rx_dbm: Floats, same_channel: Floats, heard: Floats, heard_at_discovery: Floats, n_gnbs: int
) -> Aggressors:
    """Choose each cell's aggressors: those that it does not hear first, then by strength.

    Args:
        rx_dbm: [B, N, N] power that nodes (rows) receive of one another.
        same_channel: [B, N, N] 1 for co-channel neighbours, else 0.
        heard: [B, N, N] 1 for those heard before data, else 0.
        heard_at_discovery: [B, N, N] likewise before a discovery burst.
        n_gnbs: G, the first nodes.
    """
    n, of_gnbs = rx_dbm.shape[-1], np.s_[:, :n_gnbs]
    rank = np.where(same_channel > 0, rx_dbm - 1e3 * heard, -1e6)[of_gnbs]
    places = max(N_AGGRESSORS, int(same_channel[of_gnbs].sum(axis=-1).max()))
    order = np.argsort(-rank, axis=-1, kind="stable")
    order = np.ascontiguousarray(order[..., [k % n for k in range(places)]])
    exists, hears, hears_at_discovery = (
        np.ascontiguousarray(np.take_along_axis(array[of_gnbs], order, axis=-1))
        for array in (same_channel, heard, heard_at_discovery)
    )
    exists[..., n:] = 0.0
    return Aggressors(
        node=order + n * np.arange(len(order))[:, None, None],
        unheard=np.stack([exists * (1 - hears_at_discovery), exists * (1 - hears)]),
        heard=exists * hears,
        exists=exists,
    )


@compiled
def chances_on(use: Floats, starts: Floats, node: Index, unheard: Floats, heard: Floats) -> Floats:
    """[2, B, G, 2] probability that each aggressor is on: in a discovery burst, and in a slot of data.

    One that the cell does not hear may be on at any time. One that it hears is on only where both have
    started together, which discovery bursts do not.

    Args:
        use: [B, N] share of time in which each node would spoil a slot.
        starts: [B, N] probability that each starts where one that hears it does.
        node: of Aggressors, as are the next two.
        unheard: whom the cell does not hear.
        heard: whom it hears before data.
    """
    halls, gnbs, places = node.shape
    use, starts = use.ravel(), starts.ravel()
    on = np.empty((2, halls, gnbs, N_AGGRESSORS))
    for b in range(halls):
        for g in range(gnbs):
            # Of all but the first, that none is on.
            none_at_discovery, none_at_data = 1.0, 1.0
            for k in range(places):
                other = node[b, g, k]
                at_discovery = use[other] * unheard[0, b, g, k]
                at_data = use[other] * unheard[1, b, g, k] + starts[other] * heard[b, g, k]
                if k < N_AGGRESSORS:
                    on[0, b, g, k], on[1, b, g, k] = at_discovery, at_data
                if k > 0:
                    none_at_discovery *= 1 - at_discovery
                    none_at_data *= 1 - at_data
            if places > N_AGGRESSORS:
                on[0, b, g, 1], on[1, b, g, 1] = 1 - none_at_discovery, 1 - none_at_data
    return on


@compiled
def state_weights(on: Floats) -> Singles:
    """[B, G, 4] probability of each state.

    Args:
        on: [B, G, 2] probability that each aggressor is on, independently.
    """
    halls, gnbs, _ = on.shape
    weights = np.empty((halls, gnbs, N_STATES), dtype=np.float32)
    for b in range(halls):
        for g in range(gnbs):
            first_on, second_on = np.float32(on[b, g, 0]), np.float32(on[b, g, 1])
            first_off, second_off = np.float32(1 - on[b, g, 0]), np.float32(1 - on[b, g, 1])
            weights[b, g, 0] = second_off * first_off
            weights[b, g, 1] = second_off * first_on
            weights[b, g, 2] = second_on * first_off
            weights[b, g, 3] = second_on * first_on
    return weights


def make_tables(
    rx_w: Floats,
    noise_w: float,
    aggressors: Aggressors,
    amc: Amc,
    before: LinkTables | None = None,
    *,
    sib_loss: bool = True,
) -> LinkTables:
    """Tables of the links of some UEs.

    Args:
        rx_w: [B, N, K] power that K UEs receive of each node.
        noise_w: noise power of a UE.
        aggressors: of each cell.
        amc: error curves.
        before: tables of more UEs, of which those links of the first K are made anew; None: there are none.
        sib_loss: whether a SIBx can be lost; if not, who would detect it without interference decodes it.
    """
    sinr_db = sinr_by_state(rx_w, noise_w, aggressors)
    np.log10(sinr_db, out=sinr_db)
    sinr_db *= 10
    success = amc.sibx_success(sinr_db)
    if not sib_loss:
        success[:] = sinr_db[0] >= DETECTION_SINR_DB
    if before is None:
        halls, gnbs, ues = sinr_db.shape[1:]
        measured, decoded = np.empty((2, halls, gnbs, N_STATES, ues), dtype=np.float32)
        tables = LinkTables(np.empty_like(sinr_db, dtype=np.float32), measured, decoded)
    else:
        tables = LinkTables(*(array.copy() for array in before))
    _fill(tables, sinr_db, success)
    return tables


@compiled
def sinr_by_state(rx_w: Floats, noise_w: float, aggressors: Aggressors) -> Floats:
    """[4, B, G, K] SINR as a ratio with neither aggressor on, the first, the second, both.

    Args:
        rx_w: [B, N, K] power that K UEs receive of each node.
        noise_w: noise power of a UE.
        aggressors: of each cell.
    """
    halls, nodes, ues = rx_w.shape
    gnbs = aggressors.node.shape[1]
    sinr = np.empty((N_STATES, halls, gnbs, ues))
    for b in range(halls):
        for g in range(gnbs):
            wanted, node, exists = rx_w[b, g], aggressors.node[b, g], aggressors.exists[b, g]
            first, second = rx_w[b, node[0] - b * nodes], rx_w[b, node[1] - b * nodes]
            for u in range(ues):
                first_w, second_w = first[u] * exists[0], second[u] * exists[1]
                sinr[0, b, g, u] = wanted[u] / noise_w
                sinr[1, b, g, u] = wanted[u] / (noise_w + first_w)
                sinr[2, b, g, u] = wanted[u] / (noise_w + second_w)
                sinr[3, b, g, u] = wanted[u] / (noise_w + first_w + second_w)
    return sinr


@compiled
def _fill(tables: LinkTables, sinr_db: Floats, success: Floats) -> None:
    """Write the tables of the first K UEs.

    In what measurements show, a state in which no burst is detected adds nothing to the mean over those that
    are. With independent aggressors the mean over the states left is exact if an undetected state takes the
    value of the one without the aggressor that is to blame.

    Args:
        tables: written.
        sinr_db: [4, B, G, K] SINR by state.
        success: [4, B, G, K] probability to decode a SIBx.
    """
    _, halls, gnbs, ues = sinr_db.shape
    for b in range(halls):
        for g in range(gnbs):
            measured, decoded = tables.measured_db[b, g], tables.decoded[b, g]
            for u in range(ues):
                for state in range(N_STATES):
                    tables.sinr_db[state, b, g, u] = sinr_db[state, b, g, u]
                    decoded[state, u] = success[state, b, g, u]
                alone, first, second = sinr_db[0, b, g, u], sinr_db[1, b, g, u], sinr_db[2, b, g, u]
                both = sinr_db[3, b, g, u]
                if first < DETECTION_SINR_DB:
                    first = alone
                if second < DETECTION_SINR_DB:
                    second = alone
                if both < DETECTION_SINR_DB:
                    both = min(first, second)
                measured[0, u], measured[1, u] = alone, first
                measured[2, u], measured[3, u] = second, both

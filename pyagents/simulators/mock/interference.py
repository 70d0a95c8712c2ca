# SPDX-License-Identifier: GPL-2.0-only
"""SINR at the UEs while nodes transmit that the cell does not hear, or that started with it.

Of each cell's co-channel neighbours the two worst, its aggressors, are on or off, which makes four states:
neither, the first, the second, both. What a link has in each state depends on geometry alone, so it is
tabled, once for UEs that stand still and anew for those that have moved some way; a step then only weighs the
states. Where a cell has more co-channel neighbours, the second aggressor stands for all but the first.
"""

from dataclasses import dataclass

import numpy as np

from pyagents.simulators.mock.arrays import Index, Singles
from pyagents.simulators.mock.phy import DETECTION_SINR_DB, Amc
from pyagents.snapshot import Floats

N_AGGRESSORS = 2
N_STATES = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Aggressors:
    """The co-channel neighbours of each cell, the worst first: K places, two at least."""

    node: Index
    """[B, G, K] indices in a flattened [B, N]; in places that are not needed, of any node."""
    unheard: Floats
    """[2, B, G, K] 1 for one not heard before discovery bursts, or before data; else 0."""
    heard: Floats
    """[B, G, K] 1 for one heard before data, else 0."""
    exists: Floats
    """[B, G, K] 1 where a place is needed, else 0."""
    worst: Index
    """[2, B, G] as `node`, of the first two places."""
    worst_exists: Floats
    """[2, B, G, 1] 1 where those are needed, else 0."""

    def on(self, use: Floats, starts: Floats) -> Floats:
        """[2, B, G, 2] probability that each aggressor is on: in a discovery burst, and in a slot of data.

        One that the cell does not hear may be on at any time. One that it hears is on only where both have
        started together, which discovery bursts do not.

        Args:
            use: [B, N] share of time in which each node would spoil a slot.
            starts: [B, N] probability that each starts where one that hears it does.
        """
        on = use.take(self.node) * self.unheard
        on[1] += starts.take(self.node) * self.heard
        if on.shape[3] == N_AGGRESSORS:
            return on
        np.subtract(1.0, np.multiply.reduce(1 - on[..., 1:], axis=-1), out=on[..., 1])
        return on[..., :N_AGGRESSORS]


@dataclass(kw_only=True, eq=False, slots=True)
class LinkTables:
    """What each link of some UEs has in the four states of its cell's aggressors.

    Of single precision, a millionth of a dB: reading them is much of what a step of many halls takes.
    """

    sinr_db: Singles
    """[4, B, G, K] SINR, the state first."""
    measured_db: Singles
    """[B, G, 4, K] SINR that a measurement shows; weighed, the mean over the bursts that are detected."""
    decoded: Singles
    """[B, G, 4, K] probability to decode a SIBx."""

    def with_first(self, tables: "LinkTables") -> "LinkTables":
        """The same with the first UEs' links replaced."""
        m = tables.sinr_db.shape[3]
        sinr, measured, decoded = self.sinr_db.copy(), self.measured_db.copy(), self.decoded.copy()
        sinr[..., :m] = tables.sinr_db
        measured[..., :m] = tables.measured_db
        decoded[..., :m] = tables.decoded
        return LinkTables(sinr_db=sinr, measured_db=measured, decoded=decoded)


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
    n = rx_dbm.shape[-1]
    rx_dbm, same, heard, at_discovery = (
        array[:, :n_gnbs] for array in (rx_dbm, same_channel, heard, heard_at_discovery)
    )
    rank = np.where(same > 0, rx_dbm - 1e3 * heard, -1e6)
    places = max(N_AGGRESSORS, int(same.sum(axis=-1).max()))
    order = np.argsort(-rank, axis=-1, kind="stable")[..., [k % n for k in range(places)]]
    exists = np.take_along_axis(same, order, axis=-1)
    exists[..., n:] = 0.0
    hears = np.take_along_axis(heard, order, axis=-1)
    hears_at_discovery = np.take_along_axis(at_discovery, order, axis=-1)
    node = order + n * np.arange(len(order))[:, None, None]
    return Aggressors(
        node=node,
        unheard=np.stack([exists * (1 - hears_at_discovery), exists * (1 - hears)]),
        heard=exists * hears,
        exists=exists,
        worst=np.ascontiguousarray(np.moveaxis(node[..., :N_AGGRESSORS], -1, 0)),
        worst_exists=np.ascontiguousarray(np.moveaxis(exists[..., :N_AGGRESSORS], -1, 0))[..., None],
    )


def sinr_by_state_db(wanted_w: Floats, first_w: Floats, second_w: Floats, noise_w: float) -> Floats:
    """[4, ...] SINR with neither aggressor on, the first, the second, both.

    Args:
        wanted_w: [...] received power.
        first_w: [...] that of the first aggressor.
        second_w: [...] that of the second.
        noise_w: noise power.
    """
    against = np.empty((N_STATES, *wanted_w.shape))
    against[0] = noise_w
    np.add(against[0], first_w, out=against[1])
    np.add(against[0], second_w, out=against[2])
    np.add(against[1], second_w, out=against[3])
    sinr = np.divide(wanted_w, against, out=against)
    sinr_db: Floats = np.log10(sinr, out=sinr)
    sinr_db *= 10
    return sinr_db


def make_tables(rx_w: Floats, noise_w: float, aggressors: Aggressors, amc: Amc) -> LinkTables:
    """Tables of the links of some UEs.

    Args:
        rx_w: [B, N, K] power that K UEs receive of each node.
        noise_w: noise power of a UE.
        aggressors: of each cell.
        amc: error curves.
    """
    b, n, k = rx_w.shape
    g = aggressors.node.shape[1]
    power = rx_w.reshape(b * n, k).take(aggressors.worst, axis=0)
    power *= aggressors.worst_exists
    sinr_db = sinr_by_state_db(rx_w[:, :g], power[0], power[1], noise_w)
    return LinkTables(
        sinr_db=sinr_db.astype(np.float32),
        measured_db=_cells_first(_measured_db(sinr_db)),
        decoded=_cells_first(amc.sibx_success(sinr_db)),
    )


def state_weights(on: Floats) -> Singles:
    """[..., G, 1, 4] probability of each state, as a row to multiply tables with.

    Args:
        on: [..., G, 2] probability that each aggressor is on, independently.
    """
    off_on = np.empty((*on.shape, 2), dtype=np.float32)
    np.subtract(1.0, on, out=off_on[..., 0])
    off_on[..., 1] = on
    weights: Singles = off_on[..., 1, :, None] * off_on[..., 0, None, :]
    return weights.reshape(*on.shape[:-1], 1, N_STATES)


def _cells_first(by_state: Floats) -> Singles:
    """[B, G, 4, K] from [4, B, G, K]."""
    return np.ascontiguousarray(by_state.transpose(1, 2, 0, 3), dtype=np.float32)


def _measured_db(sinr_db: Floats) -> Floats:
    """SINR by state for the mean over detected bursts: a state in which none is adds nothing to that mean.

    With independent aggressors the mean over the states left is exact if an undetected state takes the value
    of the one without the aggressor that is to blame.
    """
    measured = sinr_db.copy()
    missed = sinr_db < DETECTION_SINR_DB
    np.copyto(measured[1:3], sinr_db[0], where=missed[1:3])
    np.copyto(measured[3], np.minimum(measured[1], measured[2]), where=missed[3])
    return measured

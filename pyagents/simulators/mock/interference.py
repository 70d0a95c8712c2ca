# SPDX-License-Identifier: GPL-2.0-only
"""SINR at the UEs while nodes transmit that the cell does not hear, or that started with it.

Of each cell's co-channel neighbours the two worst, its aggressors, are on or off, which makes four states:
neither, the first, the second, both. What a link has in each state depends on geometry alone, so it is
tabled, once for UEs that stand still; a step then only weighs the states. Further co-channel neighbours
count with their mean power as noise.
"""

from dataclasses import dataclass

import numpy as np

from pyagents.simulators.mock.arrays import Index
from pyagents.simulators.mock.phy import DETECTION_SINR_DB, Amc
from pyagents.snapshot import Floats

N_AGGRESSORS = 2
N_STATES = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Aggressors:
    """The co-channel neighbours that matter most to each cell."""

    node: Index
    """[2, B, G] indices in a flattened [B, N]; where a cell has fewer neighbours, of any node."""
    exists: Floats
    """[2, B, G] 1 where there is one, else 0."""
    kind: Floats
    """[3, B, G, 2] 1 or 0: not heard before discovery bursts; not heard before data; heard before data."""
    rest: Floats
    """[B, G, N] 1 for co-channel neighbours beyond those, else 0."""
    crowded: bool
    """Whether there are any."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LinkTables:
    """What each link has in the four states of its cell's aggressors."""

    sinr_db: Floats
    """[B, G, 4, U] SINR: neither aggressor, first, second, both."""
    measured_db: Floats
    """[B, G, 4, U] what a measurement shows; weighed, the mean over the bursts that are detected."""
    decoded: Floats
    """[B, G, 4, U] probability to decode a SIBx."""

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
    order = np.argsort(-rank, axis=-1, kind="stable")[..., [k % n for k in range(N_AGGRESSORS)]]
    exists = np.take_along_axis(same, order, axis=-1)
    if n == 1:
        exists = np.zeros_like(exists)
    rest = same.copy()
    np.put_along_axis(rest, order, 0.0, axis=-1)
    hears = np.take_along_axis(heard, order, axis=-1)
    hears_at_discovery = np.take_along_axis(at_discovery, order, axis=-1)
    return Aggressors(
        node=np.moveaxis(order + n * np.arange(len(order))[:, None, None], -1, 0),
        exists=np.ascontiguousarray(np.moveaxis(exists, -1, 0)),
        kind=np.stack([exists * (1 - hears_at_discovery), exists * (1 - hears), exists * hears]),
        rest=rest,
        crowded=bool(rest.any()),
    )


def make_tables(rx_dbm: Floats, noise_w: float, aggressors: Aggressors, use: Floats, amc: Amc) -> LinkTables:
    """Tables of the links of some UEs.

    Args:
        rx_dbm: [B, N, K] power that K UEs receive of each node.
        noise_w: noise power of a UE.
        aggressors: of each cell.
        use: [B, N] share of time that nodes transmit, for those that are nobody's aggressor.
        amc: error curves.
    """
    b, n, k = rx_dbm.shape
    g = aggressors.exists.shape[-1]
    rx_w = np.exp((rx_dbm - 30) * (np.log(10) / 10))
    power = rx_w.reshape(b * n, k).take(aggressors.node, axis=0)
    power *= aggressors.exists[..., None]
    noise = np.empty((b, g, N_STATES, k))
    noise[:, :, 0] = noise_w
    if aggressors.crowded:
        noise[:, :, 0] += (aggressors.rest * use[:, None, :]) @ rx_w
    np.add(noise[:, :, 0], power[0], out=noise[:, :, 1])
    np.add(noise[:, :, 0], power[1], out=noise[:, :, 2])
    np.add(noise[:, :, 1], power[1], out=noise[:, :, 3])
    sinr_db = np.log10(noise, out=noise)
    sinr_db *= -10
    sinr_db += (rx_dbm[:, :g] - 30)[:, :, None, :]
    return LinkTables(sinr_db=sinr_db, measured_db=_measured_db(sinr_db), decoded=amc.sibx_success(sinr_db))


def state_weights(on: Floats) -> Floats:
    """[B, G, 1, 4] probability of each state, as a row to multiply tables with.

    Args:
        on: [B, G, 2] probability that each aggressor is on, independently.
    """
    weights = np.empty((*on.shape[:2], 1, N_STATES))
    first, second = on[..., 0], on[..., 1]
    both = np.multiply(first, second, out=weights[:, :, 0, 3])
    np.subtract(first, both, out=weights[:, :, 0, 1])
    np.subtract(second, both, out=weights[:, :, 0, 2])
    weights[:, :, 0, 0] = 1 - first - weights[:, :, 0, 2]
    return weights


def _measured_db(sinr_db: Floats) -> Floats:
    """SINR by state for the mean over detected bursts: a state in which none is adds nothing to that mean.

    With independent aggressors the mean over the states left is exact if an undetected state takes the value
    of the one without the aggressor that is to blame.
    """
    measured = sinr_db.copy()
    detected = sinr_db[:, :, 1:] >= DETECTION_SINR_DB
    measured[:, :, 1:3] = np.where(detected[:, :, :2], sinr_db[:, :, 1:3], sinr_db[:, :, :1])
    least = np.minimum(measured[:, :, 1], measured[:, :, 2])
    measured[:, :, 3] = np.where(detected[:, :, 2], sinr_db[:, :, 3], least)
    return measured

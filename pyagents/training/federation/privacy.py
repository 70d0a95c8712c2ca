# SPDX-License-Identifier: GPL-2.0-only
"""What a federation's noise is worth: epsilon of client-level differential privacy."""

from pyagents.core.extras import load_extra
from pyagents.training.federation.settings import Federation

DELTA = 1e-5
"""Probability with which a bound may fail, where no other is named."""


def find_epsilon(federation: Federation, rounds: int, *, delta: float = DELTA) -> float:
    """Bound what the common weights of all rounds tell of a client: epsilon, by Renyi accounting.

    Two federations are neighbours that differ in all of one client's data, of whom there are as many. By
    `clip` one client changes a round's sum by twice `clip` at most, so the Gaussian mechanism has half the
    multiplier; participants are drawn without replacement (Wang, Balle and Kasiviswanathan, 2019, Theorem
    27). It holds against whoever sees the averages, the other clients among them; the coordinator sees single
    messages, whose noise is smaller by the square root of the participants.

    Args:
        federation: with `clip` and `noise`.
        rounds: number of rounds.
        delta: probability with which the bound may fail.

    Returns:
        epsilon; infinity without noise.

    Raises:
        MissingExtraError: dp-accounting is not installed.
    """
    if not federation.is_private:
        return float("inf")
    accounting = load_extra("dp_accounting", extra="privacy")
    rdp = load_extra("dp_accounting.rdp", extra="privacy")
    release = accounting.GaussianDpEvent(federation.noise / 2)
    event = accounting.SampledWithoutReplacementDpEvent(federation.clients, federation.participants, release)
    accountant = rdp.RdpAccountant(neighboring_relation=accounting.NeighboringRelation.REPLACE_ONE)
    accountant.compose(event, rounds)
    return float(accountant.get_epsilon(delta))

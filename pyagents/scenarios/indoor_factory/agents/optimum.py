# SPDX-License-Identifier: GPL-2.0-only
"""Optimum: the paper's problem (3) solved anew in every period by one who knows everything.

Seyoum et al., Electronics 2025, 14(20), 3986, problem (3): associate UEs with cells so that loads differ as
little as can be. NOT an agent for a real network: it reads every UE's true rates, every cell's true airtime,
and moves all UEs from one place. It says how far the others are from what could be had.

Solved as a mixed-integer programme by HiGHS. The variance is quadratic; two linear objectives stand for it.
With G cells, mean load m, largest load M, mean absolute deviation D and standard deviation s:

- `deviation` minimises D. D <= s <= D sqrt(G / 2): the absolute deviations sum to G D, half of it above the
  mean and half below, and their squares are largest if one cell has each half.
- `largest` minimises M. s^2 <= (M - m) m, for loads within 0 and M (Bhatia and Davis, 2000).

A variance alone would have UEs waste airtime on bad links to bring the idle cells up to the others, so the
mean load has a small weight as well. The constraint l_i < 1 cannot always be met; what exceeds 1 is made
expensive instead of forbidden.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyagents.core.extras import load_extra
from pyagents.core.scenario import Checked, number
from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.agents.reported_links import expected_rate_bps
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot


@dataclass(frozen=True, kw_only=True)
class OptimumConfig(Checked):
    """What to minimise, and how hard to try."""

    objective: Literal["largest", "deviation"] = "largest"
    """The largest of the loads, or their mean absolute deviation: nearer the variance, ten times slower."""
    mean_weight: float = number(0.2, 0, 1e6)
    """Weight of the mean load beside the objective."""
    overload_weight: float = number(2.0, 0, 1e6)
    """Weight of the mean of the loads' excess above 1."""
    move_weight: float = number(0.1, 0, 1e6)
    """What a move of all UEs would count: ties and gains not worth a handover leave UEs where they are."""
    detour: float = number(5.0, 1)
    """A UE does not go where it takes more than this times the load that it is to its best cell. inf: it may,
    which takes twice as long."""
    gap: float = number(0.03, 0, 1e6)
    """Relative gap between solution and bound at which the solver may stop."""
    max_nodes: int = number(100, 1, 1e9)
    """Nodes that it may branch into; unlike time, the same on every machine."""
    time_limit_s: float = number(10.0, 0, 1e6, above=True)
    """Time that it may take for a period. What it has by then counts, and differs between machines."""


class Optimum:
    """Knows all, decides for all.

    Raises:
        MissingExtraError: SciPy, which brings HiGHS, is not installed.
    """

    def __init__(self, config: OptimumConfig = OptimumConfig()) -> None:
        self.config = config
        load_extra("scipy.optimize", extra="optimum")

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Nothing to forget, and nothing random."""
        self._scenario = scenario
        self._gap = math.nan

    def act(self, snapshot: Snapshot) -> Action:
        """Solve for the state as it is."""
        burden = true_burden(snapshot, self._scenario)
        target, self._gap = solve(burden, snapshot.serving, self.config)
        return Action(cho_target=target)

    def report(self) -> Mapping[str, float]:
        """The relative gap of the last solution: how much better than it a solution could at most be."""
        return {"solver_gap": self._gap}


def true_burden(snapshot: Snapshot, scenario: Scenario) -> Floats:
    """[U, G] Eq (2): R_j / (r_ij a_i), load that UE j is to cell i; inf where it may not go.

    UEs may go where a handover would be executed and the rate that they measure is R_j or more; a UE without
    such a cell stays. They measure on discovery bursts; data is slower where other cells of the channel
    transmit meanwhile, as loaded as they are now.
    """
    demand_bps = snapshot.demand_bps[:, None]
    allowed = (snapshot.rsrp_dbm >= scenario.cho_rsrp_threshold_dbm) & (snapshot.rate_bps >= demand_bps)
    used = np.minimum(snapshot.load * snapshot.airtime, 1.0)
    disturbed_bps = expected_rate_bps(snapshot.rsrp_dbm, scenario, channel=snapshot.channel, used=used)
    rate_bps = np.minimum(snapshot.rate_bps, disturbed_bps)
    with np.errstate(divide="ignore"):
        burden: Floats = np.where(allowed, demand_bps / (rate_bps * snapshot.airtime), np.inf)
    return burden


def sensible(burden: Floats, serving: Ints, detour: float) -> NDArray[np.bool_]:
    """[U, G] cells where the UE is at most `detour` times the load that it is at its best; or serving."""
    close: NDArray[np.bool_] = burden <= detour * burden.min(axis=1, keepdims=True)
    close[np.arange(len(serving)), serving] = True
    return close


def solve(burden: Floats, serving: Ints, config: OptimumConfig) -> tuple[Ints, float]:
    """Minimise the configured objective over all associations.

    Args:
        burden: [U, G] load that each UE would be to each cell; inf where it may not go.
        serving: [U] the association now, kept on ties, and for UEs that may go nowhere.
        config: objective, weights and limits.

    Returns:
        [U] the cell of each UE, and the relative gap to the best bound (0: proved optimal; inf: none found
        within the limits, so the association stays).
    """
    optimize: Any = load_extra("scipy.optimize", extra="optimum")
    sparse: Any = load_extra("scipy.sparse", extra="optimum")
    ue, cell = np.nonzero(np.isfinite(burden) & sensible(burden, serving, config.detour))
    movable, index = np.unique(ue, return_inverse=True)
    if len(movable) == 0:
        return serving.copy(), 0.0
    n_pairs, n_gnbs = len(ue), burden.shape[1]
    one_cell_each = sparse.coo_array((np.ones(n_pairs), (index, np.arange(n_pairs))))
    load = sparse.coo_array((burden[ue, cell], (cell, np.arange(n_pairs))), shape=(n_gnbs, n_pairs)).tocsr()
    mean = sparse.csr_array(np.full((n_gnbs, n_gnbs), 1 / n_gnbs)) @ load
    one = sparse.eye_array(n_gnbs, format="csr")

    # Variables: pairs (binary), excess of each cell above 1, then the objective's own.
    cost = config.mean_weight * burden[ue, cell] / n_gnbs
    cost += config.move_weight * (serving[ue] != cell) / len(serving)
    excess = np.full(n_gnbs, config.overload_weight / n_gnbs)
    if config.objective == "largest":
        above = [[load, None, sparse.csr_array(-np.ones((n_gnbs, 1)))]]
        own = np.ones(1)
    else:
        above = [[load - mean, None, -one], [mean - load, None, -one]]
        own = np.full(n_gnbs, 1 / n_gnbs)
    rows = sparse.block_array([[load, -one, None], *above], format="csr")
    limits = np.concatenate([np.ones(n_gnbs), np.zeros(rows.shape[0] - n_gnbs)])
    each = sparse.csr_array(one_cell_each)
    each.resize((len(movable), rows.shape[1]))

    result = optimize.milp(
        np.concatenate([cost, excess, own]),
        integrality=np.concatenate([np.ones(n_pairs), np.zeros(n_gnbs + len(own))]),
        bounds=optimize.Bounds(0.0, np.concatenate([np.ones(n_pairs), np.full(n_gnbs + len(own), np.inf)])),
        constraints=[
            optimize.LinearConstraint(rows, -np.inf, limits),
            optimize.LinearConstraint(each, 1.0, 1.0),
        ],
        options={
            "time_limit": config.time_limit_s,
            "node_limit": config.max_nodes,
            "mip_rel_gap": config.gap,
        },
    )
    if result.x is None:
        return serving.copy(), math.inf
    target = serving.copy()
    taken = result.x[:n_pairs] > 0.5
    target[ue[taken]] = cell[taken]
    return target, float(result.mip_gap)

# SPDX-License-Identifier: GPL-2.0-only
"""GT-RL: the UEs of overloaded cells play a congestion game on the loads that they hear.

Seyoum et al., "NR-U Network Load Balancing: A Game Theoretic Reinforcement Learning Approach",
Electronics 2025, 14(20), 3986: Algorithms 1 and 2, Eqs (4), (6) and (7). Where the paper is silent or
contradicts itself, `GtRlConfig` has an option: `LETTER` takes the paper at its word, the defaults are
the reading that works, `TUNED` is that reading with numbers that were searched for, and `READINGS` are
`TUNED` with one reading changed each.

Each row of the arrays is one UE's own knowledge. No row touches another but those of one gNB, which
selects among its UEs by its own load and by what they report: `gt_rl_selection.py`. What the
UEs and gNBs of a real network would do side by side is done here in one array operation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pyagents.core.scenario import Checked, number
from pyagents.core.search import Between
from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.agents.gt_rl_selection import (
    excess_load,
    known_loads,
    select,
    served_load,
)
from pyagents.scenarios.indoor_factory.agents.reported_links import expected_rate_bps
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot

Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class GtRlConfig(Checked):
    """How to read the paper. The defaults are the working reading."""

    selection: Literal["none", "overloaded"] = "overloaded"
    """Whose UEs decide: of all gNBs (Algorithm 1 loops over all UEs), or of those in overload (the paper's
    text: "a UE experiencing overload on its current gNB" does, and gNBs select UEs)."""
    overload: Literal["full", "mean"] = "mean"
    """Overload of a gNB: a load above 1, constraint (3), or above the mean of its own and of those that its
    UEs have heard of late. The mean, since the objective (3) is the spread around it and the paper claims the
    lowest variance at light load as well, where nobody is above 1 (Figs 7, 10, 13)."""
    overload_margin: float = number(0.0, 0, search=Between(low=0.0, high=0.5))
    """Load above that threshold which is not yet overload. The paper has none."""
    selected: Literal["all", "excess"] = "excess"
    """UEs that a gNB in overload selects of those that would move: all, or in the order of the gain that they
    report as many as its excess is worth (the paper: |U_sel| << |U_i|)."""
    excess_share: float = number(0.5, 0, 1, above=True, search=Between(low=0.05, high=1.0))
    """Part of the excess that the selected UEs are worth. A move shows in the SIBx one period after the next
    decision, so each gap is seen twice: 1/2 (ours)."""
    rate: Literal["measured", "interference-aware"] = "interference-aware"
    """r_ij: as a UE measures it on discovery bursts, which go on the air when their cell finds it idle, or as
    RSRP leaves it while all cells of the channel transmit. The paper: "interference implicitly in r_ij"."""
    reward: Literal["saving", "letter"] = "saving"
    """saving: C_k - C_i, what UE j saves by leaving k for i. letter: Eq (7) as printed, C_i - C_k, whose
    argmax in Algorithm 2 is the most expensive cell."""
    may_stay: bool = True
    """Whether staying, at reward 0, competes in the greedy branch. Algorithm 2 leaves it out: all move."""
    own_load: Literal["none", "full", "shared"] = "shared"
    """What the mover adds to a candidate's load before Eqs (4) and (6): nothing (the paper), R_j / r_ij as if
    the candidate had its channel to itself, or that over the airtime which the heard loads there leave.
    Without it two nearly equal cells trade the same UE for ever; with it each lone move lowers the
    mover's cost."""
    max_load_age_periods: float = number(3.0, 0, search=Between(low=1.0, high=10.0))
    """Loads heard longer ago than this are forgotten, so that nobody moves on old news: SIBx gets lost under
    the very load that it should tell of. The paper is silent: no limit."""
    headroom_floor: float = number(1e-3, 0, search=Between(low=1e-3, high=0.3, logarithmic=True))
    """1 - l in Eqs (4) and (6) is at least this. 0: as printed; an overloaded cell then costs less than 0."""
    min_saving: float = number(0.1, 0, search=Between(low=0.01, high=1.0, logarithmic=True))
    """Greedy moves need a reward above this: a load that is measured over one period is noisy, and a handover
    is an outage. 0.1 is the difference in cost between loads 0.5 and 0.524."""
    pace: Literal["all", "thinned", "proportional", "in-turn"] = "all"
    """Which of the UEs that want to move, and are selected, may do so in one period: all at once (the paper;
    if nobody selects, unstable from mean load 1/2 on), each with `move_probability`, that times the share
    given by `proportional_share`, or one at a time (convergent, slow: a sweep takes n_ues periods)."""
    move_probability: float = number(0.5, 0, 1)
    """beta of the thinned and the proportional pace: 1/2 for the reason that `excess_share` has."""
    epsilon: float = number(0.05, 0, 1, search=Between(low=0.0, high=0.3))
    """First probability of the exploring branch. Small: SIBx tells every candidate's cost, so that sampling
    Eq (6) only adds handovers and spread (for m UEs on n cells at mean load rho, a standard deviation of
    rho sqrt((n - 1) / m))."""
    epsilon_decay: float = number(0.8, 0, 1)
    """Factor on epsilon per period; with 0.05 to start from, a quarter of an exploration a UE in all."""
    epsilon_min: float = number(0.0, 0, 1)
    """Exploration that the decay ends at."""


LETTER = GtRlConfig(
    selection="none",
    rate="measured",
    reward="letter",
    may_stay=False,
    own_load="none",
    max_load_age_periods=np.inf,
    headroom_floor=0.0,
    min_saving=0.0,
    pace="all",
    move_probability=1.0,
    epsilon=1.0,
    epsilon_decay=0.9,
    epsilon_min=0.05,
)
"""The paper at its word. It prints no values for epsilon: the schedule from 1 to 0.05 by 0.9 is ours."""

TUNED = GtRlConfig(
    excess_share=0.32,
    overload_margin=0.034,
    min_saving=0.051,
    max_load_age_periods=8.3,
    headroom_floor=0.034,
    epsilon=0.16,
)
"""The defaults' reading with numbers that were searched for, as its rivals' were: docs/tuning.md. This is the
agent `gt-rl`."""

READINGS: Mapping[str, GtRlConfig] = {
    "reward-letter": replace(TUNED, reward="letter"),
    "must-move": replace(TUNED, may_stay=False),
    "own-load-none": replace(TUNED, own_load="none"),
    "own-load-full": replace(TUNED, own_load="full"),
    "selection-none": replace(TUNED, selection="none", pace="proportional"),
    "pace-thinned": replace(TUNED, selection="none", pace="thinned"),
    "selected-all": replace(TUNED, selected="all"),
    "overload-full": replace(TUNED, overload="full"),
    "rate-measured": replace(TUNED, rate="measured"),
    "old-news": replace(TUNED, max_load_age_periods=np.inf),
    "min-saving-none": replace(TUNED, min_saving=0.0),
}
"""`TUNED` with one reading changed each, to tell what each does: agents `gt-rl:reward-letter` and so on."""


class GtRl:
    """The agent of the UEs and, for selection, of each UE's own gNB.

    A UE uses only what UEs know, and of that its own row. A gNB uses its own load, which its UEs hear as
    well, and what its own UEs report: power, loads heard, and the gain that they reckon with. Without
    selection, gNBs have no part in it.
    """

    def __init__(self, config: GtRlConfig = GtRlConfig()) -> None:
        self.config = config

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget the past; epsilon starts anew."""
        self._scenario = scenario
        self._max_age_s = self.config.max_load_age_periods * scenario.step_s * (1 + 1e-9)
        self._rng = np.random.default_rng(seed)
        self._step = 0

    def act(self, snapshot: Snapshot) -> Action:
        """One iteration of Algorithm 1: hear loads, form G_j and the costs, choose by Algorithm 2, select."""
        if self.config.rate == "interference-aware":
            rate_bps = expected_rate_bps(snapshot.rsrp_dbm, self._scenario, channel=snapshot.channel)
            snapshot = replace(snapshot, rate_bps=rate_bps)
        config, serving, load = self.config, snapshot.serving, snapshot.sib_load
        rows = np.arange(snapshot.n_ues)
        chance = self._rng.random((3, snapshot.n_ues))

        candidates = candidate_cells(snapshot, self._scenario.cho_rsrp_threshold_dbm, self._max_age_s)
        joined = load + own_share(snapshot, config.own_load)
        joined[rows, serving] = load[rows, serving]  # its own cell has the UE in its load already
        cost = cell_cost(joined, candidates, config.headroom_floor)
        gain = reward(cost, serving, config.reward)

        threshold = config.min_saving if config.may_stay else -np.inf
        greedy = greedy_target(gain, candidates, serving, threshold)
        explored = sample_target(
            mixed_strategy(joined, candidates, config.headroom_floor), serving, chance[1]
        )
        explores = chance[0] <= epsilon_at(self._step, config)
        deaf = np.isnan(load[rows, serving])
        wanted = np.where(deaf, serving, np.where(explores, explored, greedy))
        selected = self._select(snapshot, wanted, gain[rows, wanted])

        stranded = ~candidates[rows, serving]  # its own cell is too weak, too slow, or not heard any more
        gap = np.where(explores | stranded, 1.0, load_gap(load, candidates, serving, wanted))
        share = proportional_share(gap, own_share(snapshot, "shared"), serving, wanted)
        target = np.where(selected & (chance[2] < self._move_probability(share)), wanted, serving)
        helpless = deaf | (stranded & (target == serving))
        self._step += 1
        return Action(cho_target=np.where(helpless, -1, target).astype(np.int32))

    def _select(self, snapshot: Snapshot, wanted: Ints, gain: Floats) -> Mask:
        """[U] who may follow its wish, by the choice of its own gNB; everybody without selection."""
        config, load, serving = self.config, snapshot.load, snapshot.serving
        if config.selection == "none":
            return np.ones(len(serving), dtype=bool)
        known = known_loads(load, serving, snapshot.sib_load, snapshot.sib_age_s, self._max_age_s)
        excess = excess_load(known, config.overload, config.overload_margin)
        if config.selected == "all":
            budget = np.where(excess > 0, np.inf, 0.0)
        else:
            budget = config.excess_share * excess
        burden = served_load(load, serving, snapshot.demand_bps, snapshot.rate_bps)
        return select(wanted != serving, gain, serving, burden, budget)

    def _move_probability(self, share: Floats) -> Floats:
        """[U] probability with which each UE may follow its wish in this period, by the configured pace."""
        match self.config.pace:
            case "all":
                return np.ones(len(share))
            case "in-turn":
                turn: Floats = (np.arange(len(share)) == self._step % len(share)).astype(np.float64)
                return turn
            case "thinned":
                return np.full(len(share), self.config.move_probability)
            case "proportional":
                paced: Floats = self.config.move_probability * share
                return paced


def candidate_cells(snapshot: Snapshot, rsrp_threshold_dbm: float, max_age_s: float) -> Mask:
    """[U, G] G_j: cells that UE j measures above the threshold, hears of late, and for which r_ij > R_j."""
    strong = snapshot.rsrp_dbm >= rsrp_threshold_dbm
    fast = snapshot.rate_bps > snapshot.demand_bps[:, None]
    heard = ~np.isnan(snapshot.sib_load) & (snapshot.sib_age_s <= max_age_s)
    return strong & fast & heard


def own_share(snapshot: Snapshot, reading: Literal["none", "full", "shared"]) -> Floats:
    """[U, G] load that UE j would add to cell i: R_j / r_ij (Eq (2)) over the cell's airtime."""
    if reading == "none":
        return np.zeros_like(snapshot.rate_bps)
    with np.errstate(divide="ignore"):
        share = snapshot.demand_bps[:, None] / snapshot.rate_bps
    return share if reading == "full" else share / heard_airtime(snapshot.sib_load, snapshot.channel)


def heard_airtime(sib_load: Floats, channel: Ints, iterations: int = 20) -> Floats:
    """[U, G] airtime that each UE infers for each cell from the loads heard on the cell's channel.

    A cell of load l transmits for min(l, 1) of the airtime it has; the rest is left to its channel's others;
    under saturation LBT is fair: a_i = max(1 / n, 1 - sum over h of min(l_h, 1) a_h). Unheard cells
    count as idle.
    """
    busy = np.minimum(np.nan_to_num(sib_load, nan=0.0), 1.0)
    same_channel = (channel[:, None] == channel[None, :]).astype(np.float64)
    fair = 1 / np.maximum((~np.isnan(sib_load)).astype(np.float64) @ same_channel, 1.0)
    airtime = np.ones_like(busy)
    for _ in range(iterations):  # damped: two loaded cells would otherwise swap between all and nothing
        used = busy * airtime
        others = used @ same_channel - used
        airtime = 0.5 * airtime + 0.5 * np.maximum(fair, 1 - others)
    return airtime


def cell_cost(load: Floats, candidates: Mask, headroom_floor: float) -> Floats:
    """[U, G] Eq (4): C_ij = 1 / (1 - l_i) for cells of G_j, infinite for others."""
    headroom = 1 - load if headroom_floor == 0 else np.maximum(1 - load, headroom_floor)
    with np.errstate(divide="ignore"):
        return np.where(candidates, 1 / headroom, np.inf)


def mixed_strategy(load: Floats, candidates: Mask, headroom_floor: float) -> Floats:
    """[U, G] Eq (6): pi_j(i) proportional to 1 - l_i over G_j; rows sum to 1, or to 0 where G_j is empty.

    A probability cannot be negative, so an overloaded cell weighs nothing even as printed; where no cell of
    G_j has headroom, all weigh the same.
    """
    weight = np.where(candidates, np.maximum(1 - load, headroom_floor), 0.0)
    weight = np.where(weight.sum(axis=1, keepdims=True) > 0, weight, candidates.astype(np.float64))
    strategy: Floats = weight / np.maximum(weight.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return strategy


def reward(cost: Floats, serving: Ints, reading: Literal["saving", "letter"]) -> Floats:
    """[U, G] Eq (7) for a move of UE j from its serving cell k to i; infinite minus infinite is 0."""
    own = np.broadcast_to(cost[np.arange(len(serving)), serving][:, None], cost.shape)
    with np.errstate(invalid="ignore"):
        saving = np.where(np.isinf(own) & np.isinf(cost), 0.0, own - cost)
    return saving if reading == "saving" else -saving


def greedy_target(gain: Floats, candidates: Mask, serving: Ints, threshold: float) -> Ints:
    """[U] exploiting branch of Algorithm 2: the candidate of largest reward if above threshold, or stay."""
    rows = np.arange(len(serving))
    others = candidates.copy()
    others[rows, serving] = False
    best = np.where(others, gain, -np.inf).argmax(axis=1)
    moves = others[rows, best] & (gain[rows, best] > threshold)
    return np.where(moves, best, serving).astype(np.int32)


def sample_target(strategy: Floats, serving: Ints, chance: Floats) -> Ints:
    """[U] exploring branch of Algorithm 2: a cell drawn from Eq (6) by one uniform number a UE."""
    drawn = (strategy.cumsum(axis=1) > chance[:, None]).argmax(axis=1)
    return np.where(strategy[np.arange(len(serving)), drawn] > 0, drawn, serving).astype(np.int32)


def epsilon_at(step: int, config: GtRlConfig) -> float:
    """Probability of the exploring branch in the given period, decayed from its first value."""
    return max(config.epsilon_min, config.epsilon * config.epsilon_decay**step)


def proportional_share(gap: Floats, burden: Floats, serving: Ints, wanted: Ints) -> Floats:
    """[U] share of the UEs of cell k that may leave for i so that i fills to the mean and no further.

    The share is (l_k - l_i) / (l_k n) x w_kj / w_ij, at most 1, for n cells and the load w that UE j is to
    either. If all UEs hear the same and want the same least loaded i, then i receives the sum over all j of
    w_ij times that, which is the sum over k of (l_k - l_i) / n: just what it lacks to the mean load, whatever
    the number of UEs. A fixed probability overshoots as soon as the gap is narrower than its share.

    Args:
        gap: [U] (l_k - l_i) / (l_k n), see `load_gap`.
        burden: [U, G] w, load that each UE is or would be to each cell.
        serving: [U] k.
        wanted: [U] i.
    """
    rows = np.arange(len(serving))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = gap * burden[rows, serving] / burden[rows, wanted]
    clipped: Floats = np.clip(np.nan_to_num(share, nan=0.0), 0.0, 1.0)
    return clipped


def load_gap(load: Floats, candidates: Mask, serving: Ints, wanted: Ints) -> Floats:
    """[U] (l_k - l_i) / (l_k n) for each UE's serving k, wanted i and n candidates; 0 where i is fuller."""
    rows = np.arange(len(serving))
    own, other = load[rows, serving], load[rows, wanted]
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = (own - other) / (own * np.maximum(candidates.sum(axis=1), 1))
    clipped: Floats = np.clip(np.nan_to_num(gap, nan=0.0), 0.0, 1.0)
    return clipped

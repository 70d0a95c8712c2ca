# SPDX-License-Identifier: GPL-2.0-only
"""One step's handovers of all UEs: the pairs of UE and cell that can trigger, what they trigger, and again.

A handover detaches at once and completes after the outage of `rrc.outage_s`; then conditions are evaluated
anew, in the same step if there is time left.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from pyagents.simulators.mock.arrays import Index, Mask
from pyagents.simulators.mock.measurement import Instants, filtered_rsrp_dbm
from pyagents.simulators.mock.rrc import (
    NO_TARGET,
    RrcRules,
    Trigger,
    first_trigger,
    outage_s,
    pick_first,
    steady_trigger,
)
from pyagents.simulators.mock.state import Rrc
from pyagents.snapshot import Floats, Ints

MAX_ROUNDS = 8
"""Handovers of one UE in one step, at most."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """What UEs go by in one step. B halls, G gNBs, N nodes, U UEs, of which the first M move."""

    at: Instants
    """When they measure."""
    now_s: float
    """When the step starts."""
    end_s: float
    """When it ends."""
    before_dbm: Floats
    """[B, G, U] filtered RSRP at the start of the step."""
    after_dbm: Floats
    """[B, G, U] filtered RSRP at its end."""
    true_start_dbm: Floats
    """[B, G, M] true RSRP of the moving UEs at the start of the step."""
    true_end_dbm: Floats
    """[B, G, M] likewise at its end."""
    fresh: Mask | None
    """[B, U] UEs whose candidate has changed now, so that no condition has held; None: none has."""
    allowed: Mask | None
    """[B, U] whether the candidate meets the load condition; None: there is none."""
    cio_db: Floats
    """[B, G, G]."""
    rx_dbm: Floats
    """[B, N, U] power that the UEs receive of each node."""
    same_channel: Floats
    """[B, N, N] 1 between co-channel neighbours, else 0."""
    used: Floats
    """[B, N] share of time that nodes transmit."""
    prach_threshold_dbm: float
    """A UE senses the channel busy from this power on."""
    chance: Floats
    """[B, U] uniform numbers: how many preambles."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Moves:
    """What a step's handovers come to."""

    rrc: Rrc
    moved: Index
    """UEs of the flattened [B, U] that have entered a cell."""
    away: Index
    """UEs of the flattened [B, U] that are without a cell at the end of the step."""
    away_s: Floats
    """For how long they have been in this step."""


def hand_over(rrc: Rrc, around: Surroundings, rules: RrcRules) -> Moves:
    """Evaluate all conditions through one step and carry out what they trigger.

    Args:
        rrc: at the start of the step.
        around: what UEs go by.
        rules: of handovers.
    """
    under_way = rrc.done_s < np.inf
    pair = candidates(rrc, around, rules)
    if not under_way.any():
        if not len(pair):
            return Moves(rrc=_without_held(rrc), moved=_NONE, away=_NONE, away_s=_NO_TIMES)
    else:
        pair = pair[~under_way.ravel()[_ue(pair, rrc.serving.shape[1], around)]]
    work = _Work(rrc=rrc, around=around, rules=rules)
    again = work.finish(np.flatnonzero(rrc.done_s < around.end_s))
    work.evaluate(pair, first=True)
    again = np.concatenate([again, work.finish(work.due())])
    for _ in range(MAX_ROUNDS - 1):
        if not len(again):
            break
        work.evaluate(work.pairs_of(again), first=False)
        again = work.finish(work.due())
    return work.result()


def candidates(rrc: Rrc, around: Surroundings, rules: RrcRules) -> Index:
    """Pairs, in a flattened [B, G, U], whose condition may hold at some time; no other can."""
    b, u = rrc.serving.shape
    g = around.cio_db.shape[-1]
    target = rrc.cho_target
    conditional = (target != rrc.serving) & (target >= 0)
    if around.allowed is not None:
        conditional &= around.allowed
    ue = np.flatnonzero(conditional)
    pair: Index = (ue // u * g + target.ravel()[ue]) * u + ue % u
    by_a3 = target == NO_TARGET
    if not by_a3.any():
        return pair
    # Filtered RSRP stays between what it was and what truly is: bounds that need no instants.
    high, low = around.after_dbm, around.after_dbm
    m = around.true_start_dbm.shape[2]
    if m:
        bounds = around.before_dbm[:, :, :m], around.true_start_dbm, around.true_end_dbm
        high, low = high.copy(), low.copy()
        high[:, :, :m] = np.maximum(np.maximum(*bounds[:2]), bounds[2])
        low[:, :, :m] = np.minimum(np.minimum(*bounds[:2]), bounds[2])
    own = np.take_along_axis(low, rrc.serving[:, None, :].astype(np.intp), axis=1)
    needed = own + (rules.a3_offset_db - rules.a3_hysteresis_db)
    needed = np.where(by_a3[:, None, :], needed, np.inf)
    reach = high
    if around.cio_db.any():
        # [B, U, G], the serving cell's row for each UE, turned.
        reach = high + np.swapaxes(around.cio_db[np.arange(b)[:, None], rrc.serving], 1, 2)
    may = (reach > needed) & (np.arange(g)[:, None] != rrc.serving[:, None, :])
    return np.sort(np.concatenate([pair, np.flatnonzero(may)]))


_RsrpOf = Callable[[Index], Floats]
_NONE: Index = np.empty(0, dtype=np.intp)
_NO_TIMES: Floats = np.empty(0)


def _without_held(rrc: Rrc) -> Rrc:
    """The same with no condition holding."""
    if not len(rrc.held_pair):
        return rrc
    return Rrc(**{**vars(rrc), "held_pair": _NONE, "held_since_s": _NO_TIMES})


def _ue(pair: Index, n_ues: int, around: Surroundings) -> Index:
    """Index in a flattened [B, U] of each pair's UE."""
    ue: Index = pair // (n_ues * around.cio_db.shape[-1]) * n_ues + pair % n_ues
    return ue


@dataclass(kw_only=True, eq=False)
class _Work:
    """Copies of the state that handovers are carried out on, all halls' UEs in one row."""

    rrc: Rrc
    around: Surroundings
    rules: RrcRules
    held: list[tuple[Index, Floats]] = field(default_factory=list)
    entered: list[Index] = field(default_factory=list)

    def __post_init__(self) -> None:
        rrc = self.rrc
        self.n_ues, self.n_gnbs = rrc.serving.shape[1], self.around.cio_db.shape[-1]
        self.cho_target = rrc.cho_target.ravel()
        self.serving, self.target = rrc.serving.flatten(), rrc.target.flatten()
        self.done_s, self.last_handover_s = rrc.done_s.flatten(), rrc.last_handover_s.flatten()
        self.previous = rrc.previous.flatten()
        self.handovers, self.ping_pongs, self.failures = (
            array.flatten() for array in (rrc.handovers, rrc.ping_pongs, rrc.failures)
        )
        self.since_s = np.where(np.isinf(self.done_s), np.inf, self.around.now_s)

    def evaluate(self, pair: Index, *, first: bool) -> None:
        """Find and start the next handover of each UE.

        Args:
            pair: pairs of the UEs concerned, ascending.
            first: whether from the start of the step on; else from each UE's last handover on.
        """
        if not len(pair):
            return
        ue = _ue(pair, self.n_ues, self.around)
        start = np.full(len(pair), self.around.now_s) if first else self.last_handover_s[ue]
        trigger = self._trigger(pair, ue, start, self._held_since_s(pair, ue, first))
        chosen = pick_first(ue, trigger.time_s, self.around.after_dbm.ravel()[pair])
        if len(chosen):
            cell = pair[chosen] // self.n_ues % self.n_gnbs
            self._start(ue[chosen], cell.astype(np.int32), trigger.time_s[chosen])
        keeps = (trigger.held_since_s < np.inf) & (self.done_s[ue] == np.inf)
        if keeps.any():
            self.held.append((pair[keeps], trigger.held_since_s[keeps]))

    def pairs_of(self, ues: Index) -> Index:
        """All pairs of some UEs that a condition is configured for."""
        cells = np.arange(self.n_gnbs)[:, None]
        target = self.cho_target[ues]
        configured = np.where(target == NO_TARGET, True, cells == target) & (cells != self.serving[ues])
        if self.around.allowed is not None:
            configured &= self.around.allowed.ravel()[ues] | (target == NO_TARGET)
        pair = (ues // self.n_ues * self.n_gnbs + cells) * self.n_ues + ues % self.n_ues
        return np.sort(pair[configured])

    def due(self) -> Index:
        """UEs whose handover completes within the step."""
        return np.flatnonzero(self.done_s < self.around.end_s)

    def finish(self, ues: Index) -> Index:
        """These UEs enter the cells that they are on the way to."""
        if not len(ues):
            return ues
        time, source, target = self.done_s[ues], self.serving[ues], self.target[ues]
        soon = time - self.last_handover_s[ues] <= self.rules.ping_pong_window_s + 1e-9
        self.handovers[ues] += 1
        self.ping_pongs[ues] += (self.previous[ues] == target) & soon
        self.previous[ues] = source
        self.last_handover_s[ues] = time
        self.serving[ues] = target
        self.done_s[ues] = np.inf
        self.entered.append(ues)
        return ues

    def result(self) -> Moves:
        """What it all comes to."""
        shape = self.rrc.serving.shape
        pair = np.concatenate([pair for pair, _ in self.held]) if self.held else _NONE
        since = np.concatenate([since for _, since in self.held]) if self.held else _NO_TIMES
        order = np.argsort(pair)
        away = np.flatnonzero(self.done_s < np.inf)
        return Moves(
            rrc=Rrc(
                serving=self.serving.reshape(shape),
                cho_target=self.rrc.cho_target,
                target=self.target.reshape(shape),
                done_s=self.done_s.reshape(shape),
                held_pair=pair[order],
                held_since_s=since[order],
                previous=self.previous.reshape(shape),
                last_handover_s=self.last_handover_s.reshape(shape),
                handovers=self.handovers.reshape(shape),
                ping_pongs=self.ping_pongs.reshape(shape),
                failures=self.failures.reshape(shape),
            ),
            moved=np.concatenate(self.entered) if self.entered else _NONE,
            away=away,
            away_s=self.around.end_s - self.since_s[away],
        )

    def _held_since_s(self, pair: Index, ue: Index, first: bool) -> Floats:
        """[P] since when the pairs' conditions had held before; +inf: they had not."""
        before = self.rrc.held_pair
        if not first or not len(before):
            return np.full(len(pair), np.inf)
        place = np.minimum(np.searchsorted(before, pair), len(before) - 1)
        since = np.where(before[place] == pair, self.rrc.held_since_s[place], np.inf)
        if self.around.fresh is not None:
            since[self.around.fresh.ravel()[ue]] = np.inf
        return since

    def _trigger(self, pair: Index, ue: Index, start_s: Floats, held_since_s: Floats) -> Trigger:
        """Triggers of the pairs: those of moving UEs at their instants, the others' at once."""
        rules, around = self.rules, self.around
        by_cho = self.cho_target[ue] != NO_TARGET
        hysteresis = np.where(by_cho, 0.0, rules.a3_hysteresis_db)
        wait = np.where(by_cho, rules.cho_time_to_trigger_s, rules.a3_time_to_trigger_s)
        moving = pair % self.n_ues < around.true_start_dbm.shape[2]
        if not moving.any():
            margin = self._margin_db(pair, ue, by_cho, self._still_dbm)
            return steady_trigger(margin, hysteresis, wait, held_since_s, start_s, around.end_s)
        time, held = np.empty(len(pair)), np.empty(len(pair))
        still = ~moving
        if still.any():
            margin = self._margin_db(pair[still], ue[still], by_cho[still], self._still_dbm)
            part = steady_trigger(
                margin, hysteresis[still], wait[still], held_since_s[still], start_s[still], around.end_s
            )
            time[still], held[still] = part.time_s, part.held_since_s
        margin = self._margin_db(pair[moving], ue[moving], by_cho[moving], self._moving_dbm)
        part = first_trigger(
            margin,
            hysteresis[moving],
            wait[moving],
            held_since_s[moving],
            around.now_s + around.at.time_s,
            start_s[moving],
            around.end_s,
        )
        time[moving], held[moving] = part.time_s, part.held_since_s
        return Trigger(time_s=time, held_since_s=held)

    def _margin_db(self, pair: Index, ue: Index, by_cho: Mask, rsrp_dbm: _RsrpOf) -> Floats:
        """[..., P] by how much each cell meets its condition, dB; hysteresis apart."""
        rsrp = rsrp_dbm(pair)
        margin = rsrp - self.rules.cho_threshold_dbm
        if by_cho.all():
            return margin
        row = pair // (self.n_ues * self.n_gnbs) * self.n_gnbs + self.serving[ue]
        cell = pair // self.n_ues % self.n_gnbs
        cio = self.around.cio_db.reshape(-1, self.n_gnbs)[row, cell]
        own = rsrp_dbm(row * self.n_ues + ue % self.n_ues)
        own = np.where(np.isneginf(own), np.inf, own)  # never measured: nothing to compare with
        return np.where(by_cho, margin, rsrp + cio - own - self.rules.a3_offset_db)

    def _still_dbm(self, pair: Index) -> Floats:
        """[P] filtered RSRP of UEs that stand still."""
        return self.around.after_dbm.ravel()[pair]

    def _moving_dbm(self, pair: Index) -> Floats:
        """[K + 1, P] filtered RSRP of moving UEs at each instant."""
        around = self.around
        m = around.true_start_dbm.shape[2]
        place = pair // self.n_ues * m + pair % self.n_ues
        return filtered_rsrp_dbm(
            around.at,
            around.before_dbm.ravel()[pair],
            around.true_start_dbm.ravel()[place],
            around.true_end_dbm.ravel()[place],
        )

    def _start(self, ue: Index, target: Ints, time_s: Floats) -> None:
        """These UEs detach."""
        outage, fails = outage_s(self._blocked(ue, target), self.around.chance.ravel()[ue], self.rules)
        if fails.any():
            self.failures[ue] += fails
            target = np.where(fails, self._next_best(ue, target), target)
        self.target[ue] = target
        self.done_s[ue] = time_s + outage
        self.since_s[ue] = time_s

    def _blocked(self, ue: Index, target: Ints) -> Floats:
        """[n] probability that a UE senses a co-channel neighbour of its target just before a preamble."""
        hall, place = np.divmod(ue, self.n_ues)
        sensed = self.around.rx_dbm[hall, :, place] >= self.around.prach_threshold_dbm
        jams = sensed * self.around.same_channel[hall, target] * self.around.used[hall]
        blocked: Floats = 1 - np.multiply.reduce(1 - np.minimum(jams, 1.0), axis=1)
        return blocked

    def _next_best(self, ue: Index, failed: Ints) -> Ints:
        """[n] strongest cell, without the one not reached and, if others are left, the source."""
        hall, place = np.divmod(ue, self.n_ues)
        rsrp = self.around.after_dbm[hall, :, place]
        rows = np.arange(len(ue))
        if self.n_gnbs > 2:
            rsrp[rows, self.serving[ue]] = -np.inf
        rsrp[rows, failed] = -np.inf
        best: Ints = rsrp.argmax(axis=1).astype(np.int32)
        return best

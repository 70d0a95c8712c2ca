# SPDX-License-Identifier: GPL-2.0-only
"""One step's handovers of all UEs: the pairs of UE and cell that can trigger, what they trigger, and again.

A handover detaches at once and completes after the outage of `rrc.outage_s`; then conditions are evaluated
anew, in the same step if there is time left.
"""

from collections.abc import Callable
from dataclasses import dataclass

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


def hand_over(rrc: Rrc, around: Surroundings, rules: RrcRules) -> Moves:
    """Evaluate all conditions through one step and carry out what they trigger.

    Args:
        rrc: at the start of the step.
        around: what UEs go by.
        rules: of handovers.
    """
    pair = candidates(rrc, around, rules)
    away = np.flatnonzero(rrc.done_s < np.inf)
    if not (len(pair) or len(away) or len(rrc.held_pair)):
        return Moves(rrc=rrc, moved=away, away=away)
    work = _Work(rrc, around, rules)
    if len(away):
        pair = pair[work.done_s[work.ue_of(pair)] == np.inf]
        entered = work.finish(away)
    else:
        entered = away
    work.evaluate(pair, first=True)
    entered = np.concatenate([entered, work.finish(work.started)])
    for _ in range(MAX_ROUNDS - 1):
        pair = work.pairs_of(entered)
        if not len(pair):
            break
        work.evaluate(pair, first=False)
        entered = work.finish(work.started)
    return work.result()


def candidates(rrc: Rrc, around: Surroundings, rules: RrcRules) -> Index:
    """Pairs, in a flattened [B, G, U], whose condition may hold at some time; no other can."""
    b, u = rrc.cho_target.shape
    g = around.cio_db.shape[-1]
    ue = np.flatnonzero(rrc.cho_target != rrc.serving)  # those without a candidate among them
    target = rrc.cho_target.take(ue)
    by_a3 = target == NO_TARGET
    if by_a3.any():
        by_cho = ~by_a3
        ue, target = ue[by_cho], target[by_cho]
    else:
        by_a3 = None
    if around.allowed is not None:
        allowed = around.allowed.take(ue)
        ue, target = ue[allowed], target[allowed]
    pair: Index = (ue // u * g + target) * u + ue % u
    if by_a3 is None:
        return pair
    # Filtered RSRP stays between what it was and what truly is: bounds that need no instants.
    high, low = around.after_dbm, around.after_dbm
    m = around.true_start_dbm.shape[2]
    if m:
        bounds = around.before_dbm[:, :, :m], around.true_start_dbm, around.true_end_dbm
        high, low = high.copy(), low.copy()
        high[:, :, :m] = np.maximum(np.maximum(*bounds[:2]), bounds[2])
        low[:, :, :m] = np.minimum(np.minimum(*bounds[:2]), bounds[2])
    if around.cio_db.any():
        # [B, U, G], the serving cell's row for each UE, turned.
        high = high + np.swapaxes(around.cio_db[np.arange(b)[:, None], rrc.serving], 1, 2)
    serving = (np.arange(b)[:, None] * g + rrc.serving) * u + np.arange(u)
    needed = low.take(serving)
    needed += rules.a3_offset_db - rules.a3_hysteresis_db
    needed[rrc.cho_target != NO_TARGET] = np.inf
    may = high > needed[:, None, :]
    may.ravel()[serving.ravel()] = False
    return np.sort(np.concatenate([pair, np.flatnonzero(may)]))


_NONE: Index = np.empty(0, dtype=np.intp)
_NO_TIMES: Floats = np.empty(0)
_RsrpOf = Callable[[Index], Floats]


class _Work:
    """Copies of the state that handovers are carried out on, all halls' UEs in one row."""

    def __init__(self, rrc: Rrc, around: Surroundings, rules: RrcRules) -> None:
        self.rrc, self.around, self.rules = rrc, around, rules
        self.n_ues, self.n_gnbs = rrc.cho_target.shape[1], around.cio_db.shape[-1]
        self.cho_target = rrc.cho_target.ravel()
        self.cells = rrc.cells.reshape(3, -1).copy()
        self.times_s = rrc.times_s.reshape(2, -1).copy()
        self.counts = rrc.counts.reshape(3, -1).copy()
        self.serving, self.target, self.previous = self.cells
        self.done_s, self.last_s = self.times_s
        self.handovers, self.ping_pongs, self.failures = self.counts
        self.held: list[tuple[Index, Floats]] = []
        self.entered: list[Index] = []
        self.started = _NONE

    def ue_of(self, pair: Index) -> Index:
        """Index in a flattened [B, U] of each pair's UE."""
        ue: Index = pair // (self.n_ues * self.n_gnbs) * self.n_ues + pair % self.n_ues
        return ue

    def evaluate(self, pair: Index, *, first: bool) -> None:
        """Find and start the next handover of each UE; `started` says whose.

        Args:
            pair: pairs of the UEs concerned, ascending.
            first: whether from the start of the step on; else from each UE's last handover on.
        """
        ue = self.ue_of(pair)
        start = np.full(len(pair), self.around.now_s) if first else self.last_s[ue]
        trigger = self._trigger(pair, ue, start, self._held_since_s(pair, ue, first))
        chosen = pick_first(ue, trigger.time_s, self.around.after_dbm.ravel()[pair])
        self.started = ue[chosen]
        if len(chosen):
            cell = pair[chosen] // self.n_ues % self.n_gnbs
            self._start(self.started, cell, trigger.time_s[chosen])
        keeps = trigger.held_since_s < np.inf
        keeps &= self.done_s[ue] == np.inf
        if keeps.any():
            self.held.append((pair[keeps], trigger.held_since_s[keeps]))

    def pairs_of(self, ues: Index) -> Index:
        """All pairs of some UEs that a condition is configured for."""
        ues = ues[self.cho_target[ues] != self.serving[ues]]
        if not len(ues):
            return ues
        cells = np.arange(self.n_gnbs)[:, None]
        target = self.cho_target[ues]
        configured = ((target == NO_TARGET) | (cells == target)) & (cells != self.serving[ues])
        if self.around.allowed is not None:
            configured &= self.around.allowed.ravel()[ues] | (target == NO_TARGET)
        pair = (ues // self.n_ues * self.n_gnbs + cells) * self.n_ues + ues % self.n_ues
        return np.sort(pair[configured])

    def finish(self, ues: Index) -> Index:
        """Of these UEs, who are on the way to a cell, those who enter it within the step do; says who."""
        ues = ues[self.done_s[ues] < self.around.end_s]
        if not len(ues):
            return ues
        time, source, target = self.done_s[ues], self.serving[ues], self.target[ues]
        back = (self.previous[ues] == target) & (
            time <= self.last_s[ues] + (self.rules.ping_pong_window_s + 1e-9)
        )
        self.handovers[ues] += 1
        self.ping_pongs[ues] += back
        self.previous[ues] = source
        self.serving[ues] = target
        self.last_s[ues] = time
        self.done_s[ues] = np.inf
        self.entered.append(ues)
        return ues

    def result(self) -> Moves:
        """What it all comes to."""
        shape = self.rrc.cho_target.shape
        pair, since = _NONE, _NO_TIMES
        if self.held:
            pair = np.concatenate([pair for pair, _ in self.held])
            order = np.argsort(pair)
            pair, since = pair[order], np.concatenate([since for _, since in self.held])[order]
        return Moves(
            rrc=Rrc(
                cho_target=self.rrc.cho_target,
                cells=self.cells.reshape(3, *shape),
                times_s=self.times_s.reshape(2, *shape),
                counts=self.counts.reshape(3, *shape),
                held_pair=pair,
                held_since_s=since,
            ),
            moved=np.concatenate(self.entered) if self.entered else _NONE,
            away=np.flatnonzero(self.done_s < np.inf),
        )

    def _held_since_s(self, pair: Index, ue: Index, first: bool) -> Floats:
        """[P] since when the pairs' conditions had held before; +inf: they had not."""
        before = self.rrc.held_pair
        if not (first and len(before)):
            return np.full(len(pair), np.inf)
        place = np.minimum(np.searchsorted(before, pair), len(before) - 1)
        since = np.where(before[place] == pair, self.rrc.held_since_s[place], np.inf)
        if self.around.fresh is not None:
            since[self.around.fresh.ravel()[ue]] = np.inf
        return since

    def _trigger(self, pair: Index, ue: Index, start_s: Floats, held_since_s: Floats) -> Trigger:
        """Triggers of the pairs: those of moving UEs at their instants, the others' at once."""
        moving = pair % self.n_ues < self.around.true_start_dbm.shape[2]
        if not moving.any():
            return self._steady(pair, ue, start_s, held_since_s)
        if moving.all():
            return self._first(pair, ue, start_s, held_since_s)
        time, held = np.empty(len(pair)), np.empty(len(pair))
        for which, trigger in ((moving, self._first), (~moving, self._steady)):
            part = trigger(pair[which], ue[which], start_s[which], held_since_s[which])
            time[which], held[which] = part.time_s, part.held_since_s
        return Trigger(time_s=time, held_since_s=held)

    def _steady(self, pair: Index, ue: Index, start_s: Floats, held_since_s: Floats) -> Trigger:
        margin, hysteresis, wait = self._condition(pair, ue, self._still_dbm)
        return steady_trigger(margin, hysteresis, wait, held_since_s, start_s, self.around.end_s)

    def _first(self, pair: Index, ue: Index, start_s: Floats, held_since_s: Floats) -> Trigger:
        margin, hysteresis, wait = self._condition(pair, ue, self._moving_dbm)
        time_s = self.around.now_s + self.around.at.time_s
        return first_trigger(margin, hysteresis, wait, held_since_s, time_s, start_s, self.around.end_s)

    def _condition(
        self, pair: Index, ue: Index, rsrp_dbm: _RsrpOf
    ) -> tuple[Floats, Floats | float, Floats | float]:
        """[..., P] margin of each pair, dB; its hysteresis, dB; its time to trigger, s."""
        rules = self.rules
        rsrp = rsrp_dbm(pair)
        by_a3 = self.cho_target[ue] == NO_TARGET
        if not by_a3.any():
            return rsrp - rules.cho_threshold_dbm, 0.0, rules.cho_time_to_trigger_s
        row = pair // (self.n_ues * self.n_gnbs) * self.n_gnbs + self.serving[ue]
        cell = pair // self.n_ues % self.n_gnbs
        cio = self.around.cio_db.reshape(-1, self.n_gnbs)[row, cell]
        own = rsrp_dbm(row * self.n_ues + ue % self.n_ues)
        own = np.where(own == -np.inf, np.inf, own)  # never measured: nothing to compare with
        margin = rsrp + cio - own - rules.a3_offset_db
        return (
            np.where(by_a3, margin, rsrp - rules.cho_threshold_dbm),
            np.where(by_a3, rules.a3_hysteresis_db, 0.0),
            np.where(by_a3, rules.a3_time_to_trigger_s, rules.cho_time_to_trigger_s),
        )

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

    def _start(self, ue: Index, target: Index, time_s: Floats) -> None:
        """These UEs detach."""
        blocked = self._blocked(ue, target)
        outage, fails = outage_s(blocked, self.around.chance.ravel()[ue], self.rules)
        if fails.any():
            self.failures[ue] += fails
            target = np.where(fails, self._next_best(ue, target), target)
        self.target[ue] = target
        self.done_s[ue] = time_s + outage

    def _blocked(self, ue: Index, target: Index) -> Floats:
        """[n] probability that a UE senses a co-channel neighbour of its target just before a preamble."""
        hall, place = np.divmod(ue, self.n_ues)
        jams = self.around.used[hall] * self.around.same_channel[hall, target]
        jams *= self.around.rx_dbm[hall, :, place] >= self.around.prach_threshold_dbm
        blocked: Floats = 1 - np.multiply.reduce(1 - np.minimum(jams, 1.0), axis=1)
        return blocked

    def _next_best(self, ue: Index, failed: Index) -> Ints:
        """[n] strongest cell, without the one not reached and, if others are left, the source."""
        hall, place = np.divmod(ue, self.n_ues)
        rsrp = self.around.after_dbm[hall, :, place]
        rows = np.arange(len(ue))
        if self.n_gnbs > 2:
            rsrp[rows, self.serving[ue]] = -np.inf
        rsrp[rows, failed] = -np.inf
        best: Ints = rsrp.argmax(axis=1).astype(np.int32)
        return best

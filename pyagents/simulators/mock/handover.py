# SPDX-License-Identifier: GPL-2.0-only
"""One step's handovers of all UEs: the pairs of UE and cell that can trigger, what they trigger, and again.

A handover detaches at once and completes after the outage of `rrc.outage_s`; then conditions are evaluated
anew, in the same step if there is time left.
"""

from dataclasses import dataclass

import numpy as np

from pyagents.simulators.mock.arrays import Index, Mask
from pyagents.simulators.mock.interference import Aggressors
from pyagents.simulators.mock.measurement import Instants, filtered_rsrp_dbm
from pyagents.simulators.mock.numbers import Sizes
from pyagents.simulators.mock.rrc import (
    NO_TARGET,
    PRACH_PERIOD_S,
    REESTABLISHMENT_S,
    RrcRules,
    first_trigger,
    occasions,
    outage_s,
    pick_first,
)
from pyagents.simulators.mock.state import Rrc
from pyagents.snapshot import Floats, Ints

MAX_ROUNDS = 8
"""Handovers of one UE in one step, at most."""


@dataclass(kw_only=True, eq=False, slots=True)
class Surroundings:
    """What UEs go by in one step. B halls, G gNBs, N nodes, U UEs, of which the first M move."""

    at: Instants
    """When they measure."""
    sizes: Sizes
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
    co_channel: Aggressors
    """Co-channel neighbours of each cell."""
    used: Floats
    """[B, N] share of time that nodes transmit."""
    prach_threshold_dbm: float
    """A UE senses the channel busy from this power on."""
    chance: Floats
    """[B, U] uniform numbers: how many preambles."""


@dataclass(kw_only=True, eq=False, slots=True)
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
    away = rrc.away
    pairs = candidates(rrc, around, rules)
    if not (len(pairs.ue) or len(away) or len(rrc.held_link)):
        return Moves(rrc=rrc, moved=away, away=away)
    work = _Work(rrc, around, rules)
    entered = away
    if len(away):
        pairs = pairs.where(work.done_s.take(pairs.ue) == np.inf)
        entered = work.finish(away)
    work.evaluate(pairs, first=True)
    entered = np.concatenate([entered, work.finish(work.started)])
    for _ in range(MAX_ROUNDS - 1):
        pairs = work.pairs_of(entered)
        if not len(pairs.ue):
            break
        work.evaluate(pairs, first=False)
        entered = work.finish(work.started)
    return work.result()


@dataclass(kw_only=True, eq=False, slots=True)
class Pairs:
    """P pairs of a UE and a cell, for which a condition is configured."""

    ue: Index
    """[P] index in a flattened [B, U]."""
    cell: Index
    """[P] index in a flattened [B, G]."""
    link: Index
    """[P] index in a flattened [B, G, U]."""
    by_a3: Mask | None
    """[P] whether event A3 decides; None: CHO does for all, and no UE is in two pairs."""

    def where(self, chosen: Mask) -> "Pairs":
        """Some of them."""
        by_a3 = None if self.by_a3 is None else self.by_a3[chosen]
        return Pairs(ue=self.ue[chosen], cell=self.cell[chosen], link=self.link[chosen], by_a3=by_a3)


def candidates(rrc: Rrc, around: Surroundings, rules: RrcRules) -> Pairs:
    """Pairs whose condition may hold at some time; no other can."""
    sizes = around.sizes
    prepared = rrc.cho_target != rrc.serving  # those without a candidate among them
    ue = prepared.ravel().nonzero()[0]
    target = rrc.cho_target.take(ue)
    some_a3 = len(ue) > 0 and target.min() == NO_TARGET
    if some_a3:
        by_cho = target != NO_TARGET
        ue, target = ue[by_cho], target[by_cho]
    if around.allowed is not None:
        allowed = around.allowed.take(ue)
        ue, target = ue[allowed], target[allowed]
    pairs = _prepared(ue, target, sizes)
    if not some_a3:
        return pairs
    link = np.flatnonzero(_may_trigger_a3(rrc, around, rules))
    hall, place = np.divmod(link, sizes.gnbs * sizes.ues)
    return Pairs(
        ue=np.concatenate([pairs.ue, hall * sizes.ues + place % sizes.ues]),
        cell=np.concatenate([pairs.cell, link // sizes.ues]),
        link=np.concatenate([pairs.link, link]),
        by_a3=np.arange(len(ue) + len(link)) >= len(ue),
    )


def _prepared(ue: Index, target: Ints, sizes: Sizes) -> Pairs:
    """Pairs of UEs and their CHO candidates."""
    link = target * sizes.ues
    return Pairs(
        ue=ue, cell=sizes.first_cell_of.take(ue) + target, link=sizes.first_link.take(ue) + link, by_a3=None
    )


def _may_trigger_a3(rrc: Rrc, around: Surroundings, rules: RrcRules) -> Mask:
    """[B, G, U] pairs that A3 decides and that bounds which need no instants do not rule out.

    Filtered RSRP stays between what it was and what it truly is at the start and at the end.
    """
    sizes = around.sizes
    high, low = around.after_dbm, around.after_dbm
    m = sizes.mobile
    if m:
        start = around.before_dbm[:, :, :m], around.true_start_dbm
        high, low = high.copy(), low.copy()
        high[:, :, :m] = np.maximum(np.maximum(*start), around.true_end_dbm)
        low[:, :, :m] = np.minimum(np.minimum(*start), around.true_end_dbm)
    if around.cio_db.any():
        # [B, U, G], the serving cell's row for each UE, turned.
        high = high + np.swapaxes(around.cio_db[sizes.hall, rrc.serving], 1, 2)
    serving = sizes.first_link + rrc.serving * sizes.ues
    needed = low.take(serving)
    needed += rules.a3_offset_db - rules.a3_hysteresis_db
    needed[rrc.cho_target != NO_TARGET] = np.inf
    may: Mask = high > needed[:, None, :]
    may.ravel()[serving.ravel()] = False
    return may


_NONE: Index = np.empty(0, dtype=np.intp)
_NO_TIMES: Floats = np.empty(0)


class _Work:
    """Copies of the state that handovers are carried out on, all halls' UEs in one row."""

    def __init__(self, rrc: Rrc, around: Surroundings, rules: RrcRules) -> None:
        self.rrc, self.around, self.rules = rrc, around, rules
        self.sizes = around.sizes
        self.cho_target = rrc.cho_target.flatten()
        self.cells = rrc.cells.reshape(4, -1).copy()
        self.times_s = rrc.times_s.reshape(2, -1).copy()
        self.counts = rrc.counts.reshape(3, -1).copy()
        self.serving, self.target, self.previous, self.reestablishes = self.cells
        self.done_s, self.last_s = self.times_s
        self.handovers, self.ping_pongs, self.failures = self.counts
        self.held: list[tuple[Index, Floats]] = []
        self.entered: list[Index] = []
        self.started = _NONE

    def evaluate(self, pairs: Pairs, *, first: bool) -> None:
        """Find and start the next handover of each UE; `started` says whose.

        Args:
            pairs: of the UEs concerned.
            first: whether from the start of the step on; else from each UE's last handover on.
        """
        if not len(pairs.ue):
            self.started = _NONE
            return
        around = self.around
        moving = self._moving(pairs.ue)
        margin, hysteresis, wait = self._condition(pairs, moving)
        if len(moving):
            time_s = around.now_s + around.at.time_s
            time_s[-1] = around.end_s
        else:
            time_s = np.array([around.now_s, around.end_s])
        trigger = first_trigger(
            margin,
            hysteresis,
            wait,
            self._held_since_s(pairs) if first and len(self.rrc.held_link) else None,
            time_s,
            around.now_s if first else self.last_s.take(pairs.ue),
        )
        if pairs.by_a3 is None:
            chosen = (trigger.time_s < np.inf).nonzero()[0]
        else:
            chosen = pick_first(pairs.ue, trigger.time_s, around.after_dbm.take(pairs.link))
        self.started = pairs.ue.take(chosen)
        if len(chosen):
            self._start(self.started, pairs.cell.take(chosen), trigger.time_s.take(chosen))
        keeps = trigger.held_since_s < np.inf
        if np.count_nonzero(keeps):
            keeps &= self.done_s.take(pairs.ue) == np.inf
            self.held.append((pairs.link[keeps], trigger.held_since_s[keeps]))

    def pairs_of(self, ues: Index) -> Pairs:
        """All pairs of some UEs that a condition is configured for."""
        target = self.cho_target.take(ues)
        stays = target == self.serving.take(ues)
        if np.count_nonzero(stays):
            ues, target = ues[~stays], target[~stays]
        if not len(ues):
            return Pairs(ue=ues, cell=ues, link=ues, by_a3=None)
        by_a3 = target == NO_TARGET
        if self.around.allowed is not None:
            may = by_a3 | self.around.allowed.take(ues)
            ues, target, by_a3 = ues[may], target[may], by_a3[may]
        prepared = _prepared(ues[~by_a3], target[~by_a3], self.sizes)
        if not np.count_nonzero(by_a3):
            return prepared
        ue = np.repeat(ues[by_a3], self.sizes.gnbs)
        cell = np.tile(np.arange(self.sizes.gnbs), np.count_nonzero(by_a3))
        other = cell != self.serving.take(ue)
        by_event = _prepared(ue[other], cell[other], self.sizes)
        return Pairs(
            ue=np.concatenate([prepared.ue, by_event.ue]),
            cell=np.concatenate([prepared.cell, by_event.cell]),
            link=np.concatenate([prepared.link, by_event.link]),
            by_a3=np.arange(len(prepared.ue) + len(by_event.ue)) >= len(prepared.ue),
        )

    def finish(self, ues: Index) -> Index:
        """Of these UEs, who are on the way to a cell, those who enter it within the step do; says who."""
        if not len(ues):
            return ues
        time = self.done_s.take(ues)
        enters = time < self.around.end_s
        if np.count_nonzero(enters) < len(ues):
            ues, time = ues[enters], time[enters]
            if not len(ues):
                return ues
        serving, target, previous, again = self.cells.take(ues, axis=1)
        back = previous == target
        back &= time <= self.last_s.take(ues) + (self.rules.ping_pong_window_s + 1e-9)
        if np.count_nonzero(again):  # a re-establishment is no handover
            self.reestablishes[ues] = 0
            back &= again == 0
            self.handovers[ues] -= again
            np.copyto(serving, previous, where=again == 1)
        self.handovers[ues] += 1
        self.ping_pongs[ues] += back
        self.serving[ues] = target
        self.previous[ues] = serving
        self.last_s[ues] = time
        self.done_s[ues] = np.inf
        wanted = self.cho_target.take(ues)
        self.cho_target[ues] = np.where(wanted == NO_TARGET, wanted, target)  # the candidate is released
        self.entered.append(ues)
        return ues

    def result(self) -> Moves:
        """What it all comes to."""
        shape = self.rrc.cho_target.shape
        link, since = _NONE, _NO_TIMES
        if self.held:
            link = np.concatenate([link for link, _ in self.held])
            order = np.argsort(link)
            link, since = link[order], np.concatenate([since for _, since in self.held])[order]
        away = (self.done_s < np.inf).nonzero()[0]
        rrc = Rrc(
            cho_target=self.cho_target.reshape(shape),
            cells=self.cells.reshape(4, *shape),
            times_s=self.times_s.reshape(2, *shape),
            counts=self.counts.reshape(3, *shape),
            away=away,
            held_link=link,
            held_since_s=since,
        )
        moved = np.concatenate(self.entered) if self.entered else _NONE
        return Moves(rrc=rrc, moved=moved, away=away)

    def _held_since_s(self, pairs: Pairs) -> Floats:
        """[P] since when the pairs' conditions had held before the step; +inf: they had not."""
        before = self.rrc.held_link
        place = np.minimum(np.searchsorted(before, pairs.link), len(before) - 1)
        since = np.where(before.take(place) == pairs.link, self.rrc.held_since_s.take(place), np.inf)
        if self.around.fresh is not None:
            since[self.around.fresh.take(pairs.ue)] = np.inf
        return since

    def _moving(self, ue: Index) -> Index:
        """Which of the pairs, of these UEs, are of UEs that move."""
        sizes = self.sizes
        return (ue % sizes.ues < sizes.mobile).nonzero()[0] if sizes.mobile else _NONE

    def _condition(self, pairs: Pairs, moving: Index) -> tuple[Floats, Floats | None, Floats | float]:
        """Of each pair the margin at each instant, dB; its hysteresis, dB; its time to trigger, s.

        The first is [K + 1, P]; or, where no UE moves, [1, P], the same all through the step.
        """
        rules = self.rules
        rsrp = self._rsrp_dbm(pairs.ue, pairs.link, moving)
        by_cho = rsrp - rules.cho_threshold_dbm
        if pairs.by_a3 is None:
            return by_cho, None, rules.cho_time_to_trigger_s
        g, u = self.sizes.gnbs, self.sizes.ues
        serving = self.serving.take(pairs.ue)
        own = self._rsrp_dbm(pairs.ue, self.sizes.first_link.take(pairs.ue) + serving * u, moving)
        own[own == -np.inf] = np.inf  # never measured: nothing to compare with
        row = self.sizes.first_cell_of.take(pairs.ue) + serving
        rsrp += self.around.cio_db.take(row * g + pairs.cell % g)
        rsrp -= own
        rsrp -= rules.a3_offset_db
        return (
            np.where(pairs.by_a3, rsrp, by_cho),
            np.where(pairs.by_a3, rules.a3_hysteresis_db, 0.0),
            np.where(pairs.by_a3, rules.a3_time_to_trigger_s, rules.cho_time_to_trigger_s),
        )

    def _rsrp_dbm(self, ue: Index, link: Index, moving: Index) -> Floats:
        """[K + 1, P] filtered RSRP at each instant; [1, P] if none moves, for then it is always the same."""
        around, at, m = self.around, self.around.at, self.sizes.mobile
        still = around.after_dbm.take(link)
        if not len(moving):
            return still[None]
        rsrp = np.empty((at.n_measurements + 1, len(link)))
        rsrp[:] = still
        ue, link = ue.take(moving), link.take(moving)
        place = link // self.sizes.ues * m + ue % self.sizes.ues
        rsrp[:, moving] = filtered_rsrp_dbm(
            at,
            around.before_dbm.take(link),
            around.true_start_dbm.take(place),
            around.true_end_dbm.take(place),
        )
        return rsrp

    def _start(self, ue: Index, cell: Index, time_s: Floats) -> None:
        """These UEs detach."""
        blocked, clear = self._blocked(ue, cell), 1 - self.around.chance.take(ue)
        outage, fails = outage_s(blocked, clear, self.rules)
        self.target[ue] = cell - self.sizes.first_cell_of.take(ue)
        self.done_s[ue] = time_s + outage
        if np.count_nonzero(fails):
            ue, clear, blocked = ue[fails], clear[fails], blocked[fails]
            self._select_cell(ue, time_s[fails] + self.rules.t304_s, clear, blocked)

    def _select_cell(self, ue: Index, time_s: Floats, clear: Floats, blocked: Floats) -> None:
        """After T304 these UEs select the strongest cell that has not failed (TS 38.331 5.3.7.3).

        If it is a prepared one they hand over to it; if not, as the source never is, they re-establish there.

        Args:
            ue: [n].
            time_s: [n] when T304 expires.
            clear: [n] the uniform numbers by which it did.
            blocked: [n] probability with which preambles were put off until then.
        """
        rules, around = self.rules, self.around
        hall, place = np.divmod(ue, self.sizes.ues)
        rsrp = around.after_dbm[hall, :, place]
        rows = np.arange(len(ue))
        rsrp[rows, self.target[ue]] = -np.inf
        best = rsrp.argmax(axis=1)
        prepared = (best != self.serving[ue]) & (rsrp[rows, best] >= rules.cho_threshold_dbm)
        prepared &= rules.cho_max_candidates > 1
        self.failures[ue] += 1
        self.target[ue] = best
        self.reestablishes[ue] = ~prepared
        # What is left of a number once so many preambles were put off is as good as a new one.
        tried = np.floor((rules.t304_s - rules.interruption_s) / PRACH_PERIOD_S) + 1
        clear = np.clip(clear / np.minimum(blocked, 1 - 1e-9) ** tried, 1e-300, 1.0)
        put_off = occasions(self._blocked(ue, best + self.sizes.first_cell_of.take(ue)), clear)
        self.done_s[ue] = (
            time_s
            + np.where(prepared, rules.interruption_s, REESTABLISHMENT_S)
            + np.minimum(put_off * PRACH_PERIOD_S, rules.t304_s)
        )

    def _blocked(self, ue: Index, cell: Index) -> Floats:
        """[n] probability that a UE senses a co-channel neighbour of its target just before a preamble."""
        around, u = self.around, self.sizes.ues
        others = around.co_channel
        neighbour = others.node.reshape(-1, others.node.shape[2]).take(cell, axis=0)  # [n, K]
        idle = around.used.take(neighbour)
        idle *= around.rx_dbm.take(neighbour * u + (ue % u)[:, None]) >= around.prach_threshold_dbm
        idle *= others.exists.reshape(-1, others.node.shape[2]).take(cell, axis=0)
        np.subtract(1.0, idle, out=idle)
        blocked: Floats = 1 - np.multiply.reduce(idle, axis=1)
        return blocked

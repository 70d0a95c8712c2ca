# SPDX-License-Identifier: GPL-2.0-only
"""What agents and metrics see of B halls: the fields of Snapshot with a leading batch axis."""

from dataclasses import fields
from operator import attrgetter

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock.compiled import compiled
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers
from pyagents.scenarios.indoor_factory.mock.radio import known_rate_bps
from pyagents.scenarios.indoor_factory.mock.state import State
from pyagents.scenarios.indoor_factory.snapshot import Snapshot

_ARRAYS = tuple(field.name for field in fields(Snapshot) if field.name != "time_s")
_get_arrays = attrgetter(*_ARRAYS)
_WORKED_OUT = ("rate_bps", "sib_age_s")
_SHOWN = tuple(name for name in _ARRAYS if name not in _WORKED_OUT)
_get_shown = attrgetter(*_SHOWN)


class Snapshots:
    """`Snapshot` of B halls: the same fields, units and order, a batch axis in front.

    Those that have to be worked out are, once somebody asks for them. None can be written to: what is
    shown is what is simulated and judged.
    """

    # More than the 30 attributes that objects of a class share a table of names for.
    __slots__ = (
        "_numbers",
        "_rate_bps",
        "_sib_age_s",
        "_state",
        "time_s",
        *_SHOWN,
    )

    def __init__(self, numbers: Numbers, state: State) -> None:
        heard, cells, rrc, queues = state.broadcasts, state.cells, state.rrc, state.queues
        g = numbers.sizes.gnbs
        self._numbers, self._state = numbers, state
        self._rate_bps: Floats | None = None
        self._sib_age_s: Floats | None = None
        self.time_s = state.n_steps * numbers.step_s
        self.rsrp_dbm = state.measured.rsrp_dbm.swapaxes(1, 2)
        self.serving = rrc.serving
        self.demand_bps = numbers.layout.demand_bps
        self.delivered_bps = state.delivered_bps
        self.sib_load = heard.load.swapaxes(1, 2)
        self.load = cells.load
        self.airtime = cells.airtime
        self.airtime_used = cells.used[:, :g]
        self.cio_db = cells.cio_db
        self.channel = cells.channel[:, :g]
        self.handovers, self.ping_pongs, self.handover_failures = rrc.counts
        self.offered_bytes = queues.offered
        self.delivered_bytes = queues.delivered
        self.dropped_bytes = queues.dropped
        self.queued_bytes = queues.queued
        self.sib_due = heard.due
        self.sib_sent = heard.sent
        self.sib_heard = heard.heard.swapaxes(1, 2)
        self.ue_position_m = state.links.ue_position_m
        self.gnb_position_m = numbers.layout.node_position_m[:, :g]
        self.gnb_rsrp_dbm = numbers.gnb_rsrp_dbm
        self.wifi_offered_bytes, self.wifi_delivered_bytes = state.wifi_bytes
        # What is older than the delay budget counts as dropped; delays of packets are not modelled.
        self.late_bytes, self.delays, self.wifi_delays, unknown = numbers.not_modelled
        self.rssi_dbm = self.channel_occupancy = unknown
        for name, array in zip(_SHOWN, _get_shown(self), strict=True):
            shown = array.view()
            shown.setflags(write=False)
            setattr(self, name, shown)

    @property
    def rate_bps(self) -> Floats:
        """[B, U, G]."""
        if self._rate_bps is None:  # cached_property takes three times as long, for a lock
            self._rate_bps = known_rate_bps(self._numbers, self._state).swapaxes(1, 2)
            self._rate_bps.setflags(write=False)
        return self._rate_bps

    @property
    def sib_age_s(self) -> Floats:
        """[B, U, G]."""
        if self._sib_age_s is None:
            self._sib_age_s = _age_s(
                self.time_s, self._state.broadcasts.told_by, self._numbers.step_s
            ).swapaxes(1, 2)
            self._sib_age_s.setflags(write=False)
        return self._sib_age_s

    def __getitem__(self, hall: int) -> Snapshot:
        """The Snapshot of one hall."""
        snapshot = object.__new__(Snapshot)  # its fields fit by construction: no need to check them again
        values = snapshot.__dict__
        values["time_s"] = self.time_s
        for name, array in zip(_ARRAYS, _get_arrays(self), strict=True):
            values[name] = array[hall]
        return snapshot


@compiled
def _age_s(time_s: float, told_by: Ints, step_s: float) -> Floats:
    """[B, G, U] time since the end of so many steps; +inf: of none."""
    halls, gnbs, ues = told_by.shape
    age = np.empty(told_by.shape)
    for b in range(halls):
        for g in range(gnbs):
            for u in range(ues):
                age[b, g, u] = time_s - told_by[b, g, u] * step_s if told_by[b, g, u] else np.inf
    return age

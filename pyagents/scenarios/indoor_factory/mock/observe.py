# SPDX-License-Identifier: GPL-2.0-only
"""What agents and metrics see of B halls: a batch of Snapshots."""

from functools import cached_property

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers
from pyagents.scenarios.indoor_factory.mock.radio import known_rate_bps
from pyagents.scenarios.indoor_factory.mock.state import State
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from pyagents.simulators.compiled import compiled


class _Observed(Snapshot):
    """A batch of Snapshots of which three fields are worked out once somebody asks for them."""

    _numbers: Numbers
    _state: State

    @cached_property
    def rate_bps(self) -> Floats:
        """[B, U, G]."""
        rate_bps = known_rate_bps(self._numbers, self._state).swapaxes(1, 2)
        rate_bps.setflags(write=False)
        return rate_bps

    @cached_property
    def sib_age_s(self) -> Floats:
        """[B, U, G]."""
        told_by, step_s = self._state.broadcasts.told_by, self._numbers.step_s
        age_s = _age_s(self.time_s, told_by, step_s).swapaxes(1, 2)
        age_s.setflags(write=False)
        return age_s

    @cached_property
    def sib_heard(self) -> Floats:
        """[B, U, G]."""
        heard = self._state.broadcasts.heard.swapaxes(1, 2).astype(np.float64)
        heard.setflags(write=False)
        return heard


def observe(numbers: Numbers, state: State) -> Snapshot:
    """What is seen of a state. Arrays cannot be written to: what is shown is what is simulated and judged."""
    heard, cells, rrc, queues = state.broadcasts, state.cells, state.rrc, state.queues
    g = numbers.sizes.gnbs
    handovers, ping_pongs, failures = rrc.counts
    wifi_offered, wifi_delivered = state.wifi_bytes
    # What is older than the delay budget counts as dropped; delays of packets are not modelled.
    late, delays, wifi_delays, unknown = numbers.not_modelled
    shown = {
        "rsrp_dbm": state.measured.rsrp_dbm.swapaxes(1, 2),
        "rssi_dbm": unknown,
        "channel_occupancy": unknown,
        "serving": rrc.serving,
        "demand_bps": numbers.layout.demand_bps,
        "delivered_bps": state.delivered_bps,
        "sib_load": heard.load.swapaxes(1, 2),
        "load": cells.load,
        "airtime": cells.airtime,
        "airtime_used": cells.used[:, :g],
        "cio_db": cells.cio_db,
        "channel": cells.channel[:, :g],
        "handovers": handovers,
        "handover_failures": failures,
        "ping_pongs": ping_pongs,
        "offered_bytes": queues.offered,
        "delivered_bytes": queues.delivered,
        "late_bytes": late,
        "dropped_bytes": queues.dropped,
        "queued_bytes": queues.queued,
        "delays": delays,
        "sib_due": heard.due,
        "sib_sent": heard.sent,
        "ue_position_m": state.links.ue_position_m,
        "gnb_position_m": numbers.layout.node_position_m[:, :g],
        "gnb_rsrp_dbm": numbers.gnb_rsrp_dbm,
        "wifi_offered_bytes": wifi_offered,
        "wifi_delivered_bytes": wifi_delivered,
        "wifi_delays": wifi_delays,
    }
    seen = object.__new__(_Observed)  # the fields fit by construction: no need to check them
    values = seen.__dict__
    values.update(_numbers=numbers, _state=state, time_s=state.n_steps * numbers.step_s)
    for name, array in shown.items():
        values[name] = view = array.view()
        view.setflags(write=False)
    return seen


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

# SPDX-License-Identifier: GPL-2.0-only
"""What agents and metrics see of B halls: a batch of Snapshots."""

from functools import cached_property

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers
from pyagents.scenarios.indoor_factory.mock.radio import known_rate_bps
from pyagents.scenarios.indoor_factory.mock.state import State
from pyagents.scenarios.indoor_factory.snapshot import Snapshot


class _Observed(Snapshot):
    """A batch of Snapshots of which three fields are worked out once somebody asks for them."""

    _numbers: Numbers
    _state: State

    @cached_property
    def rate_bps(self) -> Floats:
        """[B, U, G]."""
        return _read_only(known_rate_bps(self._numbers, self._state).swapaxes(1, 2))

    @cached_property
    def sib_age_s(self) -> Floats:
        """[B, U, G]."""
        told_by = self._state.broadcasts.told_by.swapaxes(1, 2)
        age_s = self.time_s - told_by * self._numbers.scenario.step_s
        return _read_only(np.where(told_by > 0, age_s, np.inf))

    @cached_property
    def sib_heard(self) -> Floats:
        """[B, U, G]."""
        return _read_only(self._state.broadcasts.heard.swapaxes(1, 2).astype(np.float64))


def observe(numbers: Numbers, state: State) -> Snapshot:
    """What is seen of a state. Arrays cannot be written to: what is shown is what is simulated and judged."""
    heard, cells, usage, rrc = state.broadcasts, state.cells, state.usage, state.rrc
    load, airtime, _ = usage.of_cells
    _, _, handovers, ping_pongs, failures = rrc.values
    offered, delivered, dropped, queued, delivered_bps, *_ = state.bearers
    wifi_offered, wifi_delivered = usage.wifi_bytes
    g = numbers.scenario.n_gnbs
    unknown, delays, wifi_delays = numbers.not_modelled
    shown = {  # views, each of its own: others may write to what it is a view of
        "rsrp_dbm": state.measured.rsrp_dbm.swapaxes(1, 2),
        "rssi_dbm": unknown,
        "channel_occupancy": unknown,
        "serving": rrc.cells[1],
        "demand_bps": numbers.layout.demand_bps[:],
        "delivered_bps": delivered_bps,
        "sib_load": heard.load.swapaxes(1, 2),
        "load": load,
        "airtime": airtime,
        "airtime_used": usage.of_nodes[0, :, :g],
        "cio_db": cells.cio_db[:],
        "channel": cells.channel[:, :g],
        "handovers": handovers,
        "handover_failures": failures,
        "ping_pongs": ping_pongs,
        "offered_bytes": offered,
        "delivered_bytes": delivered,
        "late_bytes": unknown,
        "dropped_bytes": dropped,
        "queued_bytes": queued,
        "delays": delays,
        "sib_due": heard.due[:],
        "sib_sent": heard.sent[:],
        "ue_position_m": state.links.ue_position_m[:],
        "gnb_position_m": numbers.layout.node_position_m[:, :g],
        "gnb_rsrp_dbm": numbers.gnb_rsrp_dbm[:],
        "wifi_offered_bytes": wifi_offered,
        "wifi_delivered_bytes": wifi_delivered,
        "wifi_delays": wifi_delays,
    }
    seen = object.__new__(_Observed)  # the fields fit by construction: no need to check them
    values = seen.__dict__
    values.update(_numbers=numbers, _state=state, time_s=state.n_steps * numbers.scenario.step_s)
    for name, array in shown.items():
        array.setflags(write=False)
        values[name] = array
    return seen


def _read_only(array: Floats) -> Floats:
    array.setflags(write=False)
    return array

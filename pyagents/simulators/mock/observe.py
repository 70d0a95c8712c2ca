# SPDX-License-Identifier: GPL-2.0-only
"""What agents and metrics see of B halls: the fields of Snapshot with a leading batch axis."""

from dataclasses import dataclass, fields

from pyagents.simulators.mock.numbers import Numbers
from pyagents.simulators.mock.state import State
from pyagents.snapshot import Floats, Ints, Snapshot


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshots:
    """`pyagents.snapshot.Snapshot` of B halls: the same fields, units and order, a batch axis in front."""

    time_s: float
    rsrp_dbm: Floats
    rate_bps: Floats
    serving: Ints
    demand_bps: Floats
    delivered_bps: Floats
    sib_load: Floats
    sib_age_s: Floats
    load: Floats
    airtime: Floats
    airtime_used: Floats
    cio_db: Floats
    channel: Ints
    handovers: Ints
    ping_pongs: Ints
    handover_failures: Ints
    offered_bytes: Floats
    delivered_bytes: Floats
    dropped_bytes: Floats
    queued_bytes: Floats
    sib_due: Ints
    sib_sent: Ints
    sib_heard: Ints
    ue_position_m: Floats
    gnb_position_m: Floats

    def __getitem__(self, hall: int) -> Snapshot:
        """The Snapshot of one hall."""
        return Snapshot(time_s=self.time_s, **{name: getattr(self, name)[hall] for name in _ARRAYS})


_ARRAYS = tuple(field.name for field in fields(Snapshots) if field.name != "time_s")


def observe(numbers: Numbers, state: State) -> Snapshots:
    """What is known at the end of a step."""
    g = numbers.sizes.gnbs
    time_s = state.n_steps * numbers.step_s
    measured, heard, cells, rrc, queues = (
        state.measured,
        state.broadcasts,
        state.cells,
        state.rrc,
        state.queues,
    )
    return Snapshots(
        time_s=time_s,
        rsrp_dbm=measured.rsrp_dbm.swapaxes(1, 2),
        rate_bps=numbers.amc.full_band_rate_bps(measured.sinr_db).swapaxes(1, 2),
        serving=rrc.serving,
        demand_bps=numbers.layout.demand_bps,
        delivered_bps=state.delivered_bps,
        sib_load=heard.load.swapaxes(1, 2),
        sib_age_s=(time_s - heard.measured_s).swapaxes(1, 2),
        load=cells.load,
        airtime=cells.airtime,
        airtime_used=cells.used[:, :g],
        cio_db=cells.cio_db,
        channel=cells.channel[:, :g],
        handovers=rrc.counts[0],
        ping_pongs=rrc.counts[1],
        handover_failures=rrc.counts[2],
        offered_bytes=queues.offered,
        delivered_bytes=queues.delivered,
        dropped_bytes=queues.dropped,
        queued_bytes=queues.queued,
        sib_due=heard.due,
        sib_sent=heard.sent,
        sib_heard=heard.heard.swapaxes(1, 2),
        ue_position_m=state.links.ue_position_m,
        gnb_position_m=numbers.layout.node_position_m[:, :g],
    )

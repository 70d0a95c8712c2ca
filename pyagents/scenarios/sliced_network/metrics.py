# SPDX-License-Identifier: GPL-2.0-only
"""What a run is judged by: pure functions of Snapshots, units in the names.

What is used and what arrives judges; what is allocated, the paper's reading, stands beside it.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from pyagents.core.snapshot import Floats
from pyagents.scenarios.sliced_network.allocation import needs_of, shares_of
from pyagents.scenarios.sliced_network.delays import DELAY_EDGES_S
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.slices import Slice
from pyagents.scenarios.sliced_network.snapshot import Resource, Snapshot

WINDOW_S = 2.0
"""What UEs receive is judged over so long, the default of the averaging window of guaranteed rates (TS 23.501
section 5.7.3.6): packets and jobs come whole."""

STARVED = 0.5
"""Below this satisfaction a UE starves."""


def row(history: Sequence[Snapshot], scenario: Scenario) -> dict[str, float]:
    """All metrics of the newest snapshot, by name with unit.

    Args:
        history: the last snapshots, oldest first; at the start of a run there is one.
        scenario: that they are of.
    """
    now, before = history[-1], history[max(len(history) - 2, 0)]
    shares, needs = shares_of(now, scenario), needs_of(now, scenario)
    used, happy = used_of(now, scenario), satisfaction(history, scenario)
    of_site, of_ue = used.sum(axis=-2), happy.mean(axis=-1)
    idle, allocated = np.maximum(shares - used, 0.0).sum(axis=-2), shares.sum(axis=-2)
    granted = np.minimum(1.0, _ratio(shares, needs))
    delay = now.delay_count.sum(axis=0)
    return {
        "time_s": now.time_s,
        "reward": float(of_ue.mean() - idle.mean()),
        "utilisation": float(of_site.mean()),
        **_by_resource("utilisation", of_site),
        "allocated": float(allocated.mean()),
        "reserved_idle": float(idle.mean()),
        **_by_resource("reserved_idle", idle),
        "demanded": float(needs.sum(axis=-2).mean()),
        "satisfaction": float(of_ue.mean()),
        **_by_resource("satisfaction", happy),
        "satisfaction_min": float(of_ue.min()),
        "satisfaction_jain": jain(of_ue),
        "satisfaction_allocated": float(granted.mean()),
        "starved_share": float((of_ue < STARVED).mean()),
        "changed": _changed(before, now),
        "delay_mean_ms": mean_delay_ms(delay),
        "delay_p95_ms": delay_ms(delay, 0.95),
        "delay_p99_ms": delay_ms(delay, 0.99),
        "urllc_delay_p99_ms": delay_ms(now.delay_count[Slice.URLLC], 0.99),
        "offered_bytes": float(now.offered_bytes.sum()),
        "delivered_bytes": float(now.delivered_bytes.sum()),
        "late_bytes": float(now.late_bytes.sum()),
        "dropped_bytes": float(now.dropped_bytes.sum()),
        "queued_bytes": float(now.queued_bytes.sum()),
        "cpu_offered": float(now.cpu_offered.sum()),
        "cpu_done": float(now.cpu_done.sum()),
        "cpu_dropped": float(now.cpu_dropped.sum()),
        "cpu_queued": float(now.cpu_queued.sum()),
        **{f"prb_used_{one.name.lower()}": float(now.prb_used[:, one].mean()) for one in Slice},
        **{f"satisfaction_{one.name.lower()}": _mean_of(of_ue.ravel()[now.slice == one]) for one in Slice},
        **{f"utilisation_site_{e}": float(value) for e, value in enumerate(of_site.mean(axis=-1))},
        **{f"satisfaction_site_{e}": float(value) for e, value in enumerate(of_ue.mean(axis=-1))},
    }


def used_of(snapshot: Snapshot, scenario: Scenario) -> Floats:
    """[..., E, N, R] shares of its site that each UE used: PRBs that were sent, work that was done."""
    work = snapshot.cpu_done / (scenario.cpu_capacity * scenario.step_s)
    return _by_site(snapshot.prb_share, work, scenario)


def satisfaction(steps: Sequence[Snapshot], scenario: Scenario) -> Floats:
    """[..., E, N, R] what each UE received, or had done, over what it demanded in some steps, at most 1."""

    def total(name: str) -> Floats:
        return np.asarray(sum(getattr(step, name) for step in steps))

    received = _ratio(total("delivered_bytes") * 8, total("demand_bps") * scenario.step_s)
    done = _ratio(total("cpu_done"), total("cpu_demand") * scenario.step_s)
    return np.minimum(1.0, _by_site(received, done, scenario))


def window_steps(scenario: Scenario) -> int:
    """Steps of the window that satisfaction is judged over."""
    return max(2, round(WINDOW_S / scenario.step_s))


def jain(values: Floats) -> float:
    """Jain's fairness index, (sum x)^2 / (n sum x^2): 1 for equals, 1 / n where one has all."""
    squares = float((values**2).sum())
    return float(values.sum()) ** 2 / (values.size * squares) if squares else 1.0


def mean_delay_ms(counts: Floats) -> float:
    """Mean delay, ms, of packets in the middle of their bins; NaN without any."""
    edges = np.array([0.0, *DELAY_EDGES_S, DELAY_EDGES_S[-1]])
    middle = (edges[:-1] + edges[1:]) / 2
    return float(counts @ middle / counts.sum()) * 1e3 if counts.any() else math.nan


def delay_ms(counts: Floats, share: float) -> float:
    """Delay that `share` of the packets kept, ms, linear within a bin; NaN without any.

    Args:
        counts: [D] packets by delay, see `DELAY_EDGES_S`; the last bin counts as its lower edge.
        share: above 0, at most 1.
    """
    below = np.concatenate([[0.0], np.cumsum(counts)])
    if below[-1] == 0:
        return math.nan
    edges = np.array([0.0, *DELAY_EDGES_S, DELAY_EDGES_S[-1]])
    wanted = share * below[-1]
    k = int(np.searchsorted(below, wanted)) - 1
    return float(edges[k] + (edges[k + 1] - edges[k]) * (wanted - below[k]) / counts[k]) * 1e3


def summary(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """What a run comes to: means over its second half, when transients are over."""
    settled = rows[len(rows) // 2 :]
    made = {name: _mean_of([one[name] for one in settled]) for name in _AVERAGED}
    total = {name: sum(one[name] for one in settled) for name in _SUMMED}
    return made | {
        "late_share": total["late_bytes"] / max(total["delivered_bytes"], 1.0),
        "dropped_share": total["dropped_bytes"] / max(total["offered_bytes"], 1.0),
        "cpu_dropped_share": total["cpu_dropped"] / max(total["cpu_offered"], 1.0),
        "change_share": _mean_of([one["changed"] for one in rows[1:]]),
    }


_SUMMED = (
    "offered_bytes",
    "delivered_bytes",
    "late_bytes",
    "dropped_bytes",
    "cpu_offered",
    "cpu_dropped",
)

_AVERAGED = (
    "reward",
    "utilisation",
    "utilisation_radio",
    "utilisation_computing",
    "allocated",
    "reserved_idle",
    "reserved_idle_radio",
    "reserved_idle_computing",
    "demanded",
    "satisfaction",
    "satisfaction_radio",
    "satisfaction_computing",
    "satisfaction_min",
    "satisfaction_jain",
    "satisfaction_allocated",
    "satisfaction_embb",
    "satisfaction_urllc",
    "satisfaction_mmtc",
    "starved_share",
    "delay_mean_ms",
    "delay_p95_ms",
    "delay_p99_ms",
    "urllc_delay_p99_ms",
    "prb_used_embb",
    "prb_used_urllc",
    "prb_used_mmtc",
)


def _by_resource(name: str, values: Floats) -> dict[str, float]:
    return {f"{name}_{one.name.lower()}": float(values[..., one].mean()) for one in Resource}


def _by_site(radio: Floats, computing: Floats, scenario: Scenario) -> Floats:
    both = np.stack([radio, computing], axis=-1)
    return both.reshape(*radio.shape[:-1], scenario.n_sites, scenario.ues_per_site, len(Resource))


def _ratio(got: Floats, wanted: Floats) -> Floats:
    """Element by element; 1 where nothing is wanted."""
    return np.divide(got, wanted, out=np.ones(np.shape(got)), where=np.asarray(wanted) > 0)


def _changed(before: Snapshot, now: Snapshot) -> float:
    """Share of the sites at which a knob in force is another, by more than rounding."""
    differ = [
        ~np.isclose(getattr(before, knob), getattr(now, knob), rtol=1e-9).reshape(now.n_sites, -1)
        for knob in ("gfbr_bps", "cpu_share", "prb_ratio")
    ]
    return float(np.concatenate(differ, axis=1).any(axis=1).mean())


def _mean_of(values: Sequence[float] | Floats) -> float:
    """Mean of those that are numbers, NaN if none is."""
    numbers = [float(value) for value in values if not math.isnan(value)]
    return sum(numbers) / len(numbers) if numbers else math.nan

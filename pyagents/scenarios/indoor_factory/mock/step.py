# SPDX-License-Identifier: GPL-2.0-only
"""One SIBx period of B halls: a pure function of state, action and random numbers."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock import radio, selection, service, sibx, traffic, wifi
from pyagents.scenarios.indoor_factory.mock.arrays import Mask
from pyagents.scenarios.indoor_factory.mock.handover import Surroundings, hand_over
from pyagents.scenarios.indoor_factory.mock.motion import Motion
from pyagents.scenarios.indoor_factory.mock.noise import Noise
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers
from pyagents.scenarios.indoor_factory.mock.rrc import NO_TARGET
from pyagents.scenarios.indoor_factory.mock.state import Broadcasts, Cells, Links, Measured, Rrc, State
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB

Knobs = Mapping[str, NDArray[Any]]
"""What agents ask for, checked, a batch axis in front: see `Action.to_arrays`."""


def initial_state(numbers: Numbers) -> State:
    """Halls before their first step: UEs camp on the strongest cell, gNB i is on channel i modulo C."""
    sizes, scenario = numbers.sizes, numbers.scenario
    b, g, n, u = sizes.halls, sizes.gnbs, sizes.nodes, sizes.ues
    others = [int(text) for text in scenario.wifi_channels.split(",")]
    channel = np.array(
        [i % scenario.n_channels if i < g else others[(i - g) % len(others)] for i in range(n)]
    )
    idle, idle_cells, no_bytes = np.zeros((b, n)), np.zeros((b, g)), np.zeros((b, u))
    no_sibx = np.zeros((b, g))
    cells = Cells(
        channel=np.tile(channel.astype(np.int32), (b, 1)),
        cio_db=np.zeros((b, g, g)),
        load=idle_cells,
        airtime=idle_cells,
        airtimes=np.full((b, g, math.ceil(numbers.air.window_steps)), np.nan),
        used=idle,
        bursts_per_s=idle,
        wait_s=idle + numbers.air.access_s,
        contends=idle,
        starts=idle,
        sib_lost=idle_cells,
        wifi_on=wifi.is_on_at_first(scenario, numbers.layout.wifi_chance),
        occupancy=np.zeros((b, g, scenario.n_channels)),
    )
    links = radio.set_up(numbers, cells)
    rsrp = links.rx_dbm[:, :g] - RESOURCE_ELEMENTS_DB
    serving = rsrp.argmax(axis=1).astype(np.int32)
    return State(
        n_steps=0,
        links=links,
        measured=Measured(
            rsrp_dbm=np.where(rsrp >= numbers.least_rsrp_dbm, rsrp, -np.inf),
            sinr_db=links.tables.sinr_db[0],
        ),
        broadcasts=Broadcasts(
            load=np.full((b, g, u), np.nan),
            told_by=np.zeros((b, g, u), dtype=np.int32),
            heard=np.zeros((b, g, u), dtype=np.int32),
            due=no_sibx,
            sent=no_sibx,
        ),
        cells=cells,
        rrc=Rrc(
            cho_target=np.full((b, u), NO_TARGET, dtype=np.int32),
            cells=np.stack([serving, serving, np.full_like(serving, -1), np.zeros_like(serving)]),
            times_s=np.stack([np.full((b, u), np.inf), np.full((b, u), -np.inf)]),
            counts=np.zeros((3, b, u)),
            held_since_s=np.full((b, g, u), np.inf),
        ),
        offset_db=no_bytes,
        queues=traffic.Queues(offered=no_bytes, delivered=no_bytes, dropped=no_bytes, queued=no_bytes),
        delivered_bps=no_bytes,
        spent_s=np.zeros((2, b, u)),
        wifi_bytes=np.zeros((2, b)),
    )


def step(numbers: Numbers, state: State, knobs: Knobs, noise: Noise, motion: Motion) -> State:
    """Simulate one SIBx period.

    Args:
        numbers: of the run.
        state: at the end of the period before.
        knobs: what agents ask for at its start.
        noise: its random numbers.
        motion: its walks.
    """
    now_s, end_s = state.n_steps * numbers.step_s, (state.n_steps + 1) * numbers.step_s
    cells, links = _configure(numbers, state, knobs, noise)
    links = radio.move(numbers, links, motion, state.n_steps)

    on, at_discovery, at_data = radio.aggression(numbers, links, cells)
    measured = radio.measure(state.measured, links, motion, at_discovery)
    broadcasts = state.broadcasts
    if state.n_steps:  # a cell has a load to tell from the end of the first period on
        period_s = numbers.scenario.discovery_period_ms / 1000
        broadcasts = sibx.broadcast(
            links.tables.decoded, cells, broadcasts, on, noise, state.n_steps, period_s
        )
    around = Surroundings(
        at=motion.at,
        now_s=now_s,
        end_s=end_s,
        before_dbm=state.measured.rsrp_dbm,
        after_dbm=measured.rsrp_dbm,
        true_start_dbm=motion.start_dbm,
        true_end_dbm=motion.end_dbm,
        cho_target=knobs.get("cho_target", state.rrc.cho_target),
        load=broadcasts.load,
        cho_cost_margin=numbers.scenario.cho_cost_margin if numbers.scenario.cho_lb_en else np.nan,
        cio_db=cells.cio_db,
        rx_dbm=links.rx_dbm,
        co_channel=links.aggressors,
        used=cells.used,
        prach_threshold_dbm=numbers.prach_threshold_dbm,
        chance=noise.preambles,
    )
    moves = hand_over(state.rrc, around, numbers.rrc)

    served = service.serve(numbers, state, cells, links, at_data, measured.sinr_db, moves)
    return State(
        n_steps=state.n_steps + 1,
        links=links,
        measured=measured,
        broadcasts=broadcasts,
        cells=served.cells,
        rrc=moves.rrc,
        offset_db=served.offset_db,
        queues=served.queues,
        delivered_bps=served.delivered_bps,
        spent_s=served.spent_s,
        wifi_bytes=served.wifi_bytes,
    )


def _configure(numbers: Numbers, state: State, knobs: Knobs, noise: Noise) -> tuple[Cells, Links]:
    """Cells and links at the start of a step: after actions, channel selection, Wi-Fi's coming and going."""
    cells, links, scenario = state.cells, state.links, numbers.scenario
    changes: dict[str, Any] = {}
    if "cio_db" in knobs:
        changes["cio_db"] = to_offset_range(knobs["cio_db"])
    if numbers.sizes.nodes > numbers.sizes.gnbs:
        changes["wifi_on"] = wifi.is_on_next(scenario, cells.wifi_on, noise.wifi, numbers.step_s)
    if scenario.channel_selection == "occupancy":
        changes |= _select_channels(numbers, state)
    if "channel" in knobs:
        channel, wanted = changes.get("channel", cells.channel), knobs["channel"]
        changes["channel"] = _of_gnbs(channel, wanted, wanted >= 0)
    if changes:
        cells = dataclasses.replace(cells, **changes)
    if "channel" in changes:
        has_moved = cells.channel != state.cells.channel
        if has_moved.any():
            links = radio.retune(numbers, links, cells)
            # What it was left on the channel before says nothing of the new one.
            forgets = has_moved[:, : numbers.sizes.gnbs, None]
            cells = dataclasses.replace(cells, airtimes=np.where(forgets, np.nan, cells.airtimes))
    return cells, links


def _of_gnbs(channel: Ints, wanted: Ints, where: Mask) -> Ints:
    """[B, N] channels with those of gNBs [B, G] replaced in places."""
    channel = channel.copy()
    np.copyto(channel[:, : wanted.shape[1]], wanted, where=where)
    return channel


def _select_channels(numbers: Numbers, state: State) -> dict[str, Any]:
    """Channels, and the occupancies that they are chosen by, where gNBs decide in this step."""
    now_s, cells, g = state.n_steps * numbers.step_s, state.cells, numbers.sizes.gnbs
    due = selection.decides(now_s, now_s + numbers.step_s, g)
    if not due.any():
        return {}
    scenario = numbers.scenario
    measured = selection.occupancy(radio.senses(numbers), cells.channel, cells.used, scenario.n_channels, g)
    weight = selection.WEIGHT if now_s >= 2 * selection.PERIOD_S else 1.0  # the first is taken as it is
    average = np.where(due[:, None], cells.occupancy + weight * (measured - cells.occupancy), cells.occupancy)
    chosen = selection.choose(average, cells.channel[:, :g], scenario.channel_hysteresis)
    return {
        "occupancy": average,
        "channel": _of_gnbs(cells.channel, chosen, np.broadcast_to(due, chosen.shape)),
    }


def to_offset_range(cio_db: Floats) -> Floats:
    """The nearest values of Q-OffsetRange (TS 38.331): steps of 1 dB up to 6 dB, of 2 dB beyond."""
    step_db = np.where(np.abs(cio_db) <= 6.0, 1.0, 2.0)
    # Halves away from zero, as C++ rounds.
    offset_db: Floats = np.copysign(np.floor(np.abs(cio_db) / step_db + 0.5) * step_db, cio_db)
    return offset_db

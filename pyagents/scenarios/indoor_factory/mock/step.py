# SPDX-License-Identifier: GPL-2.0-only
"""One SIBx period of B halls: a pure function of state, action and random numbers."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.scenarios.indoor_factory.mock import radio, selection, wifi
from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Ints, Mask
from pyagents.scenarios.indoor_factory.mock.handover import Seen, Surroundings, hand_over
from pyagents.scenarios.indoor_factory.mock.motion import Motion
from pyagents.scenarios.indoor_factory.mock.noise import Noise
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers
from pyagents.scenarios.indoor_factory.mock.rrc import NO_TARGET
from pyagents.scenarios.indoor_factory.mock.service import serve
from pyagents.scenarios.indoor_factory.mock.sibx import broadcast
from pyagents.scenarios.indoor_factory.mock.state import (
    Broadcasts,
    Cells,
    Links,
    Measured,
    RrcRows,
    State,
    UsageRows,
)
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB

Knobs = Mapping[str, NDArray[Any]]
"""What agents ask for, checked, a batch axis in front: see `Action.to_arrays`."""


def initial_state(numbers: Numbers) -> State:
    """Halls before their first step: UEs camp on the strongest cell, gNB i is on channel i modulo C."""
    scenario, air, n, g = numbers.scenario, numbers.rules.air, numbers.n_nodes, numbers.scenario.n_gnbs
    b, u = numbers.layout.demand_bps.shape
    others = [int(text) for text in scenario.wifi_channels.split(",")]
    first = [i % scenario.n_channels if i < g else others[(i - g) % len(others)] for i in range(n)]
    channel = np.tile(np.array(first, dtype=np.int32), (b, 1))
    of_nodes, of_links, no_sibx = np.zeros((5, b, n)), (b, g, u), np.zeros((b, g))
    of_nodes[2] = air.access_s  # the first wait
    rx_dbm = radio.received_dbm(numbers)
    links = radio.tune(numbers, channel, numbers.layout.ue_position_m, rx_dbm, rx_dbm)
    rsrp = rx_dbm[:, :g] - RESOURCE_ELEMENTS_DB
    serving = rsrp.argmax(axis=1).astype(np.int32)
    nowhere = np.full_like(serving, NO_TARGET)
    return State(
        n_steps=0,
        links=links,
        measured=Measured(
            rsrp_dbm=np.where(rsrp >= numbers.walks.least_dbm, rsrp, -np.inf),
            sinr_db=links.tables.sinr_db[0],
        ),
        broadcasts=Broadcasts(
            load=np.full(of_links, np.nan),
            told_by=np.zeros(of_links, dtype=np.int32),
            heard=np.zeros(of_links, dtype=np.int32),
            due=no_sibx,
            sent=no_sibx,
        ),
        cells=Cells(
            channel=channel,
            cio_db=np.zeros((b, g, g)),
            occupancy=np.zeros((b, g, scenario.n_channels)),
            wifi_on=wifi.is_on_at_first(scenario, numbers.layout.wifi_chance),
        ),
        usage=UsageRows(
            of_cells=np.zeros((3, b, g)),
            of_nodes=of_nodes,
            airtimes=np.full((b, g, math.ceil(air.window_steps)), np.nan),
            wifi_bytes=np.zeros((2, b)),
        ),
        rrc=RrcRows(
            cells=np.stack([nowhere, serving, serving, nowhere, 0 * serving]),
            values=np.repeat([np.inf, -np.inf, 0.0, 0.0, 0.0], b * u).reshape(5, b, u),
            held_since_s=np.full(of_links, np.inf),
        ),
        bearers=np.zeros((8, b, u)),
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
    n, at, rules = state.n_steps, motion.at, numbers.rules
    now_s, end_s = n * numbers.scenario.step_s, (n + 1) * numbers.scenario.step_s
    cells, usage, links = _configure(numbers, state, knobs, noise)
    links = radio.move(numbers, links, motion, n)
    node, unheard, heard, exists = links.aggressors
    on, at_discovery, at_data = radio.aggression(usage.of_nodes, numbers.spoilt_s, node, unheard, heard)
    measured = radio.measure(state.measured, links.tables.measured_db, motion, at_discovery)
    decoded, period_s = links.tables.decoded, rules.air.discovery_period_s
    broadcasts = broadcast(state.broadcasts, usage, decoded, on, noise, n, period_s)
    instant_s = now_s + at.time_s
    instant_s[-1] = end_s
    seen = Seen(
        instant_s=instant_s,
        weights=at.weights,
        before_dbm=state.measured.rsrp_dbm,
        after_dbm=measured.rsrp_dbm,
        start_dbm=motion.start_dbm,
        end_dbm=motion.end_dbm,
        cio_db=cells.cio_db,
    )
    around = Surroundings(
        load=broadcasts.load,
        rx_dbm=links.rx_dbm,
        node=node,
        exists=exists,
        used=usage.of_nodes[0],
        chance=noise.preambles,
    )
    moves = hand_over(state.rrc, knobs.get("cho_target", state.rrc.cells[0]), seen, around, rules.rrc)
    reported_db = measured.sinr_db
    usage, bearers = serve(rules, cells, usage, state.bearers, moves, links, at_data, reported_db, end_s)
    return State(n + 1, links, measured, broadcasts, cells, usage, moves.rrc, bearers)


def _configure(numbers: Numbers, state: State, knobs: Knobs, noise: Noise) -> tuple[Cells, UsageRows, Links]:
    """Cells and links at the start of a step: after actions, channel selection, Wi-Fi's coming and going."""
    cells, usage, links, scenario = state.cells, state.usage, state.links, numbers.scenario
    if "cio_db" in knobs:
        cells = cells._replace(cio_db=to_offset_range(knobs["cio_db"]))
    if scenario.n_wifi_aps:
        is_on = wifi.is_on_next(scenario, cells.wifi_on, noise.wifi, numbers.scenario.step_s)
        cells = cells._replace(wifi_on=is_on)
    if scenario.channel_selection == "occupancy":
        cells = _select_channels(numbers, state, cells)
    if "channel" in knobs:
        cells = _on_channels(cells, knobs["channel"], knobs["channel"] >= 0)
    if cells.channel is not state.cells.channel:
        has_moved = cells.channel != state.cells.channel
        if has_moved.any():
            links = radio.tune(numbers, cells.channel, links.ue_position_m, links.rx_dbm, links.tabled_dbm)
            # What it was left on the channel before says nothing of the new one.
            forgets = has_moved[:, : scenario.n_gnbs, None]
            usage = usage._replace(airtimes=np.where(forgets, np.nan, usage.airtimes))
    return cells, usage, links


def _on_channels(cells: Cells, wanted: Ints, where: Mask) -> Cells:
    """Cells with the channels of gNBs [B, G] replaced in places."""
    channel = cells.channel.copy()
    np.copyto(channel[:, : wanted.shape[1]], wanted, where=where)
    return cells._replace(channel=channel)


def _select_channels(numbers: Numbers, state: State, cells: Cells) -> Cells:
    """Channels, and the occupancies that they are chosen by, where gNBs decide in this step."""
    now_s, g, scenario = state.n_steps * numbers.scenario.step_s, numbers.scenario.n_gnbs, numbers.scenario
    due = selection.decides(now_s, now_s + numbers.scenario.step_s, g)
    if not due.any():
        return cells
    heard, used = radio.senses(numbers), state.usage.of_nodes[0]
    measured = selection.occupancy(heard, cells.channel, used, scenario.n_channels, g)
    weight = selection.WEIGHT if now_s >= 2 * selection.PERIOD_S else 1.0  # the first is taken as it is
    average = np.where(due[:, None], cells.occupancy + weight * (measured - cells.occupancy), cells.occupancy)
    chosen = selection.choose(average, cells.channel[:, :g], scenario.channel_hysteresis)
    chosen_by = cells._replace(occupancy=average)
    return _on_channels(chosen_by, chosen, np.broadcast_to(due, chosen.shape))


def to_offset_range(cio_db: Floats) -> Floats:
    """The nearest values of Q-OffsetRange (TS 38.331): steps of 1 dB up to 6 dB, of 2 dB beyond."""
    step_db = np.where(np.abs(cio_db) <= 6.0, 1.0, 2.0)
    # Halves away from zero, as C++ rounds.
    offset_db: Floats = np.copysign(np.floor(np.abs(cio_db) / step_db + 0.5) * step_db, cio_db)
    return offset_db

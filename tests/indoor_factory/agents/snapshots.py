# SPDX-License-Identifier: GPL-2.0-only
"""Snapshots made by hand, and what is left of one for those who do not know everything."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pyagents.core.agent import Agent
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Party, Snapshot
from tests.hall import Hall

SCENARIO = dataclasses.replace(PRESETS["fig5"], n_wifi_aps=0)


def make_snapshot(*, rsrp_dbm: ArrayLike, serving: Sequence[int], **changes: Any) -> Snapshot:
    """UEs of 5 Mb/s with these powers, everything else as in a hall at rest unless given."""
    power = np.asarray(rsrp_dbm, dtype=np.float64)
    scenario = dataclasses.replace(SCENARIO, n_ues=power.shape[0], n_gnbs=power.shape[1])
    given = {"demand_bps": np.full(power.shape[0], 5e6), "rate_bps": np.full(power.shape, 50e6)} | changes
    given |= {"rsrp_dbm": power, "serving": serving}
    whole_numbers = ("serving", "channel")
    arrays: dict[str, Any] = {
        name: np.asarray(value, dtype=np.int32 if name in whole_numbers else np.float64)
        for name, value in given.items()
    }
    return dataclasses.replace(Hall().reset(scenario, 1), **arrays)


def scenario_of(snapshot: Snapshot, **changes: Any) -> Scenario:
    """The scenario of a snapshot made by hand."""
    return dataclasses.replace(SCENARIO, n_ues=snapshot.n_ues, n_gnbs=snapshot.n_gnbs, **changes)


def blinded(snapshot: Snapshot, party: Party) -> Snapshot:
    """The snapshot with nonsense in every field that the party does not know."""
    known = Snapshot.known_to(party)
    hidden = {
        name: np.full_like(value, np.nan if value.dtype == np.float64 else -77)
        for name, facts in Snapshot.facts().items()
        if name not in known and facts.axes
        for value in [getattr(snapshot, name)]
    }
    assert hidden
    return dataclasses.replace(snapshot, **hidden)


def strangers_changed(snapshot: Snapshot) -> Snapshot:
    """The snapshot in which all that the UEs but the first know by themselves is something else."""
    rng, changed = np.random.default_rng(3), {}
    for name in Snapshot.known_to(Party.UE):
        if Snapshot.facts()[name].axes.startswith("U"):
            array = getattr(snapshot, name).copy()
            array[1:] = rng.permutation(array[1:])
            changed[name] = array
    changed["sib_load"][1:] *= rng.uniform(0.1, 3)
    return dataclasses.replace(snapshot, **changed)


def story(steps: int, seed: int = 1) -> list[Snapshot]:
    """What a hall shows in which UEs go to random cells now and then."""
    scenario = dataclasses.replace(SCENARIO, steps=steps)
    rng = np.random.default_rng(seed)
    with Hall(sib_loss=0.1, load_noise=0.05) as hall:
        snapshots = [hall.reset(scenario, seed)]
        while not hall.done:
            last = snapshots[-1]
            moved = np.where(
                rng.random(last.n_ues) < 0.1, rng.integers(0, last.n_gnbs, last.n_ues), last.serving
            )
            snapshots.append(hall.step(Action(cho_target=moved)))
    return snapshots


def decisions(agent: Agent, snapshots: Sequence[Snapshot], seed: int = 5) -> list[dict[str, list[float]]]:
    """What the agent asks for, snapshot by snapshot, in plain lists."""
    agent.reset(scenario_of(snapshots[0]), seed)
    return [plain(agent.act(snapshot), snapshot) for snapshot in snapshots]


def plain(action: Action, snapshot: Snapshot) -> dict[str, list[float]]:
    """The action, checked, in plain lists."""
    arrays = action.to_arrays({**SCENARIO.sizes(), "U": snapshot.n_ues, "G": snapshot.n_gnbs})
    return {name: array.tolist() for name, array in arrays.items()}

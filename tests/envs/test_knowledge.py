# SPDX-License-Identifier: GPL-2.0-only
"""Observations tell a party only what it knows in a real network."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory.envs import network_observation, ue_observation
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Party, Snapshot

SCENARIO = Scenario(n_gnbs=4, n_ues=12, steps=10)
VIEWS = {Party.NETWORK: network_observation(SCENARIO), Party.UE: ue_observation(SCENARIO)}


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    simulator = MockSimulator()
    now = simulator.reset(SCENARIO, 1)
    for _ in range(3):
        now = simulator.step(Action())
    return now


def other(snapshot: Snapshot, name: str) -> Any:
    """Other values of a field, as legal."""
    value = np.asarray(getattr(snapshot, name))
    if value.dtype.kind == "i":
        return (value + 1) % 3
    return np.where(np.isfinite(value), value * 0.7 + 0.1, 0.3)


@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("name", [name for name, facts in Snapshot.facts().items() if facts.axes])
def test_what_a_party_does_not_know_changes_nothing(snapshot: Snapshot, party: Party, name: str) -> None:
    view = VIEWS[party].function
    changed = dataclasses.replace(snapshot, **{name: other(snapshot, name)})
    if name not in Snapshot.known_to(party):
        np.testing.assert_array_equal(view(changed), view(snapshot))


def test_what_the_default_observations_show_makes_a_difference(snapshot: Snapshot) -> None:
    shown = {
        Party.NETWORK: "rsrp_dbm serving demand_bps delivered_bps queued_bytes load airtime airtime_used"
        " channel cio_db",
        Party.UE: "rsrp_dbm rate_bps serving demand_bps delivered_bps sib_load sib_age_s channel",
    }
    for party, names in shown.items():
        view = VIEWS[party].function
        for name in names.split():
            changed = dataclasses.replace(snapshot, **{name: other(snapshot, name)})
            assert not np.array_equal(view(changed), view(snapshot)), name


def test_a_ue_sees_nothing_of_other_ues(snapshot: Snapshot) -> None:
    view, ues = VIEWS[Party.UE].function, np.arange(SCENARIO.n_ues)
    for name, facts in Snapshot.facts().items():
        if not facts.axes.startswith("U"):
            continue
        value, strange = getattr(snapshot, name), other(snapshot, name)
        mine = (ues == 5).reshape(-1, *[1] * (value.ndim - 1))
        changed = dataclasses.replace(snapshot, **{name: np.where(mine, value, strange).astype(value.dtype)})
        np.testing.assert_array_equal(view(changed)[5], view(snapshot)[5])


@pytest.mark.parametrize("party", Party)
def test_observations_of_what_was_never_measured_are_finite(party: Party) -> None:
    blank = Snapshot.blank(SCENARIO.sizes())
    shape = blank.rsrp_dbm.shape
    never = dataclasses.replace(
        blank,
        rsrp_dbm=np.full(shape, -np.inf),
        sib_load=np.full(shape, np.nan),
        sib_age_s=np.full(shape, np.inf),
        load=np.full(SCENARIO.n_gnbs, 1e9),
    )
    view = VIEWS[party]
    for seen in np.atleast_2d(view.function(never)):
        assert view.space.contains(seen)


def test_known_values_are_scaled_as_documented(snapshot: Snapshot) -> None:
    seen = VIEWS[Party.UE].function(snapshot)
    g = SCENARIO.n_gnbs
    np.testing.assert_array_equal(seen[:, 2 * g : 3 * g].argmax(axis=1), snapshot.serving)
    np.testing.assert_allclose(seen[:, :g], np.clip((snapshot.rsrp_dbm + 103) / 45, -1, 1), rtol=1e-5)
    heard = ~np.isnan(snapshot.sib_load)
    assert heard.any()
    np.testing.assert_allclose(
        seen[:, 3 * g : 4 * g][heard], np.minimum(snapshot.sib_load[heard] / 2, 1), rtol=1e-5
    )

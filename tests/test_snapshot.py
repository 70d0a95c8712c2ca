# SPDX-License-Identifier: GPL-2.0-only
"""Snapshots and Actions hold what they say, in the shapes they say."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.snapshot import Action, Party, Snapshot
from tests.hall import Hall


@pytest.fixture
def snapshot() -> Snapshot:
    return Hall().reset(PRESETS["fig5"], 1)


def arrays_of(snapshot: Snapshot) -> dict[str, Any]:
    return {name: np.atleast_1d(getattr(snapshot, name)) for name in Snapshot.facts()}


def test_arrays_by_name_make_a_snapshot(snapshot: Snapshot) -> None:
    again = Snapshot.from_arrays(arrays_of(snapshot))
    assert isinstance(again.time_s, float)
    assert (again.n_ues, again.n_gnbs) == (40, 6)
    for name in Snapshot.facts():
        np.testing.assert_array_equal(getattr(again, name), getattr(snapshot, name))


@pytest.mark.parametrize("name", Snapshot.facts())
def test_missing_field_is_named(name: str, snapshot: Snapshot) -> None:
    arrays = arrays_of(snapshot)
    del arrays[name]
    with pytest.raises(ValueError, match=f"lacks {name}"):
        Snapshot.from_arrays(arrays)


def test_unknown_field_is_named(snapshot: Snapshot) -> None:
    with pytest.raises(ValueError, match="does not know mood"):
        Snapshot.from_arrays(arrays_of(snapshot) | {"mood": np.zeros(1)})


@pytest.mark.parametrize("name", [name for name, facts in Snapshot.facts().items() if facts.axes])
def test_wrong_shape_is_named(name: str, snapshot: Snapshot) -> None:
    array = arrays_of(snapshot)[name]
    with pytest.raises(ValueError, match="has shape"):
        Snapshot.from_arrays(arrays_of(snapshot) | {name: array[:-1]})
    with pytest.raises(ValueError, match=f"{name} has shape"):
        Snapshot.from_arrays(arrays_of(snapshot) | {name: array[None]})


def test_indices_that_are_not_whole_are_rejected(snapshot: Snapshot) -> None:
    with pytest.raises(ValueError, match="serving has type float64"):
        Snapshot.from_arrays(arrays_of(snapshot) | {"serving": snapshot.serving + 0.5})


def test_whole_numbers_that_do_not_fit_are_rejected(snapshot: Snapshot) -> None:
    serving = snapshot.serving.astype(np.int64)
    serving[0] = 2**32
    with pytest.raises(ValueError, match="serving has the value 4294967296, beyond int32"):
        Snapshot.from_arrays(arrays_of(snapshot) | {"serving": serving})


def test_every_field_says_who_knows_it() -> None:
    facts = Snapshot.facts()
    assert set(facts) == {field.name for field in dataclasses.fields(Snapshot)}
    assert all(fact.unit for fact in facts.values())
    assert {"sib_load", "rate_bps", "rsrp_dbm", "serving", "demand_bps"} <= set(Snapshot.known_to(Party.UE))
    assert not {"load", "airtime", "queued_bytes", "ue_position_m"} & set(Snapshot.known_to(Party.UE))
    assert {"load", "airtime", "rsrp_dbm"} <= set(Snapshot.known_to(Party.NETWORK))
    assert "sib_load" not in Snapshot.known_to(Party.NETWORK)
    assert facts["ue_position_m"].known_to == frozenset()


SIZES = {"U": 3, "G": 2, "C": 4}


def test_action_holds_only_what_was_set() -> None:
    assert Action().to_arrays(SIZES) == {}
    arrays = Action(cho_target=[-1, 0, 1], cio_db=[[0, 24], [-24, 0]], channel=[-1, 3]).to_arrays(SIZES)
    assert {name: array.dtype for name, array in arrays.items()} == {
        "cho_target": np.int32,
        "cio_db": np.float64,
        "channel": np.int32,
    }
    assert arrays["cio_db"].shape == (2, 2)


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        (Action(cho_target=[0, 1]), r"cho_target has shape \(2,\), expected \(3,\)"),
        (Action(cho_target=[0, 1, 2]), r"cho_target\[2\] is 2, allowed is -1 to 1"),
        (Action(cho_target=[0, -2, 1]), r"cho_target\[1\] is -2"),
        (Action(cho_target=[0.5, 0, 0]), "cho_target has type float64"),
        (Action(cio_db=np.full((2, 2), 24.5)), r"cio_db\[0, 0\] is 24.5, allowed is -24 to 24"),
        (Action(cio_db=[[0.0, math.nan], [0.0, 0.0]]), r"cio_db\[0, 1\] is nan"),
        (Action(cio_db=[0, 0]), "cio_db has shape"),
        (Action(channel=[0, 4]), r"channel\[1\] is 4, allowed is -1 to 3"),
        (Action(cho_target=[0, 2**32, 1]), r"cho_target\[1\] is 4294967296, allowed is -1 to 1"),
        (Action(cho_target=np.array([0, 0, -(2**63)])), r"cho_target\[2\] is -9223372036854775808"),
        (Action(channel=np.array([0, 2**64 - 1], np.uint64)), r"channel\[1\] is 18446744073709551615"),
    ],
)
def test_bad_action_is_named_with_what_is_allowed(action: Action, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        action.to_arrays(SIZES)


def batch_of(snapshot: Snapshot) -> Snapshot:
    other = dataclasses.replace(snapshot, load=snapshot.load + 1, wifi_offered_bytes=7.0)
    return Snapshot.stack([snapshot, other])


def test_a_batch_has_what_was_stacked(snapshot: Snapshot) -> None:
    batch = batch_of(snapshot)
    assert (batch.n_ues, batch.n_gnbs, batch.time_s) == (40, 6, snapshot.time_s)
    assert batch.rsrp_dbm.shape == (2, 40, 6)
    assert batch.at(1).wifi_offered_bytes == 7.0
    np.testing.assert_array_equal(batch.at(1).load, snapshot.load + 1)
    for name, array in batch.at(0).to_arrays().items():
        np.testing.assert_array_equal(array, np.atleast_1d(getattr(snapshot, name)))
    with pytest.raises(ValueError, match="read-only"):
        batch.load[0] = 0


def test_a_batch_may_be_of_batches(snapshot: Snapshot) -> None:
    twice = Snapshot.stack([batch_of(snapshot)] * 3)
    assert twice.rsrp_dbm.shape == (3, 2, 40, 6)
    np.testing.assert_array_equal(twice.at(2).at(1).load, snapshot.load + 1)


def test_what_does_not_fit_into_a_batch_is_named(snapshot: Snapshot) -> None:
    with pytest.raises(ValueError, match=r"load has shape \(6,\), expected \(2, 6\)|rsrp_dbm has shape"):
        dataclasses.replace(batch_of(snapshot), load=snapshot.load)
    with pytest.raises(ValueError, match=r"time_s=9.0 is not allowed beside 0.16: must be the same"):
        Snapshot.stack([snapshot, dataclasses.replace(snapshot, time_s=9.0)])


def test_a_blank_snapshot_has_the_sizes_of_a_scenario() -> None:
    blank = Snapshot.blank(PRESETS["fig5"].sizes())
    assert (blank.n_ues, blank.n_gnbs) == (40, 6)
    assert blank.serving.dtype == np.int32
    assert not any(array.any() for array in blank.to_arrays().values())


def test_actions_of_a_batch_are_checked_as_one() -> None:
    batch = Action.stack([Action(channel=[0, 1]), Action(channel=[2, 3])])
    assert batch.cho_target is None
    assert batch.to_arrays(SIZES, batch=(2,))["channel"].tolist() == [[0, 1], [2, 3]]
    assert np.asarray(batch.at(1).channel).tolist() == [2, 3]
    with pytest.raises(ValueError, match=r"channel has shape \(2, 2\), expected \(3, 2\)"):
        batch.to_arrays(SIZES, batch=(3,))
    with pytest.raises(ValueError, match=r"channel\[1, 0\] is 4, allowed is -1 to 3"):
        Action(channel=[[0, 1], [4, 3]]).to_arrays(SIZES, batch=(2,))
    with pytest.raises(ValueError, match="channel is left as it is by some of a batch"):
        Action.stack([Action(channel=[0, 1]), Action()])

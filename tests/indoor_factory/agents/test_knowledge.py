# SPDX-License-Identifier: GPL-2.0-only
"""Every agent decides from what its decider could know in a real network, and the same way each time."""

import dataclasses

import numpy as np
import pytest

from pyagents.core.agent_spec import find_agent
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.snapshot import Party
from tests.indoor_factory.agents.snapshots import blinded, decisions, story, strangers_changed

PARTIES = {
    "adaptive-mlb": Party.NETWORK,
    "dqn-mlb": Party.NETWORK,
    "gt-rl-letter": Party.UE,
    "least-loaded": Party.UE,
    "mappo": Party.UE,
    "max-rsrp": Party.UE,
    "qa-lb": Party.NETWORK,
    "random": Party.UE,
}
SPLIT = {"gt-rl"}
"""UEs decide and their gNBs select: see test_gt_rl_selection.py for what each gNB sees."""

KNOWS_EVERYTHING = {"optimum"}
ON_THEIR_OWN = [name for name, party in PARTIES.items() if party is Party.UE]


def test_every_agent_says_where_it_would_run() -> None:
    assert set(FAMILY.agents) == set(PARTIES) | SPLIT | KNOWS_EVERYTHING


@pytest.mark.parametrize("name", PARTIES)
def test_what_its_party_does_not_know_changes_nothing(name: str) -> None:
    agent, snapshots = find_agent(name).make(), story(15)
    seen = [blinded(snapshot, PARTIES[name]) for snapshot in snapshots]
    assert decisions(agent, seen) == decisions(agent, snapshots)


@pytest.mark.parametrize("name", SPLIT)
def test_beside_what_ues_know_a_split_agent_needs_the_loads_alone(name: str) -> None:
    agent, snapshots = find_agent(name).make(), story(15)
    seen = [dataclasses.replace(blinded(s, Party.UE), load=s.load) for s in snapshots]
    assert decisions(agent, seen) == decisions(agent, snapshots)


@pytest.mark.parametrize("name", ON_THEIR_OWN)
def test_no_ue_needs_what_another_one_knows(name: str) -> None:
    agent, snapshots = find_agent(name).make(), story(6)
    others = [strangers_changed(snapshot) for snapshot in snapshots]
    first, second = decisions(agent, snapshots), decisions(agent, others)
    assert [action["cho_target"][0] for action in first] == [action["cho_target"][0] for action in second]


@pytest.mark.parametrize("name", FAMILY.agents)
def test_same_seed_same_decisions_even_after_a_reset(name: str) -> None:
    snapshots = story(6)
    agent = find_agent(name).make()
    first = decisions(agent, snapshots)
    assert decisions(agent, snapshots) == first
    assert decisions(find_agent(name).make(), snapshots) == first


@pytest.mark.parametrize("name", ["gt-rl", "mappo", "random"])
def test_another_seed_other_dice(name: str) -> None:
    agent, snapshots = find_agent(name).make(), story(6)
    assert decisions(agent, snapshots, seed=5) != decisions(agent, snapshots, seed=6)


@pytest.mark.parametrize("name", FAMILY.agents)
def test_the_snapshot_is_left_as_it_was(name: str) -> None:
    agent, snapshots = find_agent(name).make(), story(6)
    before = [{name: array.copy() for name, array in snapshot.to_arrays().items()} for snapshot in snapshots]
    for snapshot in snapshots:
        for value in vars(snapshot).values():
            if hasattr(value, "setflags"):
                value.setflags(write=True)
    decisions(agent, snapshots)
    for snapshot, were in zip(snapshots, before, strict=True):
        for name, array in snapshot.to_arrays().items():
            np.testing.assert_array_equal(array, were[name], err_msg=name)

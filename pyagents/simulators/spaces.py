# SPDX-License-Identifier: GPL-2.0-only
"""What a scenario's program announces that it sends and takes, by the declarations of its family."""

import math
from collections.abc import Mapping

from pyagents.core.families import find_family
from pyagents.core.scenario import Scenario
from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.core.snapshot import Facts
from pyagents.wire import Box, Dict
from pyagents.wire.process.transport import MAX_MESSAGE_BYTES

_NUMBER_BYTES = 8
"""On the wire, but for small whole ones."""


def observation_space(scenario: Scenario) -> Dict:
    """A Box for each field of the Snapshot; single numbers of shape [1]."""
    fields, sizes = find_family(scenario.family).snapshot.facts(), scenario.sizes()
    return Dict({name: _box(facts, sizes, facts.shape(sizes) or (1,)) for name, facts in fields.items()})


def action_space(scenario: Scenario) -> Dict:
    """A Box for each knob of the Action, flat, as Boxes of actions travel."""
    knobs, sizes = find_family(scenario.family).action.facts(), scenario.sizes()
    return Dict({name: _box(facts, sizes, (math.prod(facts.shape(sizes)),)) for name, facts in knobs.items()})


def count_numbers(scenario: Scenario) -> int:
    """How many numbers a state has.

    Raises:
        ImpossibleScenarioError: more than go into one message.
    """
    facts, axes = find_family(scenario.family).snapshot.facts(), scenario.sizes()
    count = sum(math.prod(fact.shape(axes)) for fact in facts.values())
    most = MAX_MESSAGE_BYTES // _NUMBER_BYTES
    if count > most:
        sizes = ", ".join(f"{axis}={size}" for axis, size in axes.items())
        raise ImpossibleScenarioError(
            f"a state of this scenario has {count} numbers ({sizes}): one message between agent and "
            f"simulator takes {most} at most; only a simulator in this process, such as the mock, plays it"
        )
    return count


def _box(facts: Facts, sizes: Mapping[str, int], shape: tuple[int, ...]) -> Box:
    return Box(*facts.bounds(sizes), shape, facts.dtype)

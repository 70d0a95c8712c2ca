# SPDX-License-Identifier: GPL-2.0-only
"""What a scenario's program announces that it sends and takes, by the declarations of its family."""

import math
from collections.abc import Mapping

from pyagents.core.families import find_family
from pyagents.core.scenario import Scenario
from pyagents.core.snapshot import Facts
from pyagents.wire import Box, Dict


def observation_space(scenario: Scenario) -> Dict:
    """A Box for each field of the Snapshot; single numbers of shape [1]."""
    fields, sizes = find_family(scenario.family).snapshot.facts(), scenario.sizes()
    return Dict({name: _box(facts, sizes, facts.shape(sizes) or (1,)) for name, facts in fields.items()})


def action_space(scenario: Scenario) -> Dict:
    """A Box for each knob of the Action, flat, as Boxes of actions travel."""
    knobs, sizes = find_family(scenario.family).action.facts(), scenario.sizes()
    return Dict({name: _box(facts, sizes, (math.prod(facts.shape(sizes)),)) for name, facts in knobs.items()})


def _box(facts: Facts, sizes: Mapping[str, int], shape: tuple[int, ...]) -> Box:
    return Box(*facts.bounds(sizes), shape, facts.dtype)

# SPDX-License-Identifier: GPL-2.0-only
"""What a scenario's program tells with its first state: which run it plays, so that it is no other's.

JSON: `{"nru": {"family": ..., "seed": ..., "scenario": {...}}}`, in the text that goes with a state of
ns3-gym's protocol. Programs of others have a text of their own there, or none.
"""

import json
from typing import Any

from pyagents.core.scenario import Scenario

_MARK = "nru"


def announce(scenario: Scenario, seed: int) -> str:
    """The text of a run."""
    return json.dumps({_MARK: _facts(scenario, seed)})


def find_difference(text: str, scenario: Scenario, seed: int) -> str:
    """In what a run that was announced differs from this one, in words; empty: in nothing that was told.

    Args:
        text: what came with the first state.
        scenario: of this run.
        seed: of this run.
    """
    try:
        theirs = dict(json.loads(text)[_MARK])
        theirs |= theirs.pop("scenario")
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""
    ours = _facts(scenario, seed)
    ours |= ours.pop("scenario")
    others = [name for name in ours if theirs.get(name) != ours[name]]
    if not others:
        return ""
    played = ", ".join(f"{name}={theirs.get(name)!r}" for name in others)
    asked = ", ".join(f"{name}={ours[name]!r}" for name in others)
    return f"plays {played}, this run has {asked}"


def _facts(scenario: Scenario, seed: int) -> dict[str, Any]:
    return {"family": scenario.family, "seed": seed, "scenario": scenario.to_dict()}

# SPDX-License-Identifier: GPL-2.0-only
"""A scenario that somebody else starts, here or on another machine: `nru serve-ns3`, `nru serve-mock`."""

from pathlib import Path
from typing import Any

import numpy as np

from pyagents.core.scenario import Scenario
from pyagents.core.snapshot import Action
from pyagents.simulators.announcement import find_difference
from pyagents.simulators.over_wire import WireSimulator
from pyagents.simulators.spaces import action_space, count_numbers, observation_space
from pyagents.wire import Box, Dict, ProtocolError, Session
from pyagents.wire.protocol.spaces import Space

_ADVICE = "start both with the same --scenario, fields and --seed"


class RemoteSimulator(WireSimulator):
    """Listens for the scenario that plays; a fresh one for each `reset`.

    What it plays it was told by who started it, and tells with its first state: see
    `pyagents.simulators.announcement`. Of a program that does not, sizes of snapshots and actions, length and
    number of steps are held against the scenario of the run.

    Args:
        endpoint: where to listen; see `Session`.
        keys: folder that `nru keys` filled; None only on this machine.
        timeout_s: deadline of each wait, wall time, the first for somebody to connect.

    Raises:
        ValueError: the endpoint is not allowed, or a key is not there or malformed.
    """

    def __init__(self, endpoint: str, *, keys: Path | None = None, timeout_s: float = 600.0) -> None:
        super().__init__()
        self._endpoint, self._keys, self._timeout_s = endpoint, keys, timeout_s
        self._make_session()  # refuses now what would be refused later; listens only once it is opened
        self._count = 0
        self._time_s = 0.0

    @property
    def endpoint(self) -> str:
        """Endpoint that it listens at, as given."""
        return self._endpoint

    def reset(self, scenario: Scenario, seed: int) -> Any:
        """Wait for a scenario to connect.

        Raises:
            ImpossibleScenarioError: states of this one are too large for the wire.
            WireError: none came in time, it died, or plays something else.
        """
        count_numbers(scenario)
        self.close()
        session = self._make_session()
        try:
            _check_space("observation", session.observation_space, observation_space(scenario))
            _check_space("action", session.action_space, action_space(scenario))
            now = self._start(session, scenario)
            difference = find_difference(self._told, scenario, seed)
            if difference:
                self._refuse(difference)
        except BaseException:
            session.close()
            raise
        self._count, self._time_s = 0, now.time_s
        return now

    def step(self, action: Action) -> Any:
        """See `Simulator.step`; ProtocolError where steps are not as long, or as many, as in the run."""
        now = super().step(action)
        self._count += 1
        length_s, self._time_s = now.time_s - self._time_s, now.time_s
        wanted = self._scenario
        assert wanted is not None
        if not np.isclose(length_s, wanted.step_s):
            self._refuse(f"has steps of {length_s:g} s, this run of {wanted.step_s:g} s")
        if self.done != (self._count == wanted.steps):
            over = f"ended after {self._count}" if self.done else f"goes on after {self._count}"
            self._refuse(f"{over} steps, this run has {wanted.steps}")
        return now

    def _make_session(self) -> Session:
        return Session(endpoint=self._endpoint, keys=self._keys, timeout_s=self._timeout_s)

    def _refuse(self, why: str) -> None:
        self.close()
        raise ProtocolError(f"the scenario that connected {why}; {_ADVICE}")


def _check_space(what: str, announced: Space | None, wanted: Dict) -> None:
    """Raise ProtocolError, which says in what, where a scenario announced what is not expected of it."""
    boxes = announced.spaces if isinstance(announced, Dict) else {}
    for name, box in wanted.spaces.items():
        theirs, ours = _describe(boxes.get(name)), _describe(box)
        if theirs != ours:
            raise ProtocolError(
                f"the scenario that connected announced {what} {name} as {theirs}, this run has {ours}; "
                f"{_ADVICE}"
            )


def _describe(space: Space | None) -> str:
    """Shape and, of an index, its largest."""
    if not isinstance(space, Box):
        return "none"
    largest = f" up to {space.high:g}" if space.dtype.kind == "i" and space.low == -1 else ""
    return f"{list(space.shape)}{largest}"

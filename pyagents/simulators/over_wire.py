# SPDX-License-Identifier: GPL-2.0-only
"""What simulators have in common that play in another process."""

from typing import Any

from pyagents.core.families import find_family
from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.core.snapshot import Action, Snapshot
from pyagents.wire import ProtocolError, Session, State


class WireSimulator(Simulator):
    """Everything of a `Simulator` but `reset`, which hands `_start` a session."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._scenario: Scenario | None = None
        self._over = False
        self._told = ""

    def step(self, action: Action) -> Any:
        """Send the action, wait for the next state. See `Simulator.step`."""
        if self._session is None or self._scenario is None:
            raise RuntimeError("step before reset")
        if self._over:
            raise RuntimeError("step after the last one: the run is over")
        arrays = action.to_arrays(self._scenario.sizes())
        return self._receive(self._session.step(arrays), self._scenario)

    @property
    def done(self) -> bool:
        """Whether the last state has come."""
        return self._over

    def close(self) -> None:
        """End the other process, if it runs.

        Raises:
            SessionError: another thread waits for it: nothing is ended.
        """
        if self._session is not None:
            self._session.close()
            self._session = None

    def _start(self, session: Session, scenario: Scenario) -> Snapshot:
        """Play a scenario in a session, not yet started; the first Snapshot."""
        self._session, self._scenario, self._over = session, scenario, False
        state = session.start()
        self._told = state.info
        return self._receive(state, scenario)

    def _receive(self, state: State, scenario: Scenario) -> Snapshot:
        """Read a state; a program whose arrays do not fit a Snapshot does not speak our language."""
        self._over = state.game_over
        observation: Any = state.observation
        snapshot = find_family(scenario.family).snapshot
        try:
            return snapshot.from_arrays(observation)
        except (TypeError, ValueError) as error:
            self.close()
            raise ProtocolError(f"the scenario program's state does not fit: {error}") from error

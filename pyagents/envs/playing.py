# SPDX-License-Identifier: GPL-2.0-only
"""What environments of one run have in common: a simulator, what it says, and a picture of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.core.snapshot import Action, Snapshot

Drawing = Callable[[Snapshot | None, Snapshot], NDArray[np.uint8]]
"""Draws a step from the Snapshots before (None after a reset) and after it: [height, width, 3] RGB."""

RENDER_MODES = ["rgb_array"]


class Playing:
    """The part of an environment that is the same behind Gymnasium and PettingZoo."""

    def __init__(
        self, simulator: Simulator, scenario: Scenario, draw: Drawing | None, render_mode: str | None
    ) -> None:
        if render_mode is not None and (render_mode not in RENDER_MODES or draw is None):
            raise ValueError(f"render_mode={render_mode!r} is not allowed: must be rgb_array or None")
        self.render_mode = render_mode
        self.scenario = scenario
        self._simulator, self._draw = simulator, draw
        self._run = 0
        self._before: Snapshot | None = None
        self._now: Snapshot | None = None

    @property
    def snapshot(self) -> Any:
        """All that the simulator says now, for metrics and for debugging; RuntimeError before a reset."""
        if self._now is None:
            raise RuntimeError("there is no snapshot before reset")
        return self._now

    def render(self) -> NDArray[np.uint8] | None:
        """Draw the last step: [height, width, 3] RGB; None if the render mode is None."""
        if self.render_mode is None or self._draw is None:
            return None
        return self._draw(self._before, self.snapshot)

    def close(self) -> None:
        """Close the simulator."""
        self._simulator.close()

    def _restart(self, run: int) -> None:
        """Start a run."""
        self._run = run
        self._before, self._now = None, self._simulator.reset(self.scenario, run)

    def _advance(self, action: Action) -> None:
        """Simulate a step."""
        before, self._now = self._now, self._simulator.step(action)
        self._before = before

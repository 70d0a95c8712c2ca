# SPDX-License-Identifier: GPL-2.0-only
"""Records what a simulator says, and plays it back: for debugging an agent or a figure without one."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.core.snapshot import Action, Snapshot
from pyagents.simulators.recording import ASKED, load_recording, save_recording


class Recorder(Simulator):
    """A Simulator that passes everything on to another, closes it, and writes a run down as it goes.

    The `.npz` file appears when the run is over, or at `close`; another `reset` starts it anew.
    """

    def __init__(self, simulator: Simulator, path: Path, agent: str = "") -> None:
        self._simulator, self._path, self._agent = simulator, path, agent
        self._about: Mapping[str, Any] = {}
        self._snapshots: list[Snapshot] = []
        self._actions: list[Action] = []

    def reset(self, scenario: Scenario, seed: int) -> Any:
        """See `Simulator.reset`."""
        self._snapshots, self._actions = [], []
        fields = {"family": scenario.family, **scenario.to_dict()}
        self._about = {"scenario": fields, "seed": seed, "agent": self._agent}
        return self._note(self._simulator.reset(scenario, seed))

    def step(self, action: Action) -> Any:
        """See `Simulator.step`."""
        snapshot = self._simulator.step(action)
        self._actions.append(action)
        return self._note(snapshot)

    @property
    def done(self) -> bool:
        """See `Simulator.done`."""
        return self._simulator.done

    def close(self) -> None:
        """Close the simulator, and write what there is."""
        self._simulator.close()
        self._write()

    def _note(self, snapshot: Snapshot) -> Snapshot:
        self._snapshots.append(snapshot)
        if self._simulator.done:
            self._write()
        return snapshot

    def _write(self) -> None:
        if not self._snapshots:
            return
        fields = {
            name: np.stack([np.asarray(getattr(snapshot, name)) for snapshot in self._snapshots])
            for name in self._snapshots[0].facts()
        }
        asked = self._actions[0].facts() if self._actions else {}
        knobs = {f"{ASKED}{name}": self._knob(name) for name in asked}
        save_recording(
            self._path,
            self._about,
            fields | {name: array for name, array in knobs.items() if array is not None},
        )
        self._snapshots = []

    def _knob(self, name: str) -> NDArray[np.float64] | None:
        """[steps, ...] what was asked for, NaN where nothing was; None if nothing ever was."""
        values = [getattr(action, name) for action in self._actions]
        asked = [np.asarray(value, dtype=np.float64) for value in values if value is not None]
        if not asked:
            return None
        blank = np.full(asked[0].shape, np.nan)
        return np.stack([blank if value is None else np.asarray(value, np.float64) for value in values])


class ReplaySimulator(Simulator):
    """A recording as a simulator: the same Snapshots, whatever the actions. See `load_recording`."""

    def __init__(self, path: Path) -> None:
        self.path, self._recording = path, load_recording(path)
        self.scenario, self.seed = self._recording.scenario, self._recording.seed
        self.agent = self._recording.agent
        self._at = -1
        self.departs_at_step: int | None = None
        """First step that another action led to than the recorded one; None as long as there was none."""

    def reset(self, scenario: Scenario, seed: int) -> Any:
        """Start from the beginning, whatever the seed; ValueError for another scenario than the recorded."""
        if type(scenario) is not type(self.scenario):
            family = self.scenario.family
            raise ValueError(f"{self.path} is of family {family}: use the scenario of the recording")
        if scenario != self.scenario:
            recorded = self.scenario.to_dict()
            asked = scenario.to_dict()
            said = ", ".join(f"{name}={value!r}" for name, value in recorded.items() if value != asked[name])
            raise ValueError(f"{self.path} was recorded with {said}: use the scenario of the recording")
        self._at, self.departs_at_step = 0, None
        return self._recording.at(self._at)

    def step(self, action: Action) -> Any:
        """Give the next Snapshot. The action is checked, and ignored. See `Simulator.step`."""
        if self._at < 0:
            raise RuntimeError("step before reset")
        if self.done:
            raise RuntimeError("step after the last one: the recording is over")
        asked = action.to_arrays(self.scenario.sizes())
        if self.departs_at_step is None and not self._is_recorded(asked):
            self.departs_at_step = self._at + 1
        self._at += 1
        return self._recording.at(self._at)

    @property
    def done(self) -> bool:
        """Whether the last recorded Snapshot was played."""
        return self._at + 1 >= len(self._recording)

    @property
    def actions(self) -> Mapping[str, NDArray[np.float64]]:
        """[steps, ...] what the recorded agent asked for, by knob; NaN where it left a knob as it was."""
        return self._recording.actions

    def snapshots(self) -> Iterator[Any]:
        """All that was recorded, in order."""
        return map(self._recording.at, range(len(self._recording)))

    def _is_recorded(self, asked: Mapping[str, NDArray[Any]]) -> bool:
        """Whether these knobs, and only these, were set so at this step."""
        recorded = {name: array[self._at] for name, array in self.actions.items() if self._at < len(array)}
        recorded = {name: array for name, array in recorded.items() if not np.isnan(array).all()}
        return recorded.keys() == asked.keys() and all(
            np.array_equal(array, asked[name]) for name, array in recorded.items()
        )

    def close(self) -> None:
        """Nothing to release."""

# SPDX-License-Identifier: GPL-2.0-only
"""Any simulators as a batch, each in a process or at least a thread of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.core.snapshot import Action, Snapshot


class SideBySide:
    """B runs of one Scenario, each played by a simulator of its own, a thread each to wait for it.

    See `BatchSimulator`. The simulators end with their runs, with the next reset, and with the first that
    fails.
    """

    def __init__(self, make: Callable[[], Simulator]) -> None:
        self._make = make
        self._simulators: list[Simulator] = []
        self._done = False

    def reset(self, scenario: Scenario, seeds: Sequence[int]) -> Snapshot:
        """Start anew, a run a seed. See `BatchSimulator.reset`."""
        if not len(seeds):
            raise ValueError("seeds=[] is not allowed: must be one a run, and at least one run")
        self.close()
        self._simulators = [self._make() for _ in seeds]
        return self._at_once(lambda k: self._simulators[k].reset(scenario, seeds[k]))

    def step(self, action: Action) -> Snapshot:
        """Apply the Actions of all runs, simulate one step of each. See `BatchSimulator.step`."""
        if not self._simulators:
            raise RuntimeError(
                "step after the last one: the runs are over" if self._done else "step before reset"
            )
        return self._at_once(lambda k: self._simulators[k].step(action.at(k)))

    @property
    def done(self) -> bool:
        """True once `Scenario.steps` actions were applied."""
        return self._done

    def close(self) -> None:
        """End all simulators."""
        for simulator in self._simulators:
            simulator.close()
        self._simulators, self._done = [], False

    def _at_once(self, call: Callable[[int], Snapshot]) -> Snapshot:
        try:
            with ThreadPoolExecutor(max_workers=len(self._simulators)) as pool:
                futures = [pool.submit(call, k) for k in range(len(self._simulators))]
                wait(futures)
            snapshots = [future.result() for future in futures]
            stacked = type(snapshots[0]).stack(snapshots)
        except BaseException:
            self.close()
            raise
        if all(simulator.done for simulator in self._simulators):
            self.close()
            self._done = True
        return stacked

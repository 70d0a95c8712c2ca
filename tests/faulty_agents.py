# SPDX-License-Identifier: GPL-2.0-only
"""Agents that go wrong, for tests of what surrounds them. Loaded by path, in processes of their own."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot


@dataclass(frozen=True, kw_only=True)
class Config:
    """How."""

    folder: str = ""
    times: int = 0
    fails_at: int = 0


class Faulty:
    """Fails at seed `fails_at` until it has done so `times` times; it counts in `folder`."""

    def __init__(self, config: Config = Config()) -> None:
        self.config = config

    def reset(self, scenario: Scenario, seed: int) -> None:
        if seed == self.config.fails_at:
            tries = Path(self.config.folder) / "tries"
            tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
            if len(tries.read_text()) <= self.config.times:
                self.fail()

    def fail(self) -> None:
        raise RuntimeError("no balance today")

    def act(self, snapshot: Snapshot) -> Action:
        return Action()


class Deadly(Faulty):
    """Takes its process with it."""

    def fail(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Stuck(Faulty):
    """Does not return."""

    def fail(self) -> None:
        time.sleep(1000)


class Stopped(Faulty):
    """Has its process stopped, as a debugger or a full machine may do."""

    def fail(self) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)


class Slow:
    """Takes its time."""

    def reset(self, scenario: Scenario, seed: int) -> None: ...

    def act(self, snapshot: Snapshot) -> Action:
        time.sleep(0.05)
        return Action()

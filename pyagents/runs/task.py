# SPDX-License-Identifier: GPL-2.0-only
"""Work that any process on any machine can do, and whose result travels back as files: above all a run."""

import os
import tempfile
import time
import traceback
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from pyagents.core.agent_spec import find_agent
from pyagents.core.mistake import AgentMistakeError
from pyagents.core.plain_text import plain, plain_bytes
from pyagents.core.private_directory import PrivateDirectory
from pyagents.core.simulator import ImpossibleScenarioError, Simulator
from pyagents.runs.needs import WEIGHTS, keys_in, with_files
from pyagents.runs.provenance import trace_code
from pyagents.runs.record import LOG, RECORDING, encode
from pyagents.runs.rollout import Row, rollout
from pyagents.runs.run import Run
from pyagents.runs.store import LostRecordError, Store
from pyagents.simulators.registry import make_simulator
from pyagents.simulators.replay import Recorder, ReplaySimulator

OnStep = Callable[[int, Row], None]

_LOG_BYTES = 100_000


def _ignore(snapshot: Any) -> None:
    """Takes a Snapshot for nobody."""


_cold = True
"""Whether this process has done no work yet."""


class Work(Protocol):
    """Something to be done once, whose files a store keeps."""

    @property
    def key(self) -> str:
        """Content hash of all that its files depend on."""
        ...

    @property
    def group(self) -> str:
        """Name that displays count it under."""
        ...

    @property
    def label(self) -> str:
        """Name for people."""
        ...

    @property
    def cost(self) -> float:
        """Time that it takes compared with others of its kind: for the order and the time left."""
        ...

    @property
    def needs(self) -> Collection[str]:
        """Keys of entries that have to be in the store before it."""
        ...

    def is_kept(self, store: Store) -> bool:
        """Whether the store has what this work would leave."""
        ...

    def take(self, store: Store) -> "Work":
        """The same with all that it takes of the store: where it is done, there may be none.

        Raises:
            LostRecordError: the store lacks something that it needs.
        """
        ...

    def do(self, folder: Path, on_step: OnStep) -> Mapping[str, bytes]:
        """Do it here.

        Args:
            folder: an empty one for whatever it takes; gone afterwards. `LOG` in it is kept if it fails.
            on_step: called now and then with number and numbers of a step; what it raises ends the work.

        Returns:
            Its files, by name.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Task:
    """A run to be played."""

    run: Run
    """Run that is played."""
    who: str = ""
    """Name of the agent for people; empty: the run's."""
    where: str = ""
    """Condition that it is of, for people."""
    record: bool = False
    """Whether to keep every Snapshot and Action as well, for the `replay` simulator."""
    simulator: Simulator | None = None
    """Simulator that plays it, and is closed, in this process alone; None: a new one of the run's name."""
    on_snapshot: Callable[[Any], None] = _ignore
    """Called with each Snapshot, in this process alone."""
    weights: Mapping[str, bytes] = field(default_factory=dict)
    """Weights that its agent's options name, by key."""

    @property
    def key(self) -> str:
        """Key of the run."""
        return self.run.key

    @property
    def group(self) -> str:
        """Agent of the run."""
        return self.who or self.run.agent

    @property
    def label(self) -> str:
        """Agent, condition and seed."""
        return ", ".join(filter(None, (self.group, self.where, f"seed {self.run.seed}")))

    @property
    def cost(self) -> float:
        """Time that its family says a run of the scenario takes."""
        return self.run.family.cost(self.run.scenario)

    @property
    def needs(self) -> Collection[str]:
        """Trainings whose weights the agent's options name."""
        return keys_in(self.run.agent_config)

    def take(self, store: Store) -> "Task":
        """The same with these weights. See `Work.take`."""
        return replace(self, weights={key: store.file(key, WEIGHTS) for key in self.needs})

    def is_kept(self, store: Store) -> bool:
        """Whether the store has the run's record, and its recording if there is to be one."""
        if self.record:
            with suppress(LostRecordError):
                return bool(store.file(self.key, RECORDING)) and store.get(self.key) is not None
            return False
        return store.get(self.key) is not None

    def do(self, folder: Path, on_step: OnStep) -> Mapping[str, bytes]:
        """Play it. See `Work.do`.

        Raises ValueError where the run names what does not exist, RuntimeError where the code here is not the
        run's, and whatever simulator, agent, metrics or `on_step` raise.
        """
        run = self.run
        _check_code(run)
        for key, content in self.weights.items():
            (folder / key).write_bytes(content)
        options = with_files(run.agent_config, lambda key: folder / key)
        agent = find_agent(run.agent, run.family).with_options(options).make()
        log, recording = folder / LOG, folder / RECORDING
        player = self.simulator or make_simulator(run.simulator, log, run.family)
        with Recorder(player, recording, run.agent) if self.record else player as shown:
            played = rollout(
                shown,
                agent,
                run.scenario,
                run.seed,
                run.metrics,
                on_step=on_step,
                on_snapshot=self.on_snapshot,
            )
        replay = None
        if isinstance(player, ReplaySimulator):
            replay = {"agent": player.agent, "departs_at_step": player.departs_at_step}
        kept = {path.name: path.read_bytes() for path in (log, recording) if path.is_file()}
        if LOG in kept:
            kept[LOG] = plain_bytes(kept[LOG])  # whoever looks at it on a terminal
        return encode(run, played, replay=replay) | kept


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Outcome of work: files or an error."""

    task: Work
    """Work that was done."""
    files: Mapping[str, bytes]
    """Files by name: see `pyagents.runs.record`; after an error, those that tell of it."""
    error: str = ""
    """Message for people; empty where all went well."""
    details: str = ""
    """Traceback of the error, and the end of the simulator's log."""
    hopeless: bool = False
    """Whether it fails again however often it is tried."""
    seconds: float = 0.0
    """Wall time that it took."""
    cold: bool = False
    """Whether it was the first of its process, which loads and compiles what others find done."""


def perform(task: Work, on_step: OnStep = lambda step, row: None) -> Outcome:
    """Do work here. Never raises what goes wrong in it: that is in the outcome."""
    global _cold
    start, cold = time.monotonic(), _cold
    _cold = False
    try:
        place = PrivateDirectory("nru-work-")
    except OSError as error:
        said = f"cannot write to {tempfile.gettempdir()}: {error.strerror}"
        return Outcome(task=task, files={}, error=said, cold=cold)
    try:
        files = task.do(place.path, on_step)
    except Exception as error:
        return _tell(task, error, place.path, time.monotonic() - start)
    finally:
        place.remove()
    return Outcome(task=task, files=files, seconds=time.monotonic() - start, cold=cold)


def _tell(task: Work, error: Exception, folder: Path, seconds: float) -> Outcome:
    from pyagents.toolchain import ToolchainError  # loaded only once something is wrong
    from pyagents.wire import WireError

    log, recording = folder / LOG, folder / RECORDING
    tail = log.read_bytes()[-_LOG_BYTES:].decode(errors="replace") if log.is_file() else ""
    message = "\n".join([str(error), *getattr(error, "__notes__", [])])
    if not isinstance(error, (AgentMistakeError, ValueError, ImportError, ToolchainError, WireError)):
        message = f"{type(error).__name__}: {message}"
    return Outcome(
        task=task,
        files={RECORDING: recording.read_bytes()} if recording.is_file() else {},
        error=plain(message.replace(f"{log}", LOG)),
        details=plain(f"{''.join(traceback.format_exception(error))}\n---- the simulator's log ----\n{tail}"),
        hopeless=isinstance(error, ImpossibleScenarioError),
        seconds=seconds,
    )


def _check_code(run: Run) -> None:
    here = trace_code(run.agent, run.agent_config, run.simulator, run.family, run.judged_by)
    if run.code and here != run.code:
        other = [
            f"{part}: {here[part]}, not {run.code[part]}" for part in here if here[part] != run.code[part]
        ]
        raise RuntimeError(f"process {os.getpid()} has other code than this run is of: {'; '.join(other)}")

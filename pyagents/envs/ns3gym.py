# SPDX-License-Identifier: GPL-2.0-only
"""Any program that speaks ns3-gym's protocol as a Gymnasium environment."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, SupportsFloat

import gymnasium
from gymnasium.error import ResetNeeded

from pyagents.envs.gym_spaces import blank_value, gymnasium_space, gymnasium_value
from pyagents.envs.seeds import run_number
from pyagents.wire import LaunchError, ProtocolError, Session, Space, State, WireError

_PORT_FREE_S = 1.0
"""Longest time that a port stays taken after its last session was closed, in seconds."""


class Ns3GymEnv(gymnasium.Env[Any, Any]):
    """An ns3-gym program behind Gymnasium's interface; each episode is a process of its own.

        env = Ns3GymEnv("build/my-scenario", ["--duration=10"])
        observation, info = env.reset(seed=1)

    The program is started at once, since it alone can tell the spaces, with `--openGymPort` (of a port that
    is bound before) and `--simSeed`. `reset(seed=s)` plays random run s; `reset()` draws one. An episode is
    terminated where the program's own end condition is met, truncated where its simulated time is over.

    `info` holds `extra_info` (the program's text, "" for none), `is_observed` (False where a state came
    without an observation: the last one stands for it, at the start zeros) and `run` (number of the random
    run), unless somebody else starts the program.

    Args:
        program_or_port: Path of the program. Or a TCP port: then somebody else starts the program, anew for
            each episode, and `seed` reaches only the environment's own generator.
        args: Arguments of the program, in a list, or by name with or without the dashes.
        seed_flag: Flag that takes the random run, an unsigned 32-bit number; ns-3's own is `--RngRun`. None:
            the program takes none.
        timeout_s: Deadline of each wait for the program, in seconds of wall time.
        log_path: File for the program's output, overwritten at each start. None: kept for error messages.
        check_bounds: Refuse actions outside the announced bounds. False: for programs that take more than
            they announce.
        narrow_actions: Send Boxes of doubles in single precision, as ns3-gym's own client does and programs
            written for it expect.
        nan: Number in place of NaN in observations, which no space of Gymnasium holds. None: NaN stays.

    Raises:
        ValueError: An argument is not allowed.
        WireError: The program cannot be run, dies, is silent past the deadline, or sends nonsense.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 - as Env has it

    def __init__(
        self,
        program_or_port: str | os.PathLike[str] | int,
        args: Sequence[str] | Mapping[str, Any] = (),
        *,
        seed_flag: str | None = "--simSeed",
        timeout_s: float = 60.0,
        log_path: Path | str | None = None,
        check_bounds: bool = True,
        narrow_actions: bool = True,
        nan: float | None = None,
    ) -> None:
        port = 0  # one that the system chooses
        self._command: list[str] | None = None
        if isinstance(program_or_port, int):
            port = _checked_port(program_or_port, args)
        else:
            self._command = [os.fspath(program_or_port), *_spelt(args)]
        self._seed_flag, self._nan = seed_flag, nan
        self._options: dict[str, Any] = {
            "endpoint": f"tcp://127.0.0.1:{port}",
            "timeout_s": timeout_s,
            "log_path": log_path,
            "check_bounds": check_bounds,
            "narrow_actions": narrow_actions,
        }
        self._session: Session | None = None
        self._is_waiting = False  # for its first `reset`: has told its spaces, and nothing else
        self._spaces = self._open(run_number(None, self.np_random))
        self._last: Any = None
        self.observation_space, self.action_space = map(gymnasium_space, self._spaces)

    @property
    def pid(self) -> int | None:
        """Process id of the program; None while there is none, or if somebody else started it."""
        return None if self._session is None else self._session.pid

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """End the program if it still runs, start it anew. See `gymnasium.Env.reset`; there are no options.

        Raises WireError, as the class says, also where the program announces other spaces than at first.
        """
        super().reset(seed=seed)
        is_as_asked = self._is_waiting and (seed is None or self._command is None)
        session = self._session
        if session is None or not is_as_asked:
            session = self._restart(run_number(seed, self.np_random))
        try:
            state = session.start()
            if state.game_over:
                raise ProtocolError("the program's first state is its last: there is nothing to decide")
        except BaseException:
            self.close()
            raise
        self._is_waiting = False
        self._last = blank_value(self._spaces[0])
        return self._observe(state), self._info(state)

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """Answer the program with an action, wait for its next state. See `gymnasium.Env.step`.

        Raises:
            ValueError: The action is not in the action space; another one may be tried.
            ResetNeeded: No episode is under way.
            WireError: As the class says; `reset` starts anew.
        """
        if self._session is None or self._is_waiting:
            raise ResetNeeded("step: no episode is under way; reset starts one")
        try:
            state = self._session.step(action)
        except WireError:
            self.close()
            raise
        if state.game_over:
            self.close()
        return self._observe(state), state.reward, state.terminated, state.truncated, self._info(state)

    def close(self) -> None:
        """End the program; no process is left. May be called twice; `reset` starts anew."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _restart(self, run: int) -> Session:
        if self._open(run) != self._spaces:
            self.close()
            raise ProtocolError("the program announces other spaces than when it was started first")
        assert self._session is not None
        return self._session

    def _open(self, run: int) -> tuple[Space, Space]:
        """Start the program, without waiting for its first state, and ask it for its spaces."""
        self.close()
        self._run = run
        seed = [] if self._seed_flag is None else [f"{self._seed_flag}={run}"]
        command = None if self._command is None else [*self._command, *seed]
        self._session, self._is_waiting = Session(command, **self._options), True
        try:
            if command is None:
                _listen(self._session)
            seen, taken = self._session.observation_space, self._session.action_space
            if seen is None or taken is None:
                kind = "observations" if seen is None else "actions"
                raise ProtocolError(f"the program announces no space of {kind}: Gymnasium needs one")
        except BaseException:
            self.close()
            raise
        return seen, taken

    def _observe(self, state: State) -> Any:
        if state.observation is not None:
            self._last = state.observation
        return gymnasium_value(self._spaces[0], self._last, nan=self._nan)

    def _info(self, state: State) -> dict[str, Any]:
        run = {} if self._command is None else {"run": self._run}
        return {"extra_info": state.info, "is_observed": state.observation is not None} | run


def _listen(session: Session) -> None:
    """Bind the session's port, which may have been another session's a moment ago."""
    deadline = time.monotonic() + _PORT_FREE_S
    while True:
        try:
            session.endpoint  # noqa: B018 - asking for it binds
        except LaunchError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _checked_port(port: int, args: Sequence[str] | Mapping[str, Any]) -> int:
    if not 1 <= port <= 65535:
        raise ValueError(f"program_or_port: is {port}; allowed are ports 1 to 65535, or a program's path")
    if args:
        raise ValueError("args: are given with a port; allowed is none, for somebody else starts the program")
    return port


def _spelt(args: Sequence[str] | Mapping[str, Any]) -> list[str]:
    """The arguments as the program reads them; ns-3 spells truth in lower case."""
    if isinstance(args, str):
        raise ValueError(f"args: is {args!r}; allowed is a list of arguments, or a mapping from their names")
    if not isinstance(args, Mapping):
        return list(map(str, args))
    flags = {name if name.startswith("-") else f"--{name}": value for name, value in args.items()}
    return [
        f"{flag}={str(value).lower() if isinstance(value, bool) else value}" for flag, value in flags.items()
    ]

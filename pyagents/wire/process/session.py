# SPDX-License-Identifier: GPL-2.0-only
"""One run of one scenario: from its first word to its end."""

from __future__ import annotations

import contextlib
import enum
import os
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Self, TypeVar

from pyagents.wire.errors import ProtocolError, SessionError, WireError
from pyagents.wire.process import endpoints
from pyagents.wire.process.keys import load_agent_keys
from pyagents.wire.process.peer import Peer
from pyagents.wire.process.transport import MAX_MESSAGE_BYTES
from pyagents.wire.protocol.codec import ActionCodec, Init, State, StateCodec, decode_init, encode_init_ack
from pyagents.wire.protocol.spaces import Space, Value

T = TypeVar("T")

_STOP = ActionCodec(None).encode(None, stop=True)
_STOP_AT_ONCE = encode_init_ack(stop=True)


class _Turn(enum.Enum):
    """Whose turn it is, and what to say to who calls out of turn."""

    NEW = "has not been started; start it first"
    INIT = "is open, but has not been started; start it first"
    STATE = "was interrupted while it waited for a state; all that is left is to close it"
    ACTION = "has been started already"
    OVER = "is over: the last state had game_over set; a new episode is a new session"
    CLOSED = "is closed; a new episode is a new session"


class Session:
    """Drives one ns-3 program through ns3-gym's protocol, and leaves neither process nor socket file behind.

    Use it as a context manager. Garbage collection, the end of the interpreter and Ctrl-C clean up as well.
    A session belongs to the process that opened it and to one thread at a time; there may be many of them.

    Stock ns3-gym scenarios may announce their first state twice. The second one arrives as the answer to the
    first `step`: an episode one step longer, whose first action changed nothing.

    Args:
        command: The program and its arguments; `--openGymPort` or `--openGymEndpoint` is appended. None: wait
            for a scenario that somebody starts by hand, with `flags`.
        endpoint: `tcp://127.0.0.1:PORT` (also localhost, [::1]; port 0 takes a free one), `ipc:///PATH`, or
            None: a Unix socket in a private directory, removed as soon as the scenario has connected. With
            keys any other address of this machine, too: `tcp://192.0.2.1:PORT`, `tcp://*:PORT` for all.
        keys: Folder that `nru keys` filled. What is said is encrypted (CURVE), and only the scenario with
            these keys is let in; it reads them from the same folder, or from a copy.
        environment: All environment variables of the program. None: those of this process.
        log_path: Takes the program's output, overwritten. None: kept for error messages, then gone.
        timeout_s: Deadline of each wait for the scenario, in seconds.
        max_message_bytes: Longest message taken from the scenario.
        narrow_actions: Send float64 Boxes in single precision. For stock scenarios whose action space is one
            of doubles: they were written for stock ns3-gym's Python side, which does so.
        check_bounds: Refuse actions outside the announced bounds. False: for stock scenarios that take more
            than they announce; what the number type cannot hold is refused all the same.

    Raises:
        ValueError: An argument is not allowed; says which, and what is.
    """

    def __init__(
        self,
        command: Sequence[str | os.PathLike[str]] | None = None,
        *,
        endpoint: str | None = None,
        keys: Path | str | None = None,
        environment: Mapping[str, str] | None = None,
        log_path: Path | str | None = None,
        timeout_s: float = 60.0,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        narrow_actions: bool = False,
        check_bounds: bool = True,
    ) -> None:
        if isinstance(command, (str, bytes)):
            raise ValueError(f"command: is {command!r}; allowed is a list: the program and its arguments")
        if command is not None and not command:
            raise ValueError("command: is empty; allowed is a list: the program and its arguments")
        if not 0 < timeout_s < 1e6:
            raise ValueError(f"timeout_s: is {timeout_s}; allowed is more than 0 and less than 1e6")
        if max_message_bytes <= 0:
            raise ValueError(f"max_message_bytes: is {max_message_bytes}; allowed is more than 0")
        self._keys = None if keys is None else load_agent_keys(Path(keys))
        endpoints.check(endpoint, has_keys=keys is not None)
        self._command = None if command is None else [os.fspath(part) for part in command]
        self._endpoint = endpoint
        self._environment = environment
        self._log_path = None if log_path is None else Path(log_path)
        self._timeout_s = timeout_s
        self._max_message_bytes = max_message_bytes
        self._narrow_actions = narrow_actions
        self._check_bounds = check_bounds
        self._turn = _Turn.NEW
        self._lock = threading.RLock()
        self._peer: Peer | None = None
        self._finalizer: weakref.finalize[[], Session] | None = None
        self._init: Init | None = None
        self._states = StateCodec(None)
        self._actions = ActionCodec(None)

    # ---- What a scenario says of itself ----

    @property
    def endpoint(self) -> str:
        """Address that it listens at, with the port that was found free. Opens the session."""
        with self._alone("endpoint"):
            return self._open().endpoint

    @property
    def flags(self) -> list[str]:
        """Flags by which a scenario that is started by hand finds it. Opens the session."""
        with self._alone("flags"):
            return self._open().flags

    @property
    def observation_space(self) -> Space | None:
        """Space of what the scenario sends, None if it tells none. Waits for it, or raises WireError."""
        with self._alone("observation_space"):
            return self._announced().observation_space

    @property
    def action_space(self) -> Space | None:
        """Space of what the scenario takes, None if it tells none. Waits for it, or raises WireError."""
        with self._alone("action_space"):
            return self._announced().action_space

    @property
    def pid(self) -> int | None:
        """Process id of the program; None if it was not started here, or not yet."""
        return None if self._peer is None else self._peer.pid

    @property
    def returncode(self) -> int | None:
        """Exit code of the program, as in `subprocess`; None while it runs."""
        return None if self._peer is None else self._peer.returncode

    # ---- One episode ----

    def start(self) -> State:
        """Start the program and wait for its first state.

        Raises:
            SessionError: It was started before, or another thread uses it.
            LaunchError: The program cannot be run, or the endpoint not be bound.
            PeerDiedError: The program ended before it sent a state.
            PeerTimeoutError: It sent none in time.
            ProtocolError: What it sent is none.
        """
        with self._alone("start"):
            self._announced()
            if self._turn is not _Turn.STATE:
                raise self._out_of_turn("start")
            return self._receive_state(self._open())

    def step(self, action: Value) -> State:
        """Answer the last state with an action and wait for the next state.

        After the last state (`game_over`) there is no step: a new episode is a new session.

        Args:
            action: A value of the action space; entries of a Dict may be missing; None for no action.

        Raises:
            ValueError: The action is not in the action space. Nothing was sent; another one may be tried.
            SessionError: It was not started, is over, or another thread uses it.
            PeerDiedError: The program ended instead of sending a state.
            PeerTimeoutError: It sent none in time.
            ProtocolError: What it sent is none.
        """
        with self._alone("step"):
            if self._turn is not _Turn.ACTION:
                raise self._out_of_turn("step")
            peer = self._open()
            frame = self._actions.encode(action)
            self._turn = _Turn.STATE
            self._send(peer, frame)
            return self._receive_state(peer)

    def close(self) -> None:
        """End the scenario: ask it to stop if it waits for an answer, then SIGTERM, then SIGKILL.

        After the last state the program may take a while to write its results. May be called at any time, and
        twice, but not while another thread uses the session: SessionError.
        """
        with self._alone("close"):
            self._turn = _Turn.CLOSED
            if self._finalizer is not None:
                self._finalizer()

    def __enter__(self) -> Self:
        """Start the program, without waiting for it."""
        with self._alone("this"):
            try:
                self._open()
            except BaseException:
                self.close()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        """`close`."""
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Session cannot be pickled or sent to another process; make it where it is used")

    # ---- Inside ----

    @contextlib.contextmanager
    def _alone(self, call: str) -> Iterator[None]:
        """Keep other threads out: a libzmq that two of them use ends the process."""
        is_ours = self._peer is None or self._peer.is_ours
        if is_ours and not self._lock.acquire(blocking=False):
            raise SessionError(f"{call}: another thread uses the session; it belongs to one at a time")
        try:
            yield
        finally:
            if is_ours:
                self._lock.release()

    def _open(self) -> Peer:
        if self._turn is _Turn.CLOSED:
            raise self._out_of_turn("this")
        if self._peer is None:
            self._peer = Peer(
                self._command,
                endpoint=self._endpoint,
                keys=self._keys,
                environment=self._environment,
                log_path=self._log_path,
                timeout_s=self._timeout_s,
                max_message_bytes=self._max_message_bytes,
                lock=self._lock,
            )
            self._finalizer = weakref.finalize(self, self._peer.release)
            self._turn = _Turn.INIT
        self._peer.check_owner()
        return self._peer

    def _announced(self) -> Init:
        if self._init is None:
            peer = self._open()
            if self._turn is not _Turn.INIT:
                raise self._out_of_turn("this")
            self._init = init = self._decode(peer, "its first message", decode_init, _STOP_AT_ONCE)
            self._states = StateCodec(init.observation_space)
            self._actions = ActionCodec(
                init.action_space, narrow=self._narrow_actions, bounds=self._check_bounds
            )
            self._turn = _Turn.STATE
            self._send(peer, encode_init_ack())
        return self._init

    def _receive_state(self, peer: Peer) -> State:
        state = self._decode(peer, "a state", self._states.decode, _STOP)
        self._turn = _Turn.ACTION
        if state.game_over:
            self._turn = _Turn.OVER
            self._send(peer, _STOP)
            peer.expect_end()
        return state

    def _decode(self, peer: Peer, what: str, decode: Callable[[bytes], T], farewell: bytes) -> T:
        try:
            return decode(peer.receive(what, farewell))
        except WireError as error:
            if isinstance(error, ProtocolError):
                peer.annotate(error)
            self.close()
            raise

    def _send(self, peer: Peer, frame: bytes) -> None:
        try:
            peer.send(frame)
        except WireError:
            self.close()
            raise

    def _out_of_turn(self, call: str) -> SessionError:
        return SessionError(f"{call}: the session {self._turn.value}")

# SPDX-License-Identifier: GPL-2.0-only
"""Keys for CURVE, libzmq's encryption (zmq_curve(7)), by which agent and scenario know each other.

A folder holds a pair for each side, in four files: `agent.public`, `agent.secret`, `scenario.public`,
`scenario.secret`, each 40 characters of Z85 (ZeroMQ RFC 32) and a newline. A side needs its own secret and
both public ones.
"""

from __future__ import annotations

import contextlib
import os
import stat
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import zmq
from zmq.utils import z85

AGENT, SCENARIO = "agent", "scenario"
_CHARACTERS = 40
_ADVICE = "`nru keys --out DIR` makes keys"


@dataclass(frozen=True, kw_only=True)
class AgentKeys:
    """What an agent needs. Keys are Z85.

    Attributes:
        folder: Folder that they are from.
        secret: The agent's own.
        scenario: Public key of the one scenario that is let in.
    """

    folder: Path
    secret: bytes
    scenario: bytes


@dataclass(frozen=True, kw_only=True)
class ScenarioKeys:
    """What a scenario needs. Keys are Z85.

    Attributes:
        public: The scenario's own.
        secret: The scenario's own.
        agent: Public key of the one agent that is spoken to.
    """

    public: bytes
    secret: bytes
    agent: bytes

    def use(self, socket: zmq.Socket[bytes]) -> None:
        """Let a socket, not yet connected, speak CURVE."""
        socket.setsockopt(zmq.CURVE_SERVERKEY, self.agent)
        socket.setsockopt(zmq.CURVE_PUBLICKEY, self.public)
        socket.setsockopt(zmq.CURVE_SECRETKEY, self.secret)


def make_keys(folder: Path) -> list[Path]:
    """Make the keys that a folder lacks, and the folder, for its owner alone; the files that were made.

    None that is there is changed; a secret that is gone stays gone. Raises OSError where they cannot be
    written, ValueError where a secret that is there is malformed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    for side in (AGENT, SCENARIO):
        secret, public = folder / f"{side}.secret", folder / f"{side}.public"
        if not public.exists() and _write(secret, zmq.curve_keypair()[1], 0o600):
            made.append(secret)
        if secret.exists() and _write(public, zmq.curve_public(_read_secret(secret)), 0o644):
            made.append(public)
    return made


def load_agent_keys(folder: Path) -> AgentKeys:
    """Load what the agent needs of a folder; ValueError, which says what is wrong, where it is of no use."""
    return AgentKeys(
        folder=folder.absolute(),
        secret=_read_secret(folder / f"{AGENT}.secret"),
        scenario=_read(folder / f"{SCENARIO}.public"),
    )


def load_scenario_keys(folder: Path) -> ScenarioKeys:
    """Load what the scenario needs of a folder, a pair that belongs together. See `load_agent_keys`."""
    secret, path = _read_secret(folder / f"{SCENARIO}.secret"), folder / f"{SCENARIO}.public"
    public = _read(path)
    if zmq.curve_public(secret) != public:
        raise ValueError(f"keys: {path} does not belong to {SCENARIO}.secret; allowed is a pair; {_ADVICE}")
    return ScenarioKeys(public=public, secret=secret, agent=_read(folder / f"{AGENT}.public"))


def _read_secret(path: Path) -> bytes:
    key = _read(path)
    mode = stat.S_IMODE(path.parent.stat().st_mode)
    if mode & 0o022:
        raise ValueError(
            f"keys: others may write to {path.parent} (mode {mode:04o}), and put keys of their own there; "
            f"allowed is its owner alone: chmod go-w {path.parent}"
        )
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise ValueError(
            f"keys: {path} is open to others (mode {mode:04o}); allowed is 0600: chmod 600 {path}"
        )
    return key


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise ValueError(f"keys: cannot read {path} ({error.strerror}); {_ADVICE}") from error
    try:
        if len(key) == _CHARACTERS and z85.decode(key):
            return key
    except (KeyError, ValueError, struct.error):
        pass
    raise ValueError(f"keys: {path} holds no key; allowed are {_CHARACTERS} characters of Z85; {_ADVICE}")


def _write(path: Path, key: bytes, mode: int) -> bool:
    """Put a key where there is none yet, at once and whole; whether that was so."""
    fd, name = tempfile.mkstemp(prefix=".key-", dir=path.parent)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(key + b"\n")
        Path(name).chmod(mode)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(name)
            return True
    finally:
        Path(name).unlink()
    return False

# SPDX-License-Identifier: GPL-2.0-only
"""Where agent and scenario meet: this machine's loopback, a Unix socket or, with keys, anywhere."""

from __future__ import annotations

import os
import re
import socket
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pyagents.core.private_directory import PrivateDirectory

MAX_SOCKET_PATH = 107
"""Longest path of a Unix socket on Linux, in bytes (sun_path without its end, unix(7))."""

_ALLOWED = (
    "allowed are tcp://127.0.0.1:PORT, tcp://localhost:PORT, tcp://[::1]:PORT (PORT 0 or * takes a free one) "
    "and ipc:///PATH or ipc://* (a Unix socket)"
)
_WITH_KEYS = _ALLOWED + ", and tcp://ADDRESS:PORT (* for every address)"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
_EVERYWHERE = ("*", "0.0.0.0", "[::]")
_TCP = re.compile(r"tcp://(\*|::1|\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\*|[0-9]{1,5})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A place to listen on.

    Attributes:
        address: As ZMQ binds it.
        socket_path: The Unix socket; None for TCP.
        private_directory: Directory made for the Unix socket, to be removed with it; None if none was made.
    """

    address: str
    socket_path: Path | None = None
    private_directory: PrivateDirectory | None = None

    @property
    def is_ipv6(self) -> bool:
        """Whether it is tcp over IPv6."""
        return self.address.startswith("tcp://[")

    @property
    def is_nearby(self) -> bool:
        """Whether a process on this machine reaches it by its port alone."""
        host = self.address.removeprefix("tcp://").rpartition(":")[0]
        return host in ("127.0.0.1", "*", "0.0.0.0")

    def remove_files(self) -> None:
        """Remove the Unix socket, and the directory if it was made for it. Does nothing the second time."""
        if self.private_directory is not None:
            self.private_directory.remove()
        elif self.socket_path is not None:
            self.socket_path.unlink(missing_ok=True)


def resolve(text: str | None, *, has_keys: bool = False) -> Endpoint:
    """Find the endpoint to listen on; for None or `ipc://*` a Unix socket in a new private directory.

    Without keys only this machine may connect. Raises ValueError where the endpoint is beyond it, malformed,
    in use, or its path too long.
    """
    if text is None or text == "ipc://*":
        return _private()
    if text.startswith("ipc://"):
        return _unix(text.removeprefix("ipc://"), text)
    host, port = _tcp(text, has_keys=has_keys)
    return Endpoint(address=f"tcp://{host}:{port or '*'}")


def check(text: str | None, *, has_keys: bool = False) -> None:
    """Refuse what `resolve` would, as far as that can be told before it is used."""
    if text is not None and text != "ipc://*":
        if text.startswith("ipc://"):
            _check_place(_checked_path(text.removeprefix("ipc://"), text), text)
        else:
            _tcp(text, has_keys=has_keys)


def check_peer(text: str, *, has_keys: bool = False) -> Endpoint:
    """Find the endpoint to connect to, without keys on this machine; ValueError where nobody can listen."""
    if text.startswith("ipc://") and text != "ipc://*":
        path = _checked_path(text.removeprefix("ipc://"), text)
        _check_place(path, text)
        return Endpoint(address=text, socket_path=path)
    host, port = _tcp(text, has_keys=has_keys)
    if port == 0 or host in _EVERYWHERE:
        raise ValueError(f"endpoint: is {text!r}; allowed is the address and port of the one who listens")
    return Endpoint(address=f"tcp://{host}:{port}")


def _tcp(text: str, *, has_keys: bool) -> tuple[str, int]:
    """Read host and port, 0 for a free one."""
    match = _TCP.fullmatch(text)
    if match is None:
        raise ValueError(f"endpoint: is {text!r}; {_WITH_KEYS if has_keys else _ALLOWED}")
    host, port = match.groups()
    number = 0 if port == "*" else int(port)
    if number > 65535:
        raise ValueError(f"endpoint: is {text!r}; allowed are ports 0 to 65535")
    if host in _LOOPBACK:
        return "[::1]" if "::1" in host else "127.0.0.1", number
    if not has_keys:
        raise ValueError(
            f"endpoint: is {text!r}, which others can reach: allowed only with keys, which "
            f"`nru keys --out DIR` makes (--keys DIR); without, {_ALLOWED}"
        )
    return host, number


def _private() -> Endpoint:
    """Make a socket that nobody else can reach."""
    prefix, base = "nru-wire-", tempfile.gettempdir()
    is_long = len(os.fsencode(base)) + len(f"/{prefix}12345678/socket") > MAX_SOCKET_PATH
    directory = PrivateDirectory(prefix, "/tmp" if is_long else base)
    path = directory.path / "socket"
    return Endpoint(address=f"ipc://{path}", socket_path=path, private_directory=directory)


def _checked_path(name: str, text: str) -> Path:
    if name.startswith("@"):
        raise ValueError(f"endpoint: is {text!r}, which every user of this machine can reach; {_ALLOWED}")
    if not name.startswith("/") or "\0" in name:
        raise ValueError(f"endpoint: is {text!r}, which is no absolute path; {_ALLOWED}")
    size = len(os.fsencode(name))
    if size > MAX_SOCKET_PATH:
        raise ValueError(f"endpoint: the path of {text!r} has {size} bytes; allowed are {MAX_SOCKET_PATH}")
    return Path(name)


def _check_place(path: Path, text: str) -> bool:
    """Refuse a path at which no socket can be; say whether there is one."""
    if not path.parent.is_dir():
        raise ValueError(f"endpoint: is {text!r}, but there is no directory {path.parent}")
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ValueError(f"endpoint: is {text!r}, which cannot be used ({error.strerror})") from error
    if not stat.S_ISSOCK(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "a file"
        raise ValueError(f"endpoint: is {text!r}, but that is {what} and no socket; it was left as it is")
    return True


def _unix(name: str, text: str) -> Endpoint:
    path = _checked_path(name, text)
    if not _check_place(path, text):
        return Endpoint(address=text, socket_path=path)
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)  # left by a process that was killed
            return Endpoint(address=text, socket_path=path)
        except OSError as error:
            raise ValueError(f"endpoint: is {text!r}, which cannot be used ({error.strerror})") from error
    raise ValueError(f"endpoint: is {text!r}, on which another process listens")

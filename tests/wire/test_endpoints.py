# SPDX-License-Identifier: GPL-2.0-only
"""Where a session may listen, and what is refused."""

import os
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from pyagents.wire import LaunchError, Session
from pyagents.wire.process.endpoints import check, check_peer
from pyagents.wire.process.transport import ReplySocket


@pytest.mark.parametrize(
    "text",
    [
        "tcp://0.0.0.0:5555",
        "tcp://*:5555",
        "tcp://eth0:5555",
        "tcp://192.168.1.2:5555",
        "tcp://127.0.0.1.evil.example:5555",
        "tcp://example.org:5555",
        "tcp://[::]:5555",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:",
        "tcp://127.0.0.1:-1",
        "tcp://127.0.0.1:5555;tcp://0.0.0.0:1",
        "tcp://127.0.0.1:65536",
        "ipc://relative/path",
        "ipc://@abstract",
        "ipc://",
        "inproc://x",
        "udp://127.0.0.1:5",
        "5555",
        "",
    ],
)
def test_what_is_not_on_this_machine_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError, match=r"endpoint: is '.*allowed"):
        Session(["ls"], endpoint=text)


def test_free_ports_differ_and_flags_carry_them() -> None:
    first, second = ReplySocket("tcp://127.0.0.1:0"), ReplySocket("tcp://localhost:*")
    try:
        assert first.endpoint != second.endpoint
        for one in (first, second):
            host, _, port = one.endpoint.rpartition(":")
            assert host == "tcp://127.0.0.1"
            assert one.flags() == [f"--openGymPort={port}"]
    finally:
        first.close()
        second.close()


def test_port_in_use_says_so() -> None:
    first = ReplySocket("tcp://127.0.0.1:0")
    try:
        with pytest.raises(LaunchError, match=rf"cannot listen on {first.endpoint}: Address already in use"):
            ReplySocket(first.endpoint)
    finally:
        first.close()


def test_unix_socket_of_ones_choice_is_removed(tmp_path: Path) -> None:
    path = Path(tempfile.gettempdir()) / "mine.sock"
    one = ReplySocket(f"ipc://{path}")
    assert one.flags() == [f"--openGymEndpoint=ipc://{path}"]
    assert path.is_socket()
    with pytest.raises(ValueError, match="on which another process listens"):
        ReplySocket(f"ipc://{path}")
    one.close()
    one.close()
    assert not path.exists()


def test_unix_socket_left_by_a_killed_process_is_replaced() -> None:
    path = Path(tempfile.gettempdir()) / "stale.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    assert path.is_socket()
    ReplySocket(f"ipc://{path}").close()
    assert not path.exists()


def test_directories_of_killed_runs_are_swept_by_the_next_start() -> None:
    code = """
        import os, signal
        from pyagents.wire.process.transport import ReplySocket
        one = ReplySocket(None)
        print(one.endpoint, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True)
    left = Path(killed.stdout.strip().removeprefix("ipc://")).parent
    assert (left / "socket").is_socket()
    home = Path(tempfile.gettempdir())
    living, strange = ReplySocket(None), home / "nru-wire-strange"
    strange.mkdir(mode=0o755)  # not as ours are
    precious = home / "precious"
    precious.mkdir(mode=0o700)
    (home / "nru-wire-link").symlink_to(precious)
    for path in (left, strange, precious, Path(living.endpoint.removeprefix("ipc://")).parent):
        os.utime(path, (0, 0))
    ReplySocket(None).close()
    assert not left.exists()
    assert Path(living.endpoint.removeprefix("ipc://")).is_socket()
    assert strange.is_dir()
    assert precious.is_dir()
    living.close()
    (home / "nru-wire-link").unlink()
    strange.rmdir()
    precious.rmdir()


def test_file_that_is_no_socket_is_left_alone() -> None:
    path = Path(tempfile.gettempdir()) / "precious.txt"
    path.write_text("thesis")
    with pytest.raises(ValueError, match="that is a file and no socket; it was left as it is"):
        ReplySocket(f"ipc://{path}")
    assert path.read_text() == "thesis"
    path.unlink()


def test_directory_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="there is no directory /no/such/place"):
        ReplySocket("ipc:///no/such/place/socket")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("file", "that is a file and no socket"),
        ("folder", "that is a directory and no socket"),
        ("none/socket", "there is no directory .*none"),
        ("file/socket", "there is no directory .*file"),
    ],
)
@pytest.mark.parametrize("judge", [check, check_peer, lambda text: Session(endpoint=text)])
def test_where_no_socket_can_be_is_said_before_anybody_waits(
    tmp_path: Path, path: str, message: str, judge: Callable[[str], object]
) -> None:
    (tmp_path / "file").write_text("thesis")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match=message):
        judge(f"ipc://{tmp_path / path}")
    assert (tmp_path / "file").read_text() == "thesis"


def test_longest_path_works_and_one_byte_more_is_refused() -> None:
    home = Path(tempfile.gettempdir())
    name = "s" * (107 - len(str(home)) - 1)
    ReplySocket(f"ipc://{home / name}").close()
    with pytest.raises(ValueError, match="has 108 bytes; allowed are 107"):
        ReplySocket(f"ipc://{home / name}s")


def test_private_socket_works_where_temporary_directories_are_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", "/tmp/" + "d" * 100)
        one = ReplySocket(None)
    assert one.endpoint.startswith("ipc:///tmp/nru-wire-")
    one.close()

# SPDX-License-Identifier: GPL-2.0-only
"""A run is the same without a network, and from a checkout that nobody can write to."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.surroundings.conftest import Play

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]

NEW_MOUNTS, NEW_USER, NEW_NETWORK = 0x20000, 0x10000000, 0x40000000
BIND, REMOUNT, READ_ONLY, PRIVATE, RECURSIVE = 4096, 32, 1, 1 << 18, 16384
NOT_ALLOWED = 77


def ask(answer: int) -> None:
    """End the process where the kernel did not do what it was asked for."""
    if answer != 0:
        os._exit(NOT_ALLOWED)


def leave(what: int) -> ctypes.CDLL:
    """Enter namespaces of our own, as the user that we are."""
    kernel, user, group = ctypes.CDLL(None), os.getuid(), os.getgid()
    ask(kernel.unshare(NEW_USER | what))
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        os._exit(NOT_ALLOWED)
    return kernel


def cut_network() -> None:
    """Leave nothing but a loopback that is down."""
    leave(NEW_NETWORK)
    assert "\n".join(Path("/proc/net/dev").read_text().splitlines()[2:]).strip().startswith("lo:")


def protect_checkout() -> None:
    """Mount the checkout read-only."""
    mount, here = leave(NEW_MOUNTS).mount, str(ROOT).encode()
    ask(mount(b"none", b"/", None, PRIVATE | RECURSIVE, None))
    ask(mount(here, here, None, BIND | RECURSIVE, None))
    ask(mount(b"none", here, None, BIND | REMOUNT | READ_ONLY, None))
    assert not os.access(ROOT, os.W_OK)


@pytest.mark.parametrize("change", [cut_network, protect_checkout])
def test_what_a_run_does_not_need_may_be_missing(
    change: Callable[[], None], home: Path, play: Play, usual: bytes
) -> None:
    ended = play(change)
    if ended.code == NOT_ALLOWED:
        pytest.skip("no namespaces here")
    assert ended.code == 0, ended.said
    assert (home / "out" / "rows.csv").read_bytes() == usual

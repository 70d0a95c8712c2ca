# SPDX-License-Identifier: GPL-2.0-only
"""Signals at any moment, and two at once: what is there is whole, and what ran is gone."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.surroundings.conftest import Play, Start

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]

MOMENTS_S = [0.0, 0.03, 0.1, 0.2, 0.4]


@pytest.mark.parametrize("moment_s", MOMENTS_S)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_run_cleanly(
    number: signal.Signals, moment_s: float, home: Path, start: Start, usual: bytes
) -> None:
    child = start(lambda: None, "--steps", "200")
    time.sleep(moment_s)
    os.kill(child.pid, number)
    ended = child.wait()
    assert ended.code in (0, 130, -number), ended.said  # -number also where it came before anything began
    assert "Traceback" not in ended.said
    assert not (home / "out" / "rows.csv").exists() or ended.code == 0


@pytest.mark.parametrize("moment_s", MOMENTS_S)
def test_a_kill_leaves_no_half_of_a_result(moment_s: float, home: Path, start: Start, play: Play) -> None:
    child = start(lambda: os.environ.update(TMPDIR="/tmp"), "--steps", "20")
    time.sleep(moment_s)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert play(lambda: None, "--steps", "20").code == 0
    summary = json.loads((home / "out" / "summary.json").read_text())
    assert summary["agent"] == "max-rsrp"


def test_a_run_that_is_stopped_goes_on(home: Path, start: Start, usual: bytes) -> None:
    child = start()
    time.sleep(0.1)
    os.kill(child.pid, signal.SIGSTOP)
    time.sleep(0.3)
    os.kill(child.pid, signal.SIGCONT)
    ended = child.wait()
    assert ended.code == 0, ended.said
    assert (home / "out" / "rows.csv").read_bytes() == usual


@pytest.mark.parametrize("count", [2, 4])
def test_several_at_once_in_one_folder_leave_one_whole_run(
    count: int, home: Path, start: Start, usual: bytes
) -> None:
    ended = [child.wait() for child in [start() for _ in range(count)]]
    assert {one.code for one in ended} == {0}, ended
    assert (home / "out" / "rows.csv").read_bytes() == usual


def test_two_runs_that_want_one_folder_do_not_mix(home: Path, start: Start) -> None:
    children = [start(lambda: None, "--seed", str(seed)) for seed in (1, 2)]
    codes = sorted(child.wait().code for child in children)
    assert codes[0] == 0
    summary = json.loads((home / "out" / "summary.json").read_text())
    kept = home / "store" / summary["run_key"][:2] / summary["run_key"] / "rows.csv"
    assert (home / "out" / "rows.csv").read_bytes() == kept.read_bytes()

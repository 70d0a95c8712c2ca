# SPDX-License-Identifier: GPL-2.0-only
"""A run is the same whatever the environment says: language, time zone, home, terminal, variables of ns-3."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.surroundings.conftest import Play

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]

ENVIRONMENTS: dict[str, dict[str, str | None]] = {
    "C": {"LC_ALL": "C", "LANG": None},
    "POSIX, no UTF-8": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "German commas": {"LC_ALL": "de_DE.UTF-8"},
    "Turkish letters": {"LC_ALL": "tr_TR.UTF-8"},
    "no such language": {"LC_ALL": "xx_YY"},
    "Kathmandu": {"TZ": "Asia/Kathmandu"},
    "no such time zone": {"TZ": "::///"},
    "no home": {"HOME": None, "USER": None, "LOGNAME": None},
    "a home that is not there": {"HOME": "/no/such/home"},
    "an empty home": {"HOME": ""},
    "a dumb terminal": {"TERM": "dumb", "COLUMNS": "1", "LINES": "1"},
    "no terminal": {"TERM": None, "COLUMNS": "junk"},
    "colours": {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"},
    "a proxy": {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"},
    "threads": {"OMP_NUM_THREADS": "1000"},
    "ns-3's log": {"NS_LOG": "GymInterface=all"},
    "ns-3's defaults": {"NS_ATTRIBUTE_DEFAULT": "ns3::NruNetwork::UeSpeed=50", "NS_GLOBAL_VALUE": "RngRun=9"},
    "ns-3's commands": {"NS_COMMANDLINE_INTROSPECTION": "."},
    "a library path": {"LD_LIBRARY_PATH": "/no/such/folder"},
    "junk": {f"JUNK_{n}": "x" * 1000 for n in range(100)},
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_variables_change_no_number(name: str, home: Path, play: Play, usual: bytes) -> None:
    def change() -> None:
        for variable, value in ENVIRONMENTS[name].items():
            os.environ.pop(variable, None)
            if value is not None:
                os.environ[variable] = value

    ended = play(change)
    assert ended.code == 0, ended.said
    assert (home / "out" / "rows.csv").read_bytes() == usual


STATES: dict[str, Callable[[], object]] = {
    "no standard input": lambda: os.close(0),
    "a standard input that ended": lambda: os.dup2(os.open("/dev/null", os.O_RDONLY), 0),
    "open to all": lambda: os.umask(0),
    "closed to all others": lambda: os.umask(0o077),
    "last in the queue": lambda: os.nice(19),
    "children that nobody waits for": lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
    "broken pipes ignored": lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN),
    "a session of its own": os.setsid,
    "hang-ups ignored": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    "many files": lambda: [os.open("/dev/null", os.O_RDONLY) for _ in range(400)],
}


@pytest.mark.parametrize("name", STATES)
def test_states_of_the_process_change_no_number(name: str, home: Path, play: Play, usual: bytes) -> None:
    ended = play(STATES[name])
    assert ended.code == 0, ended.said
    assert (home / "out" / "rows.csv").read_bytes() == usual


@pytest.mark.parametrize("place", ["/no/such/folder", "/dev/null"])
def test_no_place_for_temporary_files_is_said_or_another_found(place: str, play: Play) -> None:
    ended = play(lambda: os.environ.update(TMPDIR=place))
    assert "Traceback" not in ended.said
    assert ended.code in (0, 1), ended.said


def test_masks_that_take_our_own_rights_are_survived(home: Path, play: Play, usual: bytes) -> None:
    ended = play(lambda: os.umask(0o277))
    assert "Traceback" not in ended.said
    assert ended.code in (0, 1, 2)
    if ended.code == 0:
        assert (home / "out" / "rows.csv").read_bytes() == usual

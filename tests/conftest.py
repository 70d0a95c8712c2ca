# SPDX-License-Identifier: GPL-2.0-only
"""What several tests need."""

import os
import signal
import sys
from pathlib import Path

import hypothesis
import pytest

import pyagents.simulators.ns3
import pyagents.toolchain
from pyagents.core.families import ENVIRONMENT

ROOT = Path(__file__).parents[1]

os.environ.pop(ENVIRONMENT, None)  # somebody's own families are not what is tested


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked `slow` as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="takes minutes: run it with --slow"))


# The first call of a compiled function takes as long as compiling it.
hypothesis.settings.register_profile("nru", deadline=None)
hypothesis.settings.load_profile("nru")

# A shell starts its background jobs with Ctrl-C ignored, and programs inherit that; tests of Ctrl-C need it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def hall_program(tmp_path: Path) -> Path:
    """A program that takes the scenario program's flags and speaks the wire, but plays our hall."""
    path = tmp_path / "hall-program"
    path.write_text(
        f'#!/bin/sh\nexec env PYTHONPATH="{ROOT}" "{sys.executable}" -m tests.hall_program "$@"\n'
    )
    path.chmod(0o755)
    return path


@pytest.fixture
def hall_instead_of_ns3(hall_program: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The simulator "ns3" starts the hall, whoever asks for it, in this process or in those of workers."""
    monkeypatch.setattr(pyagents.toolchain, "scenario_program", lambda *name: hall_program)
    monkeypatch.setattr(pyagents.simulators.ns3, "scenario_program", lambda *name: hall_program)
    (hall_program.parent / "sitecustomize.py").write_text(
        "import pathlib, pyagents.simulators.ns3\n"
        f"pyagents.simulators.ns3.scenario_program = lambda *name: pathlib.Path({str(hall_program)!r})\n"
    )
    monkeypatch.syspath_prepend(hall_program.parent)
    return hall_program


@pytest.fixture
def in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the present one."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    return folder

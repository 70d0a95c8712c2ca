# SPDX-License-Identifier: GPL-2.0-only
"""Whatever others call their agents, files and errors: it stands on the terminal as it is."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pyagents.cli import main
from pyagents.cli.console import Console, complain
from pyagents.cli.progress import RunProgress, SweepProgress
from pyagents.cli.reproduce import tell_failures
from pyagents.cli.table import make_table
from pyagents.core.plain_text import plain
from pyagents.runs.run import Run
from pyagents.runs.task import Task, perform
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.wire import ProtocolError
from pyagents.wire.process.logs import Log
from tests.conftest import ROOT

FOREIGN = ["x[/b]y", "[bold]fat[/bold]", "tcp://[fe80::1]:5733", ":smile:", "{0}", "[link=https://x]y[/link]"]
STEERING = "a\x1b[31mred\x07\x9b2J\r\x00\u202eb"
SPELT = r"a\x1b[31mred\x07\x9b2J\x0d\x00\u202eb"


def printed(*objects: Any, is_terminal: bool = False) -> str:
    text = io.StringIO()
    Console(file=text, width=200, force_terminal=is_terminal, no_color=True).print(*objects)
    return text.getvalue()


@pytest.mark.parametrize("text", FOREIGN)
def test_markup_of_others_is_text(text: str) -> None:
    table = make_table("", text)
    table.add_row(text, text)
    assert printed(text) == f"{text}\n"
    assert printed(table).count(text) == 3


@pytest.mark.parametrize("text", FOREIGN)
def test_progress_shows_names_as_they_are(text: str) -> None:
    said = io.StringIO()
    console = Console(file=said, width=200, force_terminal=True, no_color=True)
    task = Task(run=Run(scenario=Scenario(steps=1), agent="max-rsrp"), who=text)
    row = {FAMILY.metrics.table[FAMILY.metrics.progress].name: 0.5}
    for progress in (RunProgress([task], console), SweepProgress([task], console)):
        with progress:
            progress.note(task, 1, row)
    assert said.getvalue().count(text) >= 2


def test_failures_are_told_wherever_their_logs_are(tmp_path: Path) -> None:
    said = io.StringIO()
    failure: Any = SimpleNamespace(
        task=SimpleNamespace(label="[/b], seed 1"), log=tmp_path / "x[/b]y" / "log"
    )
    tell_failures([failure], Console(file=said, width=20))
    assert said.getvalue() == f"Given up: [/b], seed 1; see {failure.log}\n"


def test_characters_that_steer_a_terminal_are_spelt_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert plain(STEERING) == SPELT
    assert plain("line\n\ttab, ä, 漢") == "line\n\ttab, ä, 漢"
    complain("run", STEERING)
    assert capsys.readouterr().err == f"nru run: {SPELT}\n"
    assert "\x1b[31m" not in printed("a\x1b[31mred", is_terminal=True)
    assert r"a\x1b[31mred" in printed("a\x1b[31mred", is_terminal=True)


def test_what_programs_and_agents_say_is_told_in_plain_characters(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    log.file.write(STEERING.replace("\r", "").encode() + b"\n")
    log.file.flush()
    assert log.tail() == [SPELT.replace(r"\x0d", "")]
    log.close()
    assert str(ProtocolError(STEERING)) == SPELT

    class Failing:
        key = group = label = "failing"

        def do(self, folder: Path, on_step: object) -> dict[str, bytes]:
            (folder / "simulator.log").write_text(STEERING)
            raise RuntimeError(STEERING)

    outcome = perform(Failing())  # type: ignore[arg-type]
    assert outcome.error == f"RuntimeError: {SPELT}"
    assert outcome.details.count("\x1b") == 0
    assert SPELT in outcome.details


def _constructions() -> Iterator[tuple[str, str]]:
    """Every call in the package of something that rich prints by, and the file that it is in."""
    for path in sorted((ROOT / "pyagents").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("rich"):
                for alias in node.names:
                    yield alias.name, path.name


def test_there_is_one_way_to_the_terminal() -> None:
    ways = {"Console", "TextColumn", "escape", "print"}
    assert {file for name, file in _constructions() if name in ways} == {"console.py"}


@pytest.mark.parametrize("columns", ["1", "3"])
def test_help_ends_in_any_terminal(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    with pytest.raises(SystemExit) as ended:
        main(["keys", "--help"])
    assert ended.value.code == 0
    assert re.search("usage: nru keys", capsys.readouterr().out)

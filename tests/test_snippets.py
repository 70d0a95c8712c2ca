# SPDX-License-Identifier: GPL-2.0-only
"""What the pages show works as shown.

Every line `./nru ...` in a block of shell has to be a command that has the flags it names, every block of
Python and of shell has to parse. A comment in the line above a block says more:

    <!-- test: file NAME -->       the block is a file of this name, for the blocks below it
    <!-- test: run -->             the block runs, in one folder with the others of its page, without ns-3
    <!-- test: run ns3 -->         the same, with ns-3
    <!-- test: run COMMAND -->     this runs in the place of the block, which would take longer
    <!-- test: part of PATH -->    the block is in this file, to the letter
"""

import ast
import contextlib
import io
import itertools
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pyagents.cli import COMMANDS
from pyagents.core.families import default_family
from tests.conftest import ROOT
from tests.test_cli import exit_code

FAMILY = default_family()
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docker/*.md"), *ROOT.glob("docs/**/*.md"))
)
BLOCK = re.compile(r"(?:^<!-- test: ([^>]*) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?<![\w/.-])(?:\./)?nru +([a-z][^#;&|>]*)")


@dataclass(frozen=True)
class Block:
    """A block of code of a page."""

    page: str
    asks: str
    language: str
    text: str

    @property
    def runs(self) -> str:
        """Where it runs: nowhere, without ns-3, with it."""
        if not self.asks.startswith("run"):
            return ""
        return "with ns-3" if self.asks == "run ns3" else "without"

    def commands(self) -> Iterator[list[str]]:
        """Words of each command of ours in it."""
        for line in self.text.replace("\\\n", " ").splitlines():
            for found in COMMAND.findall(re.sub(r"(^|\s)#.*", "", line)):
                yield shlex.split(found)


BLOCKS = [
    Block(page, *parts)
    for page in PAGES
    for parts in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
]
SHOWN = sorted({tuple(command) for block in BLOCKS if block.language == "sh" for command in block.commands()})


def head_of(command: tuple[str, ...]) -> tuple[str, ...]:
    """The words that decide which flags there are."""
    name, *rest = command
    if name == "bench":
        return name, rest[0]
    if name in ("train", "tune"):
        known = FAMILY.learners if name == "train" else FAMILY.agents
        return name, rest[0] if rest[0] in known else next(iter(known))
    pairs = itertools.pairwise(rest)
    return next(
        ((name, flag, it) for flag, it in pairs if flag == "--agent" and it in FAMILY.agents), (name,)
    )


@cache
def help_of(head: tuple[str, ...]) -> str:
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.setenv("COLUMNS", "200")
        assert exit_code([*head, "--help"]) == 0
        if "--help-scenario" in said.getvalue():
            assert exit_code([*head, "--help-scenario"]) == 0
    return said.getvalue()


@pytest.mark.parametrize("command", [command for command in SHOWN if command[0] != "test"], ids=" ".join)
def test_every_command_has_the_flags_it_is_shown_with(command: tuple[str, ...]) -> None:
    assert command[0] in {*COMMANDS, *FAMILY.commands}
    told = help_of(head_of(command))
    for flag in (word.partition("=")[0] for word in command if word.startswith("--")):
        is_of_somebodys_agent = flag.startswith("--agent.") and "--agent." not in told
        assert is_of_somebodys_agent or re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", told), flag


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_of_its_language(page: str) -> None:
    for block in (block for block in BLOCKS if block.page == page):
        if block.language == "python":
            ast.parse(block.text)
        if block.language == "sh":
            done = subprocess.run(
                ["bash", "-n"], input=block.text, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, block.text + done.stderr
        if block.asks.startswith("part of "):
            assert block.text in (ROOT / block.asks.removeprefix("part of ")).read_text(encoding="utf-8")
        assert re.match(r"$|run|file |part of ", block.asks), block.asks


def play(page: str, where: str, folder: Path) -> None:
    """Run the blocks of a page in a folder, as a reader would, one after another."""
    (folder / "nru").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pyagents.cli "$@"\n')
    (folder / "nru").chmod(0o755)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for block in (block for block in BLOCKS if block.page == page):
        if block.asks.startswith("file "):
            (folder / block.asks.removeprefix("file ")).write_text(block.text)
        if block.runs == where:
            instead = block.asks.removeprefix("run").strip().removeprefix("ns3")
            line = (
                ["python", "-c", block.text] if block.language == "python" else ["bash", "-euc", block.text]
            )
            done = subprocess.run(
                ["bash", "-euc", instead] if instead else line,
                cwd=folder,
                env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"


def pages_that_run(where: str) -> list[str]:
    return sorted({block.page for block in BLOCKS if block.runs == where})


@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", pages_that_run("without"))
def test_blocks_run(page: str, in_tmp: Path) -> None:
    play(page, "without", in_tmp)


@pytest.mark.ns3
@pytest.mark.timeout(1200)  # the first of them may have to build
@pytest.mark.parametrize("page", pages_that_run("with ns-3"))
def test_blocks_run_with_ns3(page: str, in_tmp: Path) -> None:
    play(page, "with ns-3", in_tmp)

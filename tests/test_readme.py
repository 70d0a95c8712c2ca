# SPDX-License-Identifier: GPL-2.0-only
"""What the README shows works as shown."""

import json
import re
import shlex
from pathlib import Path

import pytest

from pyagents.cli import COMMANDS, main
from pyagents.scenarios.indoor_factory.family import FAMILY
from tests.conftest import ROOT
from tests.test_cli import exit_code

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("./nru ")]


def write_the_agent(folder: Path) -> list[str]:
    """Save the README's agent under the name it has there; the command that runs it, cut short."""
    (code,) = [code for code in blocks("python") if "class LeastLoaded" in code]
    assert len([line for line in code.splitlines() if line]) <= 12
    (command,) = [command for command in commands() if "my_agent.py:LeastLoaded" in command]
    assert "`my_agent.py`" in README
    (folder / "my_agent.py").write_text(code)
    return command


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_the_agent_runs_as_shown(in_tmp: Path) -> None:
    assert main(write_the_agent(in_tmp)) == 0
    summary = json.loads((in_tmp / "results" / "mine" / "summary.json").read_text())
    assert summary["agent"] == "my_agent.py:LeastLoaded"
    assert summary["metrics"]["load_std"] < 0.6 * summary["metrics"]["load_std_first"]
    assert summary["metrics"]["handovers"] > 0


@pytest.mark.ns3
def test_the_agent_evens_loads_on_ns3_where_no_wifi_disturbs_it(in_tmp: Path) -> None:
    quiet = ["--n-wifi-aps", "0"]
    assert main([*write_the_agent(in_tmp), *quiet]) == 0
    unbalanced = ["run", "--agent", "max-rsrp", "--scenario", "fig5", "--seed", "1", "--out", "none"]
    assert main([*unbalanced, *quiet]) == 0
    mine, none = (
        json.loads((in_tmp / folder / "summary.json").read_text())["metrics"]
        for folder in ("results/mine", "none")
    )
    assert mine["load_std"] < 0.8 * none["load_std"]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_shown_is_understood(command: list[str], in_tmp: Path) -> None:
    write_the_agent(in_tmp)
    (in_tmp / "examples").symlink_to(ROOT / "examples")
    assert command[0] in {*COMMANDS, *FAMILY.commands}
    assert exit_code([*command, "--help"]) == 0


def test_every_path_and_agent_shown_exists() -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        if not target.startswith("docs/images/"):
            assert (ROOT / target).exists(), target
    for name in re.findall(r"^\| `([\w-]+)` \| (?:no balancing|GT-RL)", README, re.MULTILINE):
        assert name in FAMILY.agents

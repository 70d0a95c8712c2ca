# SPDX-License-Identifier: GPL-2.0-only
"""What the README shows works as shown."""

import json
import re
import shlex
import sys
from pathlib import Path

import gymnasium
import pytest

from pyagents.cli import main
from pyagents.scenarios.indoor_factory.family import FAMILY
from tests.conftest import ROOT

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


LIBRARIES = dict(re.findall(r"^\| ([^|`]+) \| `([^`]+)` \|$", README, re.MULTILINE))
NAMES = {
    "A2C": "stable_baselines3",
    "Ns3GymEnv": "pyagents.envs",
    "ParallelPettingZooEnv": "ray.rllib.env.wrappers.pettingzoo_env",
    "PettingZooWrapper": "torchrl.envs.libs.pettingzoo",
    "make_parallel_env": "pyagents.scenarios.indoor_factory.envs",
    "register_env": "ray.tune.registry",
}
"""Where a name of these lines is from."""


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_line_of_each_library_works(library: str, tmp_path: Path) -> None:
    program = tmp_path / "program"
    call = f'env PYTHONPATH="{ROOT}" "{sys.executable}" -m tests.envs.ns3gym_program "$@"'
    program.write_text(f"#!/bin/sh\nshift\nexec {call}\n")  # without the argument that it does not have
    program.chmod(0o755)
    line = LIBRARIES[library]
    known = {name: pytest.importorskip(NAMES[name]) for name in NAMES if re.search(rf"\b{name}\b", line)}
    names = {name: getattr(module, name) for name, module in known.items()}
    short = line.replace("20_000", "10").replace("build/scratch/my-scenario", str(program))
    made = eval(short, {"gymnasium": gymnasium, **names})
    if hasattr(made, "close"):
        made.close()


def test_results_shown_are_those_that_came_out() -> None:
    results = (ROOT / "docs/results/README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| .* \| ([\d.]+) \| ([\d.]+ %) \|$", README, re.MULTILINE)
    assert len(rows) == 7
    for name, variance, satisfied in rows:
        assert name in FAMILY.agents
        assert re.search(rf"^\| [^|]+ \| {variance}\b[^\n]*{satisfied}", results, re.MULTILINE), name


def test_every_path_shown_exists() -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        if not target.startswith("docs/images/"):
            assert (ROOT / target).exists(), target

# SPDX-License-Identifier: GPL-2.0-only
"""The key of a run follows the code that plays it."""

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pyagents.core import sources
from pyagents.core.sources import trace_sources
from pyagents.runs.provenance import trace_code
from pyagents.runs.run import Run
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.simulators.registry import describe_build
from tests.conftest import ROOT

PLACE = "pyagents.scenarios.indoor_factory"

AGENT = """import numpy as np
class Mine:
    def reset(self, scenario, seed): ...
    def act(self, snapshot): ...
"""


def test_another_source_of_an_agent_is_another_run(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    traces = []
    for source in (AGENT, AGENT, AGENT + "x = 1\n"):
        file.write_text(source)
        sources._trace.cache_clear()
        traces.append(trace_code(f"{file}:Mine", {}, "mock", FAMILY))
    assert traces[0] == traces[1]
    assert traces[0]["agent"] != traces[2]["agent"]
    keys = {Run(scenario=PRESETS["fig5"], agent="mine", code=code).key for code in traces}
    assert len(keys) == 2


def test_weights_that_an_option_names_or_that_lie_beside_belong_to_an_agent(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(AGENT)
    traces = []
    for content in (b"1", b"2"):
        (tmp_path / "weights.npz").write_bytes(content)
        traces.append(
            trace_code(
                f"{tmp_path / 'mine.py'}:Mine", {"weights": str(tmp_path / "weights.npz")}, "mock", FAMILY
            )
        )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.npz").write_bytes(b"3")
    sources._trace.cache_clear()
    traces.append(trace_code(f"{tmp_path / 'mine.py'}:Mine", {}, "mock", FAMILY))
    assert len({trace["agent"] for trace in traces}) == 3


def test_what_an_agent_imports_from_its_folder_belongs_to_it() -> None:
    names = {path.name for path in trace_sources("pyagents.scenarios.indoor_factory.agents.qa_lb")}
    assert {"qa_lb.py", "reported_links.py"} <= names
    assert "gt_rl.py" not in names


def test_the_mocks_hash_covers_what_it_imports_of_its_family_and_of_nr(
    tmp_path: Path,
) -> None:
    room = tmp_path / "garden"
    texts = {
        "__init__.py": "",
        "scenario.py": "class Scenario: ...\n",
        "metrics.py": "",
        "mock/__init__.py": "from garden.mock.play import Mock\n",
        "mock/play.py": "from ..scenario import Scenario\nfrom . import numbers\nclass Mock: ...\n",
        "mock/numbers.py": "import math\n",
    }
    for name, source in texts.items():
        (room / name).parent.mkdir(parents=True, exist_ok=True)
        (room / name).write_text(source)
    script = (
        "from pyagents.core.sources import trace_sources\n"
        "print(*(path.name for path in trace_sources('garden.mock', within='garden.scenario')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["__init__.py", "numbers.py", "play.py", "scenario.py"]
    names = {path.name for path in trace_sources(f"{PLACE}.mock", within=f"{PLACE}.scenario")}
    assert {"batch.py", "delays.py", "snapshot.py", "scenario.py", "nr.py"} <= names
    assert not {"metrics.py", "family.py", "gt_rl.py"} & names


def test_a_file_of_another_family_changes_no_key(tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    skipped = shutil.ignore_patterns("__pycache__", "build", ".git", ".venv", "docs")
    shutil.copytree(ROOT / "pyagents", copy / "pyagents", ignore=skipped)
    shutil.copytree(ROOT / "ns3_scratch", copy / "ns3_scratch", ignore=skipped)
    script = (
        "from pyagents.core.agent_spec import find_agent\n"
        "from pyagents.core.families import find_scenario\n"
        "from pyagents.runs.run import list_runs\n"
        "for simulator in ('mock', 'ns3'):\n"
        "    (run,) = list_runs(find_scenario('fig7'), [find_agent('gt-rl')], simulator, [1])\n"
        "    print(run.key)\n"
    )

    def keys() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    before = keys()
    garden = copy / "pyagents" / "scenarios" / "garden"
    garden.mkdir()
    (garden / "metrics.py").write_text("x = 1\n")
    (copy / "ns3_scratch" / "garden").mkdir()
    (copy / "ns3_scratch" / "garden" / "bed.cc").write_text("int x;\n")
    (copy / "ns3_scratch" / "garden.cc").write_text("int main() {}\n")
    (copy / "ns3_scratch" / "test" / "garden-test-suite.cc").write_text("int y;\n")
    assert keys() == before
    with (copy / "pyagents" / "scenarios" / "indoor_factory" / "metrics.py").open("a") as file:
        file.write("# another\n")
    assert not set(keys()) & set(before)


def test_builds_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = tmp_path / "a.npz"
    recording.write_bytes(b"1")
    first = describe_build(f"replay:{recording}", FAMILY)
    recording.write_bytes(b"2")
    assert describe_build(f"replay:{recording}", FAMILY) != first
    assert describe_build("mock", FAMILY).startswith("mock ")
    monkeypatch.setenv("NRU_NS3", "none")
    assert describe_build("ns3", FAMILY) == "no ns-3"
    with pytest.raises(ValueError, match="ns4"):
        describe_build("ns4", FAMILY)


def test_infinite_options_have_a_key() -> None:
    run = Run(scenario=PRESETS["fig5"], agent="a", agent_config={"age": float("inf")})
    assert run.key != dataclasses.replace(run, agent_config={"age": 3.0}).key
    assert run.to_dict()["agent_config"] == {"age": "inf"}

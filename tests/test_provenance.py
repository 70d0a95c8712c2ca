# SPDX-License-Identifier: GPL-2.0-only
"""The key of a run follows the code that plays it."""

import dataclasses
from pathlib import Path

import pytest

from pyagents.core import sources
from pyagents.runs import provenance
from pyagents.runs.provenance import trace_code
from pyagents.runs.run import Run
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.scenario import PRESETS
from pyagents.simulators.registry import describe_build

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
    names = {path.name for path in provenance._agent_files("qa-lb", FAMILY)}
    assert {"qa_lb.py", "reported_links.py"} <= names
    assert "gt_rl.py" not in names


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

# SPDX-License-Identifier: GPL-2.0-only
"""Agents are found by name, by module and by file, and say clearly why not."""

import dataclasses
import random
import sys
from pathlib import Path

import numpy as np
import pytest

from pyagents.core.agent_spec import find_agent, readings
from pyagents.core.sources import trace_sources
from pyagents.scenarios.indoor_factory.agents.gt_rl import LETTER, READINGS, TUNED, GtRl
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.presets import PRESETS
from tests.hall import Hall

MINE = """
from dataclasses import dataclass

from pyagents.scenarios.indoor_factory.snapshot import Action


@dataclass(frozen=True, kw_only=True)
class MyConfig:
    bias: float = 2.0


class Mine:
    def __init__(self, config: MyConfig) -> None:
        self.bias = config.bias

    def reset(self, scenario, seed):
        pass

    def act(self, snapshot):
        return Action()


class Plain:
    def reset(self, scenario, seed):
        pass

    def act(self, snapshot):
        return Action()


class Mute:
    def reset(self, scenario, seed):
        pass


class Odd(Plain):
    def __init__(self, config: dict) -> None:
        pass


def function():
    pass
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return str(path)


@pytest.mark.parametrize("name", FAMILY.agents)
def test_every_listed_agent_acts(name: str) -> None:
    agent, scenario = find_agent(name).make(), PRESETS["fig5"]
    agent.reset(scenario, 1)
    action = agent.act(Hall().reset(scenario, 1))
    assert np.asarray(action.cho_target).shape == (40,)


def test_max_rsrp_leaves_everybody_to_a3() -> None:
    agent = find_agent("max-rsrp").make()
    agent.reset(PRESETS["fig5"], 1)
    target = agent.act(Hall().reset(PRESETS["fig5"], 1)).cho_target
    assert np.asarray(target).tolist() == [-1] * 40


def test_readings_of_gt_rl_are_agents_of_their_own() -> None:
    assert find_agent("gt-rl").config == TUNED
    assert find_agent("gt-rl-letter").config == LETTER
    assert find_agent("gt-rl:rate-measured").config == dataclasses.replace(TUNED, rate="measured")
    assert find_agent("gt-rl:must-move").cls is GtRl
    assert readings(FAMILY) == [f"gt-rl:{name}" for name in READINGS]


@pytest.mark.parametrize("name", readings(FAMILY))
def test_a_reading_changes_what_it_says_and_acts(name: str) -> None:
    spec, scenario = find_agent(name), PRESETS["fig5"]
    assert spec.name == name
    assert spec.config != TUNED
    agent = spec.make()
    agent.reset(scenario, 1)
    assert np.asarray(agent.act(Hall().reset(scenario, 1)).cho_target).shape == (40,)


def test_class_of_a_module() -> None:
    assert find_agent("pyagents.scenarios.indoor_factory.agents.gt_rl:GtRl").cls is GtRl


def test_class_of_a_file_with_and_without_options(mine: str) -> None:
    spec = find_agent(f"{mine}:Mine")
    assert spec.config_dict() == {"bias": 2.0}
    assert spec.with_options({"bias": 3.0}).make().bias == 3.0  # type: ignore[attr-defined]
    assert find_agent(f"{mine}:Plain").config is None
    find_agent(f"{mine}:Plain").make()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gtrl", "gt-rl, gt-rl-letter.*gt-rl:must-move"),
        ("gt-rl:wary", "readings of gt-rl are reward-letter, must-move"),
        ("gt-rl:", "readings of gt-rl are"),
        ("max-rsrp:wary", "no module max-rsrp"),
        ("no.such.module:Agent", r"no module no\.such\.module"),
        ("pyagents.scenarios.indoor_factory.agents.gt_rl:Nobody", "no class Nobody"),
        ("missing.py:Agent", r"no file missing\.py"),
        ("FILE:Mute", "lacks the method act"),
        ("FILE:function", "no class function"),
        ("FILE:Odd", "annotated with a dataclass"),
    ],
)
def test_what_is_no_agent_says_why(name: str, why: str, mine: str) -> None:
    with pytest.raises(ValueError, match=why):
        find_agent(name.replace("FILE", mine))


def test_unknown_and_bad_options_are_named(mine: str) -> None:
    with pytest.raises(ValueError, match="no option epsilom: it has selection"):
        find_agent("gt-rl").with_options({"epsilom": 0.1})
    with pytest.raises(ValueError, match="no option bias: it has none"):
        find_agent(f"{mine}:Plain").with_options({"bias": 1})
    with pytest.raises(ValueError, match="epsilon=2"):
        find_agent("gt-rl").with_options({"epsilon": 2})


def test_a_file_named_like_a_module_does_not_replace_it(tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text(MINE)
    assert find_agent(f"{tmp_path}/random.py:Mine").config_dict() == {"bias": 2.0}
    assert callable(random.random)
    assert sys.modules["random"] is random


def _write_agent(folder: Path, imports: str, bias: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agent.py").write_text(MINE.replace("bias: float = 2.0", f"bias: float = {bias}") + imports)
    return f"{folder}/agent.py:Mine"


@pytest.fixture
def own_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test imports, and from where, is forgotten."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "modules", {**sys.modules})


@pytest.mark.usefixtures("own_modules")
def test_an_agent_imports_what_lies_beside_it(tmp_path: Path) -> None:
    name = _write_agent(tmp_path, "", "__import__('scale_of_mine').FACTOR")
    (tmp_path / "agent.py").write_text("import scale_of_mine\n" + (tmp_path / "agent.py").read_text())
    (tmp_path / "scale_of_mine.py").write_text("from rates_of_mine.high import FACTOR\n")
    (tmp_path / "rates_of_mine").mkdir()
    (tmp_path / "rates_of_mine" / "__init__.py").touch()
    (tmp_path / "rates_of_mine" / "high.py").write_text("FACTOR = 7.0\n")
    spec = find_agent(name)
    assert spec.config_dict() == {"bias": 7.0}
    traced = {path.name for path in trace_sources(spec.cls.__module__)}
    assert traced == {"agent.py", "scale_of_mine.py", "__init__.py", "high.py"}


@pytest.mark.usefixtures("own_modules")
def test_a_module_beside_an_agent_never_is_another_agents(tmp_path: Path) -> None:
    imports = "import tools_of_mine\n"
    names = [_write_agent(tmp_path / which, imports, "2.0") for which in ("a", "b")]
    for which in ("a", "b"):
        (tmp_path / which / "tools_of_mine.py").touch()
    find_agent(names[0])
    said = rf"ImportError: tools_of_mine would be {tmp_path}/a/tools_of_mine.py, not .*rename"
    with pytest.raises(ValueError, match=said):
        find_agent(names[1])
    find_agent(names[0])


def test_an_import_error_inside_an_agent_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import a_package_that_is_not_there\n")
    said = r"cannot be loaded: ModuleNotFoundError: No module named 'a_package.*'\n  File .*, line 1"
    with pytest.raises(ValueError, match=said):
        find_agent(f"{tmp_path}/broken.py:Agent")

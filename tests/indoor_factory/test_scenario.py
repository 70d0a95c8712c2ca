# SPDX-License-Identifier: GPL-2.0-only
"""A Scenario is checked, keyed by content, and survives a file."""

import ast
import dataclasses
import inspect
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pyagents.core import scenario as core
from pyagents.core.families import find_scenario
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("n_gnbs", 0, "at least 1"),
        ("n_gnbs", 2.0, "a whole number"),
        ("n_gnbs", True, "a whole number"),
        ("n_gnbs", None, "a whole number"),
        ("mobile_share", 1.01, "at most 1"),
        ("mobile_share", float("nan"), "at least 0"),
        ("demand_mbps", 0.0, "at least 1e-06"),
        ("demand_mbps", 1e-9, "at least 1e-06"),
        ("ue_speed_mps", 1e-9, "at least 0.001"),
        ("packet_delay_budget_ms", 1e-9, "at least 0.001"),
        ("averaging_window_ms", 1e-9, "at least 0.001"),
        ("wifi_demand_mbps", 1e-9, "at least 1e-06"),
        ("ue_height_m", 0.0, "above 0"),
        ("demand_mbps", "5", "a number"),
        ("ed_threshold_dbm", 1.0, "at most 0"),
        ("gnb_layout", "hexagon", "grid, random"),
        ("sib_period_ms", 100, "80, 160"),
        ("a3_time_to_trigger_ms", 256.0, "0, 40"),
        ("access_priority_class", 5, "1, 2, 3, 4"),
        ("l3_filter_k", 10, "9, 11"),
        ("si_window_ms", 30, "20, 40"),
        ("sib_access", "type2b", "type2a, type1"),
        ("start_alignment", "frame", "symbol, slot"),
        ("shadowing", 1, "true or false"),
        ("steps", 0, "at least 1"),
    ],
)
def test_bad_value_is_named_with_what_is_allowed(field: str, value: object, allowed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{field}={value!r} is not allowed")) as error:
        Scenario.from_dict({field: value})
    assert allowed in str(error.value)


def test_fields_that_contradict_each_other_are_rejected() -> None:
    with pytest.raises(ValueError, match="demand_width_mbps"):
        Scenario(demand_mbps=2.0, demand_width_mbps=4.5)
    with pytest.raises(ValueError, match=r"queue_limit_bytes=1 .* at least packet_size_bytes=1500"):
        Scenario(queue_limit_bytes=1)
    for n_aps in (0, 4):
        for channels in ("", "\u0660", "0,,1", "0 1", "-1", "+1", "1e0", "9" * 5000):
            with pytest.raises(ValueError, match="wifi_channels"):
                Scenario(wifi_channels=channels, n_wifi_aps=n_aps)
    with pytest.raises(ValueError, match="discovery_period_ms"):
        Scenario(discovery_period_ms=320)
    with pytest.raises(ValueError, match=r"si_window_ms=10 .*discovery_period_ms=20"):
        Scenario(si_window_ms=10)
    with pytest.raises(ValueError, match=r"si_window_ms=160 .*sib_period_ms=80"):
        Scenario(si_window_ms=160, sib_period_ms=80)
    with pytest.raises(ValueError, match=r"discovery_period_ms=5 .*sib_access='type2a'"):
        Scenario(discovery_period_ms=5)
    assert Scenario(discovery_period_ms=5, sib_access="type1").si_window_ms == 40


def test_unknown_field_suggests_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"'n_gnb'.*n_gnbs"):
        Scenario.from_dict({"n_gnb": 3})


def test_every_field_is_documented() -> None:
    body = next(
        node for node in ast.parse(inspect.getsource(Scenario)).body if isinstance(node, ast.ClassDef)
    ).body
    documented = {
        field.target.id
        for field, text in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }
    inherited = {field.name for field in dataclasses.fields(core.Scenario)}
    assert documented | inherited == {field.name for field in dataclasses.fields(Scenario)}


def test_presets_are_the_papers_conditions() -> None:
    fig5, fig6, fig7, fig13 = (PRESETS[name] for name in ("fig5", "fig6", "fig7", "fig13"))
    assert (fig5.n_gnbs, fig5.n_ues, fig5.demand_mbps, fig5.mobile_share) == (6, 40, 5.0, 0.0)
    assert fig5.demand_distribution == "constant"
    assert dataclasses.replace(fig6, gnb_layout="grid") == fig5
    assert (fig7.n_gnbs, fig7.n_ues, fig7.demand_mbps, fig7.mobile_share) == (10, 100, 2.75, 0.1)
    assert dataclasses.replace(fig13, gnb_layout="grid") == fig7
    for preset in (fig5, fig6, fig7, fig13):
        assert (preset.n_wifi_aps, preset.n_channels) == (4, 4)
        assert preset.wifi_demand_mbps * preset.wifi_on_s / (preset.wifi_on_s + preset.wifi_off_s) == 5.0
        assert preset.wifi_on_s > 2 * preset.step_s  # slower than SIBx: a load report is worth something


def test_key_follows_content_and_nothing_else() -> None:
    base = Scenario(demand_mbps=5)
    assert base.key == Scenario(demand_mbps=5.0).key
    keys = {base.key}
    changes: dict[str, Any] = {
        "n_gnbs": 9,
        "shadowing": False,
        "ed_threshold_dbm": -72.0,
        "demand_width_mbps": 4.25,
        "gnb_layout": "random",
    }
    for name, value in changes.items():
        keys.add(dataclasses.replace(base, **{name: value}).key)
    assert len(keys) == 1 + len(changes)


def test_key_is_the_same_in_every_process() -> None:
    code = "from pyagents.scenarios.indoor_factory.presets import PRESETS; print(PRESETS['fig5'].key)"
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        assert done.stdout.decode().strip() == PRESETS["fig5"].key


@pytest.mark.parametrize("suffix", [".json", ".toml"])
@pytest.mark.parametrize(
    "scenario",
    [Scenario(), PRESETS["fig6"], Scenario(ed_threshold_dbm=-72.5, shadowing=False, demand_mbps=1 / 0.3)],
)
def test_file_reads_back_to_the_same_scenario(scenario: Scenario, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"situation{suffix}"
    scenario.save(path)
    assert find_scenario(str(path)) == scenario
    assert find_scenario(str(path)).key == scenario.key


def test_file_by_hand_needs_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("n_gnbs = 4\ndemand_mbps = 3\n")
    assert find_scenario(str(path)) == dataclasses.replace(PRESETS["fig7"], n_gnbs=4, demand_mbps=3.0)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.toml", "n_gnbs = ", "a.toml"),
        ("a.json", "[1]", "a list"),
        ("a.json", '{"n_gnbs": "six"}', "n_gnbs='six'"),
        ("a.yaml", "n_gnbs: 6", ".json or .toml"),
    ],
)
def test_bad_file_is_named(name: str, text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=re.escape(problem)):
        find_scenario(str(tmp_path / name))


def test_missing_file_and_unknown_preset_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"gone\.toml"):
        find_scenario(str(tmp_path / "gone.toml"))
    with pytest.raises(ValueError, match=r"'fig9'.*fig5, fig6, fig7, fig13"):
        find_scenario("fig9")


def test_a_file_names_its_family_and_the_preset_that_it_changes(tmp_path: Path) -> None:
    example = find_scenario(str(ROOT / "examples" / "hall.toml"))
    assert example == dataclasses.replace(PRESETS["fig7"], n_ues=60, n_wifi_aps=2, demand_mbps=4.0)
    file = tmp_path / "a.toml"
    for text, wanted in (
        ('base = "fig5"\nn_ues = 9\n', dataclasses.replace(PRESETS["fig5"], n_ues=9)),
        ("n_ues = 9\n", dataclasses.replace(PRESETS["fig7"], n_ues=9)),
    ):
        file.write_text(text)
        assert find_scenario(str(file)) == wanted
    for text, said in (
        ('family = "indoor-factori"\n', "is unknown (did you mean indoor-factory?)"),
        ('base = "fig9"\n', "base='fig9' is not allowed: must be one of fig5, fig6, fig7"),
    ):
        file.write_text(text)
        with pytest.raises(ValueError, match=re.escape(said)):
            find_scenario(str(file))
    with pytest.raises(ValueError, match=r"'fig77' is unknown \(did you mean fig7\?\)"):
        find_scenario("fig77")

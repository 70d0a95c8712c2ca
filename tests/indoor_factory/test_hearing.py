# SPDX-License-Identifier: GPL-2.0-only
"""Who hears whom is told by the power received, and drawn so that colour is not needed."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from pyagents.core.family import Family
from pyagents.core.simulator import Simulator
from pyagents.reproduction.experiment import load_experiments
from pyagents.reproduction.plan import make_plan
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.figures import hearing_runs as hearing_module
from pyagents.scenarios.indoor_factory.figures.hearing import channel_pairs, draw_hearing, heard_pairs, hears
from pyagents.scenarios.indoor_factory.figures.hearing_runs import draw_all_hearing, share
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB, Snapshot
from pyagents.simulators.registry import make_simulator
from pyagents.toolchain import ToolchainError
from tests.experiments.runs import AGENTS
from tests.indoor_factory.agents.snapshots import make_snapshot

SCENARIO = Scenario(n_gnbs=4)
THRESHOLD_DBM = -71.99 - RESOURCE_ELEMENTS_DB
"""Of 23 dBm in 20 MHz (TS 37.213 clause 4.1.5), as power of a resource element."""
EXPERIMENTS = load_experiments(FAMILY)


def hall() -> Snapshot:
    """The gNBs 0, 1 and 2 on one channel, 3 alone: 0 and 1 hear each other, 2 is below the threshold of 0."""
    power = np.full((4, 4), THRESHOLD_DBM - 0.1)
    power[0, 1] = power[1, 0] = THRESHOLD_DBM + 0.1
    power[:, 3] = power[3, :] = THRESHOLD_DBM + 30
    power[1, 2] = THRESHOLD_DBM + 5  # one of the two alone
    np.fill_diagonal(power, np.nan)
    places = [[10.0, 10, 3], [50, 10, 3], [90, 10, 3], [10, 40, 3]]
    return make_snapshot(
        rsrp_dbm=np.full((2, 4), -80.0),
        serving=[0, 1],
        channel=[0, 0, 0, 1],
        gnb_rsrp_dbm=power,
        gnb_position_m=places,
    )


def test_gnbs_of_one_channel_hear_what_is_above_the_threshold() -> None:
    heard = hears(hall(), SCENARIO)
    assert np.argwhere(heard).tolist() == [[0, 1], [1, 0], [1, 2]]
    assert channel_pairs(hall()) == [(0, 1), (0, 2), (1, 2)]
    assert heard_pairs(hall(), SCENARIO) == {(0, 1)}
    assert share([hall(), hall()], SCENARIO) == pytest.approx(1 / 3)


def test_the_threshold_is_the_scenario_s() -> None:
    assert heard_pairs(hall(), Scenario(n_gnbs=4, ed_threshold_dbm=-71.0)) == set()
    assert heard_pairs(hall(), Scenario(n_gnbs=4, ed_threshold_dbm=-73.0)) == {(0, 1), (0, 2), (1, 2)}


def draw() -> Figure:
    return draw_hearing({"one": hall(), "other": hall()}, SCENARIO, caption="by hand")


def test_lines_are_solid_or_dashed_and_markers_tell_channels() -> None:
    figure = draw()
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["one", "other"]
    for axes in figure.axes:
        lines = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
        assert [line.get_linestyle() == "-" for line in lines] == [True, False, False]
        assert len({to_rgba(line.get_edgecolor()) for line in lines}) == 1
        assert [line.get_marker() for line in axes.lines] == ["o", "o", "o", "s"]
        assert [text.get_text() for text in axes.texts] == ["0", "1", "2", "3"]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["channel 0", "channel 1", "hear each other", "do not (hidden)"]


def test_counts_halls_of_the_plan_s_simulator(tmp_path: Path) -> None:
    plan = make_plan([EXPERIMENTS["fig7"]], AGENTS[:1], seeds=3, simulator="mock", quick=False)
    hearing = draw_all_hearing(plan, tmp_path)
    assert hearing is not None
    assert hearing.seeds == 3
    assert hearing.shares["los"] == 1
    assert 0.3 < hearing.shares["drawn"] < 1
    assert "mock" in hearing.caption
    first = hearing.png.read_bytes()
    assert first.startswith(b"\x89PNG")
    assert draw_all_hearing(plan, tmp_path) == hearing
    assert hearing.png.read_bytes() == first
    assert hearing.png.with_suffix(".pdf").is_file()


def test_without_such_halls_there_is_no_picture(tmp_path: Path) -> None:
    plan = make_plan([EXPERIMENTS["fig5"]], AGENTS[:1], seeds=3, simulator="mock", quick=False)
    assert draw_all_hearing(plan, tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_without_ns3_the_mock_draws_the_halls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(name: str, log_path: Path | None, family: Family) -> Simulator:
        if name == "ns3":
            raise ToolchainError("ns-3 is not here")
        return make_simulator(name, log_path, family)

    monkeypatch.setattr(hearing_module, "make_simulator", make)
    plan = make_plan([EXPERIMENTS["fig7"]], [], seeds=1, simulator="ns3", quick=False)
    hearing = draw_all_hearing(plan, tmp_path)
    assert hearing is not None
    assert hearing.build.startswith("mock")

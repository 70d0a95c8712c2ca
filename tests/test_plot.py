# SPDX-License-Identifier: GPL-2.0-only
"""`nru plot` draws single runs over time, by what their family says of its metrics."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pyagents.cli import main
from pyagents.core.families import ENVIRONMENT, find_scenario_of
from pyagents.figures.timeline import Timeline, draw_timelines
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.scenario import Scenario
from tests.hall import Hall

SMALL = ["run", "--scenario", "queues", "--simulator", "mock", "--steps", "3", "--out"]


@pytest.fixture
def two_runs(in_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A folder with a run, and the beginning of the key of another."""
    monkeypatch.setenv(ENVIRONMENT, "tests.two_queues:FAMILY")
    assert main([*SMALL, "one"]) == 0
    (first,) = in_tmp.glob("results/runs/??/*")
    assert main([*SMALL, "two", "--agent", "fixed"]) == 0
    (second,) = set(in_tmp.glob("results/runs/??/*")) - {first}
    return ["one", second.name[:9]]


def test_a_folder_and_a_key_are_drawn_side_by_side(
    two_runs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plot", "one"]) == 0
    assert main(["plot", *two_runs, "--out", "both.png"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["one/run.png", "both.png"]
    with Image.open("one/run.png") as alone, Image.open("both.png") as both:
        assert both.width > 1.5 * alone.width
        assert both.height == alone.height


def test_panels_show_the_rows_in_the_tables_unit() -> None:
    rows = [
        {"load_mean": 0.5, "load_gnb_0": 0.2, "load_gnb_1": 0.8, "satisfied_share": share, "handovers": 4.0}
        for share in (float("nan"), 0.25, 0.75)
    ]
    figure = draw_timelines(
        [Timeline(title="a run", times_s=[1.0, 2.0, 3.0], rows=rows)], FAMILY.metrics, caption="made by hand"
    )
    load, satisfied, handovers = figure.axes
    assert [np.asarray(line.get_ydata())[0] for line in load.lines] == [0.2, 0.8, 0.5]
    assert np.array_equal(satisfied.lines[0].get_ydata(), [np.nan, 25, 75], equal_nan=True)
    assert satisfied.get_ylabel() == "UEs satisfied\n(%)"
    assert satisfied.texts[0].get_text() == "75.0"
    assert np.array_equal(handovers.lines[0].get_xdata(), [1.0, 2.0, 3.0])


def test_every_panel_of_the_indoor_factory_is_a_metric_of_its_rows_and_table() -> None:
    scenario = find_scenario_of(Scenario, "fig5")
    row = FAMILY.metrics.row([Hall().reset(scenario, 1)], scenario)
    for panel in FAMILY.metrics.panels:
        assert panel.metric in FAMILY.metrics.table
        assert panel.metric in row
        assert any(name.startswith(panel.parts) for name in row)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "0 runs are not allowed: name 1 to 6"),
        (["nowhere"], "0 keys in results/runs begin with 'nowhere'"),
        (["empty"], "empty holds no run: expected is"),
        (["one", "--out", "run.doc"], "out=run.doc is not allowed"),
        (["damaged"], "damaged/rows.csv cannot be read"),
    ],
)
@pytest.mark.usefixtures("two_runs")
def test_what_cannot_be_drawn_says_why(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty").mkdir()
    Path("two").rename("damaged")
    Path("damaged/rows.csv").write_text("step,waiting\n0,much\n")
    capsys.readouterr()
    assert main(["plot", *arguments]) == 2
    assert why in capsys.readouterr().err
    assert not Path("damaged/run.png").exists()

# SPDX-License-Identifier: GPL-2.0-only
"""Figures hold the numbers they are given, in the project's style, the same every time."""

from pathlib import Path
from typing import Any

import matplotlib.figure
import pytest
from matplotlib import colors

from pyagents.figures.style import house_style, line_look
from pyagents.scenarios.indoor_factory.figures import load_deviation
from pyagents.scenarios.indoor_factory.figures.load_deviation import draw_load_deviation

RUNS = {
    "GT-RL": [{"step": float(step), "load_std": 0.3 / (1 + step)} for step in range(51)],
    "No balancing": [{"step": float(step), "load_std": 0.3} for step in range(51)],
}


def draw(path: Path) -> None:
    draw_load_deviation(RUNS, title="Loads", caption="6 gNBs; seed 1", path=path)


def test_lines_carry_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures: list[matplotlib.figure.Figure] = []

    def keep(figure: matplotlib.figure.Figure, path: Path) -> None:
        figures.append(figure)

    monkeypatch.setattr(load_deviation, "save_figure", keep)
    draw(tmp_path / "a.png")
    axes = figures[0].axes[0]
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(RUNS)
    for line, rows in zip(axes.get_lines(), RUNS.values(), strict=True):
        xy: Any = line.get_xydata()
        assert xy.tolist() == [[row["step"], row["load_std"]] for row in rows]
    assert axes.get_ylim()[0] == 0


def test_same_rows_same_bytes(tmp_path: Path) -> None:
    draw(tmp_path / "a.png")
    draw(tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.png"]


def test_lines_differ_in_more_than_colour() -> None:
    looks = [line_look(index) for index in range(4)]
    assert len({str(look["linestyle"]) for look in looks}) == 4
    assert len({str(look["marker"]) for look in looks}) == 4


def test_first_colours_differ_in_lightness_too() -> None:
    with house_style():
        light = [colors.rgb_to_hsv(colors.to_rgb(f"C{index}"))[2] for index in range(2)]
    assert abs(light[0] - light[1]) > 0.1


def test_the_style_leaves_no_trace() -> None:
    before = matplotlib.rcParams["axes.grid"], matplotlib.rcParams["font.size"]
    with house_style():
        assert matplotlib.rcParams["axes.grid"]
    assert (matplotlib.rcParams["axes.grid"], matplotlib.rcParams["font.size"]) == before

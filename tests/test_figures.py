# SPDX-License-Identifier: GPL-2.0-only
"""Figures hold the numbers they are given, in the project's style, the same every time."""

from pathlib import Path
from typing import Any

import matplotlib.figure
import pytest
from matplotlib import colors

from pyagents.figures.style import house_style, line_look
from pyagents.scenarios.indoor_factory.figures import balance
from pyagents.scenarios.indoor_factory.figures.balance import draw_balance

RUNS = {
    "GT-RL": [
        {"step": float(step), "load_std": 0.3 / (1 + step), "satisfied_share": 1.0} for step in range(51)
    ],
    "No balancing": [{"step": float(step), "load_std": 0.3, "satisfied_share": 0.8} for step in range(51)],
}


def draw(path: Path) -> None:
    draw_balance(RUNS, caption="6 gNBs; seed 1", path=path)


def test_lines_carry_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures: list[matplotlib.figure.Figure] = []

    def keep(figure: matplotlib.figure.Figure, path: Path) -> None:
        figures.append(figure)

    monkeypatch.setattr(balance, "save_figure", keep)
    draw(tmp_path / "a.png")
    (legend,) = figures[0].legends
    assert [text.get_text() for text in legend.get_texts()] == list(RUNS)
    assert [axes.get_ylabel() for axes in figures[0].axes] == ["Load deviation", "UEs satisfied (%)"]
    for axes, name, factor in zip(figures[0].axes, ("load_std", "satisfied_share"), (1, 100), strict=True):
        for line, rows in zip(axes.get_lines(), RUNS.values(), strict=True):
            xy: Any = line.get_xydata()
            assert xy.tolist() == [[row["step"], row[name] * factor] for row in rows]


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

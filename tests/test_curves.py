# SPDX-License-Identifier: GPL-2.0-only
"""Figures with intervals show the numbers they are given, legibly without colour, the same every time."""

import math
from pathlib import Path
from typing import Any

import pytest
from matplotlib import colors
from matplotlib.figure import Figure

from pyagents.figures.convergence import draw_convergence
from pyagents.figures.curve import Curve, curve_look, curve_rows
from pyagents.figures.style import house_style, save_figure
from pyagents.figures.sweep import draw_sweep
from pyagents.statistics.interval import Estimate


def estimate(mean: float, spread: float = 0.1) -> Estimate:
    return Estimate(mean=mean, low=mean - spread, high=mean + spread, count=10)


def curves(points: int) -> list[Curve]:
    return [
        Curve(
            label=label,
            look=look,
            x=[float(10 * x) for x in range(1, points + 1)],
            estimates=[estimate(look + x) for x in range(1, points + 1)],
            kind="reference" if label == "None" else "agent",
        )
        for look, label in enumerate(["GT-RL", "Other", "None"])
    ]


def sweep() -> Figure:
    return draw_sweep(
        curves(4), title="T", x_label="X", x_factor=2, y_label="Y", y_factor=100, caption="Mean over 10 seeds"
    )


def convergence() -> Figure:
    return draw_convergence(
        curves(20), title="T", x_label="X", y_label="Y", y_factor=1, caption="Mean over 10 seeds"
    )


def test_a_sweep_shows_means_bars_and_every_tick() -> None:
    axes = sweep().axes[0]
    assert axes.get_xticks().tolist() == [20, 40, 60, 80]
    for container, curve in zip(axes.containers, curves(4), strict=True):
        line, _, (bars,) = container.lines  # type: ignore[attr-defined]
        assert line.get_ydata().tolist() == [e.mean * 100 for e in curve.estimates]
        ends = [segment[:, 1].tolist() for segment in bars.get_segments()]
        assert ends == [pytest.approx([e.low * 100, e.high * 100]) for e in curve.estimates]
        assert max(abs(x - 2 * at) for x, at in zip(line.get_xdata(), curve.x, strict=True)) < 2


def test_a_logarithmic_axis_keeps_the_numbers() -> None:
    figure = draw_sweep(
        curves(4), title="T", x_label="X", x_factor=1, y_label="Y", y_factor=1, y_is_log=True, caption="c"
    )
    axes = figure.axes[0]
    assert axes.get_yscale() == "log"
    line = axes.containers[0].lines[0]  # type: ignore[attr-defined]
    assert line.get_ydata().tolist() == [e.mean for e in curves(4)[0].estimates]


def test_convergence_shows_means_and_bands() -> None:
    axes = convergence().axes[0]
    for line, band, curve in zip(axes.get_lines(), axes.collections, curves(20), strict=True):
        xy: Any = line.get_xydata()
        assert xy.tolist() == [[x, e.mean] for x, e in zip(curve.x, curve.estimates, strict=True)]
        (path,) = band.get_paths()
        assert path.get_extents().y0 == pytest.approx(min(e.low for e in curve.estimates))
        assert path.get_extents().y1 == pytest.approx(max(e.high for e in curve.estimates))


@pytest.mark.parametrize("draw", [sweep, convergence])
def test_labels_and_source_are_there_and_files_are_the_same_each_time(draw: Any, tmp_path: Path) -> None:
    figure = draw()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["GT-RL", "Other", "None"]
    assert figure.axes[0].get_xlabel() == "X"
    assert figure.axes[0].get_ylabel() == "Y"
    assert figure.get_supxlabel() == "Mean over 10 seeds"
    for suffix in ("png", "pdf"):
        for name in ("a", "b"):
            save_figure(draw(), tmp_path / f"{name}.{suffix}")
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_one_seed_has_no_interval() -> None:
    alone = Curve(
        label="a", look=0, x=[1.0], estimates=[Estimate(mean=2.0, low=math.nan, high=math.nan, count=1)]
    )
    assert alone.scaled(10) == ([20.0], [20.0], [20.0])
    assert curve_rows([alone])[0]["seeds"] == 1


def test_lines_are_told_apart_without_colour() -> None:
    with house_style():
        looks = [curve_look(curve) for curve in curves(2)]
        shades = [sum(colors.to_rgb(look["color"])) for look in looks]  # type: ignore[arg-type]
    assert len({(str(look["linestyle"]), look["marker"]) for look in looks}) == len(looks)
    assert len(set(shades)) == len(looks)


def test_the_house_style_is_used_when_drawing_and_when_saving(tmp_path: Path) -> None:
    import matplotlib.image

    save_figure(sweep(), tmp_path / "a.png")
    pixels = matplotlib.image.imread(tmp_path / "a.png")
    assert pixels.shape[1] == round(5.2 * 200)
    blue = colors.to_rgb("#0072B2")
    assert (abs(pixels[..., :3] - blue).max(axis=2) < 0.01).any()

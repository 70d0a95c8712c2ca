# SPDX-License-Identifier: GPL-2.0-only
"""How a learner's score on its validation seeds fell."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from pyagents.figures.style import add_caption, house_style, line_look, save_figure


def draw_training_curve(
    rows: Sequence[Mapping[str, float]], *, title: str, score: str, caption: str, path: Path
) -> None:
    """Draw the validations over the iterations, and write the file, whose suffix decides the format."""
    validated = [row for row in rows if "validation" in row]
    with house_style():
        figure = Figure()
        axes = figure.subplots()
        axes.plot(
            [row["iteration"] for row in validated],
            [row["validation"] for row in validated],
            **line_look(0),  # type: ignore[arg-type]
        )
        axes.set_title(title, pad=10)
        axes.set_xlabel("Iteration")
        axes.set_ylabel(score)
        axes.set_xlim(left=0)
        add_caption(figure, caption)
        save_figure(figure, path)

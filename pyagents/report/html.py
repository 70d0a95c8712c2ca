# SPDX-License-Identifier: GPL-2.0-only
"""Pieces of HTML from values; everything that is text is escaped."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pyagents.statistics.interval import Estimate

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
"""The templates beside this module, and what reads a family's report."""

NOTHING = Markup("")
_DASH = Markup("&ndash;")
_MARKS = {"holds": "✓", "does not hold": "✗", "undecided": "?", "passed": "✓", "failed": "✗"}
_COLOURS = {"passed": "holds", "failed": "does not hold"}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a table."""

    html: Markup
    """Content of the cell."""
    key: float | str
    """Key that the column is sorted by."""


def text(value: str) -> Cell:
    """Make a cell of text."""
    return Cell(html=escape(value), key=value)


def number(value: float, form: str = "g") -> Cell:
    """Make a cell with a number; a dash for NaN, which sorts last."""
    if math.isnan(value):
        return Cell(html=_DASH, key=math.inf)
    return Cell(html=escape(format(value, form)), key=value)


def interval(estimate: Estimate | None, form: str, factor: float = 1.0) -> Cell:
    """Make a cell with a mean, and its interval in small; a dash for none."""
    if estimate is None or math.isnan(estimate.mean):
        return Cell(html=_DASH, key=math.inf)
    shown = escape(format(estimate.mean * factor, form))
    if not math.isnan(estimate.low):
        low, high = (format(end * factor, form) for end in (estimate.low, estimate.high))
        shown += Markup(' <span class="ci">{} to {}</span>').format(low, high)
    return Cell(html=shown, key=estimate.mean)


def badge(answer: str) -> Cell:
    """Tell a verdict by word and mark, not by colour alone."""
    kind = _COLOURS.get(answer, answer).replace(" ", "-")
    words = f"{_MARKS[answer]} {answer}".replace(" ", "\N{NO-BREAK SPACE}")
    return Cell(html=Markup('<span class="badge {}">{}</span>').format(kind, words), key=answer)


def table(
    head: Sequence[str], rows: Sequence[Sequence[Cell]], *, name: str = "", wide: bool = False
) -> Markup:
    """Make a table that sorts by a click on a heading; a wide one has columns of text, not of numbers."""
    numeric = [all(not isinstance(row[i].key, str) for row in rows) for i in range(len(head))]
    return Markup(
        TEMPLATES.get_template("table.html").render(
            head=list(zip(head, numeric, strict=True)),
            rows=[list(zip(row, numeric, strict=True)) for row in rows],
            name=name,
            wide=wide,
        )
    )


def picture(path: Path, description: str) -> Markup:
    """Put a PNG within the page."""
    data = base64.b64encode(path.read_bytes()).decode()
    return Markup('<figure><img src="data:image/png;base64,{}" alt="{}"></figure>').format(data, description)


def details(summary: str, body: Markup) -> Markup:
    """Make something to unfold."""
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, body)

# SPDX-License-Identifier: GPL-2.0-only
"""Pieces of HTML from values; everything that is text is escaped."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pyagents.statistics.interval import Estimate


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a table."""

    html: str
    """What it shows."""
    key: float | str
    """What it is sorted by."""


def text(value: str) -> Cell:
    """A cell of text."""
    return Cell(html=escape(value), key=value)


def number(value: float, form: str = "g") -> Cell:
    """A cell with a number; a dash for NaN, which sorts last."""
    if math.isnan(value):
        return Cell(html="&ndash;", key=math.inf)
    return Cell(html=format(value, form), key=value)


def interval(estimate: Estimate, form: str, factor: float = 1.0) -> Cell:
    """A cell with a mean, and its interval in small."""
    if math.isnan(estimate.mean):
        return Cell(html="&ndash;", key=math.inf)
    shown = format(estimate.mean * factor, form)
    if not math.isnan(estimate.low):
        low, high = (format(end * factor, form) for end in (estimate.low, estimate.high))
        shown += f' <span class="ci">{low} to {high}</span>'
    return Cell(html=shown, key=estimate.mean)


def badge(answer: str) -> Cell:
    """A verdict, told by word and mark, not by colour alone."""
    mark = {"holds": "&#10003;", "does not hold": "&#10007;", "undecided": "?"}[answer]
    kind = answer.replace(" ", "-")
    return Cell(
        html=f'<span class="badge {kind}">{mark}&nbsp;{escape(answer).replace(" ", "&nbsp;")}</span>',
        key=answer,
    )


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]], *, name: str = "", wide: bool = False) -> str:
    """A table that sorts by a click on a heading.

    Args:
        head: of the columns.
        rows: cells.
        name: its id in the page.
        wide: columns of text rather than of numbers.
    """
    numeric = [all(not isinstance(row[i].key, str) for row in rows) for i in range(len(head))]
    titles = "".join(
        f'<th scope="col" aria-sort="none"{_class(is_number)}>'
        f'<button type="button">{escape(title)}</button></th>'
        for title, is_number in zip(head, numeric, strict=True)
    )
    body = "\n".join(
        "<tr>"
        + "".join(
            f'<td data-key="{escape(_key(cell.key))}"{_class(is_number)}>{cell.html}</td>'
            for cell, is_number in zip(row, numeric, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    named = f' id="{escape(name)}"' if name else ""
    kind = "sortable wide" if wide else "sortable"
    return (
        f'<div class="scroll"><table{named} class="{kind}"><thead><tr>{titles}</tr></thead>'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def picture(path: Path, description: str) -> str:
    """A PNG within the page."""
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img src="data:image/png;base64,{data}" alt="{escape(description)}">'


def details(summary: str, body: str) -> str:
    """Something to unfold."""
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"


def _class(is_number: bool) -> str:
    return ' class="number"' if is_number else ""


def _key(key: float | str) -> str:
    return key if isinstance(key, str) else repr(float(key))

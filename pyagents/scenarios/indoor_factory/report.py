# SPDX-License-Identifier: GPL-2.0-only
"""Blocks of the report that no other family has: who hears whom, the ladder, what the paper leaves open."""

from pathlib import Path

from markupsafe import Markup

from pyagents.core.files import read_csv
from pyagents.report.html import NOTHING, Cell, picture, table, text
from pyagents.report.page import Page
from pyagents.report.render import inline, tables
from pyagents.reproduction.declaration import experiments_folder
from pyagents.scenarios.indoor_factory.figures.hearing_runs import draw_all_hearing

_CHECKOUT = Path(__file__).resolve().parents[3]
_CHOICES = "paper-regime.md"


def hearing(page: Page) -> Markup:
    """Draw which gNBs hear each other; nothing where no figure is of such halls."""
    drawn = draw_all_hearing(page.plan, page.folder / "figures")
    return picture(drawn.png, f"gNBs of two halls. {drawn.caption}") if drawn else NOTHING


def ladder(page: Page) -> Markup:
    """Show picture and table of the ladder that `nru ladder` left in the same folder; nothing without one."""
    drawn, claims = (page.folder / "ladder" / name for name in ("ladder.png", "claims.csv"))
    if not drawn.is_file() or not claims.is_file():
        return NOTHING
    columns = ("claim", "way", "broken_by")
    rows = [[text(row[column]) for column in columns] for row in read_csv(claims.read_bytes())]
    image = picture(drawn, "Satisfied UEs and load variance of each method, and verdicts on claims, by rung.")
    return image + table(["Claim", "On its way up", "Broken by"], rows, name="ladder-table", wide=True)


def choices(page: Page) -> Markup:
    """List what the paper leaves open, as docs/paper-regime.md does; nothing where that is not at hand.

    A row without a first cell goes on with the row above.
    """
    places = (_CHECKOUT / "docs" / _CHOICES, experiments_folder(page.plan.family) / _CHOICES)
    document = next((place for place in places if place.is_file()), None)
    if document is None:
        return NOTHING
    head, *rows = next(t for t in tables(document.read_text(encoding="utf-8")) if t[0][0] == "left open")
    cells = [[Cell(html=inline(cell), key=cell) for cell in row] for row in rows]
    return table([title.capitalize() for title in head], cells, name="choices", wide=True)

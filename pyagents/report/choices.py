# SPDX-License-Identifier: GPL-2.0-only
"""What the paper leaves open, as docs/paper-regime.md lists it."""

import re
from html import escape
from pathlib import Path

from pyagents.report.html import Cell, table

_PACKAGE = Path(__file__).resolve().parents[1]
NAME = "paper-regime.md"


def find_document() -> Path | None:
    """The document: of the checkout, or the one that an installed package carries."""
    candidates = (_PACKAGE.parent / "docs" / NAME, _PACKAGE / "report" / NAME)
    return next((path for path in candidates if path.is_file()), None)


def choices_table(document: Path) -> str:
    """Its table of choices. A row without a first cell goes on with the row above."""
    lines = iter(document.read_text(encoding="utf-8").splitlines())
    head = next((cells for line in lines if (cells := _cells(line))[:1] == ["left open"]), None)
    if head is None:
        return ""
    next(lines)
    rows: list[list[Cell]] = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells = _cells(line)
        rows.append([Cell(html=_inline(cell), key=cell) for cell in cells])
    return table([title.capitalize() for title in head], rows, name="choices", wide=True)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []


def _inline(markdown: str) -> str:
    """Code and emphasis of Markdown as HTML."""
    html = re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(markdown, quote=False))
    return re.sub(r"\*\*([^*]*)\*\*", r"<b>\1</b>", html)

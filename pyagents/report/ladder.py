# SPDX-License-Identifier: GPL-2.0-only
"""The section on the ladder: which assumption breaks which claim."""

import csv
from pathlib import Path

from pyagents.report.html import picture, table, text

_TEXT = """<p>Each rung adds one assumption to the one below: at the foot the paper&rsquo;s equations, at the
top the full scenario, on all the same load without balancing. The picture shows how the methods fare, and
below which claims hold (&#10003;), do not (&#10007;), or are undecided (?). A claim is <i>broken by</i> the
assumption of the first rung on which it holds no longer, if it holds on all below.</p>"""


def ladder(folder: Path) -> str:
    """The section on a ladder that `nru ladder` left; empty without one.

    Args:
        folder: that holds its `ladder.png` and `claims.csv`.
    """
    drawn, claims = folder / "ladder.png", folder / "claims.csv"
    if not drawn.is_file() or not claims.is_file():
        return ""
    with claims.open(encoding="utf-8", newline="") as file:
        rows = [
            [text(row["claim"]), text(row["way"]), text(row["broken_by"])] for row in csv.DictReader(file)
        ]
    image = picture(drawn, "Satisfied UEs and load variance of each method, and verdicts on claims, by rung.")
    found = table(["Claim", "On its way up", "Broken by"], rows, name="ladder-table", wide=True)
    return f"{_TEXT}<figure>{image}</figure>{found}"

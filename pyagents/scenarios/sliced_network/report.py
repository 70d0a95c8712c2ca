# SPDX-License-Identifier: GPL-2.0-only
"""Blocks of the report that no other family has: what a message of weights gives away."""

from markupsafe import Markup

from pyagents.core.family import load_place
from pyagents.report.html import NOTHING, Cell, number, table, text
from pyagents.report.page import Page

_LEAK = "pyagents.scenarios.sliced_network.training.leak"


def leak(page: Page) -> Markup:
    """Attack messages of FDRL's letter, each kind as often; nothing where torch is not installed."""
    try:
        messages, measure, guess = (
            load_place(f"{_LEAK}:{name}") for name in ("MESSAGES", "measure_leaks", "measure_guess")
        )
    except ModuleNotFoundError:
        return NOTHING
    errors = [*zip((message.label for message in messages), measure(), strict=True), ("a guess", guess())]
    rows: list[list[Cell]] = [[text(label), number(error, ".2g")] for label, error in errors]
    return table(["A message of", "Relative error of the state read from it"], rows, name="leak")

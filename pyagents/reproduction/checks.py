# SPDX-License-Identifier: GPL-2.0-only
"""What must be so whatever agents do: figures that share a condition agree, and the books balance."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from pyagents.reproduction.experiment import Experiment
from pyagents.reproduction.outcomes import Outcomes

SAME_RUNS = (
    ("fig7", 100, "fig10", 0.1),
    ("fig8", 100, "fig11", 0.1),
    ("fig9", 100, "fig12", 0.1),
)
"""The same condition in two figures: 100 UEs, of which 10 % are mobile, and 10 gNBs on a grid."""

ONLY_DIFFERENCE = ("fig7", 100, "fig13", 10, "gnb_layout")
"""Conditions that differ in one field."""


@dataclass(frozen=True, kw_only=True)
class InternalCheck:
    """One of them, and what came of it."""

    what: str
    """What must be so."""
    passed: bool
    """Whether it is."""
    found: str
    """What was looked at."""


def check_all(outcomes: Outcomes) -> list[InternalCheck]:
    """All checks that the figures at hand allow."""
    figures = {experiment.name: experiment for experiment in outcomes.plan.experiments}
    return [*_shared_conditions(figures, outcomes), *_single_difference(figures), *_books(outcomes)]


def _shared_conditions(figures: dict[str, Experiment], outcomes: Outcomes) -> Iterator[InternalCheck]:
    for one, x, other, y in SAME_RUNS:
        if one not in figures or other not in figures:
            continue
        first, second = figures[one], figures[other]
        pairs = [
            (a, b)
            for contender in outcomes.plan.contenders
            for a, b in [
                (
                    dict(outcomes.summary(first, contender.name, x, first.metric)),
                    dict(outcomes.summary(second, contender.name, y, second.metric)),
                )
            ]
        ]
        count = sum(len(a) for a, _ in pairs)
        equal = all(repr(a) == repr(b) for a, b in pairs)  # repr: NaN equals itself
        yield InternalCheck(
            what=f"Figure {first.number} at {x:g} UEs equals figure {second.number} at {100 * y:g} % mobile",
            passed=equal,
            found=f"{count} values, to the last bit" if equal else "values differ",
        )


def _single_difference(figures: dict[str, Experiment]) -> Iterator[InternalCheck]:
    one, x, other, y, field = ONLY_DIFFERENCE
    if one in figures and other in figures:
        first, second = figures[one].scenario(x).to_dict(), figures[other].scenario(y).to_dict()
        differing = [name for name in first if first[name] != second[name]]
        yield InternalCheck(
            what=f"Figure {figures[other].number} at {y} gNBs differs from figure 7 at {x} UEs by the layout",
            passed=differing == [field],
            found=f"fields that differ: {', '.join(differing)}",
        )


def _books(outcomes: Outcomes) -> Iterator[InternalCheck]:
    records = list(outcomes.everything())
    balanced = [
        math.isclose(
            s["offered_bytes"], s["delivered_bytes"] + s["dropped_bytes"] + s["queued_bytes"], abs_tol=0.5
        )
        for s in (record.summary for record in records)
    ]
    yield InternalCheck(
        what="Every byte offered is delivered, dropped or queued",
        passed=all(balanced),
        found=f"{sum(balanced)} of {len(balanced)} runs",
    )
    shares = [
        all(
            math.isnan(s[name]) or 0 <= s[name] <= 1 + 1e-9
            for name in ("satisfied_share", "load_jain", "sib_loss_share", "airtime_mean")
        )
        for s in (record.summary for record in records)
    ]
    yield InternalCheck(
        what="Shares and Jain's index lie within 0 and 1",
        passed=all(shares),
        found=f"{sum(shares)} of {len(shares)} runs",
    )
    complete = [record.table.count(b"\n") == record.facts["scenario"]["steps"] + 2 for record in records]
    yield InternalCheck(
        what="Every run was played to its last step",
        passed=all(complete),
        found=f"{sum(complete)} of {len(complete)} runs",
    )

# SPDX-License-Identifier: GPL-2.0-only
"""What must be so whatever agents do: figures are of the conditions meant, and the books balance."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from pyagents.reproduction.experiment import Experiment
from pyagents.reproduction.outcomes import Outcomes

SINGLE_DIFFERENCES = (
    ("fig7", 100, "fig10", 0.1, "steps"),
    ("fig7", 100, "fig13", 10, "gnb_layout"),
)
"""Conditions of two figures that differ in one field: of 100 UEs 10 % are mobile, and 10 gNBs are on a grid;
runs that tell what mobility does are longer, since a UE walks but 1 m in a second."""

SAME_CONDITIONS = (("fig7", "fig8", "fig9"), ("fig10", "fig11", "fig12"), ("fig13", "fig14", "fig15"))
"""Figures of the same runs, each with another metric."""


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
    return [*_shared_conditions(figures), *_single_differences(figures), *_books(outcomes)]


def _shared_conditions(figures: dict[str, Experiment]) -> Iterator[InternalCheck]:
    for group in SAME_CONDITIONS:
        known = [figures[name] for name in group if name in figures]
        if len(known) < 2:
            continue
        declared = [
            ([e.scenario(value) for value in e.points(quick=False)], e.points(quick=True), e.seeds)
            for e in known
        ]
        yield InternalCheck(
            what=f"Figures {', '.join(str(e.number) for e in known)} are of the same runs",
            passed=all(one == declared[0] for one in declared),
            found=f"{len(declared[0][0])} conditions each, as declared",
        )


def _single_differences(figures: dict[str, Experiment]) -> Iterator[InternalCheck]:
    for one, x, other, y, field in SINGLE_DIFFERENCES:
        if one not in figures or other not in figures:
            continue
        first, second = figures[one].scenario(x).to_dict(), figures[other].scenario(y).to_dict()
        differing = [name for name in first if first[name] != second[name]]
        yield InternalCheck(
            what=f"Figure {figures[other].number} at {y:g} differs from figure 7 at {x} UEs by {field} alone",
            passed=differing == [field],
            found=f"fields that differ, as declared: {', '.join(differing)}",
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

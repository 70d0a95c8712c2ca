# SPDX-License-Identifier: GPL-2.0-only
"""What must be so whatever agents do: figures are of the conditions meant, and the books balance.

A family declares it in `checks.toml`: a table a check, by the name of a function below, with its arguments.
That every run was played to its end is checked of all families.
"""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyagents.core.family import Family
from pyagents.core.metrics import Row
from pyagents.reproduction.declaration import CHECKS_FILE, experiments_folder, read_toml
from pyagents.reproduction.experiment import Experiment
from pyagents.reproduction.outcomes import Outcomes


@dataclass(frozen=True, kw_only=True)
class InternalCheck:
    """A check, and what came of it."""

    what: str
    """Sentence that must be true."""
    passed: bool
    """Whether it is so."""
    found: str
    """Evidence that was looked at."""


Declared = Callable[[Outcomes], InternalCheck | None]
"""A check as a family declares it; None where a figure that it is about is not at hand."""


def check_same_conditions(outcomes: Outcomes, figures: Sequence[str]) -> InternalCheck | None:
    """Figures are declared with the same runs, each with another metric."""
    known = [found for name in figures if (found := _experiment(outcomes, name))]
    if len(known) < 2:
        return None
    declared = [
        ([e.scenario(value) for value in e.points(quick=False)], e.points(quick=True), e.seeds) for e in known
    ]
    return InternalCheck(
        what=f"Figures {', '.join(str(e.number or e.name) for e in known)} are of the same runs",
        passed=all(one == declared[0] for one in declared),
        found=f"{len(declared[0][0])} conditions each, as declared",
    )


def check_single_difference(
    outcomes: Outcomes, figure: str, at: float, other: str, other_at: float, field: str
) -> InternalCheck | None:
    """Conditions of two figures, each at a value of its swept field, differ in one field alone."""
    one, two = _experiment(outcomes, figure), _experiment(outcomes, other)
    if one is None or two is None:
        return None
    first, second = one.scenario(at).to_dict(), two.scenario(other_at).to_dict()
    differing = [name for name in first if first[name] != second[name]]
    return InternalCheck(
        what=f"Figure {two.number or two.name} at {other_at:g} differs from figure {one.number or one.name} "
        f"at {at:g} by {field} alone",
        passed=differing == [field],
        found=f"fields that differ, as declared: {', '.join(differing)}",
    )


def check_balance(
    outcomes: Outcomes, says: str, whole: str, parts: Sequence[str], within: float
) -> InternalCheck:
    """A column of the summaries is the sum of others, but for a rounding error."""
    return _count(
        outcomes, says, lambda row: math.isclose(row[whole], sum(row[p] for p in parts), abs_tol=within)
    )


def check_shares(outcomes: Outcomes, says: str, columns: Sequence[str]) -> InternalCheck:
    """Columns of the summaries lie within 0 and 1, or have no number."""
    return _count(
        outcomes, says, lambda row: all(math.isnan(row[c]) or 0 <= row[c] <= 1 + 1e-9 for c in columns)
    )


_KINDS: Mapping[str, Callable[..., InternalCheck | None]] = {
    "same_conditions": check_same_conditions,
    "single_difference": check_single_difference,
    "balance": check_balance,
    "shares": check_shares,
}


def load_checks(family: Family) -> list[Declared]:
    """Load a family's checks, in the order of the kinds, if any; ValueError where they are malformed."""
    path = experiments_folder(family) / CHECKS_FILE if family.experiments else None
    if path is None or not path.is_file():
        return []
    try:
        content = read_toml(path)
        if unknown := [kind for kind in content if kind not in _KINDS]:
            raise ValueError(f"unknown {', '.join(unknown)}; known are {', '.join(_KINDS)}")
        return [_bind(kind, facts) for kind in _KINDS for facts in content.get(kind, [])]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def check_all(outcomes: Outcomes) -> list[InternalCheck]:
    """Check all that the figures at hand allow."""
    whole = [r.table.count(b"\n") == r.facts["scenario"]["steps"] + 2 for r in outcomes.records.values()]
    found = [check(outcomes) for check in load_checks(outcomes.plan.family)]
    return [
        *(check for check in found if check is not None),
        InternalCheck(
            what="Every run was played to its last step",
            passed=all(whole),
            found=f"{sum(whole)} of {len(whole)} runs",
        ),
    ]


def _bind(kind: str, facts: Mapping[str, Any]) -> Declared:
    try:
        inspect.signature(_KINDS[kind]).bind(None, **facts)
    except TypeError as error:
        raise ValueError(f"{kind}: {error}") from error
    return lambda outcomes: _KINDS[kind](outcomes, **facts)


def _experiment(outcomes: Outcomes, name: str) -> Experiment | None:
    played = outcomes.of(name)
    return played.experiment if played else None


def _count(outcomes: Outcomes, what: str, is_so: Callable[[Row], bool]) -> InternalCheck:
    """Count in how many runs something is so of the summary."""
    answers = [is_so(dict(record.summary)) for record in outcomes.records.values()]
    return InternalCheck(what=what, passed=all(answers), found=f"{sum(answers)} of {len(answers)} runs")

# SPDX-License-Identifier: GPL-2.0-only
"""What must be so whatever agents do: figures are of the conditions meant, and the books balance.

A family declares it in `checks.toml`, in tables of the kinds below; that every run was played to its end is
checked of all families.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyagents.core.family import Family
from pyagents.core.metrics import Row
from pyagents.reproduction.declaration import CHECKS_FILE, experiments_folder, fill, read_toml
from pyagents.reproduction.experiment import Experiment
from pyagents.reproduction.outcomes import Outcomes


@dataclass(frozen=True, kw_only=True)
class InternalCheck:
    """A check, and what came of it."""

    what: str
    """What must be so."""
    passed: bool
    """Whether it is so."""
    found: str
    """What was looked at."""


@dataclass(frozen=True, kw_only=True)
class SameConditions:
    """Figures of the same runs, each with another metric."""

    figures: tuple[str, ...]
    """Names of the experiments."""

    def check(self, outcomes: Outcomes) -> InternalCheck | None:
        """Whether those at hand are declared with the same conditions; None of fewer than two."""
        known = [e for name in self.figures if (e := _experiment(outcomes, name))]
        if len(known) < 2:
            return None
        declared = [
            ([e.scenario(value) for value in e.points(quick=False)], e.points(quick=True), e.seeds)
            for e in known
        ]
        return InternalCheck(
            what=f"Figures {', '.join(str(e.number or e.name) for e in known)} are of the same runs",
            passed=all(one == declared[0] for one in declared),
            found=f"{len(declared[0][0])} conditions each, as declared",
        )


@dataclass(frozen=True, kw_only=True)
class SingleDifference:
    """Conditions of two figures that differ in one field of the scenario."""

    figure: str
    """Name of the one experiment."""
    at: float
    """Value of its swept field."""
    other: str
    """Name of the other experiment."""
    other_at: float
    """Value of the other's swept field."""
    field: str
    """The field that differs."""

    def check(self, outcomes: Outcomes) -> InternalCheck | None:
        """Whether that field differs alone, as declared; None if a figure is not at hand."""
        one, other = (_experiment(outcomes, name) for name in (self.figure, self.other))
        if one is None or other is None:
            return None
        first, second = one.scenario(self.at).to_dict(), other.scenario(self.other_at).to_dict()
        differing = [name for name in first if first[name] != second[name]]
        return InternalCheck(
            what=f"Figure {other.number or other.name} at {self.other_at:g} differs from figure "
            f"{one.number or one.name} at {self.at:g} by {self.field} alone",
            passed=differing == [self.field],
            found=f"fields that differ, as declared: {', '.join(differing)}",
        )


@dataclass(frozen=True, kw_only=True)
class Balance:
    """A column of the summaries that is the sum of others."""

    says: str
    """What must be so, in words."""
    whole: str
    """The sum."""
    parts: tuple[str, ...]
    """What it is the sum of."""
    within: float
    """Largest difference, for rounding."""

    def check(self, outcomes: Outcomes) -> InternalCheck | None:
        """In how many runs it is so."""
        return _count(
            outcomes,
            self.says,
            lambda row: math.isclose(
                row[self.whole], sum(row[part] for part in self.parts), rel_tol=1e-9, abs_tol=self.within
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Columns of the summaries that lie within 0 and 1, or have no number."""

    says: str
    """What must be so, in words."""
    columns: tuple[str, ...]
    """Their names."""

    def check(self, outcomes: Outcomes) -> InternalCheck | None:
        """In how many runs it is so."""
        return _count(
            outcomes,
            self.says,
            lambda row: all(math.isnan(row[name]) or 0 <= row[name] <= 1 + 1e-9 for name in self.columns),
        )


DeclaredCheck = SameConditions | SingleDifference | Balance | Shares

_KINDS: Mapping[str, type[DeclaredCheck]] = {
    "same_conditions": SameConditions,
    "single_difference": SingleDifference,
    "balance": Balance,
    "shares": Shares,
}


def load_checks(family: Family) -> list[DeclaredCheck]:
    """What a family declares, in the order of the kinds; nothing without a file.

    Raises:
        ValueError: the file is malformed; names it.
    """
    path = experiments_folder(family) / CHECKS_FILE if family.experiments else None
    if path is None or not path.is_file():
        return []
    try:
        content = read_toml(path)
        if unknown := [kind for kind in content if kind not in _KINDS]:
            raise ValueError(f"unknown {', '.join(unknown)}; known are {', '.join(_KINDS)}")
        return [fill(kind, facts) for name, kind in _KINDS.items() for facts in content.get(name, [])]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def check_all(outcomes: Outcomes) -> list[InternalCheck]:
    """All checks that the figures at hand allow."""
    declared: Iterable[DeclaredCheck] = load_checks(outcomes.plan.family)
    whole = [r.table.count(b"\n") == r.facts["scenario"]["steps"] + 2 for r in outcomes.records.values()]
    return [
        *(check for one in declared if (check := one.check(outcomes)) is not None),
        InternalCheck(
            what="Every run was played to its last step",
            passed=all(whole),
            found=f"{sum(whole)} of {len(whole)} runs",
        ),
    ]


def _experiment(outcomes: Outcomes, name: str) -> Experiment | None:
    played = outcomes.of(name)
    return played.experiment if played else None


def _count(outcomes: Outcomes, what: str, is_so: Callable[[Row], bool]) -> InternalCheck:
    """In how many runs something is so of the summary."""
    answers = [is_so(dict(record.summary)) for record in outcomes.records.values()]
    return InternalCheck(what=what, passed=all(answers), found=f"{sum(answers)} of {len(answers)} runs")

# SPDX-License-Identifier: GPL-2.0-only
"""A figure or a table as `experiments/` declares it: its conditions, its metric, its claims."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyagents.core.families import default_family, families, find_family, presets
from pyagents.core.family import Family
from pyagents.core.metrics import Metric
from pyagents.core.names import suggest
from pyagents.core.scenario import Scenario
from pyagents.reproduction.claim import Claim
from pyagents.reproduction.declaration import AGENTS_FILE, CHECKS_FILE, experiments_folder, fill, read_toml
from pyagents.reproduction.effort import find_metric

Value = float | str | None
"""Point of a figure: value of the swept field, name of a variant, or None where there is one condition."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A figure or a table: what is varied, what is measured, what the paper says of it."""

    name: str
    """Name of its files, such as fig7."""
    number: int = 0
    """The paper's number of the figure; 0: it has none."""
    title: str
    """Title that the reader sees."""
    preset: str
    """Preset that the conditions start from; it says which family is played."""
    fixed: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Fields of the scenario that differ from the preset."""
    sweep: str = ""
    """Field of the scenario that is varied; empty: none, the figure is over steps."""
    values: tuple[float, ...] = ()
    """Values of the swept field."""
    variants: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    """In place of a swept field: conditions by name, each of them fields that are set together."""
    quick_values: tuple[float | str, ...] = ()
    """Values or variants where time is short; none: all."""
    seeds: int = 0
    """Most seeds that are played, for runs that take long; 0: all of the plan's."""
    metric: str
    """Name of the metric in rows and summaries."""
    x_label: str = ""
    """Label of the horizontal axis; empty: the swept field's name."""
    x_factor: float = 1.0
    """Number of the label's unit in one of the swept field's."""
    y_label: str = ""
    """Label of the vertical axis; empty: the metric's, with its unit."""
    y_is_log: bool = False
    """Whether the vertical axis is logarithmic: where a few runs reach far above the others."""
    columns: tuple[str, ...] = ()
    """Metrics of a table, an agent a row, that stands in place of a picture; none: a picture of `metric`."""
    beside: str = ""
    """Agent of a table from whom the others' differences are told; empty: no differences."""
    target: float = -math.inf
    """Validation at which a training has come to its target, for metrics of trainings."""
    claims: tuple[Claim, ...] = ()
    """Sentences of the paper about it."""

    def __post_init__(self) -> None:
        if self.name in ("", ".", "..") or "/" in self.name or "\0" in self.name:
            raise ValueError(f"name={self.name!r} is not allowed: must be the name of a file")
        if self.preset not in presets():
            raise ValueError(f"preset={self.preset!r} is unknown: one of {', '.join(presets())}")
        for metric in (self.metric, *self.columns, *(claim.metric for claim in self.claims if claim.metric)):
            find_metric(metric, self.family)
        if bool(self.sweep) != bool(self.values):
            raise ValueError("sweep and values go together")
        if self.sweep and self.variants:
            raise ValueError("sweep and variants exclude each other")
        if self.seeds < 0:
            raise ValueError(f"seeds={self.seeds} is not allowed: must be at least 0")
        for claim in self.claims:
            if claim.kind == "trend" and not self.sweep:
                raise ValueError("a trend is along a swept field: sweep is missing")
            if not self.direction(claim):
                raise ValueError(
                    f"claim {claim.says!r} lacks better: lower or higher, for {self.metric} is neither"
                )
        for value in (*self.points(quick=False), *self.quick_values):
            self.scenario(value)

    @property
    def family(self) -> Family:
        """The family that is played."""
        return find_family(presets()[self.preset].family)

    @property
    def measured(self) -> Metric:
        """The metric as tables show it."""
        return find_metric(self.metric, self.family)

    @property
    def full_title(self) -> str:
        """Title with the figure's number, if it has one."""
        return f"Figure {self.number}: {self.title}" if self.number else self.title

    @property
    def x_title(self) -> str:
        """Label of the horizontal axis."""
        return self.x_label or self.sweep or ("" if self.variants else "Step")

    @property
    def y_title(self) -> str:
        """Label of the vertical axis."""
        return self.y_label or self.measured.axis

    def direction(self, claim: Claim) -> str:
        """`lower` or `higher`: which way the statistic of a claim is better; empty: the metric is neither."""
        measured = find_metric(claim.metric or self.metric, self.family)
        return claim.better or ("lower" if claim.statistic == "settling" else measured.better)

    def about(self, claim: Claim) -> "Experiment":
        """The same, with the metric that a claim is about."""
        if not claim.metric:
            return self
        return dataclasses.replace(self, metric=claim.metric, y_label="", y_is_log=False)

    def points(self, *, quick: bool) -> tuple[Value, ...]:
        """Values of the swept field, or the names of the variants; one None without either."""
        return (quick and self.quick_values) or self.values or tuple(self.variants) or (None,)

    def scenario(self, value: Value, *, most_steps: int | None = None) -> Scenario:
        """Make the condition at a value of the swept field, or at a variant's name, of at most so many steps.

        Raises ValueError where there is no such variant, or a field is not allowed.
        """
        preset = presets()[self.preset]
        fields = {**preset.to_dict(), **self.fixed}
        if self.variants:
            if value not in self.variants:
                raise ValueError(f"variant {value!r} is unknown: one of {', '.join(self.variants)}")
            fields |= self.variants[str(value)]
        elif value is not None:
            fields[self.sweep] = value
        scenario = type(preset).from_dict(fields)
        if most_steps is not None and scenario.steps > most_steps:
            return dataclasses.replace(scenario, steps=most_steps)
        return scenario

    def describe(self, value: Value) -> str:
        """Describe a condition: in the family's words, or by preset and fields."""
        if self.family.describe is not None:
            words = self.family.describe(self.scenario(value))
            return f"{words}, {value}" if isinstance(value, str) else words
        swept = {self.sweep: value} if self.sweep else {}
        fields = ", ".join(f"{name}={value}" for name, value in {**self.fixed, **swept}.items())
        return ": ".join(filter(None, (self.preset, value if isinstance(value, str) else fields)))


def load_experiments(family: Family) -> dict[str, Experiment]:
    """Load all experiments of a family by name, in the order of their numbers; ValueError if malformed."""
    others = (AGENTS_FILE, CHECKS_FILE)
    paths = [path for path in experiments_folder(family).glob("*.toml") if path.name not in others]
    return {experiment.name: experiment for experiment in in_order(map(load_experiment, paths))}


def in_order(experiments: Iterable[Experiment]) -> list[Experiment]:
    """Sort figures by their numbers, then what the paper does not show by name."""
    return sorted(experiments, key=lambda e: (not e.number, e.number, e.name))


def load_experiment(path: Path) -> Experiment:
    """Read one file; ValueError where it is malformed."""
    try:
        content = read_toml(path)
        claims = tuple(fill(Claim, claim) for claim in content.pop("claims", []))
        experiment: Experiment = fill(Experiment, {"name": path.stem, **content, "claims": claims})
    except ValueError as error:
        raise ValueError(f"experiment {path}: {error}") from error
    return experiment


def find_experiments(names: Sequence[str], family: Family | None) -> list[Experiment]:
    """Find the experiments of these names, in the order of their numbers.

    Args:
        names: of figures, or paths of .toml files; none: all of the family. Where several families have one
            of a name the first of them is meant; `family/figure` is that of another.
        family: the family whose figures are meant; None: any, and without names the first.

    Raises:
        ValueError: there is none of a name, or they are of several families.
    """
    if not names:
        return list(load_experiments(family or default_family()).values())
    rooms = [family] if family else [room for room in families() if room.experiments]
    known = {room.name: load_experiments(room) for room in rooms}
    found = {name: _find(name, known) for name in names}
    played = {experiment.family.name for experiment in found.values()} | ({family.name} if family else set())
    if len(played) > 1:
        raise ValueError(f"figures of {' and '.join(sorted(played))}: reproduce one family at a time")
    return in_order(found.values())


def _find(name: str, known: Mapping[str, Mapping[str, Experiment]]) -> Experiment:
    """One experiment, of those that are known by family and name, or of a file."""
    if name.endswith(".toml"):
        return load_experiment(Path(name))
    room, _, figure = name.rpartition("/")
    for family, figures in known.items():
        if room in ("", family) and figure in figures:
            return figures[figure]
    everything = [figure for figures in known.values() for figure in figures]
    raise ValueError(f"figure {name!r} is unknown, and no .toml file: {suggest(figure, everything)}")

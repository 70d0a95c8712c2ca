# SPDX-License-Identifier: GPL-2.0-only
"""What `experiments/` declares: figures with their conditions and claims, and who is compared."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from pyagents.core.families import default_family
from pyagents.reproduction.claim import Claim
from pyagents.scenarios.indoor_factory.scenario import PRESETS, Scenario

_PACKAGE = Path(__file__).resolve().parents[1]
AGENTS_FILE, LADDER_FILE = "agents.toml", "ladder.toml"
NO_FIGURES = (AGENTS_FILE, LADDER_FILE)

Value = float | str | None
"""Where along a figure: value of the swept field, name of a variant, or None where there is one condition."""


@dataclass(frozen=True, kw_only=True)
class Contender:
    """An agent that is compared.

    Raises:
        ValueError: `role` is none.
    """

    name: str
    """As `find_agent` takes it."""
    label: str
    """In legends and tables."""
    role: str = "paper"
    """`paper`: one of its methods; `beyond`: ours; `reference`: drawn in grey; `aside`: in tables alone."""
    only: tuple[str, ...] = ()
    """Names of the experiments that it takes part in; none: all."""

    def __post_init__(self) -> None:
        if self.role not in ("paper", "beyond", "reference", "aside"):
            raise ValueError(f"role={self.role!r} is not allowed: paper, beyond, reference or aside")

    def takes_part(self, experiment: str) -> bool:
        """Whether it is played there."""
        return not self.only or experiment in self.only


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A figure or a table: what is varied, what is measured, what the paper says of it.

    Raises:
        ValueError: the parts do not go together, or a condition is not allowed.
    """

    name: str
    """Such as fig7: the file's."""
    number: int = 0
    """The paper's number of the figure; 0: it has none."""
    title: str
    """What the reader sees."""
    preset: str
    """Of the scenario."""
    fixed: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Fields of the scenario that differ from the preset."""
    sweep: str = ""
    """Field of the scenario that is varied; empty: none, the figure is over steps."""
    values: tuple[float, ...] = ()
    """What it takes."""
    variants: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    """In place of a swept field: conditions by name, each of them fields that are set together."""
    quick_values: tuple[float | str, ...] = ()
    """Values or variants where time is short; none: all."""
    seeds: int = 0
    """The most seeds that are played, for runs that take long; 0: all of the plan's."""
    metric: str
    """Of rows and summaries."""
    x_label: str
    """Below."""
    x_factor: float = 1.0
    """From the swept field's unit to the label's."""
    y_label: str
    """Beside."""
    y_factor: float = 1.0
    """From the metric's unit to the label's."""
    y_is_log: bool = False
    """Logarithmic: where a few runs reach far above the others."""
    columns: tuple[str, ...] = ()
    """Metrics of a table, an agent a row, that stands in place of a picture; none: a picture of `metric`."""
    beside: str = ""
    """Of a table: the agent from whom the others' differences are told; empty: no differences."""
    claims: tuple[Claim, ...] = ()
    """What the paper says."""

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise ValueError(f"preset={self.preset!r} is unknown: one of {', '.join(PRESETS)}")
        if bool(self.sweep) != bool(self.values):
            raise ValueError("sweep and values go together")
        if self.sweep and self.variants:
            raise ValueError("sweep and variants exclude each other")
        if self.seeds < 0:
            raise ValueError(f"seeds={self.seeds} is not allowed: must be at least 0")
        if any(claim.kind == "trend" for claim in self.claims) and not self.sweep:
            raise ValueError("a trend is along a swept field: sweep is missing")
        for value in (*self.points(quick=False), *self.quick_values):
            self.scenario(value)

    def points(self, *, quick: bool) -> tuple[Value, ...]:
        """What the swept field takes, or the names of the variants; one None without either."""
        return (quick and self.quick_values) or self.values or tuple(self.variants) or (None,)

    def scenario(self, value: Value, *, steps: int | None = None) -> Scenario:
        """The condition at one point.

        Args:
            value: of the swept field, or a variant's name.
            steps: how long; None: as declared.

        Raises:
            ValueError: there is no such variant, or a field is not allowed.
        """
        fields = {**PRESETS[self.preset].to_dict(), **self.fixed}
        if self.variants:
            if value not in self.variants:
                raise ValueError(f"variant {value!r} is unknown: one of {', '.join(self.variants)}")
            fields |= self.variants[str(value)]
        elif value is not None:
            fields[self.sweep] = value
        if steps is not None:
            fields["steps"] = steps
        return Scenario.from_dict(fields)


def experiments_folder() -> Path:
    """The folder `experiments`: of the checkout, or the one that an installed package carries.

    Raises:
        ValueError: this copy has neither.
    """
    for base in (_PACKAGE.parent, _PACKAGE):
        candidate = base / "experiments" / default_family().experiments
        if (candidate / AGENTS_FILE).is_file():
            return candidate
    raise ValueError(f"the experiments are missing from {_PACKAGE}")


def load_experiments(folder: Path | None = None) -> dict[str, Experiment]:
    """All experiments by name, in the order of their numbers.

    Raises:
        ValueError: a file is malformed; names it.
    """
    folder = folder or experiments_folder()
    found = [load_experiment(path) for path in folder.glob("*.toml") if path.name not in NO_FIGURES]
    return {
        experiment.name: experiment
        for experiment in sorted(found, key=lambda e: (not e.number, e.number, e.name))
    }


def load_experiment(path: Path) -> Experiment:
    """Read one file.

    Raises:
        ValueError: it is malformed.
    """
    try:
        content = read_toml(path)
        claims = tuple(fill(Claim, claim) for claim in content.pop("claims", []))
        experiment: Experiment = fill(Experiment, {"name": path.stem, **content, "claims": claims})
    except ValueError as error:
        raise ValueError(f"experiment {path}: {error}") from error
    return experiment


def load_contenders(folder: Path | None = None) -> list[Contender]:
    """Who is compared, in the order of legends and tables.

    Raises:
        ValueError: the file is malformed.
    """
    path = (folder or experiments_folder()) / AGENTS_FILE
    try:
        return [fill(Contender, {"name": name, **facts}) for name, facts in read_toml(path).items()]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """A declaration as it stands.

    Raises:
        ValueError: the file is missing or malformed.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(str(error.strerror)) from error


def fill(kind: type[Any], content: Mapping[str, Any]) -> Any:
    """A dataclass from a table; lists become tuples.

    Raises:
        ValueError: a field is unknown, missing or not allowed.
    """
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = [name for name in content if name not in fields]
    missing = [
        name
        for name, field in fields.items()
        if name not in content
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if unknown or missing:
        wrong = [f"unknown {name}" for name in unknown] + [f"{name} is missing" for name in missing]
        raise ValueError(f"{', '.join(wrong)}; known are {', '.join(fields)}")
    hints = get_type_hints(kind)
    for name, value in content.items():
        plain: tuple[type, ...] = {str: (str,), int: (int,), float: (int, float)}.get(hints[name], ())
        if plain and (not isinstance(value, plain) or isinstance(value, bool)):
            raise ValueError(f"{name}={value!r} is not allowed: must be a {hints[name].__name__}")
    return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in content.items()})

# SPDX-License-Identifier: GPL-2.0-only
"""What was played, read back for somebody's own analysis: runs, their rows, and verdicts on claims."""

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pyagents.core.extras import load_extra
from pyagents.core.families import scenario_from_fields
from pyagents.core.scenario import Scenario
from pyagents.runs.export import SCENARIO, SUMMARY
from pyagents.runs.record import FACTS, ROWS, BadRecordError, read_rows
from pyagents.runs.store import Store

_KEY_DIGITS = 64
_CLAIMS = Path("report") / "claims.csv"


@dataclass(frozen=True, kw_only=True)
class LoadedRun:
    """A run that was played."""

    key: str
    """Content hash of all that its rows depend on."""
    facts: Mapping[str, Any]
    """Family, agent, agent_config, simulator, seed and code, by name."""
    scenario: Scenario
    """Situation that was played."""
    summary: Mapping[str, float]
    """Metrics of the whole run, by name."""
    path: Path
    """Folder with its rows."""

    @property
    def agent(self) -> str:
        """Name of the agent."""
        return str(self.facts["agent"])

    @property
    def label(self) -> str:
        """Agent, simulator and seed."""
        return f"{self.agent}, {self.facts['simulator']}, seed {self.facts['seed']}"

    @property
    def rows(self) -> list[dict[str, float]]:
        """Metrics step by step; read anew each time.

        Raises:
            BadRecordError: the file is missing or damaged.
        """
        try:
            return read_rows((self.path / ROWS).read_bytes())
        except (OSError, ValueError) as error:
            raise BadRecordError(f"{self.path / ROWS} cannot be read: {error}") from error


class Frames(NamedTuple):
    """Data frames of pandas."""

    runs: Any
    """A row a run, indexed by its key: what was played, fields of the scenario (`scenario.steps`), options
    of the agent (`agent.epsilon`), and the metrics of the whole run by their names."""
    rows: Any
    """A row a step of each run: its key (`run`), agent, seed, step, and the metrics of the step."""
    claims: Any
    """A row a verdict on a claim, where there is a report; else empty."""


@dataclass(frozen=True, kw_only=True)
class Results:
    """What a folder holds."""

    runs: Sequence[LoadedRun]
    """Runs, each once."""
    claims: Sequence[Mapping[str, str]]
    """Lines of the report's `claims.csv`; none where there is no report."""

    def to_pandas(self) -> Frames:
        """All of it as data frames.

        Raises:
            MissingExtraError: pandas is not installed: the extra `pandas`.
            BadRecordError: rows are missing or damaged.
        """
        pandas: Any = load_extra("pandas", extra="pandas")
        runs = [
            {
                "run": run.key,
                **{name: run.facts[name] for name in ("family", "agent", "simulator", "seed")},
                **{f"scenario.{name}": value for name, value in run.scenario.to_dict().items()},
                **{f"agent.{name}": value for name, value in run.facts["agent_config"].items()},
                **run.summary,
            }
            for run in self.runs
        ]
        rows = [
            {"run": run.key, "agent": run.agent, "seed": run.facts["seed"], **row}
            for run in self.runs
            for row in run.rows
        ]
        claims = [{name: _number(value) for name, value in claim.items()} for claim in self.claims]
        table, *others = (pandas.DataFrame(records) for records in (runs, rows, claims))
        return Frames(table.set_index("run"), *others)


def load_results(path: Path | str) -> Results:
    """Read what was played.

    Args:
        path: folder of a run (`nru run --out`), of several runs, of a store (`results/runs`) or of an entry
            in it, or of a reproduction (`results`), whose store and claims are read.

    Raises:
        ValueError: there is no run; says where it looked.
    """
    folder = Path(path)
    runs: dict[str, LoadedRun] = {}
    for store in (folder, folder / "runs"):
        for entry in sorted(store.glob(f"??/{'?' * _KEY_DIGITS}")):
            _enter(runs, _of_entry(entry))
    _enter(runs, _of_entry(folder))
    for place in (folder, *sorted(folder.glob("*/"))):
        _enter(runs, _of_export(place))
    if not runs:
        raise ValueError(
            f"{folder} holds no run: expected is the folder of a run, a store (results/runs), or results"
        )
    return Results(runs=list(runs.values()), claims=list(_claims(folder / _CLAIMS)))


def _enter(runs: dict[str, LoadedRun], run: LoadedRun | None) -> None:
    if run is not None:
        runs.setdefault(run.key, run)


def _of_entry(entry: Path) -> LoadedRun | None:
    """The run of an entry of a store; None where it is a training, or cannot be trusted."""
    if not (entry / FACTS).is_file():
        return None
    record = Store(entry.parents[1]).get(entry.name)
    if record is None:
        return None
    facts = dict(record.facts)
    scenario = scenario_from_fields({"family": facts["family"], **facts.pop("scenario")})
    return LoadedRun(key=entry.name, facts=facts, scenario=scenario, summary=record.summary, path=entry)


def _of_export(folder: Path) -> LoadedRun | None:
    """The run that a folder of somebody's holds; None: it holds none."""
    try:
        facts = json.loads((folder / SUMMARY).read_bytes())
        scenario = scenario_from_fields(json.loads((folder / SCENARIO).read_bytes()))
        summary = {name: math.nan if value is None else value for name, value in facts.pop("metrics").items()}
        key = facts.pop("run_key")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return LoadedRun(key=key, facts=facts, scenario=scenario, summary=summary, path=folder)


def _claims(path: Path) -> Iterator[Mapping[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _number(text: str) -> float | str | None:
    """The number that a text says, None where it is empty, or the text."""
    try:
        return float(text) if text else None
    except ValueError:
        return text

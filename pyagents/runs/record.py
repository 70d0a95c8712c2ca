# SPDX-License-Identifier: GPL-2.0-only
"""A finished run as bytes: `rows.csv`, and `run.json`, which says what it is and what its columns are.

Beside them lies what differs each time that a run is played: how long its decisions took, the simulator's
log, a recording.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyagents.core.files import read_csv, to_csv
from pyagents.core.metrics import Metrics
from pyagents.core.processor import processor_kind
from pyagents.runs.rollout import Rollout, Row
from pyagents.runs.run import Run

SCHEMA = 2
"""Version of what is below. A record of another one is as good as none."""

ROWS, FACTS = "rows.csv", "run.json"
DECISIONS, LOG, RECORDING = "decisions.csv", "simulator.log", "recording.npz"

_UNITS = {
    "_mbps": "Mb/s",
    "_mbps2": "(Mb/s)^2",
    "_bytes": "B",
    "_ms": "ms",
    "_s": "s",
    "_m": "m",
    "_db": "dB",
    "_dbm": "dBm",
    "_minute": "1/min",
}
"""Units by the ending of a name."""


class BadRecordError(ValueError):
    """These bytes are no record of this run; says why."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """Record of a run."""

    facts: Mapping[str, Any]
    """All of `run.json`: the run, its scenario, the columns."""
    summary: Row
    """Metrics of the whole run."""
    table: bytes
    """All of `rows.csv`."""
    decisions: bytes = b""
    """All of `decisions.csv`; empty where it is lost."""

    @property
    def rows(self) -> list[dict[str, float]]:
        """Metrics step by step; read anew each time."""
        return read_rows(self.table)

    @property
    def decisions_s(self) -> list[float]:
        """Processor time of each decision, s; none where it is lost."""
        return [float(row["decision_s"]) for row in read_csv(self.decisions)]


def encode(
    run: Run, played: Rollout, *, metrics: Metrics | None = None, replay: Mapping[str, Any] | None = None
) -> dict[str, bytes]:
    """Encode a run as files, by name: the same run, the same bytes, but for `decisions.csv`.

    So it is on one kind of processor, which the facts name. On others linear algebra and NumPy round
    otherwise in the last digit, from which a solver may come to another solution.

    Args:
        run: what was played.
        played: what came of it.
        metrics: make the summary; None: the run's.
        replay: whose states these are, where they are a recording's.
    """
    table, summary = to_csv(played.rows).encode(), (metrics or run.metrics).summary(played.rows)
    facts = {
        "schema": SCHEMA,
        "key": run.key,
        **run.to_dict(),
        "scenario": run.scenario.to_dict(),
        **({"replay": dict(replay)} if replay else {}),
        "processor": processor_kind(),
        "columns": {name: describe_column(name) for name in played.rows[0]},
        "reported": played.reported,
        "summary_columns": {name: describe_column(name) for name in summary},
        "summary": {name: None if math.isnan(value) else value for name, value in summary.items()},
        "rows_sha256": hashlib.sha256(table).hexdigest(),
    }
    decisions = [{"step": step, "decision_s": spent} for step, spent in enumerate(played.decisions_s)]
    return {ROWS: table, FACTS: _encode_facts(facts), DECISIONS: to_csv(decisions).encode()}


def decode(key: str, files: Mapping[str, bytes]) -> Record:
    """Read the files of a record back; BadRecordError where they are damaged or another run's."""
    try:
        facts = json.loads(files[FACTS])
        if facts["schema"] != SCHEMA:
            raise BadRecordError(f"schema {facts['schema']}, not {SCHEMA}")
        if facts["key"] != key:
            raise BadRecordError(f"the record of run {facts['key'][:8]}")
        if facts.pop("sha256") != _digest(facts):
            raise BadRecordError("facts that are not those that were written")
        if _encode_facts(facts) != files[FACTS]:
            raise BadRecordError("facts that are not written as they were")
        if hashlib.sha256(files[ROWS]).hexdigest() != facts["rows_sha256"]:
            raise BadRecordError("rows that are not those that were written")
        summary = {name: math.nan if value is None else value for name, value in facts["summary"].items()}
    except BadRecordError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadRecordError(f"{type(error).__name__}: {error}") from error
    return Record(facts=facts, summary=summary, table=files[ROWS], decisions=files.get(DECISIONS, b""))


def read_rows(table: bytes) -> list[dict[str, float]]:
    """The rows of `rows.csv`.

    Raises:
        ValueError: what is there is no number.
    """
    rows = read_csv(table)
    columns = rows[0] if rows else ()
    types = {name: int if describe_column(name)["type"] == "int64" else float for name in columns}
    return [{name: types[name](value) for name, value in row.items()} for row in rows]


def describe_column(name: str) -> dict[str, str]:
    """Describe type and unit of a column, whose name ends with its unit."""
    kind = "int64" if name == "step" else "float64"
    endings = [ending for ending in _UNITS if name.endswith(ending)]
    return {"type": kind, "unit": _UNITS[max(endings, key=len)] if endings else "1"}


def _encode_facts(facts: Mapping[str, Any]) -> bytes:
    """All of `run.json`: facts, and last their hash."""
    return (json.dumps({**facts, "sha256": _digest(facts)}, indent=1, allow_nan=False) + "\n").encode()


def _digest(facts: Mapping[str, Any]) -> str:
    """Hash of all facts but itself."""
    return hashlib.sha256(json.dumps(facts, allow_nan=False).encode()).hexdigest()

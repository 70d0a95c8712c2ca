# SPDX-License-Identifier: GPL-2.0-only
"""A finished run as bytes: `rows.csv`, and `run.json`, which says what it is and what its columns are."""

import csv
import hashlib
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyagents.runs.rollout import Row
from pyagents.runs.run import Run
from pyagents.runs.store import to_csv

SCHEMA = 1
"""Version of what is below. A record of another one is as good as none."""

ROWS, FACTS = "rows.csv", "run.json"

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
"""By the ending of a name."""


class BadRecordError(ValueError):
    """These bytes are no record of this run; says why."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a run left."""

    facts: Mapping[str, Any]
    """All of `run.json`: the run, its scenario, the columns."""
    summary: Row
    """What it came to."""
    table: bytes
    """`rows.csv`."""

    @property
    def rows(self) -> list[dict[str, float]]:
        """Step by step; read anew each time."""
        columns = self.facts["columns"]
        types = {name: int if column["type"] == "int64" else float for name, column in columns.items()}
        table = csv.DictReader(io.StringIO(self.table.decode()))
        return [{name: types[name](value) for name, value in row.items()} for row in table]


def encode(run: Run, rows: Sequence[Row], summary: Row) -> dict[str, bytes]:
    """The files of a record, by name: the same run, the same bytes."""
    table = to_csv(rows).encode()
    facts = {
        "schema": SCHEMA,
        "key": run.key,
        **run.to_dict(),
        "scenario": run.scenario.to_dict(),
        "columns": {name: describe_column(name) for name in rows[0]},
        "summary_columns": {name: describe_column(name) for name in summary},
        "summary": {name: None if math.isnan(value) else value for name, value in summary.items()},
        "rows_sha256": hashlib.sha256(table).hexdigest(),
    }
    return {ROWS: table, FACTS: (json.dumps(facts, indent=1, allow_nan=False) + "\n").encode()}


def decode(key: str, files: Mapping[str, bytes]) -> Record:
    """Read the files of a record back.

    Raises:
        BadRecordError: a file is missing or damaged, or it is another run's or another schema's.
    """
    try:
        facts = json.loads(files[FACTS])
        if facts["schema"] != SCHEMA:
            raise BadRecordError(f"schema {facts['schema']}, not {SCHEMA}")
        if facts["key"] != key:
            raise BadRecordError(f"the record of run {facts['key'][:8]}")
        if hashlib.sha256(files[ROWS]).hexdigest() != facts["rows_sha256"]:
            raise BadRecordError("rows that are not those that were written")
        summary = {name: math.nan if value is None else value for name, value in facts["summary"].items()}
    except BadRecordError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise BadRecordError(f"{type(error).__name__}: {error}") from error
    return Record(facts=facts, summary=summary, table=files[ROWS])


def describe_column(name: str) -> dict[str, str]:
    """Type and unit of a column; the name ends with its unit."""
    kind = "int64" if name == "step" else "float64"
    endings = [ending for ending in _UNITS if name.endswith(ending)]
    return {"type": kind, "unit": _UNITS[max(endings, key=len)] if endings else "1"}

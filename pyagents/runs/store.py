# SPDX-License-Identifier: GPL-2.0-only
"""Keeps a run in a folder: `scenario.json`, `rows.csv`, and last `summary.json`, which says it is complete.

The same run writes the same bytes: floats in their shortest exact form, no times of day, no paths.
"""

import csv
import io
import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyagents.runs.rollout import Row
from pyagents.runs.run import Run

ROWS, SUMMARY, SCENARIO = "rows.csv", "summary.json", "scenario.json"


def save_run(folder: Path, run: Run, rows: Sequence[Row], summary: Mapping[str, float]) -> None:
    """Write the run into the folder, making it if needed and replacing a run that is there.

    Each file appears whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SUMMARY).unlink(missing_ok=True)
    write_whole(folder / SCENARIO, json.dumps(run.scenario.to_dict(), indent=2) + "\n")
    write_whole(folder / ROWS, to_csv(rows))
    content = {"run_key": run.key, **run.to_dict(), "metrics": {k: _jsonable(v) for k, v in summary.items()}}
    write_whole(folder / SUMMARY, json.dumps(content, indent=2, allow_nan=False) + "\n")


def load_rows(folder: Path) -> list[dict[str, float]]:
    """The rows of a stored run.

    Raises:
        ValueError: the folder holds no complete run.
    """
    if not (folder / SUMMARY).is_file():
        raise ValueError(f"{folder} holds no complete run: there is no {SUMMARY}")
    with (folder / ROWS).open(encoding="utf-8", newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def load_summary(folder: Path) -> dict[str, Any]:
    """The summary of a stored run.

    Raises:
        ValueError: the folder holds no complete run.
    """
    try:
        content: dict[str, Any] = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{folder} holds no complete run: {error}") from error
    return content


def to_csv(rows: Sequence[Mapping[str, float | str]]) -> str:
    """Rows as CSV text with a header; every number reads back to itself."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _number(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def write_whole(path: Path, text: str) -> None:
    """Write a file by way of a neighbour that replaces it, so that nobody sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _number(value: float | str) -> str:
    """Shortest text that reads back to the same number; whole numbers without a point. Text as it is."""
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _jsonable(value: float) -> float | None:
    """JSON has no NaN: null."""
    return None if math.isnan(value) else value

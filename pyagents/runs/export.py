# SPDX-License-Identifier: GPL-2.0-only
"""A record as people want it, in a folder of theirs: `scenario.json`, `rows.csv`, `summary.json`.

The simulator's log and the recording go with them, where there are some, and last `SHA256SUMS`. The same run
writes the same bytes, but for the log. `sha256sum --check SHA256SUMS` tells whether all files are those of
one run.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from pyagents.core.files import locked, write_whole, writing
from pyagents.runs.record import FACTS, LOG, RECORDING, ROWS
from pyagents.runs.run import Run
from pyagents.runs.sums import SUMS, encode_sums

SUMMARY, SCENARIO = "summary.json", "scenario.json"


class OtherRunError(ValueError):
    """The folder holds another run."""


def check_target(folder: Path, run: Run) -> None:
    """Refuse a folder whose run would be overwritten, with OtherRunError."""
    try:
        there = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        key, what = there["run_key"], f"{there['agent']}, seed {there['seed']}, key {there['run_key'][:8]}"
    except (OSError, ValueError, LookupError, TypeError):
        return
    if key != run.key:
        raise OtherRunError(f"{folder} holds another run ({what}): name another folder, or remove that one")


def export(run: Run, files: Mapping[str, bytes], folder: Path, *, replace: bool = False) -> None:
    """Write a run into the folder, making it if needed.

    Each file appears whole or not at all, and only beside others of the same run: what is there goes first.

    Raises:
        OtherRunError: the folder holds another run, which may not be replaced.
        UnwritableError: it cannot be written.
    """
    facts = json.loads(files[FACTS])
    summary = {
        "run_key": run.key,
        **run.to_dict(),
        **({"replay": facts["replay"]} if "replay" in facts else {}),
        "rows_sha256": facts["rows_sha256"],
        "metrics": facts["summary"],
    }
    written = {
        SCENARIO: (json.dumps({"family": facts["family"], **facts["scenario"]}, indent=2) + "\n").encode(),
        **{name: files[name] for name in (ROWS, LOG, RECORDING) if name in files},
        SUMMARY: (json.dumps(summary, indent=2, allow_nan=False) + "\n").encode(),
    }
    written[SUMS] = encode_sums(written)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder, wait=True):
            if not replace:
                check_target(folder, run)
            for name in (SUMS, SUMMARY, SCENARIO, ROWS, LOG, RECORDING):
                (folder / name).unlink(missing_ok=True)
            for name, content in written.items():
                write_whole(folder / name, content)

# SPDX-License-Identifier: GPL-2.0-only
"""Several at once in one store, of which some are killed: what is there is whole, what was told is there."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from pyagents.runs.store import LostRecordError, Store
from pyagents.stress.tally import Tally


def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
    """Let four processes put entries, two of them the same, and kill one or two."""
    store = Store(folder / "store")
    keys = [f"{k:064x}" for k in (1, 1, 2, 3)]
    entries = {key: {f"file-{k}": rng.bytes(int(rng.integers(0, 20_000))) for k in range(4)} for key in keys}
    children = [_write(store, key, entries[key]) for key in keys]
    for victim in rng.choice(4, int(rng.integers(1, 3)), replace=False):
        time.sleep(float(rng.random() * 0.01))
        os.kill(children[victim], signal.SIGKILL)
        tally.count("kills")
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    tally.count("writers", len(codes))
    for key, code in zip(keys, codes, strict=True):
        tally.judge(code in (0, -signal.SIGKILL), f"a writer ended with {code}")
        try:
            whole = store.files(key) == entries[key]
        except LostRecordError:
            whole = code != 0
        tally.judge(whole, f"entry {key[-1]} is not as it was put, by a writer that ended with {code}")
    store.put(keys[0], entries[keys[0]])
    drafts = list((store.folder / "drafts").iterdir())
    tally.judge(not drafts, f"{len(drafts)} drafts of the killed are left")


def _write(store: Store, key: str, files: dict[str, bytes]) -> int:
    child = os.fork()
    if child == 0:
        code = 2
        try:
            for _ in range(3):
                store.put(key, files)
            code = 0
        finally:
            os._exit(code)
    return child

# SPDX-License-Identifier: GPL-2.0-only
"""Disks that are full at any byte: an entry of the store is there whole, or not at all.

No file may grow beyond a limit of the process (RLIMIT_FSIZE), which needs no disk and no rights.
"""

import os
import resource
from pathlib import Path

import numpy as np

from pyagents.core.files import UnwritableError
from pyagents.runs.store import LostRecordError, Store
from pyagents.stress.tally import Tally

_KEY = "f" * 64


def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
    """Keep an entry, put it anew where little may be written, and look at what is there."""
    store = Store(folder / "store")
    old, new = ({f"file-{k}": rng.bytes(int(rng.integers(0, 3000))) for k in range(3)} for _ in range(2))
    had_one = rng.random() < 0.5
    if had_one:
        store.put(_KEY, old)
    most = int(rng.integers(0, 3500))
    child = os.fork()
    if child == 0:
        code = 2
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            store.put(_KEY, new)
            code = 0
        except UnwritableError:
            code = 1
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    tally.count({0: "written", 1: "refused"}.get(code, "ended otherwise"))
    tally.judge(code in (0, 1), f"a limit of {most} bytes ended it with {code}")
    try:
        kept = store.files(_KEY)
    except LostRecordError:
        kept = {}
    expected = new if code == 0 else old if had_one else {}
    tally.judge(kept == expected, f"a limit of {most} bytes left {sorted(kept)} of {sorted(expected)}")

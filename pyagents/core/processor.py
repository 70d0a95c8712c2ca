# SPDX-License-Identifier: GPL-2.0-only
"""The kind of processor, on which the last digits of linear algebra and of NumPy's functions depend."""

import platform
from functools import cache
from pathlib import Path

_LEVELS = {"avx512f": "v4", "avx2": "v3", "sse4_2": "v2"}
"""By what only such x86-64 processors have, their level; libraries choose their kernels by it."""


@cache
def processor_kind(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Name it, such as "x86_64-v3, AMD EPYC"; where the system does not tell, by its architecture alone."""
    try:
        lines = [line.partition(":")[::2] for line in cpuinfo.read_text().splitlines()]
    except OSError:
        lines = []
    facts = {name.strip(): value.strip() for name, value in reversed(lines)}
    flags = facts.get("flags", "").split()
    level = next((f"-{level}" for flag, level in _LEVELS.items() if flag in flags), "")
    return ", ".join(filter(None, (platform.machine() + level, facts.get("model name"))))

# SPDX-License-Identifier: GPL-2.0-only
"""Options that name what other work leaves: `training:KEY` stands for the weights that a training leaves.

Where clients of a federation have their own, `training:KEY#CLIENT` stands for those of one.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PREFIX = "training:"
WEIGHTS = "weights.safetensors"
"""File of an entry with what a training has learnt."""


def key_in(value: Any) -> str:
    """Read the key that an option names; empty: none."""
    named = isinstance(value, str) and value.startswith(PREFIX)
    return value.removeprefix(PREFIX).partition("#")[0] if named else ""


def client_in(value: str) -> str:
    """Read the client that a value names, `#CLIENT`; empty: none."""
    return "".join(value.partition("#")[1:])


def keys_in(options: Mapping[str, Any]) -> list[str]:
    """List the keys that options name."""
    return [key for value in options.values() if (key := key_in(value))]


def with_files(options: Mapping[str, Any], find: Callable[[str], Path]) -> dict[str, Any]:
    """Put the file that `find` gives in place of each key that options name."""
    return {
        name: f"{find(key)}{client_in(value)}" if (key := key_in(value)) else value
        for name, value in options.items()
    }

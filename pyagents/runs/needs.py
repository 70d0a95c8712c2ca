# SPDX-License-Identifier: GPL-2.0-only
"""Options that name what other work leaves: `training:KEY` stands for the weights that a training leaves."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PREFIX = "training:"
WEIGHTS = "weights.safetensors"
"""File of an entry with what a training has learnt."""


def key_in(value: Any) -> str:
    """Read the key that an option names; empty: none."""
    return value.removeprefix(PREFIX) if isinstance(value, str) and value.startswith(PREFIX) else ""


def keys_in(options: Mapping[str, Any]) -> list[str]:
    """List the keys that options name."""
    return [key for value in options.values() if (key := key_in(value))]


def with_files(options: Mapping[str, Any], find: Callable[[str], Path]) -> dict[str, Any]:
    """Put the file that `find` gives in place of each key that options name."""
    return {name: str(find(key)) if (key := key_in(value)) else value for name, value in options.items()}

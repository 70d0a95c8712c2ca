# SPDX-License-Identifier: GPL-2.0-only
"""Names that somebody mistyped."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that comes nearest to a wrong one; empty: none comes near."""
    near = get_close_matches(name, list(known), n=1)
    return near[0] if near else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A part of a sentence with that name; empty: none."""
    near = nearest(name, known)
    return f" (did you mean {near}?)" if near else ""

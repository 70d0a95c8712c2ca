# SPDX-License-Identifier: GPL-2.0-only
"""Names that somebody mistyped."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that comes nearest to a wrong one; empty: none comes near."""
    near = get_close_matches(name, list(known), n=1)
    return near[0] if near else ""


def suggest(name: str, known: Iterable[str]) -> str:
    """Advice on a wrong name: did you mean the nearest, or all that are known."""
    known = list(known)
    near = nearest(name, known)
    return f"did you mean {near}?" if near else f"known are {', '.join(known)}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A part of a sentence with that name; empty: none."""
    near = nearest(name, known)
    return f" (did you mean {near}?)" if near else ""

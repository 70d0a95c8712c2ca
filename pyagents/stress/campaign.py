# SPDX-License-Identifier: GPL-2.0-only
"""Rounds of attacks, each from a seed of its own, until their number or their time is up."""

import importlib
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pyagents.stress.tally import Attack, Tally

ATTACKS = {
    "fuzz-agent": "malformed messages at the Python half, a thousand a round",
    "fuzz-answers": "malformed answers at both halves, ten thousand a round, which take and refuse the same",
    "fuzz-program": "sessions in which the C++ half hears malformed messages, one a round",
    "kills": "programs killed or stopped at any moment",
    "owners": "agents killed while their programs run",
    "strangers": "strangers at the endpoint of a run",
    "full-disk": "a store on a disk that is full at any byte",
    "one-folder": "writers at once in one store, some of them killed",
}
"""Names of the attacks, and what they do; each is the function `attack` of the module of its name."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What an attack came to."""

    name: str
    """Name of the attack."""
    rounds: int
    """Number of rounds that were begun."""
    seconds: float
    """Time that they took."""
    tally: Tally
    """Counts and faults."""


def run(
    names: Sequence[str],
    *,
    seed: int,
    rounds: int,
    most_s: float,
    first: int = 0,
    tell: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Attack by each of these names.

    Args:
        names: of `ATTACKS`.
        seed: what all chance comes from, with the attack's name and the number of the round.
        rounds: most rounds of each attack.
        most_s: longest time for each, s.
        first: number of the first round.
        tell: called with each attack's result.
    """
    results = []
    for name in names:
        attack: Attack = importlib.import_module(f"pyagents.stress.{name.replace('-', '_')}").attack
        tally, start, number = Tally(), time.monotonic(), first
        while number < first + rounds and time.monotonic() - start < most_s:
            rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
            before = len(tally.faults)
            with tempfile.TemporaryDirectory(prefix="nru-stress-") as folder:
                try:
                    attack(rng, Path(folder), tally)
                except Exception as error:
                    tally.faults.append(f"{type(error).__name__}: {error}")
            tally.faults[before:] = [
                f"--attacks {name} --seed {seed} --first {number} --rounds 1: {fault}"
                for fault in tally.faults[before:]
            ]
            number += 1
        seconds = time.monotonic() - start
        results.append(Result(name=name, rounds=number - first, seconds=seconds, tally=tally))
        tell(results[-1])
    return results

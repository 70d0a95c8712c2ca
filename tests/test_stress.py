# SPDX-License-Identifier: GPL-2.0-only
"""A short campaign finds no fault; one that finds some says how to see it again."""

from pathlib import Path

import numpy as np
import pytest

from pyagents.cli import main
from pyagents.stress import campaign
from pyagents.stress.tally import Tally


@pytest.mark.parametrize("name", ["fuzz-agent", "full-disk", "one-folder"])
def test_attacks_without_a_program_find_nothing(name: str) -> None:
    (result,) = campaign.run([name], seed=3, rounds=5, most_s=60)
    assert (result.rounds, result.tally.faults) == (5, [])
    assert result.tally.counts.total() >= 5


@pytest.mark.ns3
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", ["fuzz-answers", "fuzz-program", "kills", "owners", "strangers"])
def test_attacks_on_a_program_find_nothing(name: str) -> None:
    (result,) = campaign.run([name], seed=3, rounds=3, most_s=600)
    assert (result.rounds, result.tally.faults) == (3, [])


def test_a_fault_is_told_with_what_plays_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
        drawn = int(rng.integers(0, 10**9))
        tally.count("tries")
        tally.judge(tally.counts["tries"] != 2, f"drew {drawn}")

    monkeypatch.setattr("pyagents.stress.kills.attack", attack)
    assert main(["stress", "--attacks", "kills", "--rounds", "3", "--seed", "7"]) == 1
    said = capsys.readouterr().out
    assert "--attacks kills --seed 7 --first 1 --rounds 1: drew " in said
    assert "3 tries" in said


def test_unknown_attacks_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stress", "--attacks", "hail"]) == 2
    assert "attacks='hail' is not allowed: must be of fuzz-agent, fuzz-answers" in capsys.readouterr().err

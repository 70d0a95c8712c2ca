# SPDX-License-Identifier: GPL-2.0-only
"""The benchmark measures what it says, and prints it."""

import json

import pytest

from pyagents.cli import main
from pyagents.scenarios.indoor_factory.bench.mock import bench_mock


def test_one_hall_many_halls_and_growth_are_measured() -> None:
    results = list(bench_mock(hall_steps=20, ues=(10, 40), batches=(1, 3)))
    assert [(result.what, result.halls, result.ues) for result in results] == [
        ("hall", 1, 10),
        ("hall", 1, 40),
        ("batch", 1, 100),
        ("batch", 3, 100),
    ]
    for result in results:
        assert result.hall_steps_per_s * result.us_per_hall_step == pytest.approx(1e6)
        assert result.hall_steps_per_s > 20  # a hundredth of what any machine does


def test_json_is_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    few = bench_mock(hall_steps=10, ues=(5,), batches=(2,))
    monkeypatch.setattr("pyagents.scenarios.indoor_factory.bench.mock.bench_mock", lambda hall_steps: few)
    assert main(["bench", "mock", "--json", "--hall-steps=10"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [row["what"] for row in printed] == ["hall", "batch"]


def test_too_few_steps_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "mock", "--hall-steps=1"]) == 2
    assert "hall_steps=1 is not allowed" in capsys.readouterr().err

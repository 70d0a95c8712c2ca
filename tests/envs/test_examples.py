# SPDX-License-Identifier: GPL-2.0-only
"""The examples train, where the libraries that they show are installed."""

import importlib.util
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def output_of(example: str, *arguments: str) -> str:
    command = [sys.executable, f"examples/{example}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def needs(module: str) -> pytest.MarkDecorator:
    missing = importlib.util.find_spec(module) is None
    return pytest.mark.skipif(missing, reason=f"{module} is not installed")


@pytest.fixture(autouse=True)
def _project_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@needs("stable_baselines3")
def test_stable_baselines3_trains() -> None:
    said = output_of("train_sb3.py", "256")
    assert "approx_kl" in said or "ep_rew_mean" in said
    assert "reward of run 1" in said


@pytest.mark.ns3
@pytest.mark.timeout(1200)  # it may have to build
@needs("stable_baselines3")
def test_stable_baselines3_trains_on_an_ns3_gym_program() -> None:
    assert "untrained" in output_of("train_ns3gym.py", "1024")


@pytest.mark.slow
@needs("ray")
def test_rllib_trains() -> None:
    assert "iteration 0: reward" in output_of("train_rllib.py", "1")

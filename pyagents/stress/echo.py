# SPDX-License-Identifier: GPL-2.0-only
"""The program that is attacked: `gym-echo`, the bridge's C++ half with a few states to send."""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from pyagents.bench.wire_messages import Arrays, write_recording
from pyagents.toolchain.builder import ECHO, build
from pyagents.wire import Box, Dict

SEEN = Dict(
    {
        "time_s": Box(0, np.inf, (1,), "float64"),
        "matrix": Box(-np.inf, np.inf, (4, 3), "float64"),
        "index": Box(-1, 9, (5,), "int32"),
    }
)
TAKEN = Dict({"target": Box(-1, 9, (5,), "int32"), "offset": Box(-24, 24, (4,), "float64")})
N_STATES = 8


def draw_state(rng: np.random.Generator) -> Arrays:
    """Draw a value of `SEEN`."""
    matrix = rng.normal(size=(4, 3)) * 10.0 ** rng.integers(-30, 30)
    return {
        "time_s": rng.random(1) * 1000,
        "matrix": np.where(rng.random((4, 3)) < 0.1, np.nan, matrix),
        "index": rng.integers(-1, 10, 5).astype(np.int32),
    }


def draw_action(rng: np.random.Generator) -> Arrays:
    """Draw a value of `TAKEN`, of which entries may be missing."""
    whole: Arrays = {"target": rng.integers(-1, 10, 5).astype(np.int32), "offset": rng.uniform(-24, 24, 4)}
    return {name: array for name, array in whole.items() if rng.random() < 0.8}


STATES = [draw_state(np.random.default_rng(k)) for k in range(N_STATES)]
"""What it sends, in turn."""


@cache
def _program() -> Path:
    return build(only=ECHO).program(ECHO)


@cache
def _recording() -> tuple["tempfile.TemporaryDirectory[str]", Path]:
    folder = tempfile.TemporaryDirectory(prefix="nru-stress-")
    path = Path(folder.name) / "recording"
    write_recording(path, SEEN, TAKEN, STATES)
    return folder, path


def echo_command(folder: Path, rounds: int) -> list[str]:
    """The program's command line, without the flags of its endpoint."""
    return [str(_program()), str(_recording()[1]), str(folder / "times"), f"--rounds={rounds}"]

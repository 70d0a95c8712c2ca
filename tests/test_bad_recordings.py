# SPDX-License-Identifier: GPL-2.0-only
"""Recordings that cannot be played end in one line: the file, what was found in it, and what is expected."""

import io
import json
import os
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyagents.cli import main
from pyagents.runs.record import RECORDING
from pyagents.runs.run import Run
from pyagents.runs.task import Task, perform
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.simulators.recording import ABOUT, load_recording

SMALL = Scenario(n_gnbs=3, n_ues=8, steps=4)
FLAGS = ["--n-gnbs", "3", "--n-ues", "8", "--steps", "4"]

Change = Callable[[dict[str, Any]], object]


@cache
def good() -> bytes:
    run = Run(scenario=SMALL, agent="random", simulator="mock")
    return perform(Task(run=run, record=True)).files[RECORDING]


def packed(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, member in members.items():
            file.writestr(name, member)
    return content.getvalue()


def unpacked() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(good())) as file:
        return {name: file.read(name) for name in file.namelist()}


def npy(array: Any) -> bytes:
    content = io.BytesIO()
    np.save(content, array, allow_pickle=True)
    return content.getvalue()


def member(name: str, array: Any) -> bytes:
    return packed(unpacked() | {f"{name}.npy": npy(array)})


def about(change: Change) -> bytes:
    told = json.loads(str(np.load(io.BytesIO(unpacked()[f"{ABOUT}.npy"]))))
    change(told)
    return member(ABOUT, np.array(json.dumps(told)))


def without(name: str) -> bytes:
    return packed({key: value for key, value in unpacked().items() if key != f"{name}.npy"})


def declared(shape: str) -> bytes:
    """A member of 189 bytes or so that says how large it is."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    head = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text
    return packed(unpacked() | {"load.npy": head})


def twice() -> bytes:
    content = io.BytesIO(good())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(content, "a") as file:
        file.writestr("load.npy", npy(np.zeros((5, 3))))
    return content.getvalue()


KINDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", r"expected is a whole \.npz file"),
    "no archive": (lambda: b"step,load\n0,1\n", r"expected is a whole \.npz file"),
    "cut": (lambda: good()[:-100], r"expected is a whole \.npz file"),
    "a plain array": (lambda: npy(np.zeros(3)), r"expected is a whole \.npz file"),
    "an archive of other things": (lambda: packed({"a.txt": b"a"}), r"holds 'a\.txt', expected are"),
    "a bad sum": (lambda: good().replace(unpacked_zlib(), unpacked_zlib(flip=True)), "whole|invalid|rror"),
    "pickled": (lambda: member("load", np.array([{}])), r"load\.npy holds pickled objects, expected"),
    "pickled about": (lambda: member(ABOUT, np.array({})), r"about\.npy holds pickled objects, expected"),
    "no about": (lambda: without(ABOUT), "lacks about, expected are scenario, seed and agent"),
    "a field less": (lambda: without("load"), "lacks load, expected is what family indoor-factory has"),
    "a field more": (lambda: member("more", np.zeros(2)), "does not need more, expected is what family"),
    "a knob more": (lambda: member("action_more", np.zeros(2)), "does not need action_more"),
    "a member twice": (twice, r"holds 'load\.npy', expected are different names"),
    "a wrong shape": (
        lambda: member("load", np.zeros((5, 4))),
        r"load has shape \(5, 4\), expected \(1, 3\) or",
    ),
    "other lengths": (
        lambda: member("load", np.zeros((4, 3))),
        r"load has shape \(4, 3\), expected \(1, 3\) or",
    ),
    "more steps": (lambda: member("time_s", np.zeros(6)), "time_s has 6 steps, expected are 1 to 5"),
    "no steps": (lambda: member("time_s", np.zeros(0)), "time_s has 0 steps, expected are 1 to 5"),
    "no axis": (lambda: member("time_s", np.float64(0)), "time_s has 0 steps, expected are 1 to 5"),
    "actions of another length": (
        lambda: member("action_cho_target", np.zeros((5, 8))),
        r"action_cho_target has shape \(5, 8\), expected \(4, 8\)",
    ),
    "words for numbers": (
        lambda: member("load", np.full((5, 3), "x")),
        "load has type <U1, expected float64",
    ),
    "another type": (lambda: member("serving", np.zeros((5, 8))), "serving has type float64, expected int32"),
    "an index out of bounds": (
        lambda: member("serving", np.full((5, 8), 3, np.int32)),
        "serving has the value 3, expected is 0 to 2",
    ),
    "no JSON": (lambda: member(ABOUT, np.array("{")), "about is no JSON"),
    "JSON that is no object": (
        lambda: member(ABOUT, np.array("[1]")),
        "about is of type list, expected dict",
    ),
    "JSON that is deep": (lambda: member(ABOUT, np.array("[" * 200_000)), "about is no JSON"),
    "no scenario": (
        lambda: about(lambda told: told.pop("scenario")),
        "scenario is of type NoneType, expected",
    ),
    "a wrong seed": (lambda: about(lambda told: told.update(seed="x")), "seed is of type str, expected int"),
    "a wrong field": (
        lambda: about(lambda told: told["scenario"].update(n_ues=-1)),
        "n_ues=-1 is not allowed: must be at least",
    ),
    "an unknown field": (lambda: about(lambda told: told["scenario"].update(x=1)), "has no field 'x'"),
    "an unknown family": (
        lambda: about(lambda told: told["scenario"].update(family="x")),
        "family 'x' is unknown",
    ),
    "80 GB in a few bytes": (
        lambda: declared("(5, 2000000000)"),
        r"load\.npy has \d+ bytes, expected are 8000",
    ),
    "dimensions below nothing": (
        lambda: declared("(5, -3)"),
        r"load\.npy has \d+ bytes, expected|shape|rror",
    ),
    "gigabytes of zeros": (
        lambda: member("load", np.zeros((5, 3_000_000))),
        r"load has shape \(5, 3000000\)",
    ),
    "a long about": (lambda: member(ABOUT, np.array("x" * 300_000)), r"about has \d+ bytes, allowed are at"),
    "a huge scenario": (
        lambda: about(lambda told: told["scenario"].update(steps=1_000_000, n_ues=400)),
        "has shape",
    ),
}


def unpacked_zlib(flip: bool = False) -> bytes:
    """The middle of what is packed."""
    middle = good()[2000:2040]
    return bytes([middle[0] ^ 255]) + middle[1:] if flip else middle


@pytest.mark.parametrize("kind", KINDS)
def test_bad_recordings_end_in_one_line(kind: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make, said = KINDS[kind]
    (in_tmp / "run.npz").write_bytes(make())
    tracemalloc.start()
    try:
        assert_refused("run.npz", said, capsys)
        assert tracemalloc.get_traced_memory()[1] < 60e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("path", ["nowhere", ".", "/dev/zero", "pipe"])
def test_what_is_no_file_ends_in_one_line(
    path: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(in_tmp / "pipe")
    assert_refused(path, "No such file" if path == "nowhere" else "expected is a file", capsys)


def test_a_recording_of_another_scenario_is_refused(in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (in_tmp / "run.npz").write_bytes(good())
    assert main(["run", "--simulator", "replay:run.npz", *FLAGS, "--n-ues", "9"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("nru run: run.npz was recorded with n_ues=8")
    assert line.endswith(": use the scenario of the recording")


def assert_refused(path: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--simulator", f"replay:{path}", *FLAGS]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"nru run: {path} is no recording: ")
    assert re.search(said, line), line
    assert len(line) < 900


def test_whatever_is_in_a_file_it_is_a_recording_or_refused(tmp_path: Path) -> None:
    dice, path, said = random.Random(1), tmp_path / "run.npz", list[str]()
    for _ in range(1000):
        content = bytearray(good())
        for _ in range(dice.choice((1, 1, 3, 20))):
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        path.write_bytes(content[: dice.choice((len(content), len(content), dice.randrange(len(content))))])
        try:
            load_recording(path)
        except ValueError as error:
            said.append(str(error))
    assert len(said) > 500
    assert all(line.startswith(f"{path} is no recording: ") and "\n" not in line for line in said)

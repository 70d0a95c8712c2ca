# SPDX-License-Identifier: GPL-2.0-only
"""Weights that cannot be used end in one line: the file, what was found in it, and what is expected."""

import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyagents.cli import main
from pyagents.core.tensors import MAX_BYTES, WeightsError, encode_tensors, load_tensors
from pyagents.scenarios.indoor_factory.agents.mappo import WEIGHTS

assert WEIGHTS.shipped is not None
GOOD = WEIGHTS.shipped.read_bytes()
LENGTH = int.from_bytes(GOOD[:8], "little")
ARRAYS, FACTS = load_tensors(WEIGHTS.shipped)


def with_header(change: Callable[[dict[str, Any]], object]) -> bytes:
    header = json.loads(GOOD[8 : 8 + LENGTH])
    change(header)
    return with_text(json.dumps(header).encode())


def with_text(text: bytes) -> bytes:
    return len(text).to_bytes(8, "little") + text + GOOD[8 + LENGTH :]


def with_array(name: str, array: Any) -> bytes:
    return encode_tensors({**ARRAYS, name: array}, FACTS)


def overlap(header: dict[str, Any]) -> None:
    for index in range(1000):
        header[f"copy{index}"] = header["hidden2.weight"]


def entry(name: str, value: Any) -> bytes:
    return with_header(lambda header: header["score.bias"].update({name: value}))


KINDS = {
    "empty": (b"", r"its header says 0 bytes, expected is 1 to"),
    "cut in its data": (GOOD[:-1], r"lies at bytes \d+ to \d+ of \d+, expected"),
    "cut in its header": (GOOD[:100], r"its header says \d+ bytes, expected is 1 to 92"),
    "more than its arrays": (GOOD + b"\0", r"its arrays end at byte \d+, expected is \d+"),
    "huge header": (b"\xff" * 8 + GOOD[8:], r"its header says 18446744073709551615 bytes, expected"),
    "no JSON": (with_text(b"{nope}"), "its header is no JSON"),
    "no text": (with_text(b"\xff\xfe"), "its header is no JSON"),
    "deep JSON": (with_text(b"[" * 200_000), "its header is no JSON"),
    "no object": (with_text(b"[1]"), "its header is a list, expected are arrays by name"),
    "overlapping": (with_header(overlap), r"lies at bytes \d+ to \d+ of \d+, expected is to begin at"),
    "offsets beyond the file": (entry("data_offsets", [0, 2**40]), "lies at bytes|expected are 4"),
    "offsets below nothing": (entry("data_offsets", [-4, 0]), r"data_offsets \[-4, 0\], expected are whole"),
    "offsets that are none": (entry("data_offsets", "all"), "data_offsets all, expected are whole numbers"),
    "three offsets": (entry("data_offsets", [0, 4, 8]), "3 offsets, expected are at most 32 and 2"),
    "a shape that asks for 80 GB": (entry("shape", [10**10]), r"has 4 bytes, expected are 40000000000 for"),
    "a shape that is none": (entry("shape", [1.0]), r"shape \[1.0\], expected are whole numbers"),
    "a type that is none": (entry("dtype", "F99"), "type 'F99', expected is one of F32, F64"),
    "an entry that lacks its type": (
        with_header(lambda header: header["score.bias"].pop("dtype")),
        "'score.bias' is expected to have data_offsets, dtype, shape",
    ),
    "facts that are no strings": (
        with_header(lambda header: header.update(__metadata__={"kind": 1})),
        "its __metadata__ is expected to be strings by name",
    ),
    "another type": (with_array("score.bias", np.zeros(1, np.int64)), "score.bias has type int64, expected"),
    "another shape": (
        with_array("score.bias", np.zeros(2, np.float32)),
        r"has shape \(2,\), expected \(1,\)",
    ),
    "NaN": (
        with_array("score.bias", np.full(1, np.nan, np.float32)),
        "score.bias holds what is not a number",
    ),
    "an array more": (
        with_array("more", np.zeros(1, np.float32)),
        "does not need more, expected are hidden1",
    ),
    "an array less": (encode_tensors({}, FACTS), r"lacks hidden1.bias, expected are hidden1"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_bad_weights_end_in_one_line(kind: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, said = KINDS[kind]
    (in_tmp / "w.safetensors").write_bytes(content)
    assert_refused("w.safetensors", said, capsys)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nowhere", "nowhere: No such file"),
        (".", "Is a directory"),
        ("/dev/zero", "neither a file nor a folder"),
        ("pipe", "pipe: is neither a file nor a folder"),
        ("sparse", f"has {2**37} bytes, allowed are at most {MAX_BYTES}"),
    ],
)
def test_what_is_no_file_of_weights_ends_in_one_line(
    path: str, said: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(in_tmp / "pipe")
    with (in_tmp / "sparse").open("wb") as file:
        file.truncate(2**37)
    assert_refused(path, said, capsys)


def assert_refused(path: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--simulator", "mock", "--agent", "mappo", "--agent.weights", path]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"nru run: weights {path}: ")
    assert re.search(said, line), line
    assert len(line) < 500


def test_whatever_is_in_a_file_it_is_weights_or_refused(tmp_path: Path) -> None:
    dice, path, said = random.Random(1), tmp_path / "w", list[str]()
    for _ in range(3000):
        content = bytearray(GOOD)
        for _ in range(dice.choice((1, 1, 2, 10))):
            content[dice.randrange(LENGTH + 200)] ^= 1 << dice.randrange(8)
        path.write_bytes(content[: dice.choice((len(content), dice.randrange(len(content))))])
        try:
            WEIGHTS.load(str(path))
        except WeightsError as error:
            said.append(str(error))
    assert len(said) > 2000
    assert all(line.startswith(f"weights {path}: ") and "\n" not in line for line in said)

# SPDX-License-Identifier: GPL-2.0-only
"""Weights are written and read without torch, and files that do not fit say why."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pyagents.core.tensors import WeightsError, load_tensors, save_tensors
from pyagents.core.weights import WeightsForm

ARRAYS: dict[str, NDArray[Any]] = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.array(3, dtype=np.int64),
    "none": np.zeros((0, 4), dtype=np.float64),
    "yes": np.array([True, False]),
}
FACTS = {"kind": "dqn-mlb", "version": "1"}


def test_arrays_and_facts_come_back(tmp_path: Path) -> None:
    save_tensors(tmp_path / "w", ARRAYS, FACTS)
    arrays, facts = load_tensors(tmp_path / "w")
    assert facts == FACTS
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert arrays[name].shape == array.shape
        assert (arrays[name] == array).all()


def test_the_reference_library_reads_what_we_write_and_we_read_what_it_writes(tmp_path: Path) -> None:
    reference = pytest.importorskip("safetensors.numpy")
    save_tensors(tmp_path / "ours", ARRAYS, FACTS)
    theirs = reference.load_file(tmp_path / "ours")
    assert {name: array.tolist() for name, array in theirs.items()} == {
        name: array.tolist() for name, array in ARRAYS.items()
    }
    reference.save_file(ARRAYS, tmp_path / "theirs", FACTS)
    arrays, facts = load_tensors(tmp_path / "theirs")
    assert facts == FACTS
    assert (arrays["a"] == ARRAYS["a"]).all()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"1234567",
        b"\xff" * 40,
        (2).to_bytes(8, "little") + b"[]",
        (4).to_bytes(8, "little") + b"nope",
        (59).to_bytes(8, "little") + b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}     ',
    ],
)
def test_what_is_no_safetensors_file_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w").write_bytes(content)
    with pytest.raises(WeightsError, match="not a safetensors file"):
        load_tensors(tmp_path / "w")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"nowhere: No such file"):
        load_tensors(tmp_path / "nowhere")


def test_an_unknown_type_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        save_tensors(tmp_path / "w", {"a": np.zeros(2, dtype=np.complex128)}, {})


@pytest.mark.parametrize(
    ("facts", "shape", "value", "why"),
    [
        ({}, (2,), 0.0, "made for nothing, expected dqn-mlb"),
        ({"kind": "other", "version": "1"}, (2,), 0.0, "made for other, expected dqn-mlb"),
        ({"kind": "dqn-mlb", "version": "0"}, (2,), 0.0, "version 0, expected 1: train anew"),
        (FACTS, (3,), 0.0, r"a has shape \(3,\), expected \(2,\)"),
        (FACTS, (2,), np.nan, "a holds what is not a number"),
        (FACTS, None, 0.0, "lacks a"),
    ],
)
def test_weights_of_another_kind_version_or_shape_are_refused(
    facts: dict[str, str], shape: tuple[int, ...] | None, value: float, why: str
) -> None:
    arrays = {} if shape is None else {"a": np.full(shape, value, dtype=np.float32)}
    form = WeightsForm(kind="dqn-mlb", version=1, shapes={"a": (2,)}, shipped=Path("w"))
    with pytest.raises(WeightsError, match=why):
        form.check(Path("w"), arrays, facts)

# SPDX-License-Identifier: GPL-2.0-only
"""Named arrays in a safetensors file, read and written with NumPy alone.

The format: eight bytes, little endian, with the length of a JSON header; the header, with type, shape and
place of each array and a dictionary of strings; then the arrays, one after the other. It holds no code, so a
file from a stranger can be opened, and the agents that ship with weights need nothing but NumPy to act.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

_TYPES = {
    "F32": "<f4",
    "F64": "<f8",
    "I64": "<i8",
    "I32": "<i4",
    "U64": "<u8",
    "U8": "|u1",
    "BOOL": "|b1",
}
_CODES = {np.dtype(name): code for code, name in _TYPES.items()}
_MAX_HEADER_BYTES = 1_000_000


class WeightsError(ValueError):
    """A file of weights cannot be used; says which, and why."""


def encode_tensors(arrays: Arrays, facts: Mapping[str, str]) -> bytes:
    """The file that holds arrays and facts: the same contents give the same bytes.

    Raises:
        KeyError: an array has a type that the format does not know.
    """
    header: dict[str, Any] = {"__metadata__": dict(sorted(facts.items()))}
    chunks, end = [], 0
    for name in sorted(arrays):
        chunk = np.ascontiguousarray(arrays[name]).tobytes()
        header[name] = {
            "dtype": _CODES[arrays[name].dtype],
            "shape": list(arrays[name].shape),
            "data_offsets": [end, end + len(chunk)],
        }
        chunks.append(chunk)
        end += len(chunk)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(chunks)


def save_tensors(path: Path, arrays: Arrays, facts: Mapping[str, str]) -> None:
    """Write arrays and facts, all or nothing. See `encode_tensors`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(encode_tensors(arrays, facts))
    partial.replace(path)


def load_tensors(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Arrays and facts of a file.

    Raises:
        WeightsError: there is no such file, or it is no safetensors file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"weights {path}: {error.strerror}") from error
    try:
        length = int.from_bytes(content[:8], "little")
        if not 0 < length <= min(len(content) - 8, _MAX_HEADER_BYTES):
            raise ValueError("its header does not fit")
        header = json.loads(content[8 : 8 + length])
        facts = header.pop("__metadata__", {})
        data = content[8 + length :]
        arrays = {name: _array(data, entry) for name, entry in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"weights {path}: not a safetensors file ({error})") from error
    return arrays, facts


def part_of(arrays: Arrays, prefix: str) -> dict[str, NDArray[Any]]:
    """The arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def _array(data: bytes, entry: Mapping[str, Any]) -> NDArray[Any]:
    begin, end = entry["data_offsets"]
    if not 0 <= begin <= end <= len(data):
        raise ValueError("an array lies outside the file")
    return np.frombuffer(data[begin:end], dtype=_TYPES[entry["dtype"]]).reshape(entry["shape"]).copy()

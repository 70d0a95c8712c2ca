# SPDX-License-Identifier: GPL-2.0-only
"""Named arrays in a safetensors file, read and written with NumPy alone.

The format: eight bytes, little endian, with the length of a JSON header; the header, with type, shape and
place of each array and a dictionary of strings; then the arrays, one after the other. It holds no code, so a
file from a stranger can be opened, and the agents that ship with weights need nothing but NumPy to act.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.files import read_bounded, write_whole

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
_MAX_AXES = 32
MAX_BYTES = 2**30
"""Length of the longest file that is read."""


class WeightsError(ValueError):
    """A file of weights cannot be used; says which, and why."""


def encode_tensors(arrays: Arrays, facts: Mapping[str, str]) -> bytes:
    """Encode arrays and facts as a file: the same contents give the same bytes."""
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
    write_whole(path, encode_tensors(arrays, facts))


def load_tensors(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Read arrays and facts of a file, in no more memory than it has bytes, however it describes itself.

    Raises WeightsError where there is none, or no safetensors file; says what was found and what is expected.
    """
    try:
        content = read_bounded(path, MAX_BYTES)
    except OSError as error:
        raise WeightsError(f"weights {path}: {error.strerror}") from error
    except ValueError as error:
        raise WeightsError(f"weights {path}: {error}") from error
    try:
        return decode_tensors(content)
    except ValueError as error:
        raise WeightsError(f"weights {path}: not a safetensors file: {error}") from error


def decode_tensors(content: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Decode arrays and facts, the inverse of `encode_tensors`; ValueError where they are no such file."""
    try:
        header, data = _split(content)
        facts = header.pop("__metadata__", {})
        if not isinstance(facts, dict) or not all(isinstance(value, str) for value in facts.values()):
            raise ValueError("its __metadata__ is expected to be strings by name")
        return _arrays(header, data), facts
    except RecursionError as error:
        raise ValueError(f"{error}") from error


def part_of(arrays: Arrays, prefix: str) -> dict[str, NDArray[Any]]:
    """The arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def _split(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and data of a file."""
    length, most = int.from_bytes(content[:8], "little"), min(len(content) - 8, _MAX_HEADER_BYTES)
    if not 0 < length <= most:
        raise ValueError(f"its header says {length} bytes, expected is 1 to {max(most, 1)}")
    try:
        header = json.loads(content[8 : 8 + length])
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its header is no JSON ({error})") from error
    if not isinstance(header, dict):
        raise ValueError(f"its header is a {type(header).__name__}, expected are arrays by name")
    return header, content[8 + length :]


def _arrays(header: Mapping[str, Any], data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays that a header describes, which have to fill the data one after the other."""
    entries = {name: _check_entry(name, entry) for name, entry in header.items()}
    arrays, end = {}, 0
    for name, (dtype, shape, begin, stop) in sorted(entries.items(), key=lambda item: item[1][2:]):
        if begin != end or not begin <= stop <= len(data):
            raise ValueError(
                f"{name[:80]!r} lies at bytes {begin} to {stop} of {len(data)}, expected is to begin at {end}"
            )
        needed = math.prod(shape) * dtype.itemsize
        if stop - begin != needed:
            raise ValueError(f"{name[:80]!r} has {stop - begin} bytes, expected are {needed} for {shape}")
        arrays[name] = np.frombuffer(data[begin:stop], dtype=dtype).reshape(shape).copy()
        end = stop
    if end != len(data):
        raise ValueError(f"its arrays end at byte {end}, expected is {len(data)}")
    return {name: arrays[name] for name in header}


def _check_entry(name: str, entry: Any) -> tuple[np.dtype[Any], tuple[int, ...], int, int]:
    """Type, shape and place of an array."""
    expected = {"dtype", "shape", "data_offsets"}
    if not isinstance(entry, dict) or set(entry) != expected:
        raise ValueError(f"{name[:80]!r} is expected to have {', '.join(sorted(expected))}")
    code, shape, place = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(code, str) or code not in _TYPES:
        raise ValueError(f"{name[:80]!r} has type {str(code)[:80]!r}, expected is one of {', '.join(_TYPES)}")
    for what, numbers in (("shape", shape), ("data_offsets", place)):
        if not isinstance(numbers, list) or not all(type(n) is int and 0 <= n < 2**63 for n in numbers):
            raise ValueError(f"{name[:80]!r} has {what} {str(numbers)[:80]}, expected are whole numbers")
    if len(place) != 2 or len(shape) > _MAX_AXES:
        raise ValueError(
            f"{name[:80]!r} has {len(shape)} axes and {len(place)} offsets, expected are at "
            f"most {_MAX_AXES} and 2"
        )
    return np.dtype(_TYPES[code]), tuple(shape), place[0], place[1]

# SPDX-License-Identifier: GPL-2.0-only
"""A recorded run as a file: written whole, and read by what its scenario expects.

One `.npz` file: the scenario as JSON, its family with it, the seed, each Snapshot field with a step axis in
front, and the actions. Fields that did not change in the run are kept once.

A file may come from a stranger. What it says of itself is compared with what the scenario says before
anything is unpacked, so it takes no more memory than a run of its scenario, and never more than `MAX_BYTES`.
"""

import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.families import find_family, scenario_from_fields
from pyagents.core.files import replacing
from pyagents.core.scenario import Scenario
from pyagents.core.snapshot import Facts, Snapshot

ABOUT, ASKED = "about", "action_"
MAX_BYTES = 2**32
"""Size of the largest recording that is read, unpacked."""
_MAX_ABOUT_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A recorded run."""

    scenario: Scenario
    """Situation that was played."""
    seed: int
    """Number of the random run."""
    agent: str
    """Name of the agent that acted."""
    kind: type[Snapshot]
    """Snapshots of its family."""
    arrays: Mapping[str, NDArray[Any]]
    """[steps + 1, ...] each field of the Snapshots, of length 1 where it never changed."""
    actions: Mapping[str, NDArray[np.float64]]
    """[steps, ...] what was asked for, by knob; NaN where one was left as it was."""

    def __len__(self) -> int:
        """Number of Snapshots."""
        return len(self.arrays["time_s"])

    def at(self, step: int) -> Snapshot:
        """The Snapshot of a step."""
        fields = self.arrays.items()
        return self.kind.from_arrays({name: array[min(step, len(array) - 1)] for name, array in fields})


def save_recording(path: Path, about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the file whole, or raise UnwritableError.

    Args:
        path: of the file.
        about: scenario, seed and agent.
        arrays: fields of the Snapshots, and actions with `ASKED` in front of their names.
    """
    named: dict[str, Any] = {
        name: array if name.startswith(ASKED) else _once(array) for name, array in arrays.items()
    }
    named[ABOUT] = np.array(json.dumps(about))
    with replacing(path) as draft, draft.open("wb") as file:
        np.savez_compressed(file, **named)


def load_recording(path: Path) -> Recording:
    """Read a file; ValueError, which says what was found and is expected, where it is no recording."""
    try:
        if path.exists() and not path.is_file():
            raise ValueError("expected is a file")
        with zipfile.ZipFile(path) as file:
            return _load(file)
    except OSError as error:
        raise ValueError(f"{path} is no recording: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise ValueError(
            f"{path} is no recording: expected is a whole .npz file ({str(error)[:100]})"
        ) from error
    except Exception as error:  # zipfile, zlib and JSON raise a dozen kinds for what a file may hold
        said = " ".join(f"{error}".split()) or type(error).__name__
        raise ValueError(f"{path} is no recording: {said[:300]}") from error


def _load(file: zipfile.ZipFile) -> Recording:
    members = {}
    for member in file.infolist():
        name = member.filename.removesuffix(".npy")
        if name in members or name == member.filename:
            raise ValueError(
                f"it holds {member.filename[:80]!r}, expected are different names, each with .npy"
            )
        members[name] = member
    about = _load_about(file, members.pop(ABOUT, None))
    scenario = scenario_from_fields(about["scenario"])
    family, sizes = find_family(scenario.family), scenario.sizes()
    fields, knobs = family.snapshot.facts(), family.action.facts()
    known = {**fields, **{f"{ASKED}{name}": facts for name, facts in knobs.items()}}
    for problem, odd in (("lacks", set(fields) - set(members)), ("does not need", set(members) - set(known))):
        if odd:
            names = ", ".join(sorted(odd))[:200]
            raise ValueError(f"it {problem} {names}, expected is what family {scenario.family} has")

    heads = {name: _head(file, member) for name, member in members.items()}
    count = heads["time_s"][0][0] if heads["time_s"][0] else 0
    if not 1 <= count <= scenario.steps + 1:
        raise ValueError(f"time_s has {count} steps, expected are 1 to {scenario.steps + 1}")
    for name, (shape, dtype) in heads.items():
        is_asked = name.startswith(ASKED)
        own = known[name].shape(sizes)
        allowed = [(count - 1, *own)] if is_asked else sorted({(1, *own), (count, *own)})
        if shape not in allowed:
            raise ValueError(f"{name} has shape {shape}, expected {' or '.join(map(str, allowed))}")
        wanted = "float64" if is_asked else known[name].dtype
        if dtype.kind not in "biuf" or not np.can_cast(dtype, wanted, casting="same_kind"):
            raise ValueError(f"{name} has type {dtype}, expected {wanted}")
    size = sum(math.prod(shape) * dtype.itemsize for shape, dtype in heads.values())
    if size > MAX_BYTES:
        raise ValueError(f"it would take {size} bytes, allowed are at most {MAX_BYTES}")

    arrays = {name: _read(file, members[name]) for name in known if name in members}
    for name, facts in fields.items():
        _check_numbers(name, arrays[name], facts, sizes)
    return Recording(
        scenario=scenario,
        seed=about["seed"],
        agent=about.get("agent") or "whoever was recorded",
        kind=family.snapshot,
        arrays={name: arrays[name] for name in fields},
        actions={
            name: arrays[f"{ASKED}{name}"].astype(np.float64, copy=False)
            for name in knobs
            if f"{ASKED}{name}" in arrays
        },
    )


def _load_about(file: zipfile.ZipFile, member: zipfile.ZipInfo | None) -> dict[str, Any]:
    """Read what the file says it is."""
    if member is None:
        raise ValueError(f"it lacks {ABOUT}, expected are scenario, seed and agent")
    if member.file_size > _MAX_ABOUT_BYTES:
        raise ValueError(f"{ABOUT} has {member.file_size} bytes, allowed are at most {_MAX_ABOUT_BYTES}")
    shape, dtype = _head(file, member)
    if shape != () or dtype.kind != "U":
        raise ValueError(f"{ABOUT} is of type {dtype} and shape {shape}, expected is a text")
    try:
        about = json.loads(str(_read(file, member)))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{ABOUT} is no JSON ({error})") from error
    kinds = {"scenario": dict, "seed": int, "agent": str}
    for name, kind in kinds.items() if isinstance(about, dict) else [(ABOUT, dict)]:
        found = about.get(name, "" if name == "agent" else None) if isinstance(about, dict) else about
        if type(found) is not kind:
            raise ValueError(f"{name} is of type {type(found).__name__}, expected {kind.__name__}")
    return dict(about)


def _head(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type of an array, which fit the size that the archive says it has."""
    with file.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        readers = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }
        if version not in readers:
            raise ValueError(f"{member.filename} is of version {version}, expected (1, 0) or (2, 0)")
        shape, _, dtype = readers[version](stream)
        begin = stream.tell()
    if dtype.hasobject:
        raise ValueError(f"{member.filename} holds pickled objects, expected are numbers")
    needed = begin + math.prod(shape) * dtype.itemsize
    if member.file_size != needed:
        raise ValueError(f"{member.filename} has {member.file_size} bytes, expected are {needed}")
    return shape, dtype


def _read(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    """An array that was found to be as expected. It cannot be written to."""
    with file.open(member) as stream:
        array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
        if stream.read(1):
            raise ValueError(f"{member.filename} is longer than it says")
    array.setflags(write=False)
    return array


def _check_numbers(name: str, array: NDArray[Any], facts: Facts, sizes: Mapping[str, int]) -> None:
    """Refuse indices and counts that are out of bounds; other numbers may be anything."""
    if facts.dtype == "int32" and array.size:
        low, high = facts.bounds(sizes)
        for extreme in (array.min(), array.max()):
            if not low <= extreme <= high:
                raise ValueError(f"{name} has the value {extreme}, expected is {low:g} to {high:g}")


def _once(array: NDArray[Any]) -> NDArray[Any]:
    """The array with one row if all are alike."""
    is_constant = np.array_equal(array, np.broadcast_to(array[:1], array.shape), equal_nan=True)
    return array[:1] if is_constant else array

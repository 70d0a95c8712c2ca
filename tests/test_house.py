# SPDX-License-Identifier: GPL-2.0-only
"""The rooms of the house: which way they import, and what they may know."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "pyagents"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not path.name.endswith("_pb2.py")
}
FAMILIES = "pyagents.scenarios"
GENERAL = [name for name in MODULES if not name.startswith(FAMILIES)]
RADIO = {"gnb", "gnbs", "ue", "ues", "sib", "sibx", "cho", "rsrp", "handover", "handovers"}
LONGEST = 500
SOURCES = ROOT / "ns3_scratch"
ROWS = [
    {"core"},
    {"wire", "toolchain"},
    {"simulators"},
    {"envs", "statistics", "runs"},
    {"training", "figures", "live"},
    {"reproduction"},
    {"report"},
    {"bench", "stress", "cli"},
]
"""Rooms, the lowest first."""
CPP_ROOMS: dict[str, set[str]] = {"gym": set(), "nr": set(), "nru": {"nr"}, "iot": set(), "slices": {"nr"}}
"""Rooms of C++, and those whose headers each may include besides its own."""


def imports(path: Path) -> Iterator[str]:
    """Modules of this package that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name in MODULES)
            case ast.ImportFrom(module=str(module), names=names):
                inner = [f"{module}.{alias.name}" for alias in names if f"{module}.{alias.name}" in MODULES]
                yield from inner
                if module in MODULES and len(inner) < len(names):
                    yield module


def words(text: str) -> set[str]:
    """Words of a text, also those within names: `nUes` and `n_ues` have the word `ues`."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)}


@pytest.mark.parametrize("name", GENERAL)
def test_general_rooms_import_no_family(name: str) -> None:
    assert [other for other in imports(MODULES[name]) if other.startswith(FAMILIES)] == []


@pytest.mark.parametrize("name", GENERAL)
def test_general_rooms_speak_no_word_of_the_radio(name: str) -> None:
    assert words(MODULES[name].read_text(encoding="utf-8")) & RADIO == set()


def test_imports_point_one_way() -> None:
    """As CONTRIBUTING draws them: a room imports from its own row of these and from those above."""
    above = {room: row for row, rooms in enumerate(ROWS) for room in rooms}
    for name in (name for name in GENERAL if "." in name):
        for other in (other for other in imports(MODULES[name]) if "." in other):
            room, used = name.split(".")[1], other.split(".")[1]
            assert above[used] <= above[room], f"{name} imports {other}"


def test_families_do_not_know_each_other() -> None:
    rooms = {path.name for path in (PACKAGE / "scenarios").iterdir() if path.is_dir()}
    for name, path in MODULES.items():
        if not name.startswith(f"{FAMILIES}."):
            continue
        own = name.split(".")[2]
        others = {other.split(".")[2] for other in imports(path) if other.startswith(f"{FAMILIES}.")}
        assert others & rooms <= {own}, name


def test_imports_run_in_no_circle() -> None:
    graph = {name: set(imports(path)) - {name} for name, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("path", MODULES.values(), ids=MODULES)
def test_no_module_is_longer_than_a_reader_holds(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("room", CPP_ROOMS)
def test_rooms_of_cpp_include_their_own_headers_and_the_common_radio(room: str) -> None:
    rooms = {path.name: path.relative_to(SOURCES).parts[0] for path in SOURCES.rglob("*.h")}
    for path in sorted((SOURCES / room).rglob("*.[ch]*")):
        included = re.findall(r'^#include "([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
        assert {rooms[name] for name in included if name in rooms} <= {room, *CPP_ROOMS[room]}, path


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.[ch]*")), ids=lambda path: path.name)
def test_no_source_is_longer_than_a_reader_holds(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST

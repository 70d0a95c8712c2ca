# SPDX-License-Identifier: GPL-2.0-only
"""docs/model.md names every attribute and trace source that the model has, and none that it has not."""

import re

import pytest

from pyagents.toolchain.sources import source_directory
from tests.conftest import ROOT

DOCS = (ROOT / "docs/model.md").read_text(encoding="utf-8")
FILES = sorted(path for room in ("nr", "nru") for path in source_directory().glob(f"{room}/*/*"))
SOURCES = "\n".join(path.read_text() for path in FILES if path.suffix == ".cc")
HEADERS = {path: path.read_text() for path in FILES if path.suffix == ".h"}


def in_model(what: str) -> set[tuple[str, str]]:
    """(class, name) of what TypeIds declare."""
    found = set()
    for part in re.split(r'TypeId\(\s*"ns3::', SOURCES)[1:]:
        name, _, rest = part.partition('"')
        body = rest.partition("return tid;")[0]
        found |= {(name, item) for item in re.findall(rf'{what}\(\s*"(\w+)"', body)}
    return found


def in_docs(heading: str, column: int) -> set[tuple[str, str]]:
    """(class, name) of a table; a row without a class goes on with the one above."""
    section = DOCS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found, name = set(), ""
    for line in section.splitlines():
        if line.startswith("| `") or line.startswith("| | "):
            cells = line.strip("|").split("|")
            name = (re.findall(r"`(\w+)`", cells[0]) or [name])[0]
            found |= {(name, item) for item in re.findall(r"`(\w+)`", cells[column])}
    return found


@pytest.mark.parametrize(
    ("what", "heading"), [("AddAttribute", "Attributes"), ("AddTraceSource", "Trace sources")]
)
def test_tables_are_complete(what: str, heading: str) -> None:
    model = in_model(what)
    assert len(model) > 10
    assert in_docs(heading, 1) == model


def test_classes_exist() -> None:
    headers = "\n".join(HEADERS.values())
    names = {path.stem.replace("-", "") for path in HEADERS}
    for name in re.findall(r"`((?:Get)?Nru?[A-Z]\w+)`", DOCS):
        assert name in headers or name.lower() in names, name


def test_everything_public_is_in_the_doxygen_group_of_its_room() -> None:
    for path, text in HEADERS.items():
        room = path.parts[-3]
        for comment in re.findall(r"^/\*\*.*?\*/", text, re.MULTILINE | re.DOTALL):
            assert re.search(rf"@(ingroup|defgroup) {room}\b", comment), f"{path.name}: {comment}"

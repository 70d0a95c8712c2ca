# SPDX-License-Identifier: GPL-2.0-only
"""Programs that were built elsewhere, as in the container image, are taken as they are."""

import json
from pathlib import Path

import pytest

from pyagents.toolchain import ToolchainError, build, doctor
from pyagents.toolchain.sources import fingerprint, source_directory


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with programs of the sources as they are, on a machine that can't build."""
    (tmp_path / "indoor-factory").touch()
    _stamp(tmp_path, fingerprint(source_directory()))
    monkeypatch.setenv("NRU_NS3", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    return tmp_path


def _stamp(folder: Path, sources: str) -> None:
    stamp = {"sources": sources, "folder": "/src/ns3_scratch", "ns3": "3.37 /opt/ns3", "CXX": ""}
    (folder / "nru-built.json").write_text(json.dumps(stamp))


def test_they_are_used_without_a_compiler(programs: Path) -> None:
    assert build().program("indoor-factory") == programs / "indoor-factory"


def test_the_doctor_asks_for_nothing_that_only_building_needs(programs: Path) -> None:
    findings = {finding.what: finding for finding in doctor()}
    assert all(finding.found for finding in findings.values())
    assert set(findings) == {"Python", "ns-3", "scenario"}
    assert findings["ns-3"].detail == f"3.37 (programs), {programs}"


def test_programs_of_other_sources_are_refused(programs: Path) -> None:
    _stamp(programs, "of another state")
    with pytest.raises(ToolchainError, match="built from other C\\+\\+ sources"):
        build()
    assert [finding.what for finding in doctor() if not finding.found] == ["scenario"]

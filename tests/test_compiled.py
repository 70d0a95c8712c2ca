# SPDX-License-Identifier: GPL-2.0-only
"""Where compiled functions are kept, and that they run where nothing can be kept."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import numba
import pytest
from numba.core import caching, config

from pyagents.simulators import compiled as module
from pyagents.simulators.compiled import compiled

HERE = Path(__file__).parent


def double(x: float) -> float:
    return 2 * x


@pytest.fixture
def kept_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(module, "cache_folder", lambda room: tmp_path)
    return tmp_path


def test_machine_code_is_kept_in_the_cache_alone(kept_in: Path) -> None:
    before = config.CACHE_DIR  # type: ignore[attr-defined]
    assert compiled(double)(1.5) == 3
    assert list(kept_in.rglob("*.nbi"))
    assert not list(HERE.rglob("*.nbi"))
    assert before == config.CACHE_DIR  # type: ignore[attr-defined]


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch, kept_in: Path
) -> None:
    monkeypatch.setattr(module, "cache_folder", lambda room: None)
    assert compiled(double)(1.5) == 3
    assert not list(kept_in.iterdir())


def test_a_cache_that_numba_cannot_use_is_not_replaced_by_one_beside_the_sources(
    monkeypatch: pytest.MonkeyPatch, kept_in: Path
) -> None:
    (kept_in / "file").write_text("")
    monkeypatch.setattr(module, "cache_folder", lambda room: kept_in / "file")
    assert compiled(double)(1.5) == 3
    assert not list(HERE.rglob("*.nbi"))


def test_a_full_disk_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch, kept_in: Path) -> None:
    def fill(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(caching.IndexDataCacheFile, "save", fill)
    assert compiled(double)(1.5) == 3


def no_home() -> NoReturn:
    raise RuntimeError("no home")


@pytest.mark.parametrize("base", ["/proc/none", ""])
def test_without_a_place_there_is_no_cache(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", base)
    monkeypatch.setattr(Path, "home", no_home)
    assert module.cache_folder.__wrapped__(HERE) is None


def test_each_state_of_sources_and_settings_has_its_own_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    read = Path.read_bytes
    changes: list[Callable[[], None]] = [
        lambda: None,
        lambda: monkeypatch.setattr(config, "BOUNDSCHECK", 1),
        lambda: monkeypatch.setattr(numba, "__version__", "0.0"),
        lambda: monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b"#"),
    ]
    for change in changes:
        change()
        module.cache_folder.__wrapped__(HERE)
    assert len(list((tmp_path / "nru").iterdir())) == len(changes)


def test_importing_the_mock_makes_no_folder(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "import pyagents.scenarios.indoor_factory.mock"]
    subprocess.run(command, env=environment, cwd=HERE.parent, check=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("is_kept", "said"), [(False, "in each process"), (True, "once for this machine")])
def test_the_wait_is_announced_once(
    monkeypatch: pytest.MonkeyPatch,
    kept_in: Path,
    caplog: pytest.LogCaptureFixture,
    is_kept: bool,
    said: str,
) -> None:
    module.announce.cache_clear()
    if not is_kept:
        monkeypatch.setattr(module, "cache_folder", lambda room: None)
    with caplog.at_level(logging.WARNING):
        module.announce(HERE, 15)
        module.announce(HERE, 15)
    assert [said in message for message in caplog.messages] == [True]


def test_nothing_is_announced_once_it_is_compiled(
    monkeypatch: pytest.MonkeyPatch, kept_in: Path, caplog: pytest.LogCaptureFixture
) -> None:
    module.announce.cache_clear()
    compiled(double)(1.5)
    module.announce(HERE, 15)
    assert not caplog.messages

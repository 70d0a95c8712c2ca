# SPDX-License-Identifier: GPL-2.0-only
"""`nru film` makes moving pictures of recordings."""

from pathlib import Path

import pytest
from PIL import Image

from pyagents.cli import main
from pyagents.core.families import ENVIRONMENT

SMALL = ["--scenario", "fig5", "--n-ues", "6", "--steps", "4", "--simulator", "mock", "--record"]


@pytest.fixture(autouse=True)
def in_its_own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def record(agent: str, folder: str, *more: str) -> None:
    assert main(["run", "--agent", agent, *SMALL, *more, "--out", folder]) == 0


def test_two_runs_move_below_each_other() -> None:
    record("max-rsrp", "without")
    record("gt-rl", "with")
    assert main(["film", "without", "with/recording.npz", "--out", "film.gif", "--width", "300"]) == 0
    with Image.open("film.gif") as film:
        assert (film.n_frames, film.width) == (5, 300)  # type: ignore[attr-defined]
        upper = film.convert("RGB").crop((0, 0, 300, film.height // 2))
        film.seek(4)
        later = film.convert("RGB").crop((0, 0, 300, film.height // 2))
    assert upper.tobytes() != later.tobytes()


def test_pictures_may_be_left_out() -> None:
    record("max-rsrp", "without")
    assert main(["film", "without", "--every", "2", "--width", "300", "--out", "film.gif"]) == 0
    with Image.open("film.gif") as film:
        assert film.n_frames == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "recordings are missing"),
        (["gone.npz"], "gone.npz is no recording"),
        (["without", "--every", "0"], "every=0 is not allowed: must be at least 1"),
        (["without", "--width", "9"], "width=9 is not allowed: must be at least 200"),
    ],
)
def test_what_cannot_be_filmed_says_why(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record("max-rsrp", "without")
    capsys.readouterr()
    assert main(["film", *arguments]) == 2
    assert why in capsys.readouterr().err


def test_a_family_without_pictures_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENVIRONMENT, "tests.two_queues:FAMILY")
    assert main(["run", "--scenario", "queues", "--simulator", "mock", "--record", "--out", "kept"]) == 0
    capsys.readouterr()
    assert main(["film", "kept"]) == 2
    assert "family two-queues has no picture of its snapshots" in capsys.readouterr().err

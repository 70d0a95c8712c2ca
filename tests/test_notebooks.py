# SPDX-License-Identifier: GPL-2.0-only
"""The notebooks run from top to bottom, and are kept without what they printed."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "examples/notebooks").glob("*.ipynb"))
NEEDS = {"train-with-sb3": ["stable_baselines3"], "look-at-runs": ["pandas"]}
"""What a notebook imports that the tests do not install."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path: Path) -> None:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, in_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient = pytest.importorskip("nbclient", reason="the extra `notebooks` is not installed")
    nbformat = pytest.importorskip("nbformat")
    for name in ("ipykernel", *NEEDS.get(path.stem, [])):
        pytest.importorskip(name)
    for name, value in {
        "IPYTHONDIR": str(in_tmp),
        "JUPYTER_CONFIG_DIR": str(in_tmp),
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_RUNTIME_DIR": str(in_tmp),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources={}).execute()
    assert all(cell.get("execution_count") for cell in notebook.cells if cell.cell_type == "code")

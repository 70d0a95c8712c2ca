# SPDX-License-Identifier: GPL-2.0-only
"""The documentation builds as a site without a warning, and nothing in it leads nowhere."""

import html.parser
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pyagents.cli import main
from pyagents.scenarios.indoor_factory.family import FAMILY
from tests.conftest import ROOT
from tests.test_cli import exit_code

needs_sphinx = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("furo", "myst_parser", "sphinx")),
    reason="the extra `docs` is not installed",
)


class Links(html.parser.HTMLParser):
    """What a page links to, and shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets |= {value for name, value in attrs if name in ("href", "src") and value}


def dead_links(page: Path) -> list[str]:
    """Links of a page that name no file of the site."""
    parts = {target: urlsplit(target) for target in Links(page.read_text(encoding="utf-8")).targets}
    local = {target: part for target, part in parts.items() if not part.scheme and part.path}
    return [
        target
        for target, part in local.items()
        if not Path(os.path.normpath(page.parent / unquote(part.path))).exists()
    ]


@needs_sphinx
@pytest.mark.timeout(1200)  # half a minute, where nothing else goes on
def test_the_site_builds_without_a_warning(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "--out", str(tmp_path)]) == 0
    said = capfd.readouterr()
    site = tmp_path / "html"
    assert said.out.strip() == str(site / "index.html")
    assert said.err == ""
    pages = sorted(site.rglob("*.html"))
    assert {str(page.relative_to(site)): dead for page in pages if (dead := dead_links(page))} == {}

    family = (site / "reference/families/indoor-factory.html").read_text()
    for name in (*FAMILY.snapshot.facts(), *FAMILY.action.facts(), *FAMILY.agents, *FAMILY.metrics.table):
        assert name in family
    assert "--until-decided" in (site / "reference/commands.html").read_text()
    assert "AgentsEnv" in (site / "reference/modules/pyagents.envs.html").read_text()
    assert "sib_load" in (site / "searchindex.js").read_text()


def test_the_site_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "--help"]) == 0
    assert "--out FOLDER" in capsys.readouterr().out


@needs_sphinx
def test_a_flag_that_there_is_not_is_bad_input() -> None:
    assert exit_code(["docs", "--nonsense"]) == 2


@pytest.mark.skipif(shutil.which("doxygen") is None, reason="doxygen is not installed")
def test_the_headers_are_documented_without_a_warning(tmp_path: Path) -> None:
    settings = (ROOT / "docs/site/Doxyfile").read_text()
    settings += f"\nOUTPUT_DIRECTORY = {tmp_path}\n"
    done = subprocess.run(
        ["doxygen", "-"], input=settings, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert any((tmp_path / "cpp").glob("*GymInterface.html"))

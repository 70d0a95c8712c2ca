# SPDX-License-Identifier: GPL-2.0-only
"""The report is one page that a browser opens without a complaint, whose tables sort."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from markupsafe import escape

import pyagents.report
from pyagents.report.claims import answers
from pyagents.report.page import Page, write_report
from pyagents.report.render import render_page
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.declaration import experiments_folder
from pyagents.reproduction.drawing import draw_all
from pyagents.reproduction.experiment import load_experiments
from pyagents.reproduction.outcomes import Outcomes
from pyagents.scenarios.indoor_factory.agents.gt_rl import READINGS
from pyagents.scenarios.indoor_factory.family import FAMILY
from tests.experiments.runs import AGENTS, outcomes_of

EXPERIMENTS = load_experiments(FAMILY)
FIGURES = ("fig5", "fig7", "fig8", "handovers")
TABLES = ("ablations",)
EVERYBODY = (
    *AGENTS,
    Contender(name="max-rsrp", label="No <balancing>", role="reference"),
    Contender(name="gt-rl-letter", label="GT-RL, literal", role="aside"),
    Contender(name="mappo", label="MAPPO", role="beyond"),
    Contender(name="random", label="<Mine>", role="yours"),
    Contender(name="gt-rl:must-move", label="staying does not compete", role="aside", only=("ablations",)),
)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    levels = {
        "gt-rl": 0.8,
        "qa-lb": 0.7,
        "max-rsrp": 1.0,
        "gt-rl-letter": 0.6,
        "mappo": 0.4,
        "random": 0.9,
        "gt-rl:must-move": 1.3,
    }
    return outcomes_of(
        [EXPERIMENTS[name] for name in (*FIGURES, *TABLES)],
        tmp_path_factory.mktemp("runs"),
        lambda agent, x, seed: levels[agent] + 0.001 * seed,
        seeds=6,
        agents=EVERYBODY,
    )


@pytest.fixture(scope="module")
def page(outcomes: Outcomes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    drawings = draw_all(outcomes, folder / "figures")
    page = Page(outcomes=outcomes, drawings=drawings, failures=[], folder=folder)
    path = write_report(page)
    first = path.read_bytes()
    assert write_report(page).read_bytes() == first
    return path


def test_says_what_was_run_and_every_claim_with_its_verdict(page: Path) -> None:
    html = page.read_text()
    for name in FIGURES:
        for claim in EXPERIMENTS[name].claims:
            assert escape(claim.says) in html
    assert html.count("<img src=") == len(FIGURES) + 1
    assert "DQN-MLB: there is no library for it" in html
    names = " ".join((*FIGURES, *TABLES))
    agents = "gt-rl,qa-lb,max-rsrp,gt-rl-letter,mappo,random,gt-rl:must-move,dqn-mlb"
    assert f"./nru reproduce {names} --simulator mock --agents {agents} --seeds 6" in html
    assert "Not made with ns-3" in html
    assert "No &lt;balancing&gt;" in html
    assert "No <balancing>" not in html
    assert "TS 37.213" in html  # the choices that the paper leaves open
    assert "10.3390/electronics14203986" in html
    summary = (page.parent / "summary.md").read_text()
    assert summary.count("| **") == sum(len(EXPERIMENTS[name].claims) for name in FIGURES)


def row_of(html: str, table: str, label: str) -> list[str]:
    """Cells of a row of a table, without marks."""
    body = html[html.index(f'id="{table}"') :].partition("</table>")[0]
    row = next(part for part in body.split("<tr>") if f">{label}</td>" in part)
    return [re.sub(r"<[^>]*>", " ", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]


def test_sets_each_reading_beside_the_method(page: Path) -> None:
    """Values are level + 0.001 seed, seeds 1 to 6; the reading's level is 0.5 above."""
    html = page.read_text()
    label = "staying does not compete"
    cells = row_of(html, "ablations", label)
    assert [cell.split()[0] for cell in cells[1:6]] == ["1.3035", "1.3035", "+0.5000", "130.3", "+50.0"]
    assert row_of(html, "ablations", "GT-RL")[3] == "&ndash;"
    section = html[html.index('<section id="what-each-reading-of-gt-rl-does">') :].partition("</section>")[0]
    assert ">QA-LB</td>" not in section
    assert section.count("<li>") == 1
    assert f"<li><strong>{label}</strong>" in section
    assert "<code>may_stay=False</code>" in html


def test_says_what_each_reading_changes() -> None:
    text = (experiments_folder(FAMILY) / "report.md").read_text()
    assert set(re.findall(r'"gt-rl:([a-z-]+)":', text)) == set(READINGS)


def test_sets_somebodys_own_agent_beside_each_other(page: Path) -> None:
    """Its level is 0.1 above GT-RL's with each seed: more variance is worse, more satisfied better."""
    html = page.read_text()
    section = html[html.index('<section id="your-agents-beside-the-others">') :].partition("</section>")[0]
    assert "<h3>&lt;Mine&gt;</h3>" in section
    rows = [re.sub(r"<[^>]*>", " ", row).split() for row in section.split("<tr>")[1:]]
    beside = [" ".join(row) for row in rows if "GT-RL" in row and "literal" not in row]
    assert len(beside) == 1 + len(EXPERIMENTS["fig7"].values)
    assert all("worse +0.1000 +0.1000 to +0.1000 better +10.0 +10.0 to +10.0" in row for row in beside)


def test_tells_of_packets_and_wifi(page: Path) -> None:
    html = page.read_text()
    start = html.index('<section id="packets-wi-fi-and-who-hears-whom">')
    section = " ".join(html[start:].partition("</section>")[0].split())
    assert "delay budget of 300 ms" in section
    assert "Wi-Fi throughput, Mb/s" in section
    assert "Bytes late, %" in section
    for agent in ("GT-RL", "QA-LB", "MAPPO"):
        assert f">{agent}</td>" in section
    assert "Pairs of a channel that hear each other in 6 halls: 100 % in line of sight" in section


def test_shows_the_answer_of_medians_where_it_is_another() -> None:
    assert "medians" not in answers("holds", "holds").html
    both = answers("holds", "undecided")
    assert both.key == "holds"
    assert "medians:" in both.html
    assert "undecided" in both.html


def test_needs_no_other_file(page: Path) -> None:
    html = page.read_text()
    assert not re.findall(r'(?:src|href)="(?!data:|#|https://doi\.org/)[^"]*"', html)
    assert html.count("<table") == html.count("</table>") > 8
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= set(re.findall(r'id="([^"]+)"', html))


def test_a_family_without_a_text_has_the_general_one(outcomes: Outcomes, tmp_path: Path) -> None:
    drawings = draw_all(outcomes, tmp_path / "figures")
    general = Page(outcomes=outcomes, drawings=drawings, failures=[], folder=tmp_path)
    text = Path(pyagents.report.__file__).with_name("report.md")
    html = render_page(text, general.names())
    assert f"<title>{FAMILY.title[0].upper()}{FAMILY.title[1:]}</title>" in html
    for title in ("The claims", "The figures", "How the agents rank", "Internal checks", "What was run"):
        assert f">{title}</h2>" in html
    assert html.count("<img src=") == len(FIGURES)
    assert html.count("<section") == html.count("</section>") == len(re.findall("<h2", html))
    assert "##" not in re.sub(r"&#\d+;|href=\"#", "", html.partition("<body>")[2])


def test_a_mistake_in_the_text_is_told_with_its_line(tmp_path: Path) -> None:
    text = tmp_path / "report.md"
    for wrong, said in (
        ("{{ tables() }}", "line 3: 'tables' is undefined"),
        ("{% for %}", "line 3"),
    ):
        text.write_text(f"# Title\n\n{wrong}\n")
        with pytest.raises(ValueError, match=rf"report .*report\.md, {said}"):
            render_page(text, {})


CHROMIUM = shutil.which("chromium")

PROBE = """<script>
window.addEventListener("load", () => {
  const table = document.getElementById("ranking");
  const column = (i) => [...table.tBodies[0].rows].map((row) => row.cells[i].textContent);
  const button = table.tHead.rows[0].cells[2].querySelector("button");
  const before = column(2);
  button.click();
  const up = column(2);
  button.click();
  const down = column(2);
  table.tHead.rows[0].cells[0].querySelector("button").click();
  const found = { before, up, down, names: column(0), sorts: table.tHead.rows[0].cells[0].ariaSort,
    images: [...document.images].map((image) => image.complete && image.naturalWidth > 300) };
  document.body.innerHTML = "";
  document.body.append("FOUND" + JSON.stringify(found) + "END");
});
</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_shows_the_pictures_and_sorts_the_tables(page: Path, tmp_path: Path) -> None:
    probed = tmp_path / "probed.html"
    probed.write_text(page.read_text().replace("</body>", f"{PROBE}</body>"))
    assert CHROMIUM is not None
    done = subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"),
            f"--user-data-dir={tmp_path / 'profile'}",
            probed.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert not [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    match = re.search(r"FOUND(.*)END", done.stdout)
    assert match is not None
    found = json.loads(match[1])
    assert found["images"] == [True] * (len(FIGURES) + 1)
    assert found["up"] == sorted(found["before"], key=float)
    assert found["down"] == found["up"][::-1]
    assert found["up"] != found["before"]
    assert found["names"] == sorted(found["names"])
    assert found["sorts"] == "ascending"

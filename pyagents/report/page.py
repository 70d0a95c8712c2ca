# SPDX-License-Identifier: GPL-2.0-only
"""The report of a reproduction: a family's text, filled in with what the runs came to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pyagents import __version__
from pyagents.core.agent_spec import find_agent
from pyagents.core.family import load_place
from pyagents.core.files import to_csv, write_whole
from pyagents.report.claims import Claims
from pyagents.report.conditions import Conditions
from pyagents.report.figures import Figures
from pyagents.report.played import PlayedRuns
from pyagents.report.ranking import Ranking
from pyagents.report.render import render_page
from pyagents.report.tabulated import tabulated
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.declaration import experiments_folder
from pyagents.reproduction.drawing import Drawing
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.plan import Plan
from pyagents.reproduction.verdict import MIN_SEEDS, Verdict, judge_all
from pyagents.runs.sweep import Failure

_DEFAULT = Path(__file__).with_name("report.md")


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that a report is made from."""

    outcomes: Outcomes
    """Outcomes of all runs."""
    drawings: Sequence[Drawing]
    """Figures that were drawn."""
    failures: Sequence[Failure]
    """Runs that could not be played."""
    folder: Path
    """Folder of the results: `report`, `figures` and what other commands left."""
    verdicts: Sequence[Verdict] = ()
    """Verdicts on all claims; none: they are judged by all seeds at once."""

    @property
    def plan(self) -> Plan:
        """Plan that was to be played."""
        return self.outcomes.plan

    @property
    def text(self) -> Path:
        """The family's report, or the general one."""
        own = experiments_folder(self.plan.family) / "report.md" if self.plan.family.experiments else _DEFAULT
        return own if own.is_file() else _DEFAULT

    @cached_property
    def claims(self) -> Claims:
        """All claims, judged."""
        return Claims(verdicts=self.verdicts or judge_all(self.outcomes), labels=self.plan.labels)

    def agents(self, *roles: str) -> list[Contender]:
        """List agents that have runs; of these roles, where any are named."""
        played = {contender for played in self.outcomes.played for contender in played.contenders}
        return [c for c in self.plan.contenders if c in played and (not roles or c.role in roles)]

    def options(self, agent: str, beside: str = "") -> str:
        """List options of an agent, those that differ from another's where one is named."""
        played = {contender.name: contender.agent for contender in self.plan.contenders}
        theirs, mine = (
            find_agent(played.get(name, name), self.plan.family).config_dict() if name else {}
            for name in (beside, agent)
        )
        return ", ".join(f"{k}={v}" for k, v in mine.items() if k not in theirs or theirs[k] != v)

    def names(self) -> dict[str, Any]:
        """Name what the text of a report may: see docs/reproduction.md."""
        conditions = Conditions(self.outcomes)
        figures = Figures(drawings=self.drawings, claims=self.claims, experiments=self.plan.experiments)
        ranking = Ranking(plan=self.plan, conditions=conditions)
        runs = PlayedRuns(outcomes=self.outcomes, failures=self.failures, conditions=conditions)
        return {
            "family": self.plan.family,
            "version": __version__,
            "min_seeds": MIN_SEEDS,
            "experiments": self.plan.experiments,
            "verdicts": self.claims.verdicts,
            "tally": self.claims.tally,
            "claims": self.claims.table,
            "figure": figures.one,
            "figures": figures.all,
            "conditions": conditions.ranked,
            "pick": conditions.pick,
            "table": conditions.table,
            "table_of": conditions.table_of,
            "tabulated": partial(tabulated, self.outcomes),
            "ranking": ranking.table,
            "duels": ranking.duels,
            "own": ranking.own,
            "agents": self.agents,
            "options": self.options,
            "what": runs.told(),
            "build": runs.build,
            "judge": runs.judge,
            "intervals": runs.intervals,
            "warnings": runs.warnings,
            "command": runs.command,
            "not_played": runs.not_played,
            "agents_table": runs.agents,
            "scenarios_table": runs.scenarios,
            "checks": runs.checks,
            **{name: self._block(place) for name, place in self.plan.family.report_blocks.items()},
        }

    def _block(self, place: str) -> Any:
        """Load what the family names: of a function what it makes of this page, else a value."""
        found: Callable[..., Any] | Any = load_place(place)
        return partial(found, self) if callable(found) else found


def write_report(page: Page) -> Path:
    """Write `report/index.html`, which needs no other file, and beside it `claims.csv` and `summary.md`.

    The same runs give the same bytes. Raises ValueError, which says where, for a text that is malformed.
    """
    folder = page.folder / "report"
    folder.mkdir(parents=True, exist_ok=True)
    names = page.names()
    path = folder / "index.html"
    write_whole(path, render_page(page.text, names))
    if page.claims.verdicts:
        write_whole(folder / "claims.csv", to_csv(page.claims.rows()))
        write_whole(folder / "summary.md", page.claims.to_markdown(names["what"]))
    return path

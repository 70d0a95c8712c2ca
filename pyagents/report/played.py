# SPDX-License-Identifier: GPL-2.0-only
"""The runs behind a page, and the command that plays them again."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pyagents import __version__
from pyagents.core.families import default_family
from pyagents.report.conditions import Conditions
from pyagents.report.html import NOTHING, Cell, badge, table, text
from pyagents.reproduction.checks import check_all
from pyagents.reproduction.contender import load_contenders
from pyagents.reproduction.experiment import load_experiments
from pyagents.reproduction.outcomes import Outcomes
from pyagents.runs.sweep import Failure
from pyagents.statistics.repeated import PLANNED


@dataclass(frozen=True, kw_only=True)
class PlayedRuns:
    """The runs behind a page."""

    outcomes: Outcomes
    """Outcomes of the runs."""
    failures: Sequence[Failure]
    """Runs that could not be played."""
    conditions: Conditions
    """Conditions of the runs."""

    def told(self) -> str:
        """Tell what was run, in a sentence."""
        plan = self.outcomes.plan
        steps = sorted({run.scenario.steps for run in plan.runs.values()})
        return (
            f"{self.outcomes.count - self.outcomes.missing} runs of {' or '.join(map(str, steps))} steps "
            f"on {self.build}, {plan.count_seeds(*plan.experiments)} at each "
            f"point, nru {__version__}."
        )

    @property
    def build(self) -> str:
        """Simulator that played, and its version."""
        runs = self.outcomes.plan.runs.values()
        return next((run.code["simulator"] for run in runs), self.outcomes.plan.simulator)

    @property
    def judge(self) -> str:
        """Hash of the source of what judges runs."""
        return next((run.code["metrics"] for run in self.outcomes.plan.runs.values()), "")

    @property
    def intervals(self) -> str:
        """Kind of the intervals that claims are judged by."""
        kind = "95 % bootstrap intervals, paired over the seeds"
        if not self.outcomes.plan.most:
            return kind
        return (
            f"{kind}, and stretched so that they hold however often one looks on the way to {PLANNED} seeds; "
            f"each comparison has as many seeds as it took, up to {self.outcomes.plan.most}. In figures and "
            f"other tables they are those of a single look"
        )

    def warnings(self) -> Markup:
        """Tell what a reader has to know first."""
        plan, notes = self.outcomes.plan, []
        if self.outcomes.missing:
            notes.append(f"{self.outcomes.missing} runs of {self.outcomes.count} are missing.")
        if plan.quick:
            notes.append("A quick reproduction: shorter runs, fewer points and seeds than the full one.")
        if plan.family.program and plan.simulator != "ns3":
            notes.append("Not made with ns-3, but with its fast twin: for a look, not for a conclusion.")
        return Markup("<p><b>{}</b></p>").format(" ".join(notes)) if notes else NOTHING

    def command(self) -> Markup:
        """Tell what to type to get this page."""
        plan, family = self.outcomes.plan, self.outcomes.plan.family
        declared_figures = list(load_experiments(family)) if family.experiments else []
        figures = [e.name if e.name in declared_figures else f"{e.name}.toml" for e in plan.experiments]
        agents = [contender.name for contender in (*plan.contenders, *plan.left_out)]
        declared = [contender.name for contender in load_contenders(family)]
        parts = [
            *("./nru", "reproduce"),
            *([] if figures == declared_figures else figures),
            *([] if family is default_family() else ["--family", family.name]),
            *([] if plan.simulator == "ns3" else ["--simulator", plan.simulator]),
            *([] if set(agents) == set(declared) else ["--agents", ",".join(agents)]),
            *(["--quick"] if plan.quick else []),
            *("--seeds", str(len(plan.seeds))),
            *(["--until-decided", "--most", str(plan.most)] if plan.most else []),
        ]
        return Markup("<pre>{}</pre>").format(shlex.join(parts))

    def not_played(self) -> Markup:
        """List agents that were left out, and runs that failed."""
        left_out = (f"Without {c.label}: {why}" for c, why in self.outcomes.plan.left_out.items())
        failed = (f"Given up: {f.task.label}; log {f.log.name}" for f in self.failures)
        lines = Markup("").join(Markup("<li>{}</li>").format(line) for line in (*left_out, *failed))
        return Markup("<ul>{}</ul>").format(lines) if lines else NOTHING

    def agents(self) -> Markup:
        """Tabulate the agents, their sources and their options."""
        rows: dict[str, list[Cell]] = {}
        for run in self.outcomes.plan.runs.values():
            config = ", ".join(f"{k}={v}" for k, v in run.agent_config.items()) or "no options"
            rows.setdefault(run.agent, [text(run.agent), text(run.code["agent"]), text(config)])
        return table(["Agent", "Source", "Options"], list(rows.values()), wide=True)

    def scenarios(self) -> Markup:
        """Tabulate the conditions, and the keys of their scenarios."""
        rows = [
            [
                text(place.text),
                text(place.experiment.preset),
                text(self.outcomes.plan.scenario(place.experiment, place.shown[0][1]).key[:16]),
            ]
            for place in self.conditions.all
        ]
        return table(["Condition", "Preset", "Scenario"], rows, wide=True)

    def checks(self) -> Markup:
        """Tabulate what must be so whatever agents do, and whether it is."""
        rows = [
            [text(check.what), text(check.found), badge("passed" if check.passed else "failed")]
            for check in check_all(self.outcomes)
        ]
        return table(["What must be so", "Looked at", "Result"], rows, name="checks-table", wide=True)

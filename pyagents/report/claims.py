# SPDX-License-Identifier: GPL-2.0-only
"""Claims and verdicts as tables."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pyagents.report.html import NOTHING, Cell, badge, details, interval, table, text
from pyagents.reproduction.experiment import Experiment
from pyagents.reproduction.verdict import MIN_SEEDS, Answer, Check, Verdict

_MEASURED = {"gain": "Better by, %", "trend": "Slope", "change": "Change, %", "level": "Level"}


@dataclass(frozen=True, kw_only=True)
class Claims:
    """All claims of a page, judged."""

    verdicts: Sequence[Verdict]
    """Verdicts in the order of the figures."""
    labels: Mapping[str, str]
    """Names of the agents for people, by name."""

    def tally(self) -> Markup:
        """Count claims that hold, do not, and are undecided."""
        if not self.verdicts:
            return NOTHING
        counts: Counter[str] = Counter(verdict.answer for verdict in self.verdicts)
        several = {"holds": "hold", "does not hold": "do not hold", "undecided": "undecided"}
        boxes = Markup("").join(
            Markup("<div><b>{}</b><span>{}</span></div>").format(
                counts[answer], f"claim {answer}" if counts[answer] == 1 else f"claims {word}"
            )
            for answer, word in several.items()
        )
        return Markup('<div class="tally">{}</div>').format(boxes)

    def table(self) -> Markup:
        """All claims: figure, sentence, what was found, verdict."""
        rows = [
            [
                Cell(
                    html=Markup('<a href="#{}">{}</a>').format(
                        v.experiment.name, v.experiment.number or v.experiment.title
                    ),
                    key=float(v.experiment.number),
                ),
                text(v.claim.says),
                text(self.found(v)),
                answers(v.answer, v.answer_by_medians),
            ]
            for v in self.verdicts
        ]
        head = ["Figure", "The paper says", "The runs say", "Verdict"]
        return table(head, rows, name="claims-table", wide=True)

    def of(self, experiment: Experiment) -> Markup:
        """The claims on a figure, each with its comparisons."""
        return Markup("").join(
            Markup('<p>{} {}<br><span class="lead">{}</span></p>{}').format(
                answers(v.answer, v.answer_by_medians).html,
                v.claim.says,
                self.found(v),
                details("Each comparison", checks_table(v)) if v.checks else "",
            )
            for v in self.verdicts
            if v.experiment.name == experiment.name
        )

    def found(self, verdict: Verdict) -> str:
        """The estimates behind a verdict in one sentence."""
        parts = []
        if verdict.absent:
            parts.append(f"not played: {', '.join(self.labels.get(name, name) for name in verdict.absent)}")
        checks = [check for check in verdict.checks if not math.isnan(check.estimate.mean)]
        if 0 < len(checks) <= 3:
            gain = "gain " if verdict.claim.kind == "gain" else ""
            parts += [f"{gain}{_short(verdict, check)} {check.what}" for check in checks]
        elif checks:
            means = sorted(check.estimate.mean for check in checks)
            spread = f"{_share(verdict, means[0])} to {_share(verdict, means[-1])}"
            counts = Counter(check.answer for check in checks)
            gain = "gains " if verdict.claim.kind == "gain" else ""
            parts.append(
                f"{gain}{spread}; of {len(checks)} comparisons {counts['holds']} hold, "
                f"{counts['does not hold']} do not"
            )
        if checks and checks[0].estimate.count < MIN_SEEDS:
            count = checks[0].estimate.count
            seeds = f"{count} seed{'s' if count != 1 else ''}"
            parts.append(f"{seeds}, {MIN_SEEDS} are needed for a verdict")
        return "; ".join(parts) or "no runs"

    def rows(self) -> list[dict[str, float | str]]:
        """A row a check, for a file."""
        return [
            {
                "figure": v.experiment.name,
                "claim": v.claim.says,
                "kind": v.claim.kind,
                "check": c.what,
                **c.estimate.to_row(),
                "answer": c.answer,
                "median": c.by_medians.mean,
                "median_low": c.by_medians.low,
                "median_high": c.by_medians.high,
                "answer_by_medians": c.answer_by_medians,
                "verdict": v.answer,
                "verdict_by_medians": v.answer_by_medians,
            }
            for v in self.verdicts
            for c in v.checks
        ]

    def to_markdown(self, what_was_run: str) -> str:
        """The claims as a table for a document."""
        rows = [
            ["figure", "the paper says", "the runs say", "verdict"],
            ["---"] * 4,
            *(
                [
                    str(v.experiment.number or v.experiment.title),
                    v.claim.says,
                    self.found(v),
                    f"**{v.answer}**{f' (medians: {v.answer_by_medians})' if v.hangs_on_the_tail else ''}",
                ]
                for v in self.verdicts
            ),
        ]
        return "\n".join([what_was_run, "", *(f"| {' | '.join(row)} |" for row in rows), ""])


def checks_table(verdict: Verdict) -> Markup:
    """Each comparison of a claim."""
    is_gain, settles = verdict.claim.kind == "gain", verdict.claim.statistic == "settling"
    factor = 1.0 if settles else verdict.experiment.measured.factor
    rows = []
    for check in verdict.checks:
        difference = [interval(check.difference, ".4g", factor)] if is_gain else []
        seeds = Cell(html=escape(check.estimate.count), key=check.estimate.count)
        answer = answers(check.answer, check.answer_by_medians)
        rows.append([text(check.what), _estimate(verdict, check), *difference, seeds, answer])
    unit = "steps to settle" if settles else verdict.experiment.y_title
    difference_head = [f"Difference, {unit}"] if is_gain else []
    measured = f"{_MEASURED[verdict.claim.kind]} (95 % interval)"
    return table(["Check", measured, *difference_head, "Seeds", "Answer"], rows)


def answers(by_means: Answer, by_medians: Answer) -> Cell:
    """A verdict; below it that of medians over the seeds, where it is another."""
    cell = badge(by_means)
    if by_medians == by_means:
        return cell
    medians = Markup('{} <span class="ci">medians: {}</span>').format(cell.html, badge(by_medians).html)
    return Cell(html=medians, key=cell.key)


def _short(verdict: Verdict, check: Check) -> str:
    e = check.estimate
    ends = "" if math.isnan(e.low) else f" ({_share(verdict, e.low)} to {_share(verdict, e.high)})"
    return f"{_share(verdict, e.mean)}{ends}"


def _share(verdict: Verdict, value: float) -> str:
    """A gain or a change in percent; a level in the unit of the figure; a slope as it is."""
    if verdict.claim.kind in ("gain", "change"):
        return f"{100 * value:+.1f} %"
    if verdict.claim.kind == "level":
        return f"{value * verdict.experiment.measured.factor:.4g}"
    return f"{value:+.3g}"


def _estimate(verdict: Verdict, check: Check) -> Cell:
    """The estimate; below it that of medians, where it decides otherwise."""
    factor, form = 1.0, ".4g"
    if verdict.claim.kind in ("gain", "change"):
        factor, form = 100.0, "+.1f"
    elif verdict.claim.kind == "level":
        factor = verdict.experiment.measured.factor
    cell = interval(check.estimate, form, factor)
    if check.answer_by_medians == check.answer:
        return cell
    medians = interval(check.by_medians, form, factor).html
    return Cell(html=Markup("{} medians: {}").format(cell.html, medians), key=cell.key)

# SPDX-License-Identifier: GPL-2.0-only
"""Claims and verdicts as tables."""

import math
from collections.abc import Mapping, Sequence

from pyagents.report.html import Cell, badge, interval, table, text
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.verdict import MIN_SEEDS, Answer, Check, Verdict


def claims_table(verdicts: Sequence[Verdict], labels: Mapping[str, str], *, name: str = "") -> str:
    """All claims: figure, sentence, what was found, verdict."""
    rows = [
        [
            Cell(
                html=f'<a href="#{v.experiment.name}">{v.experiment.number}</a>',
                key=float(v.experiment.number),
            ),
            text(v.claim.says),
            text(found(v, labels)),
            answers(v.answer, v.answer_by_medians),
        ]
        for v in verdicts
    ]
    return table(["Figure", "The paper says", "The runs say", "Verdict"], rows, name=name, wide=True)


def checks_table(verdict: Verdict) -> str:
    """Each comparison of a claim."""
    rows = []
    for check in verdict.checks:
        row = [text(check.what), _estimate(verdict, check)]
        if verdict.claim.kind == "gain":
            assert check.difference is not None
            factor = verdict.experiment.y_factor if verdict.claim.statistic != "settling" else 1.0
            row.append(interval(check.difference, ".4g", factor))
        seeds = Cell(html=str(check.estimate.count), key=check.estimate.count)
        rows.append([*row, seeds, answers(check.answer, check.answer_by_medians)])
    measured = {"gain": "Better by, %", "trend": "Slope", "change": "Change, %", "level": "Level"}[
        verdict.claim.kind
    ]
    unit = "steps to settle" if verdict.claim.statistic == "settling" else verdict.experiment.y_label
    difference = [f"Difference, {unit}"] if verdict.claim.kind == "gain" else []
    return table(["Check", f"{measured} (95 % interval)", *difference, "Seeds", "Answer"], rows)


def found(verdict: Verdict, labels: Mapping[str, str]) -> str:
    """The estimates in one sentence."""
    parts = []
    if verdict.absent:
        parts.append(f"not played: {', '.join(labels.get(name, name) for name in verdict.absent)}")
    checks = [check for check in verdict.checks if not math.isnan(check.estimate.mean)]
    if 0 < len(checks) <= 3:
        gain = "gain " if verdict.claim.kind == "gain" else ""
        parts += [f"{gain}{_short(verdict, check)} {check.what}" for check in checks]
    elif checks:
        means = sorted(check.estimate.mean for check in checks)
        spread = f"{_share(verdict, means[0])} to {_share(verdict, means[-1])}"
        counts = {answer: sum(c.answer == answer for c in checks) for answer in ("holds", "does not hold")}
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


def claims_rows(verdicts: Sequence[Verdict]) -> list[dict[str, float | str]]:
    """A row a check, for a file."""
    return [
        {
            "figure": v.experiment.name,
            "claim": v.claim.says,
            "kind": v.claim.kind,
            "check": c.what,
            "mean": c.estimate.mean,
            "low": c.estimate.low,
            "high": c.estimate.high,
            "seeds": c.estimate.count,
            "answer": c.answer,
            "median": c.by_medians.mean,
            "median_low": c.by_medians.low,
            "median_high": c.by_medians.high,
            "answer_by_medians": c.answer_by_medians,
            "verdict": v.answer,
            "verdict_by_medians": v.answer_by_medians,
        }
        for v in verdicts
        for c in v.checks
    ]


def summary_markdown(verdicts: Sequence[Verdict], outcomes: Outcomes, what_was_run: str) -> str:
    """The claims as a table for a document."""
    labels = outcomes.plan.labels
    rows = [
        ["figure", "the paper says", "the runs say", "verdict"],
        ["---"] * 4,
        *(
            [
                str(v.experiment.number),
                v.claim.says,
                found(v, labels),
                f"**{v.answer}**{f' (medians: {v.answer_by_medians})' if v.hangs_on_the_tail else ''}",
            ]
            for v in verdicts
        ),
    ]
    return "\n".join([what_was_run, "", *(f"| {' | '.join(row)} |" for row in rows), ""])


def answers(by_means: Answer, by_medians: Answer) -> Cell:
    """A verdict; below it that of medians over the seeds, where it is another."""
    cell = badge(by_means)
    if by_medians == by_means:
        return cell
    return Cell(html=f'{cell.html} <span class="ci">medians: {badge(by_medians).html}</span>', key=cell.key)


def _short(verdict: Verdict, check: Check) -> str:
    e = check.estimate
    ends = "" if math.isnan(e.low) else f" ({_share(verdict, e.low)} to {_share(verdict, e.high)})"
    return f"{_share(verdict, e.mean)}{ends}"


def _share(verdict: Verdict, value: float) -> str:
    """A gain or a change in percent; a level in the unit of the figure; a slope as it is."""
    if verdict.claim.kind in ("gain", "change"):
        return f"{100 * value:+.1f} %"
    if verdict.claim.kind == "level":
        return f"{value * verdict.experiment.y_factor:.4g}"
    return f"{value:+.3g}"


def _estimate(verdict: Verdict, check: Check) -> Cell:
    """The estimate; below it that of medians, where it decides otherwise."""
    factor, form = 1.0, ".4g"
    if verdict.claim.kind in ("gain", "change"):
        factor, form = 100.0, "+.1f"
    elif verdict.claim.kind == "level":
        factor = verdict.experiment.y_factor
    cell = interval(check.estimate, form, factor)
    if check.answer_by_medians == check.answer:
        return cell
    return Cell(html=f"{cell.html} medians: {interval(check.by_medians, form, factor).html}", key=cell.key)

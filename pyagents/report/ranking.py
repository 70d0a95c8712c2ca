# SPDX-License-Identifier: GPL-2.0-only
"""How the agents rank over all conditions, and what the paper's figures do not show."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pyagents.core.metrics import Metric
from pyagents.report.html import Cell, interval, number, table, text
from pyagents.reproduction.experiment import Contender, Experiment, Value
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.verdict import paired
from pyagents.scenarios.indoor_factory.metric_table import METRICS
from pyagents.statistics.interval import estimate_mean

Condition = tuple[Experiment, Value]

METHOD = "gt-rl"
"""The paper's own."""

_RANKED = ("load_variance", "satisfied_share", "throughput_mbps")
"""Metrics that agents are ranked by."""

LOADS_AND_UES = (
    "load_variance",
    "load_variance_median",
    "load_variance_max",
    "overloaded_share",
    "overloaded_periods_share",
    "load_jain",
    "satisfied_share",
    "starved_share",
    "throughput_mbps",
    "handovers_per_ue_minute",
    "ping_pong_share",
    "sib_loss_share",
)
"""What a table of a condition shows."""

PACKETS_AND_WIFI = (
    "late_share",
    "delay_p50_ms",
    "delay_p95_ms",
    "delay_p99_ms",
    "delay_p999_ms",
    "delay_p99_worst_ms",
    "wifi_offered_mbps",
    "wifi_throughput_mbps",
    "wifi_delay_p95_ms",
)
"""What tells how packets fare, and those who share the channels."""


def conditions(outcomes: Outcomes) -> list[Condition]:
    """Each condition of the figures once, however many figures show it."""
    unique: dict[str, Condition] = {}
    for experiment in outcomes.plan.experiments:
        for value in outcomes.points(experiment):
            unique.setdefault(outcomes.plan.scenario(experiment, value).key, (experiment, value))
    return list(unique.values())


def ranked(outcomes: Outcomes) -> list[Condition]:
    """Conditions that ranks are over: the paper's, or all where none of its figures is there.

    What changes a choice of ours is looked at by itself, lest the choices with many variants weigh more.
    """
    places = conditions(outcomes)
    return [(experiment, value) for experiment, value in places if experiment.number] or places


def pick(outcomes: Outcomes, *wanted: tuple[str, Value]) -> list[Condition]:
    """Those conditions, by experiment's name and value of its swept field; the last where none is there."""
    places = conditions(outcomes)
    return [(e, v) for e, v in places if (e.name, v) in wanted] or places[-1:]


def ranking_table(outcomes: Outcomes) -> str:
    """Mean rank of those who played everywhere, by metric: 1 is best."""
    places = ranked(outcomes)
    everywhere = [c for c in outcomes.plan.contenders if all(c.takes_part(e.name) for e, _ in places)]
    ranks = {name: mean_ranks(outcomes, everywhere, places, METRICS[name]) for name in _RANKED}
    rows = [
        [
            text(contender.label),
            *(number(ranks[metric].get(contender.name, math.nan), ".2f") for metric in _RANKED),
        ]
        for contender in everywhere
    ]
    return table(["Agent", "By load variance", "By UEs satisfied", "By throughput"], rows, name="ranking")


def mean_ranks(
    outcomes: Outcomes,
    contenders: Sequence[Contender],
    places: Sequence[Condition],
    metric: Metric,
) -> Mapping[str, float]:
    """By agent: its rank among the others, over conditions and seeds; equals share their places' mean.

    Where one of them has no run, or no number, nobody is ranked.
    """
    ranks: dict[str, list[float]] = defaultdict(list)
    for experiment, value in places:
        found = {c.name: outcomes.summary(experiment, c.name, value, metric.name) for c in contenders}
        for seed in outcomes.plan.seeds:
            values = {name: by_seed.get(seed, math.nan) for name, by_seed in found.items()}
            if any(math.isnan(v) for v in values.values()):
                continue
            for name, mine in values.items():
                ahead = sum(v > mine if metric.better == "higher" else v < mine for v in values.values())
                equal = sum(v == mine for v in values.values())
                ranks[name].append(1 + ahead + (equal - 1) / 2)
    return {name: sum(values) / len(values) for name, values in ranks.items()}


def duels_table(outcomes: Outcomes) -> str:
    """The method against whichever of the paper's others has the lowest mean load variance, by condition."""
    rows: list[list[Cell]] = []
    for experiment, value in conditions(outcomes):
        variances = {
            c: outcomes.summary(experiment, c.name, value, "load_variance")
            for c in outcomes.contenders(experiment, "paper")
        }
        ours = next((by_seed for c, by_seed in variances.items() if c.name == METHOD), {})
        others = {c: estimate_mean(list(v.values())).mean for c, v in variances.items() if c.name != METHOD}
        known = [c for c, mean in others.items() if not math.isnan(mean)]
        if not ours or not known:
            continue
        best = min(known, key=others.__getitem__)
        means = {
            metric: estimate_mean(list(outcomes.summary(experiment, METHOD, value, metric).values()))
            for metric in ("load_mean", "sib_loss_share", "sib_age_mean_s", "handovers_per_ue_minute")
        }
        theirs = outcomes.summary(experiment, best.name, value, "handovers_per_ue_minute")
        rows.append(
            [
                text(describe(experiment, value)),
                number(means["load_mean"].mean, ".2f"),
                number(100 * means["sib_loss_share"].mean, ".0f"),
                number(1000 * means["sib_age_mean_s"].mean, ".0f"),
                interval(estimate_mean(list(ours.values())), ".3f"),
                text(best.label),
                interval(paired(ours, variances[best], lambda a, b: a - b), "+.3f"),
                number(means["handovers_per_ue_minute"].mean, ".1f"),
                number(estimate_mean(list(theirs.values())).mean, ".1f"),
            ]
        )
    head = [
        "Condition",
        "Mean load",
        "SIBx lost, %",
        "Age of loads heard, ms",
        "Load variance of GT-RL",
        "Best other",
        "GT-RL's above its",
        "Handovers per UE and minute, GT-RL",
        "Best other's",
    ]
    return table(head, rows, name="duels", wide=True) if rows else ""


def condition_table(
    outcomes: Outcomes,
    experiment: Experiment,
    value: Value,
    agents: Sequence[str] = (),
    metrics: Sequence[str] = LOADS_AND_UES,
) -> str:
    """Metrics of one condition, an agent a row; of these agents, where any are named."""
    shown = [METRICS[name] for name in metrics]
    rows: list[list[Cell]] = []
    for contender in outcomes.contenders(experiment):
        if agents and contender.name not in agents:
            continue
        row = [text(contender.label)]
        for metric in shown:
            values = outcomes.summary(experiment, contender.name, value, metric.name).values()
            row.append(interval(estimate_mean(values), metric.form, metric.factor))
        rows.append(row)
    return table(["Agent", *(heading(metric) for metric in shown)], rows)


def heading(metric: Metric) -> str:
    """A metric's title as a table of the page has it."""
    title = metric.title
    return title if title.startswith("gNB") else title[0].upper() + title[1:]


def describe(experiment: Experiment, value: Value) -> str:
    """A condition in words."""
    scenario = experiment.scenario(value)
    layout = {"grid": "on a grid", "random": "at random places"}[scenario.gnb_layout]
    return (
        f"{scenario.n_gnbs} gNBs {layout}, {scenario.n_ues} UEs of {scenario.demand_mbps:g} Mb/s on average, "
        f"{100 * scenario.mobile_share:g} % mobile{f', {value}' if isinstance(value, str) else ''}"
    )

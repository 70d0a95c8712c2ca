# SPDX-License-Identifier: GPL-2.0-only
"""The picture of a ladder that was climbed."""

import math
from collections.abc import Sequence
from pathlib import Path

from pyagents.figures.curve import Curve
from pyagents.figures.style import save_figure
from pyagents.scenarios.indoor_factory.figures.ladder import Panel, StripRow, draw_ladder
from pyagents.scenarios.indoor_factory.ladder.climb import Fate, Standing
from pyagents.scenarios.indoor_factory.ladder.rungs import Ladder
from pyagents.scenarios.indoor_factory.metric_table import METRICS

NAMES = {"ns3": "ns-3", "mock": "mock"}
"""Names of simulators for people, in the order of line styles."""


def draw(ladder: Ladder, standings: Sequence[Standing], fates: Sequence[Fate], folder: Path) -> None:
    """Write `ladder.png` and `ladder.pdf`."""
    simulators = [name for name in NAMES if name in {s.simulator for s in standings}]
    panels = [
        Panel(
            y_label=METRICS["satisfied_share"].axis,
            y_factor=METRICS["satisfied_share"].factor,
            curves={NAMES[s]: _curves(standings, s, "satisfied_share") for s in simulators},
        ),
        Panel(
            y_label="Variance of gNB load",
            y_is_log=True,
            curves={NAMES[s]: _curves(standings, s, "load_variance") for s in simulators},
        ),
    ]
    strip = [
        StripRow(
            claim=fate.name,
            simulator=NAMES[simulator],
            answers={rung: answer for (rung, on), answer in fate.answers.items() if on == simulator},
        )
        for fate in fates
        for simulator in reversed(simulators)
    ]
    figure = draw_ladder(
        panels,
        strip,
        rungs=[rung.label for rung in ladder.rungs],
        title="From the paper's equations to the full scenario, at the same load",
        caption=_caption(standings),
    )
    for suffix in (".png", ".pdf"):
        save_figure(figure, folder / f"ladder{suffix}")


def _caption(standings: Sequence[Standing]) -> str:
    seeds = len(standings[0].outcomes.plan.seeds)
    builds = {
        next(iter(s.outcomes.plan.runs.values())).code["simulator"].partition(",")[0] for s in standings
    }
    return (
        f"Mean over {seeds} seed{'s' if seeds > 1 else ''}, bars: 95 % bootstrap intervals. GT-RL's gains: "
        f"✓ holds, ? undecided, ✗ does not hold. {', '.join(sorted(builds))}."
    )


def _curves(standings: Sequence[Standing], simulator: str, metric: str) -> list[Curve]:
    """A curve an agent."""
    mine = [standing for standing in standings if standing.simulator == simulator]
    contenders = mine[0].outcomes.plan.contenders
    curves = []
    for look, contender in enumerate(contenders):
        points = [(float(s.rung), s.estimate(contender.name, metric)) for s in mine]
        known = [(x, estimate) for x, estimate in points if not math.isnan(estimate.mean)]
        curves.append(
            Curve(
                label=contender.label,
                look=look,
                x=[x for x, _ in known],
                estimates=[estimate for _, estimate in known],
                kind=contender.role if contender.role in ("reference", "yours") else "agent",
            )
        )
    return curves

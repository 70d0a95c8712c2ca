# SPDX-License-Identifier: GPL-2.0-only
"""Which gNBs hear each other in the halls that a plan plays in, drawn from resets of its simulator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pyagents.figures.style import save_figure
from pyagents.reproduction.plan import Plan
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.figures.hearing import channel_pairs, draw_hearing, heard_pairs
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from pyagents.simulators.registry import describe_build, make_simulator
from pyagents.toolchain import ToolchainError

PRESET = "fig7"
"""Preset of the halls."""

SETTINGS: Mapping[str, str] = {"los": "in line of sight", "drawn": "drawn as links to UEs are"}
"""Values of `Scenario.ceiling_links`, and what the picture calls them."""

SEEDS = 10
"""At most so many halls of each setting are counted: a reset of ns-3 takes a second or so."""


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """The picture, and what was counted."""

    png: Path
    """The picture of seed 1; beside it is a PDF of the same name."""
    shares: Mapping[str, float]
    """Pairs of gNBs of one channel that hear each other, as a share of all such pairs, by setting."""
    seeds: int
    """Number of halls that each share was counted in."""
    build: str
    """Simulator that drew the halls."""

    @property
    def caption(self) -> str:
        """The counts in a sentence."""
        counted = ", ".join(f"{100 * share:.0f} % {SETTINGS[name]}" for name, share in self.shares.items())
        halls = "1 hall" if self.seeds == 1 else f"{self.seeds} halls"
        return (
            f"Pairs of a channel that hear each other in {halls}: {counted}. Seed 1 is drawn. {self.build}."
        )


def draw_all_hearing(plan: Plan, folder: Path) -> Hearing | None:
    """Draw the halls of `PRESET` under both settings; None if the plan has no such hall.

    On ns-3 if the plan is for it and it is here, else on the mock.
    """
    if all(experiment.preset != PRESET for experiment in plan.experiments):
        return None
    seeds = plan.seeds[:SEEDS]
    simulator = plan.simulator
    try:
        halls = {setting: _reset(simulator, setting, seeds) for setting in SETTINGS}
    except ToolchainError:
        simulator = "mock"
        halls = {setting: _reset(simulator, setting, seeds) for setting in SETTINGS}
    scenario = _scenario("los")
    hearing = Hearing(
        png=folder / "hearing.png",
        shares={setting: share(snapshots, scenario) for setting, snapshots in halls.items()},
        seeds=len(seeds),
        build=describe_build(simulator, FAMILY).partition(",")[0],
    )
    first = {f"Links {SETTINGS[setting]}": snapshots[0] for setting, snapshots in halls.items()}
    figure = draw_hearing(first, scenario, caption=hearing.caption)
    for suffix in (".png", ".pdf"):
        save_figure(figure, hearing.png.with_suffix(suffix))
    return hearing


def share(snapshots: Sequence[Snapshot], scenario: Scenario) -> float:
    """Count pairs of gNBs that hear each other, as a share of all pairs of one channel; NaN without any."""
    heard = sum(len(heard_pairs(snapshot, scenario)) for snapshot in snapshots)
    pairs = sum(len(channel_pairs(snapshot)) for snapshot in snapshots)
    return heard / pairs if pairs else np.nan


def _scenario(setting: str) -> Scenario:
    """The preset, no longer than its first SIBx period."""
    return replace(PRESETS[PRESET], ceiling_links=setting, warmup_periods=0, steps=1)  # type: ignore[arg-type]


def _reset(simulator: str, setting: str, seeds: Sequence[int]) -> list[Snapshot]:
    with make_simulator(simulator, None, FAMILY) as made:
        return [made.reset(_scenario(setting), seed) for seed in seeds]

# SPDX-License-Identifier: GPL-2.0-only
"""The situations to learn in: drawn around the paper's, so that one set of weights serves all."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario


def draw_scenario(rng: np.random.Generator, steps: int) -> Scenario:
    """A situation like those of the paper's figures: 20 to 100 UEs, 6 to 10 gNBs, on a grid or at random.

    In one of three the UEs all want 5 Mb/s, 20 to 60 of them, as in Figs. 5 and 6; else 0.5 to 5 Mb/s.
    """
    n_gnbs = int(rng.integers(6, 11))
    constant = bool(rng.random() < 1 / 3)
    layout: Any = rng.choice(["grid", "random"]).item()
    return dataclasses.replace(
        PRESETS["fig5" if constant else "fig7"],
        n_gnbs=n_gnbs,
        n_ues=int(rng.integers(20, 61 if constant else 101)),
        gnb_layout=layout,
        mobile_share=float(rng.choice([0.0, 0.1, 0.2, 0.4])),
        steps=steps,
    )


def deal_out_halls(
    scenarios: Sequence[Scenario], count: int, rng: np.random.Generator
) -> list[tuple[Scenario, ...]]:
    """Deal halls out among the clients of a federation: each is the operator of one kind of hall.

    Within a hall all cells share the air, and clusters form anew as loads move: a hall is the least that can
    be called somebody's own. Halls that are named are dealt out in turn; without any each client's is drawn,
    on a grid, which covers any hall.
    """
    if scenarios:
        return [(scenarios[client % len(scenarios)],) for client in range(count)]
    preset = PRESETS["fig7"]
    return [(dataclasses.replace(draw_scenario(rng, preset.steps), gnb_layout="grid"),) for _ in range(count)]

# SPDX-License-Identifier: GPL-2.0-only
"""The situations to learn in: drawn around the paper's, so that one set of weights serves all."""

import dataclasses
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

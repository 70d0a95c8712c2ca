# SPDX-License-Identifier: GPL-2.0-only
"""What learners have in common: halls to learn in, and how they are put away."""

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from pyagents.core.simulator import BatchSimulator, ImpossibleScenarioError
from pyagents.core.tensors import Arrays
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from pyagents.scenarios.indoor_factory.training.settings import HallTraining
from pyagents.scenarios.indoor_factory.training.situations import draw_scenario
from pyagents.training.seeds import FIRST_TRAINING_SEED
from pyagents.training.tensors import (
    adam_arrays,
    network_arrays,
    restore_adam,
    restore_network,
    use_one_thread,
)

MakeHalls = Callable[[], BatchSimulator]


class HallLearner:
    """The part of a learner that is the same for all: halls to play in, and how it is put away.

    Without scenarios, situations are those that `draw_scenario` draws. Weights of the networks are put away
    by name, with the state of their optimiser.
    """

    def __init__(
        self,
        config: HallTraining,
        networks: Mapping[str, torch.nn.Module],
        adam: torch.optim.Adam,
        *,
        seed: int,
        scenarios: Sequence[Scenario],
        make_batch: MakeHalls,
    ) -> None:
        use_one_thread()
        self._halls, self._networks, self._adam = config, networks, adam
        self._scenarios, self._make_batch = scenarios, make_batch
        self._rng = np.random.default_rng(seed)
        self._iteration = 0

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """All that it takes to go on as if nothing had happened."""
        arrays = adam_arrays(self._adam)
        for name, network in self._networks.items():
            arrays |= network_arrays(network, f"{name}/")
        return arrays, {"rng": copy.deepcopy(self._rng.bit_generator.state), "iteration": self._iteration}

    def restore(self, arrays: Arrays, counts: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        for name, network in self._networks.items():
            restore_network(network, arrays, f"{name}/")
        restore_adam(self._adam, arrays)
        self._rng.bit_generator.state, self._iteration = counts["rng"], counts["iteration"]

    def _start(self) -> tuple[BatchSimulator, Scenario, Snapshot]:
        """Halls that were never played before, of one situation, at their first step.

        Draws again where gNBs cannot be placed so that they cover the hall.
        """
        halls, config, rng = self._make_batch(), self._halls, self._rng
        first_seed = FIRST_TRAINING_SEED + self._iteration * config.halls
        seeds = range(first_seed, first_seed + config.halls)
        if self._scenarios:
            situation = self._scenarios[int(rng.integers(len(self._scenarios)))]
            scenario = dataclasses.replace(situation, steps=config.steps)
            return halls, scenario, halls.reset(scenario, seeds)
        while True:
            scenario = draw_scenario(rng, config.steps)
            try:
                return halls, scenario, halls.reset(scenario, seeds)
            except ImpossibleScenarioError:
                continue

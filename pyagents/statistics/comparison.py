# SPDX-License-Identifier: GPL-2.0-only
"""Agents side by side over the same seeds. Knows nothing of what the metrics mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyagents.statistics.interval import Estimate, estimate_mean

Values = Mapping[str, Mapping[int, float]]
"""Values of one metric, by agent and seed."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Results of all runs; ValueError unless each agent has played each seed."""

    summaries: Mapping[str, Mapping[int, Mapping[str, float]]]
    """Summaries of runs by agent, in the order of tables, and seed."""

    def __post_init__(self) -> None:
        if any(sorted(by_seed) != self.seeds for by_seed in self.summaries.values()):
            raise ValueError("not a comparison: each agent must have played each seed once")

    @property
    def agents(self) -> list[str]:
        """Names of the agents."""
        return list(self.summaries)

    @property
    def seeds(self) -> list[int]:
        """Seeds, ascending."""
        return sorted({seed for by_seed in self.summaries.values() for seed in by_seed})

    def values(self, metric: str) -> Values:
        """A metric of the summaries, by agent and seed."""
        return {
            agent: {seed: by_seed[seed][metric] for seed in self.seeds}
            for agent, by_seed in self.summaries.items()
        }

    def means(self, metric: str) -> dict[str, Estimate]:
        """The mean of a metric over the seeds, by agent."""
        return {agent: estimate_mean(by_seed.values()) for agent, by_seed in self.values(metric).items()}

    def differences(self, metric: str, reference: str) -> dict[str, Estimate]:
        """Estimate by how much agents are above the reference, paired: seeds differ more than agents do."""
        values = self.values(metric)
        return {
            agent: estimate_mean([by_seed[seed] - values[reference][seed] for seed in self.seeds])
            for agent, by_seed in values.items()
        }

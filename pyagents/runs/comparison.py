# SPDX-License-Identifier: GPL-2.0-only
"""Agents side by side over the same seeds. Knows nothing of what the metrics mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyagents.runs.execute import Result
from pyagents.statistics.interval import Estimate, estimate_mean

Values = Mapping[str, Mapping[int, float]]
"""Of one metric, by agent and seed."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What all runs came to: each agent has played each seed.

    Raises:
        ValueError: a run is there twice, or an agent lacks a seed that another one has.
    """

    results: Sequence[Result]
    """In any order."""

    def __post_init__(self) -> None:
        played = [(result.run.agent, result.run.seed) for result in self.results]
        wanted = {(agent, seed) for agent in self.agents for seed in self.seeds}
        if len(played) != len(set(played)) or set(played) != wanted:
            raise ValueError("not a comparison: each agent must have played each seed once")

    @property
    def agents(self) -> list[str]:
        """Names, in the order of their first runs."""
        return list(dict.fromkeys(result.run.agent for result in self.results))

    @property
    def seeds(self) -> list[int]:
        """Ascending."""
        return sorted({result.run.seed for result in self.results})

    def values(self, metric: str) -> Values:
        """A metric of the summaries, by agent and seed."""
        return {
            agent: {
                result.run.seed: result.summary[metric]
                for result in self.results
                if result.run.agent == agent
            }
            for agent in self.agents
        }

    def means(self, metric: str) -> dict[str, Estimate]:
        """The mean of a metric over the seeds, by agent."""
        return {
            agent: estimate_mean([by_seed[seed] for seed in self.seeds])
            for agent, by_seed in self.values(metric).items()
        }

    def differences(self, metric: str, reference: str) -> dict[str, Estimate]:
        """By how much each agent's metric is above the reference's, seed by seed.

        Paired, because seeds differ more than agents do.
        """
        values = self.values(metric)
        return {
            agent: estimate_mean([by_seed[seed] - values[reference][seed] for seed in self.seeds])
            for agent, by_seed in values.items()
        }

    def rows(self) -> list[dict[str, float | str]]:
        """A row a run: agent, seed, and its whole summary; agents in order, seeds ascending."""
        order = {agent: index for index, agent in enumerate(self.agents)}
        ordered = sorted(self.results, key=lambda result: (order[result.run.agent], result.run.seed))
        return [{"agent": r.run.agent, "seed": r.run.seed, **r.summary} for r in ordered]

# SPDX-License-Identifier: GPL-2.0-only
"""What is to be run, complete, and the key that its record is kept under."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyagents.core.agent_spec import AgentSpec
from pyagents.core.content_key import content_key
from pyagents.core.families import find_family
from pyagents.core.family import Family, load_place
from pyagents.core.metrics import Metrics
from pyagents.core.scenario import Scenario
from pyagents.runs.provenance import trace_code


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run. Equal Runs give equal records, where `code` is known."""

    scenario: Scenario
    """Situation that is played; its family is the run's."""
    agent: str
    """Name of the agent, as `find_agent` takes it."""
    agent_config: Mapping[str, Any] = field(default_factory=dict)
    """Options of the agent by name, all of them."""
    simulator: str = "ns3"
    """Name of the simulator, as `make_simulator` takes it."""
    seed: int = 1
    """Number of the random run, 1 or above."""
    judged_by: str = ""
    """Place of the `Metrics` that make its rows and summary; empty: its family's."""
    code: Mapping[str, str] = field(default_factory=dict)
    """Hashes of what plays it: see `pyagents.runs.provenance.trace_code`."""

    @property
    def family(self) -> Family:
        """Family of the scenario."""
        return find_family(self.scenario.family)

    @property
    def metrics(self) -> Metrics:
        """Metrics that make its rows and summary."""
        found: Metrics = load_place(self.judged_by) if self.judged_by else self.family.metrics
        return found

    def to_dict(self) -> dict[str, Any]:
        """All of it but the scenario, which `scenario_key` stands for."""
        return {
            "family": self.scenario.family,
            "agent": self.agent,
            "agent_config": {name: _plain(value) for name, value in self.agent_config.items()},
            "simulator": self.simulator,
            "seed": self.seed,
            "scenario_key": self.scenario.key,
            "judged_by": self.judged_by,
            "code": dict(self.code),
        }

    @property
    def key(self) -> str:
        """Content hash, SHA-256 in hex."""
        return content_key(self.to_dict())


def list_runs(
    scenario: Scenario, agents: Iterable[AgentSpec], simulator: str, seeds: Iterable[int], judged_by: str = ""
) -> list[Run]:
    """List runs of all these agents over all these seeds, seed by seed, with the code that plays them.

    Raises ValueError where an agent or the simulator does not exist.
    """
    specs = list(agents)
    codes = [
        trace_code(spec.name, spec.config_dict(), simulator, find_family(scenario.family), judged_by)
        for spec in specs
    ]
    return [
        Run(
            scenario=scenario,
            agent=spec.name,
            agent_config=spec.config_dict(),
            simulator=simulator,
            seed=seed,
            judged_by=judged_by,
            code=code,
        )
        for seed in seeds
        for spec, code in zip(specs, codes, strict=True)
    ]


def _plain(value: Any) -> Any:
    """Write infinities and NaN as text, which JSON can say."""
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value

# SPDX-License-Identifier: GPL-2.0-only
"""What is to be run, complete, and the key that its results are kept under."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyagents.scenarios.indoor_factory.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run. Equal Runs give equal results, where `code` is known."""

    scenario: Scenario
    """The situation."""
    agent: str
    """Name of the agent, as `find_agent` takes it."""
    agent_config: Mapping[str, Any] = field(default_factory=dict)
    """The agent's options by name, all of them."""
    simulator: str = "ns3"
    """Name of the simulator, as `make_simulator` takes it."""
    seed: int = 1
    """Number of the random run, 1 or above."""
    code: Mapping[str, str] = field(default_factory=dict)
    """Hashes of what plays it: see `pyagents.runs.provenance.trace_code`."""

    def to_dict(self) -> dict[str, Any]:
        """All of it but the scenario, which `scenario_key` stands for."""
        return {
            "agent": self.agent,
            "agent_config": {name: _plain(value) for name, value in self.agent_config.items()},
            "simulator": self.simulator,
            "seed": self.seed,
            "scenario_key": self.scenario.key,
            "code": dict(self.code),
        }

    @property
    def key(self) -> str:
        """Content hash, SHA-256 in hex."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """What JSON can say: infinities and NaN as text."""
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value

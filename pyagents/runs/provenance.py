# SPDX-License-Identifier: GPL-2.0-only
"""Which code plays a run: hashes of what its results depend on besides its settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyagents.core.agent_spec import find_agent
from pyagents.core.family import Family, load_place
from pyagents.core.sources import hash_files, trace_sources
from pyagents.simulators.registry import describe_build


def trace_code(
    agent: str, agent_config: Mapping[str, Any], simulator: str, family: Family, judged_by: str = ""
) -> dict[str, str]:
    """Hash what a run with this agent and its options depends on, on this simulator.

    Returns:
        `agent`: hash of the agent's source, of what it imports from beside it, of data files of these
        modules' names (weights), and of files that its options name; `metrics`: hash of what judges the run,
        at a place, or its family's; `simulator`: its build.

    Raises:
        ValueError: no such agent, or no such simulator.
    """
    named = {Path(value) for value in agent_config.values() if isinstance(value, str | Path) and str(value)}
    source = trace_sources(find_agent(agent, family).cls.__module__)
    metrics = load_place(judged_by) if judged_by else family.metrics
    return {
        "agent": hash_files((*source, *sorted(path for path in named if path.is_file()))),
        "metrics": hash_files(trace_sources(metrics.source)),
        "simulator": describe_build(simulator, family),
    }

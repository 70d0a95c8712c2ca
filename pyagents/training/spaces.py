# SPDX-License-Identifier: GPL-2.0-only
"""What may be tuned of an agent: options whose declaration has a search."""

import dataclasses
from collections.abc import Mapping

from pyagents.core.agent_spec import AgentSpec
from pyagents.core.search import Search

Space = Mapping[str, Search]
"""Options by name, and what to try."""


def space_of(spec: AgentSpec) -> Space:
    """List the options of an agent that a search may change; empty: none."""
    fields = () if spec.config is None else dataclasses.fields(spec.config)
    return {field.name: field.metadata["search"] for field in fields if field.metadata.get("search")}

# SPDX-License-Identifier: GPL-2.0-only
"""Agents of ours beside the paper's."""

from html import escape

from pyagents.report.ranking import condition_table, describe, pick
from pyagents.reproduction.outcomes import Outcomes

_TEXT = """<p><code>mappo</code> is a policy that all UEs share, learnt on the fast twin by multi-agent PPO.
As with GT-RL, UEs decide by what UEs know. It sees two rates of a cell: the one that a UE measures on
discovery bursts, which go on the air when the cell finds its channel idle, and the one that is left while all
cells of the channel transmit; and it remembers what links delivered.</p>"""


def beyond(outcomes: Outcomes) -> str:
    """The section on them; empty where none was played."""
    ours = [c.name for c in outcomes.plan.contenders if c.role == "beyond"]
    if not ours:
        return ""
    shown = ("gt-rl", "dqn-mlb", "adaptive-mlb", "max-rsrp", *ours)
    places = pick(outcomes, ("fig5", None), ("fig7", 100), ("fig13", 6), ("fig13", 10))
    tables = "".join(
        f"<h3>{escape(describe(e, v))}</h3>{condition_table(outcomes, e, v, shown)}" for e, v in places
    )
    return f"{_TEXT}{tables}"

# SPDX-License-Identifier: GPL-2.0-only
"""What becomes of the paper's method, and of its claims, when UEs trust the rates that they measure."""

import dataclasses
from collections.abc import Sequence
from html import escape

from pyagents.report.claims import Twin, claims_table
from pyagents.report.html import details
from pyagents.report.ranking import METHOD, condition_table, describe, pick
from pyagents.reproduction.claim import Claim
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.verdict import Verdict, judge

TWIN = "gt-rl:rate-measured"
"""The paper's method by rates as measured."""

_TEXT = """<p>The paper has interference &ldquo;implicitly&rdquo; in the rate r<sub>ij</sub>, by which a UE
knows what it would cost a cell. A UE measures that rate on the cell&rsquo;s discovery bursts, and these go
on the air when the cell finds its channel idle. A neighbour on the same channel that the cell does not hear
is on the air at other times, too: a UE that goes there by the measured rate gets little of it, and may
alone make the load of the cell. <code>gt-rl</code> therefore goes by the rate that is left while all cells of
the channel transmit, which a UE knows from RSRP and channels; <code>gt-rl:rate-measured</code> is the same by
the measured one. <code>mappo</code> is a policy that all UEs share, learnt on the fast
twin by multi-agent PPO; it sees both rates, and remembers what links delivered. Both decide by what UEs know,
as GT-RL does.</p>"""


def judge_twin(verdicts: Sequence[Verdict], outcomes: Outcomes) -> Twin | None:
    """The claims on the paper's method, by measured rates in its place; None if that was not played."""
    label = next((c.label for c in outcomes.plan.contenders if c.name == TWIN), None)
    if label is None or not verdicts:
        return None
    return label, [judge(_of_the_twin(v.claim), v.experiment, outcomes) for v in verdicts]


def _of_the_twin(claim: Claim) -> Claim:
    """The claim with that reading in the method's place, whether it is the method's or over it."""

    def instead(name: str) -> str:
        return TWIN if name == METHOD else name

    return dataclasses.replace(claim, agent=instead(claim.agent), over=tuple(map(instead, claim.over)))


def beyond(outcomes: Outcomes, twin: Twin | None) -> str:
    """The section on it; empty without the twin."""
    if twin is None:
        return ""
    shown = (
        "gt-rl",
        "dqn-mlb",
        "adaptive-mlb",
        "max-rsrp",
        *(c.name for c in outcomes.plan.contenders if c.role == "beyond"),
    )
    places = pick(outcomes, ("fig5", None), ("fig7", 100), ("fig13", 6), ("fig13", 10))
    tables = "".join(
        f"<h3>{escape(describe(e, v))}</h3>{condition_table(outcomes, e, v, shown)}" for e, v in places
    )
    judged = claims_table(twin[1], outcomes.plan.labels, name="twin-table")
    return f"{_TEXT}{tables}{details(f'The claims, with {twin[0]} in its place', judged)}"

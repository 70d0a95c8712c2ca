# SPDX-License-Identifier: GPL-2.0-only
"""What balancing does to packets and to those who share the channels, and which gNBs hear each other."""

from html import escape

from pyagents.report.html import picture
from pyagents.report.ranking import PACKETS_AND_WIFI, condition_table, describe, pick
from pyagents.reproduction.outcomes import Outcomes
from pyagents.scenarios.indoor_factory.figures.hearing_runs import PRESET, Hearing
from pyagents.scenarios.indoor_factory.scenario import PRESETS


def air(outcomes: Outcomes, hearing: Hearing | None) -> str:
    """The section: a table of packets and Wi-Fi, and the picture, where there is one."""
    (experiment, value), *_ = pick(outcomes, ("fig7", 100))
    budget_ms = experiment.scenario(value).packet_delay_budget_ms
    return (
        "<h3>What it does to packets and to Wi-Fi</h3>"
        f"<p>{escape(describe(experiment, value))}. A packet is late after its delay budget of {budget_ms:g} "
        "ms. &ldquo;99 % keep&rdquo;: so many of the packets wait no longer. Those of the worst UE are those "
        "of the one that waits longest in each window.</p>"
        f"{condition_table(outcomes, experiment, value, metrics=PACKETS_AND_WIFI)}"
        f"{_hearing(hearing) if hearing else ''}"
    )


def _hearing(hearing: Hearing) -> str:
    scenario = PRESETS[PRESET]
    return (
        '<h3 id="hearing">Who hears whom</h3>'
        "<p>A gNB waits while it hears another of its channel: while it receives more than the energy "
        "detection threshold of TS 37.213 clause 4.1.5. Two that do not hear each other are hidden, and "
        "may transmit at once. Which pairs are hidden depends on line of sight along the ceiling "
        f"(<code>ceiling_links</code>; the figures above: <code>{scenario.ceiling_links}</code>, but where "
        "they say otherwise).</p>"
        f"<figure>{picture(hearing.png, f'gNBs of two halls. {hearing.caption}')}</figure>"
    )

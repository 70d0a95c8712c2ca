# SPDX-License-Identifier: GPL-2.0-only
"""The table of metrics names what summaries have, and shows it in the unit that it tells."""

import math

import pytest

from pyagents.cli.console import Console
from pyagents.cli.summary import describe_spans, print_summary
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.metric_table import METRICS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from tests.indoor_factory.test_metrics import snapshot

ROW = metrics.row([snapshot()], Scenario())
SUMMARY = metrics.summary([ROW, ROW])


def test_each_metric_is_one_of_the_summary() -> None:
    assert set(METRICS) <= set(SUMMARY)
    assert all(name == metric.name for name, metric in METRICS.items())
    assert {*FAMILY.metrics.headline, *FAMILY.metrics.compared, FAMILY.metrics.progress} <= set(METRICS)


def test_titles_are_unique_and_tell_the_unit() -> None:
    assert len({metric.title for metric in METRICS.values()}) == len(METRICS)
    assert METRICS["ping_pong_share"].title == "ping-pongs, % of handovers"
    assert METRICS["load_variance"].title == "load variance"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("satisfied_share", 0.9561, "95.6"),
        ("sib_age_mean_s", 0.2504, "250"),
        ("delay_p99_ms", 123.4, "123"),
        ("load_variance", 0.01234, "0.0123"),
        ("starved_share", math.nan, "-"),
    ],
)
def test_numbers_are_shown_in_the_unit_of_the_title(name: str, value: float, shown: str) -> None:
    assert METRICS[name].show(value) == shown


def test_the_summary_of_a_run_fits_a_terminal() -> None:
    console = Console(width=100)
    with console.capture() as capture:
        print_summary(console, FAMILY.metrics, {"gt-rl": SUMMARY})
    lines = capture.get().splitlines()
    assert len(lines) <= 23
    assert any("UEs starved, %" in line for line in lines)
    assert any("Wi-Fi throughput, Mb/s" in line for line in lines)


def test_a_note_says_what_metrics_are_over() -> None:
    assert describe_spans(FAMILY.metrics, ["load_std_first", "load_std", "handovers", "ping_pongs"]) == (
        "Means over the second half of the run; handovers, ping-pongs over all of it."
    )

# SPDX-License-Identifier: GPL-2.0-only
"""What the general rooms may ask about the sliced network."""

from pyagents.core.family import AgentRef, CommandRef, EnvironmentRef, Family, LearnerRef
from pyagents.core.metrics import Metrics, Panel
from pyagents.scenarios.sliced_network import metrics
from pyagents.scenarios.sliced_network.metric_table import METRICS
from pyagents.scenarios.sliced_network.scenario import PRESETS, Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Snapshot
from pyagents.scenarios.sliced_network.world import program_values

_HERE = "pyagents.scenarios.sliced_network"


def describe(scenario: Scenario) -> str:
    """A scenario in words, for tables of a report."""
    sites = "one site" if scenario.n_sites == 1 else f"{scenario.n_sites} sites"
    mixes = f", slices by Dirichlet({scenario.dirichlet_alpha:g})" if scenario.dirichlet_alpha else ""
    fading = "no fading" if scenario.fading == "none" else f"fading of order {scenario.diversity}"
    bound = "guaranteed rates as bounds" if scenario.is_reserved else "leftovers shared"
    return (
        f"{sites} of {scenario.ues_per_site} UEs{mixes}, load {scenario.load:g}, demands hold "
        f"{scenario.demand_period_steps:g} steps, scheduler {scenario.scheduler}, {bound}, {fading}"
    )


FAMILY = Family(
    name="sliced-network",
    title="sites with a licensed cell and an edge host, shared by slices",
    scenario=Scenario,
    presets=PRESETS,
    default="fdrl",
    snapshot=Snapshot,
    action=Action,
    metrics=Metrics(
        history_steps=metrics.window_steps,
        row=metrics.row,
        summary=metrics.summary,
        table=METRICS,
        headline=(
            "reward",
            "utilisation",
            "utilisation_radio",
            "utilisation_computing",
            "reserved_idle",
            "satisfaction",
            "satisfaction_min",
            "satisfaction_jain",
            "starved_share",
            "satisfaction_embb",
            "satisfaction_urllc",
            "satisfaction_mmtc",
            "satisfaction_allocated",
            "change_share",
            "urllc_delay_p99_ms",
            "late_share",
            "dropped_share",
            "cpu_dropped_share",
        ),
        compared=(
            "satisfaction",
            "reward",
            "utilisation",
            "reserved_idle",
            "satisfaction_min",
            "satisfaction_jain",
            "starved_share",
            "change_share",
        ),
        source=f"{_HERE}.metrics",
        panels=(
            Panel(metric="satisfaction", parts="satisfaction_site_", parts_label="site"),
            Panel(metric="utilisation", parts="utilisation_site_", parts_label="site"),
            Panel(metric="satisfaction_min"),
        ),
    ),
    sections={
        "Sites": "n_sites",
        "Demand": "load",
        "Radio": "scheduler",
        "Packets": "embb_packet_bytes",
        "Computing": "cpu_capacity",
    },
    program="sliced-network",
    program_values=program_values,
    mock=f"{_HERE}.mock:MockSimulator",
    batch=f"{_HERE}.mock:BatchedMock",
    agents={
        "bound": AgentRef(place=f"{_HERE}.agents.foresight:Bound"),
        "equal-split": AgentRef(place=f"{_HERE}.agents.rules:EqualSplit"),
        "fdrl": AgentRef(place=f"{_HERE}.agents.fdrl:Fdrl"),
        "fdrl-letter": AgentRef(place=f"{_HERE}.agents.fdrl:Fdrl", config="LETTER"),
        "max-min": AgentRef(place=f"{_HERE}.agents.rules:MaxMin"),
        "one-change": AgentRef(place=f"{_HERE}.agents.foresight:Greedy"),
        "proportional": AgentRef(place=f"{_HERE}.agents.rules:Proportional"),
        "random-changes": AgentRef(place=f"{_HERE}.agents.rules:RandomChanges"),
    },
    default_agent="max-min",
    reference="bound",
    learners={
        "fdrl": LearnerRef(
            place=f"{_HERE}.training.fdrl:FdrlLearner",
            config=f"{_HERE}.training.settings:FdrlTraining",
            clients=f"{_HERE}.training.clients:deal_out_sites",
        ),
        "fdrl-letter": LearnerRef(
            place=f"{_HERE}.training.fdrl:FdrlLearner",
            config=f"{_HERE}.training.settings:FdrlLetterTraining",
            clients=f"{_HERE}.training.clients:deal_out_sites",
        ),
    },
    objective=f"{_HERE}.training.objective:OBJECTIVE",
    picture=f"{_HERE}.envs.drawing:draw_sites",
    environments={
        "SlicedNetwork-v0": EnvironmentRef(
            place=f"{_HERE}.envs.make:make_env", vector=f"{_HERE}.envs.make:make_vector_env"
        ),
    },
    benches={
        "slices": CommandRef(
            place=f"{_HERE}.cli.bench_mock:main",
            does="steps a second of the sliced network's mock, one and many at once",
        ),
    },
    cost=lambda scenario: scenario.steps * scenario.step_s * scenario.n_ues / 50,
    describe=describe,
    quick_steps=200,
    experiments="sliced-network",
    report_blocks={"leak": f"{_HERE}.report:leak"},
)

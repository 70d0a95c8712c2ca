# SPDX-License-Identifier: GPL-2.0-only
"""What the general rooms may ask about the IoT edge."""

from pyagents.core.family import AgentRef, EnvironmentRef, Family, LearnerRef
from pyagents.core.metrics import Metrics
from pyagents.scenarios.iot_edge import metrics
from pyagents.scenarios.iot_edge.metric_table import METRICS
from pyagents.scenarios.iot_edge.scenario import PRESETS, Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Snapshot
from pyagents.scenarios.iot_edge.world import program_values

_HERE = "pyagents.scenarios.iot_edge"


def describe(scenario: Scenario) -> str:
    """A scenario in words, for tables of a report."""
    route = {
        "between": "back and forth between two places",
        "direction": "in a random direction each second",
        "reflection": "straight on, reflected at walls",
        "warehouse": "on its way in a warehouse",
        "trace": f"along {scenario.trace}",
    }[scenario.route]
    vehicles = "a vehicle" if scenario.n_vehicles == 1 else f"{scenario.n_vehicles} vehicles"
    return (
        f"{scenario.n_devices} devices, {scenario.n_servers} servers, {vehicles} {route}, "
        f"messages {scenario.sensing_ratio:g} times as large where one is sensed"
    )


FAMILY = Family(
    name="iot-edge",
    title="clusters of IoT devices around edge servers, while vehicles pass",
    scenario=Scenario,
    presets=PRESETS,
    default="edge11",
    snapshot=Snapshot,
    action=Action,
    metrics=Metrics(
        history_steps=lambda scenario: metrics.HISTORY_STEPS,
        row=metrics.row,
        summary=metrics.summary,
        table=METRICS,
        headline=(
            "reward",
            "reward_letter",
            "gamma",
            "delta",
            "gamma_measured",
            "delta_measured",
            "collected_share",
            "unreachable_share",
            "empty_clusters",
            "both_negative_share",
            "hops_mean",
            "link_demand_max",
            "overloaded_steps_share",
            "rehomed",
            "control_bytes",
            "busy_share_max",
            "delay_p95_ms",
        ),
        compared=(
            "reward",
            "gamma",
            "delta",
            "collected_share",
            "unreachable_share",
            "rehomed",
            "link_demand_max",
        ),
        source=f"{_HERE}.metrics",
    ),
    program="iot-edge",
    program_values=program_values,
    mock=f"{_HERE}.mock:MockSimulator",
    batch=f"{_HERE}.mock:BatchedMock",
    agents={
        "all-in-one": AgentRef(place=f"{_HERE}.agents.fixed:AllInOne"),
        "d3qn": AgentRef(place=f"{_HERE}.agents.d3qn:D3qn"),
        "greedy": AgentRef(place=f"{_HERE}.agents.greedy:Greedy"),
        "oracle": AgentRef(place=f"{_HERE}.agents.search:Oracle"),
        "random": AgentRef(place=f"{_HERE}.agents.fixed:RandomMoves"),
        "sc-metis": AgentRef(place=f"{_HERE}.agents.sc_metis:ScMetis"),
        "sc-mwvc": AgentRef(place=f"{_HERE}.agents.fixed:ScMwvc"),
        "static-best": AgentRef(place=f"{_HERE}.agents.search:StaticBest"),
    },
    default_agent="greedy",
    reference="oracle",
    learners={"d3qn": LearnerRef(place=f"{_HERE}.training.d3qn:D3qnLearner", config="D3qnTraining")},
    objective=f"{_HERE}.training.objective:OBJECTIVE",
    picture=f"{_HERE}.envs.drawing:draw_area",
    environments={
        "IotEdge-v0": EnvironmentRef(
            place=f"{_HERE}.envs.make:make_env", vector=f"{_HERE}.envs.make:make_vector_env"
        ),
    },
    describe=describe,
    quick_steps=40,
    experiments="iot-edge",
)

# SPDX-License-Identifier: GPL-2.0-only
"""What the general rooms may ask about the indoor factory."""

from pyagents.core.family import AgentRef, CommandRef, EnvironmentRef, Family, LearnerRef
from pyagents.core.metrics import Metrics, Panel
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.metric_table import METRICS
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot

_HERE = "pyagents.scenarios.indoor_factory"
_WIFI_COST = 120.0


def estimate_cost(scenario: Scenario) -> float:
    """How long a run takes compared with others, on ns-3.

    Most of its time goes into Wi-Fi, which fills what NR-U leaves: few UEs take longer than many. Measured:
    10 s for 50 steps with 20 UEs, 5 s with 100.
    """
    return scenario.steps * (4 + _WIFI_COST / scenario.n_ues)


def describe(scenario: Scenario) -> str:
    """A scenario in words, for tables of a report."""
    layout = {"grid": "on a grid", "random": "at random places"}[scenario.gnb_layout]
    return (
        f"{scenario.n_gnbs} gNBs {layout}, {scenario.n_ues} UEs of {scenario.demand_mbps:g} Mb/s on average, "
        f"{100 * scenario.mobile_share:g} % mobile"
    )


FAMILY = Family(
    name="indoor-factory",
    title="load balancing between gNBs of NR-U in an indoor factory",
    scenario=Scenario,
    presets=PRESETS,
    default="fig7",
    snapshot=Snapshot,
    action=Action,
    metrics=Metrics(
        history_steps=metrics.history_steps,
        row=metrics.row,
        summary=metrics.summary,
        table=METRICS,
        headline=(
            "load_std_first",
            "load_std",
            "load_variance",
            "load_mean",
            "load_max",
            "load_jain",
            "throughput_mbps",
            "demand_mbps",
            "satisfied_share",
            "starved_share",
            "late_share",
            "delay_p99_ms",
            "handovers",
            "ping_pongs",
            "sib_loss_share",
            "sib_age_mean_s",
            "airtime_mean",
            "airtime_used_mean",
            "wifi_throughput_mbps",
        ),  # no more than fit a terminal of 24 lines with what is around them
        compared=(
            "load_variance",
            "satisfied_share",
            "starved_share",
            "late_share",
            "delay_p99_ms",
            "throughput_mbps",
            "wifi_throughput_mbps",
            "handovers_per_ue_minute",
        ),
        progress="load_std",
        panels=(
            Panel(metric="load_mean", parts="load_gnb_", parts_label="each gNB"),
            Panel(metric="satisfied_share"),
            Panel(metric="handovers"),
        ),
        source=f"{_HERE}.metrics",
    ),
    sections={
        "Time": "steps",
        "Hall, gNBs and UEs": "hall_length_m",
        "Demand": "demand_mbps",
        "Radio": "carrier_frequency_ghz",
        "Channel access": "access_priority_class",
        "Wi-Fi": "n_wifi_aps",
        "SIBx and measurements": "sib_period_ms",
        "Handover": "cho_rsrp_threshold_dbm",
    },
    program="indoor-factory",
    mock=f"{_HERE}.mock:MockSimulator",
    batch=f"{_HERE}.mock:BatchedMock",
    agents={
        "adaptive-mlb": AgentRef(place=f"{_HERE}.agents.adaptive_mlb:AdaptiveMlb"),
        "dqn-mlb": AgentRef(place=f"{_HERE}.agents.dqn_mlb:DqnMlb"),
        "gt-rl": AgentRef(place=f"{_HERE}.agents.gt_rl:GtRl", config="TUNED", readings="READINGS"),
        "gt-rl-letter": AgentRef(place=f"{_HERE}.agents.gt_rl:GtRl", config="LETTER"),
        "least-loaded": AgentRef(place=f"{_HERE}.agents.least_loaded:LeastLoaded"),
        "mappo": AgentRef(place=f"{_HERE}.agents.mappo:Mappo"),
        "max-rsrp": AgentRef(place=f"{_HERE}.agents.max_rsrp:MaxRsrp"),
        "optimum": AgentRef(place=f"{_HERE}.agents.optimum:Optimum"),
        "qa-lb": AgentRef(place=f"{_HERE}.agents.qa_lb:QaLb"),
        "random": AgentRef(place=f"{_HERE}.agents.random_moves:RandomMoves"),
    },
    default_agent="gt-rl",
    reference="optimum",
    learners={
        "dqn-mlb": LearnerRef(
            place=f"{_HERE}.training.dqn_mlb:DqnMlbLearner",
            config=f"{_HERE}.training.settings:DqnMlbTraining",
            clients=f"{_HERE}.training.situations:deal_out_halls",
        ),
        "mappo": LearnerRef(
            place=f"{_HERE}.training.mappo:MappoLearner", config=f"{_HERE}.training.settings:MappoTraining"
        ),
    },
    objective=f"{_HERE}.training.objective:OBJECTIVE",
    template=f"{_HERE}.template",
    picture=f"{_HERE}.envs.drawing:draw_hall",
    environments={
        "IndoorFactory-v0": EnvironmentRef(
            place=f"{_HERE}.envs.make:make_env", vector=f"{_HERE}.envs.make:make_vector_env"
        ),
    },
    commands={
        "demo": CommandRef(
            place=f"{_HERE}.cli.demo:main",
            does="GT-RL, no balancing and MAPPO in a hall where balancing matters, on ns-3",
        ),
        "compare-simulators": CommandRef(
            place=f"{_HERE}.cli.compare_simulators:main",
            does="the mock beside ns-3: metrics, spreads, ranking of agents",
        ),
        "ladder": CommandRef(
            place=f"{_HERE}.cli.ladder:main",
            does="from equations to everything at once: which assumption breaks what",
        ),
    },
    benches={
        "mock": CommandRef(
            place=f"{_HERE}.cli.bench_mock:main",
            does="steps a second of the mock, one hall and many at once, and as they grow",
        ),
        "ns3": CommandRef(
            place=f"{_HERE}.cli.bench_ns3:main",
            does="simulated seconds per second of the ns-3 hall, with Wi-Fi and as it grows",
        ),
    },
    cost=estimate_cost,
    describe=describe,
    quick_steps=25,  # the second half begins once an averaging window of 2 s has passed
    experiments="indoor-factory",
    report_blocks={
        "choices": f"{_HERE}.report:choices",
        "hearing": f"{_HERE}.report:hearing",
        "ladder": f"{_HERE}.report:ladder",
        "satisfied_share_of_demand": f"{_HERE}.metrics:SATISFIED_SHARE_OF_DEMAND",
        "starved_share_of_demand": f"{_HERE}.metrics:STARVED_SHARE_OF_DEMAND",
    },
)

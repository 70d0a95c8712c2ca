# SPDX-License-Identifier: GPL-2.0-only
"""A family as small as one can be: a server, two queues, and the share of it that the first one gets."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike

from pyagents.core import scenario, snapshot
from pyagents.core.family import AgentRef, Family, LearnerRef
from pyagents.core.metrics import Metric, Metrics, Row
from pyagents.core.weights import WeightsForm
from pyagents.training.objective import Objective


@dataclass(frozen=True, kw_only=True)
class Scenario(scenario.Scenario):
    family = "two-queues"
    step_s = 1.0
    first_rate: float = scenario.number(0.2, 0.0, 1.0)
    """Mean arrivals a step at the first queue; 0.6 at the second."""

    def sizes(self) -> Mapping[str, int]:
        return {"Q": 2}


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot(snapshot.Snapshot):
    time_s: Annotated[float, snapshot.Facts(axes="", unit="s")]
    """Simulated time."""
    waiting: Annotated[snapshot.Floats, snapshot.Facts(axes="Q", unit="1", known_to=frozenset({"server"}))]
    """[Q] work that waits."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Action(snapshot.Action):
    share: Annotated[ArrayLike | None, snapshot.Facts(axes="1", unit="1", high=1.0)] = None
    """[1] share of the server that the first queue gets."""


class Mock(AbstractContextManager["Mock"]):
    """Fluid queues with Poisson arrivals; the server does one unit of work a step."""

    def reset(self, scenario: Any, seed: int) -> Snapshot:
        self.scenario, self.rng = scenario, np.random.default_rng([seed, 2])
        self.waiting, self.share, self.count = np.zeros(2), 0.5, -1
        return self.step(Action())

    def step(self, action: Any) -> Snapshot:
        self.share = float(action.to_arrays(self.scenario.sizes()).get("share", [self.share])[0])
        change = self.rng.poisson([self.scenario.first_rate, 0.6]) - [self.share, 1 - self.share]
        self.waiting, self.count = np.maximum(self.waiting + change, 0.0), self.count + 1
        return Snapshot(time_s=self.count + 1.0, waiting=self.waiting.copy())

    @property
    def done(self) -> bool:
        return bool(self.count == self.scenario.steps)

    def close(self, *error: object) -> None: ...

    __exit__ = close


class Fixed:
    def __init__(self, share: float = 0.5) -> None:
        self.share = share

    def reset(self, scenario: Any, seed: int) -> None: ...

    def act(self, snapshot: Any) -> Action:
        return Action(share=[self.share])


class Fair(Fixed):
    def act(self, snapshot: Any) -> Action:
        first, second = snapshot.waiting
        return Action(share=[first / (first + second) if first + second > 0 else 0.5])


@dataclass(frozen=True, kw_only=True)
class ClimberConfig:
    spread: float = 0.1


class Climber:
    """Learns a fixed share: keeps a change by chance that leaves less work waiting in a run of its own."""

    form = WeightsForm(kind="two-queues-share", version=1, shapes={"share": (1,)})

    def __init__(self, config: ClimberConfig, *, seed: int, **ground: Any) -> None:
        self.spread, self.rng, self.share, self.best = config.spread, np.random.default_rng(seed), 0.5, np.inf

    def improve(self) -> Row:
        tried, mock, left = float(np.clip(self.share + self.rng.normal(0, self.spread), 0, 1)), Mock(), []
        mock.reset(Scenario(steps=200), 100_000)
        while not mock.done:
            left.append(float(mock.step(Action(share=[tried])).waiting.sum()))
        self.best, self.share = min((self.best, self.share), (sum(left), tried))
        return {"steps": 200.0, "waiting": self.best}

    def begin_with(self, weights: Any) -> None:
        self.share = float(weights["share"][0])

    def agent(self) -> Fixed:
        return Fixed(self.share)

    def weights(self) -> Any:
        return {"share": np.array([self.share], dtype=np.float32)}

    def state(self) -> tuple[Any, dict[str, Any]]:
        return {}, {"rng": self.rng.bit_generator.state, "now": [self.share, self.best]}

    def restore(self, arrays: Any, counts: Mapping[str, Any]) -> None:
        self.rng.bit_generator.state = counts["rng"]
        self.share, self.best = counts["now"]


def row(history: Sequence[Snapshot], scenario: Scenario) -> Row:
    return {"time_s": history[-1].time_s, "waiting": float(history[-1].waiting.sum())}


def summary(rows: Sequence[Mapping[str, float]]) -> Row:
    return {"waiting": float(np.mean([one["waiting"] for one in rows[len(rows) // 2 :]]))}


HERE = "tests.two_queues"
TABLE = {"waiting": Metric(name="waiting", label="work waiting", better="lower")}
OBJECTIVE = Objective(
    title="work waiting",
    situations={"queues": Scenario(steps=40)},
    terms=lambda played, reference: np.array([one["waiting"] for one in played]),
)
FAMILY = Family(
    name="two-queues",
    title="one server and two queues",
    scenario=Scenario,
    presets={"queues": Scenario()},
    default="queues",
    snapshot=Snapshot,
    action=Action,
    metrics=Metrics(row=row, summary=summary, table=TABLE, source=HERE),
    mock=f"{HERE}:Mock",
    agents={"fair": AgentRef(place=f"{HERE}:Fair"), "fixed": AgentRef(place=f"{HERE}:Fixed")},
    default_agent="fair",
    learners={"fixed": LearnerRef(place=f"{HERE}:Climber", config=f"{HERE}:ClimberConfig")},
    objective=f"{HERE}:OBJECTIVE",
)

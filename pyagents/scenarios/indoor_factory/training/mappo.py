# SPDX-License-Identifier: GPL-2.0-only
"""How `mappo` learns: proximal policy optimisation by all UEs of a batch of halls, with one network.

Yu et al., NeurIPS 2022, after Schulman et al., "Proximal Policy Optimization Algorithms", 2017: an iteration
plays fresh halls by the policy as it is, then makes what turned out better than the critic thought more
likely, by no more than the clipped ratio allows:

    max of the mean of min(rho A, clip(rho, 1 - c, 1 + c) A),  rho = pi(a | s) / pi_old(a | s)

with A by generalised advantage estimation (Schulman et al., 2016). The critic sees true loads and the hall as
a whole, the policy does not. A UE is paid for what it gets, for the load of its cell, and for how the whole
hall does:

    r = -(1 - delivered / demand) - w_l min(l, 3)^2 - w_h (std of min(l, 3) + mean of 1 - delivered / demand)
        - w_m [was handed over]
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pyagents.core.agent import Agent
from pyagents.core.tensors import Arrays
from pyagents.scenarios.indoor_factory.agents.mappo import HIDDEN, WEIGHTS, Mappo, draw, score
from pyagents.scenarios.indoor_factory.agents.mappo_sight import MAX_LOAD, N_FEATURES, Memory, Sight
from pyagents.scenarios.indoor_factory.mock import BatchedMock
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.scenarios.indoor_factory.training.learner import HallLearner, MakeHalls
from pyagents.scenarios.indoor_factory.training.settings import MappoTraining
from pyagents.training.tensors import draw_weights, network_arrays, restore_network

N_TRUTHS = 7
"""What the critic is told besides what the UE sees: three numbers of each cell, four of the hall."""

CRITIC_SHAPES = {
    "hidden1.weight": (HIDDEN, N_FEATURES + N_TRUTHS),
    "hidden1.bias": (HIDDEN,),
    "hidden2.weight": (HIDDEN, 2 * HIDDEN),
    "hidden2.bias": (HIDDEN,),
    "value.weight": (1, HIDDEN),
    "value.bias": (1,),
}

Batch = Mapping[str, NDArray[Any]]


class Scorer(nn.Module):
    """`score` to be differentiated, and the critic, which is made alike."""

    def __init__(self, inputs: int, head: str) -> None:
        super().__init__()
        self.hidden1 = nn.Linear(inputs, HIDDEN)
        self.hidden2 = nn.Linear(2 * HIDDEN, HIDDEN)
        self._head = head
        self.add_module(head, nn.Linear(HIDDEN, 1))

    def forward(self, features: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
        """[N, C] of each cell; mean over those allowed is the critic's value."""
        one = torch.relu(self.hidden1(features))
        mean = (one * allowed[..., None]).sum(-2, keepdim=True) / allowed.sum(-1)[..., None, None]
        two = torch.relu(self.hidden2(torch.cat([one, mean.expand_as(one)], dim=-1)))
        scores: torch.Tensor = self.get_submodule(self._head)(two)[..., 0]
        return scores


class MappoLearner(HallLearner):
    """Everything that changes while the policy learns."""

    form = WEIGHTS

    def __init__(
        self,
        config: MappoTraining,
        *,
        seed: int = 1,
        scenarios: Sequence[Scenario] = (),
        make_batch: MakeHalls = BatchedMock,
    ) -> None:
        self.config = config
        self._policy, self._critic = Scorer(N_FEATURES, "score"), Scorer(N_FEATURES + N_TRUTHS, "value")
        begin = draw_weights(WEIGHTS.shapes, np.random.default_rng([seed, 1]))
        begin["score.weight"] *= 0.1
        # The first feature tells the serving cell: a unit that passes it on makes the bias to stay.
        begin["hidden1.weight"][0], begin["hidden1.bias"][0] = 0.0, 0.0
        begin["hidden1.weight"][0, 0] = 1.0
        begin["hidden2.weight"][0], begin["hidden2.bias"][0] = 0.0, 0.0
        begin["hidden2.weight"][0, 0] = 1.0
        begin["score.weight"][0, 0] = config.stay_bias
        self._policy.load_state_dict(begin)
        self._critic.load_state_dict(draw_weights(CRITIC_SHAPES, np.random.default_rng([seed, 2])))
        networks = {"policy": self._policy, "critic": self._critic}
        adam = torch.optim.Adam([*self._policy.parameters(), *self._critic.parameters()])
        super().__init__(config, networks, adam, seed=seed, scenarios=scenarios, make_batch=make_batch)
        self._scale = (0.0, 1.0)

    def improve(self) -> Mapping[str, float]:
        """One iteration: play, then learn from it."""
        played, told = self._play()
        told |= self._learn(played)
        self._iteration += 1
        return told

    def begin_with(self, weights: Arrays) -> None:
        """Go on from a policy; the critic begins by chance, and learns before it tells much."""
        restore_network(self._policy, weights)

    def agent(self) -> Agent:
        """The policy as it is, to be validated."""
        return Mappo(weights=self.weights())

    def weights(self) -> Arrays:
        """Give the policy's arrays."""
        return network_arrays(self._policy)

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """All that it takes to go on as if nothing had happened."""
        arrays, counts = super().state()
        return arrays, counts | {"scale": list(self._scale)}

    def restore(self, arrays: Arrays, counts: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        super().restore(arrays, counts)
        self._scale = (counts["scale"][0], counts["scale"][1])

    # ---- Play ----

    def _play(self) -> tuple[Batch, dict[str, float]]:
        """Fresh halls, from start to end: what UEs saw, did and got, [T, B, U, ...] by name."""
        config = self.config
        weights = self.weights()
        halls, scenario, seen = self._start()
        memory, rows = Memory(scenario), list[dict[str, NDArray[Any]]]()
        while True:
            sight = memory.look(seen)
            row = {"features": sight.features, "allowed": sight.allowed, "truths": _truths(seen, sight)}
            if halls.done:
                break
            scores = score(weights, sight.features, sight.allowed)
            choice = draw(scores, self._rng.random(seen.serving.shape), 1.0).astype(np.int64)
            target = np.take_along_axis(sight.cells, choice[..., None], axis=-1)[..., 0]
            before, seen = seen, halls.step(Action(cho_target=target))
            rows.append(row | {"choice": choice, "reward": self._reward(before, seen)})
        played = {name: np.stack([one[name] for one in rows]) for name in rows[0]}
        played |= {f"last_{name}": values[None] for name, values in row.items()}
        return played, {
            "steps": float(config.halls * config.steps),
            "reward": float(played["reward"].mean()),
            "moves": float((played["choice"] > 0).mean()),
            "std": float(np.minimum(seen.load, MAX_LOAD).std(axis=-1).mean()),
        }

    def _reward(self, before: Snapshot, seen: Snapshot) -> NDArray[Any]:
        """[B, U] as above."""
        config = self.config
        lacks = 1 - np.minimum(seen.delivered_bps / seen.demand_bps, 1.0)
        load = np.minimum(seen.load, MAX_LOAD)
        own = np.take_along_axis(load, seen.serving, axis=-1)
        hall = (load.std(axis=-1) + lacks.mean(axis=-1))[:, None]
        moved = seen.handovers > before.handovers
        reward: NDArray[Any] = -(
            lacks + config.load_weight * own**2 + config.hall_weight * hall + config.move_cost * moved
        )
        return reward.astype(np.float32)

    # ---- Learn ----

    def _learn(self, played: Batch) -> dict[str, float]:
        """Gradient steps on the clipped objective and on the critic's error."""
        config = self.config
        for group in self._adam.param_groups:
            left = max(0.0, 1 - self._iteration / config.iterations)
            group["lr"] = config.learning_rate * (0.1 + 0.9 * left)
        n_ues = played["choice"].shape[-1]
        kept = self._rng.permutation(n_ues)[: max(1, round(config.share * n_ues))]
        part = {name: torch.from_numpy(values[:, :, kept]) for name, values in played.items()}
        with torch.no_grad():
            value, last = (
                self._value(part[f"{when}features"], part[f"{when}truths"], part[f"{when}allowed"])
                for when in ("", "last_")
            )
            returns, advantage = self._estimate(part["reward"], value, last[0])
            before = _log_chances(self._policy, part["features"], part["allowed"])
            before = before.gather(-1, part["choice"][..., None])[..., 0]
        advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-6)
        flat = {
            "advantage": advantage.flatten(),
            "returns": returns.flatten(),
            "before": before.flatten(),
            "choice": part["choice"].flatten(),
            **{name: part[name].flatten(0, 2) for name in ("features", "allowed", "truths")},
        }
        told = list[tuple[float, float, float]]()
        for _ in range(config.epochs):
            order = torch.from_numpy(self._rng.permutation(len(flat["choice"])))
            for rows in order.chunk(config.minibatches):
                told.append(self._step({name: values[rows] for name, values in flat.items()}))
        gain, error, entropy = np.mean(told, axis=0)
        return {"gain": float(gain), "value_error": float(error), "entropy": float(entropy)}

    def _estimate(
        self, reward: torch.Tensor, value: torch.Tensor, last: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """[T, B, U] lambda returns and advantages; the run goes on after its last period (truncation)."""
        config = self.config
        advantage = torch.zeros_like(value)
        later, following = torch.zeros_like(last), last
        for t in range(len(reward) - 1, -1, -1):
            error = reward[t] + config.discount * following - value[t]
            later = error + config.discount * config.trace * later
            advantage[t], following = later, value[t]
        returns = advantage + value
        rate = 1.0 if self._iteration == 0 else 0.05
        mean, spread = self._scale
        self._scale = (
            mean + rate * (float(returns.mean()) - mean),
            spread + rate * (float(returns.std()) - spread),
        )
        return returns, advantage

    def _value(self, features: torch.Tensor, truths: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
        """[...] what the critic expects; it works in units of the returns' mean and deviation."""
        of_cells = self._critic(torch.cat([features, truths], dim=-1), allowed)
        mean, spread = self._scale
        value: torch.Tensor = mean + spread * (of_cells * allowed).sum(-1) / allowed.sum(-1)
        return value

    def _step(self, rows: Mapping[str, torch.Tensor]) -> tuple[float, float, float]:
        config = self.config
        chances = _log_chances(self._policy, rows["features"], rows["allowed"])
        ratio = (chances.gather(-1, rows["choice"][:, None])[:, 0] - rows["before"]).exp()
        clipped = ratio.clamp(1 - config.clip, 1 + config.clip)
        gain = torch.minimum(ratio * rows["advantage"], clipped * rows["advantage"]).mean()
        entropy = -(chances.exp() * chances.clamp(min=-50)).sum(-1).mean()
        error = (
            self._value(rows["features"], rows["truths"], rows["allowed"]) - rows["returns"]
        ) / self._scale[1]
        fit = nn.functional.smooth_l1_loss(error, torch.zeros_like(error))
        self._adam.zero_grad()
        (fit - gain - config.entropy * entropy).backward()
        for network in (self._policy, self._critic):
            nn.utils.clip_grad_norm_(network.parameters(), 0.5)
        self._adam.step()
        return float(gain.detach()), float(error.detach().abs().mean()), float(entropy.detach())


def _log_chances(policy: Scorer, features: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """[..., C] logarithms of the policy's probabilities."""
    return torch.log_softmax(policy(features, allowed).masked_fill(~allowed, -1e9), dim=-1)


def _truths(seen: Snapshot, sight: Sight) -> NDArray[Any]:
    """[B, U, C, N_TRUTHS] for the critic: each cell's load, airtime and UEs; the hall's loads and service."""
    b, u, c = sight.cells.shape
    load = np.minimum(seen.load, MAX_LOAD)
    count = (seen.serving[..., None] == np.arange(load.shape[-1])).sum(axis=1) / 10
    lacks = 1 - np.minimum(seen.delivered_bps / seen.demand_bps, 1.0)
    of_cells = [
        np.take_along_axis(values[:, None, :], sight.cells.reshape(b, 1, u * c), axis=-1).reshape(b, u, c)
        for values in (load, seen.airtime, count)
    ]
    of_hall = [
        np.broadcast_to(values[:, None, None], (b, u, c))
        for values in (load.mean(-1), load.std(-1), load.max(-1), lacks.mean(-1))
    ]
    return np.stack([*of_cells, *of_hall], axis=-1).astype(np.float32)

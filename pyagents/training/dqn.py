# SPDX-License-Identifier: GPL-2.0-only
"""The step of double Q-learning that all learners of a Q-network share.

An action is worth what it earned and what the best next one is worth: r + gamma Q'(s', argmax over a of Q(s',
a)), with a target network Q' that follows slowly (van Hasselt, Guez and Silver, 2016, Eq. 4). A run that ends
is no end of the process: targets look beyond it.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pyagents.core.tensors import Arrays
from pyagents.training.tensors import (
    adam_arrays,
    draw_weights,
    network_arrays,
    restore_adam,
    restore_network,
    use_one_thread,
)

Inputs = tuple[torch.Tensor, ...]


class DoubleQ:
    """A Q-network as it learns: the network itself, its target network, and Adam.

    Args:
        make: makes the network, which maps `Inputs` to [N, A]; of what is not allowed, a large negative
        number. shapes: of its weights by name, in the order that they are drawn in. seed: of the weights that
        it begins with. learning_rate: of Adam. discount: gamma. target_rate: share by which the target
        network follows at each step. max_gradient: largest norm of a gradient.
    """

    def __init__(
        self,
        make: Callable[[], nn.Module],
        shapes: Mapping[str, tuple[int, ...]],
        *,
        seed: int,
        learning_rate: float,
        discount: float,
        target_rate: float,
        max_gradient: float = math.inf,
    ) -> None:
        use_one_thread()
        self.online, self.target = make(), make()
        for network in (self.online, self.target):
            network.load_state_dict(draw_weights(shapes, np.random.default_rng([seed, 1])))
        self.adam = torch.optim.Adam(self.online.parameters(), lr=learning_rate)
        self._discount, self._target_rate, self._max_gradient = discount, target_rate, max_gradient
        self._anchor: dict[str, torch.Tensor] = {}
        self._pull = 0.0

    def learn(self, seen: Inputs, action: torch.Tensor, reward: torch.Tensor, after: Inputs) -> float:
        """Take one gradient step on N transitions; the mean absolute error of Q.

        Args:
            seen: what the network saw.
            action: [N] what was done.
            reward: [N] what that earned.
            after: what it saw next.
        """
        with torch.no_grad():
            best = self.online(*after).argmax(1, keepdim=True)
            later = self.target(*after).gather(1, best)[:, 0]
            wanted = reward + self._discount * later
        q = self.online(*seen).gather(1, action[:, None])[:, 0]
        loss = nn.functional.smooth_l1_loss(q, wanted)
        if self._pull:
            loss = loss + self._distance()
        self.adam.zero_grad()
        loss.backward()
        if self._max_gradient < math.inf:
            nn.utils.clip_grad_norm_(self.online.parameters(), self._max_gradient)
        self.adam.step()
        with torch.no_grad():
            for slow, fast in zip(self.target.parameters(), self.online.parameters(), strict=True):
                slow.lerp_(fast, self._target_rate)
        return float((q.detach() - wanted).abs().mean())

    def begin_with(self, weights: Arrays, pull: float = 0.0) -> None:
        """Go on from weights, for the target network, too; stay near them by `pull`.

        Args:
            weights: some or all of the network's, by name.
            pull: mu of FedProx (Li et al., 2020, Eq. 2): mu / 2 ||w - w0||^2 is added to each step's loss.
        """
        for network in (self.online, self.target):
            restore_network(network, {**network_arrays(network), **weights})
        self._pull = pull
        self._anchor = {name: torch.from_numpy(np.array(value)) for name, value in weights.items()}

    def weights(self) -> dict[str, NDArray[Any]]:
        """Copy the network's weights, by name."""
        return network_arrays(self.online)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give all that it takes to go on, by name, but for what `begin_with` set."""
        return {
            **adam_arrays(self.adam),
            **network_arrays(self.online, "online/"),
            **network_arrays(self.target, "target/"),
        }

    def restore(self, arrays: Arrays) -> None:
        """Take over what `arrays` gave."""
        restore_network(self.online, arrays, "online/")
        restore_network(self.target, arrays, "target/")
        restore_adam(self.adam, arrays)

    def _distance(self) -> torch.Tensor:
        named = dict(self.online.named_parameters())
        apart = [(named[name] - value).square().sum() for name, value in self._anchor.items()]
        return self._pull / 2 * torch.stack(apart).sum()

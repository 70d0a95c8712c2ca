# SPDX-License-Identifier: GPL-2.0-only
"""Settings of a federation, which load without torch."""

from dataclasses import dataclass
from typing import Literal

from pyagents.core.scenario import Checked, number

SHARING = ("federated", "personalised")
"""Schemes in which weights are averaged."""


@dataclass(frozen=True, kw_only=True)
class Federation(Checked):
    """Who learns from whose data. An iteration of the training is a round."""

    scheme: Literal["federated", "personalised", "isolated", "central"] = "federated"
    """`federated`: weights are averaged (McMahan et al., 2017); `personalised`: but for those of the last
    layer, which each client keeps (Arivazhagan et al., 2019); `isolated`: nothing is; `central`: one learner
    has the data of all clients, plays as many steps as they do together, and takes as many gradient steps."""
    clients: int = number(10, 1, 1000)
    """Number of clients, each with a network of its own to play in."""
    fraction: float = number(0.5, 0, 1, above=True)
    """Share of the clients that take part in a round, at least one, drawn anew each round."""
    local_iterations: int = number(1, 1, 1e6)
    """Iterations of its learner that a client does in a round."""
    mu: float = number(0.0, 0, 1e6)
    """mu of FedProx (Li et al., 2020): how strongly a client is held to the weights of the round; 0:
    FedAvg."""
    clip: float = number(0.0, 0, 1e9)
    """Largest Euclidean norm by which the weights that a client sends differ from those of the round; 0:
    any."""
    noise: float = number(0.0, 0, 1e6)
    """Standard deviation of the Gaussian noise in the sum of a round's changes, in units of `clip`: each
    client adds its share before it sends."""

    def check_relations(self) -> None:
        """Refuse what the scheme has no use for, and noise without a bound that it is measured by."""
        if self.noise and not self.clip:
            raise ValueError(f"noise={self.noise!r} is not allowed without clip: it is in units of it")
        if self.scheme not in SHARING:
            for name in ("mu", "clip", "noise"):
                if value := getattr(self, name):
                    raise ValueError(
                        f"{name}={value!r} is not allowed with scheme={self.scheme!r}: no weights are shared"
                    )

    @property
    def participants(self) -> int:
        """Number of clients of a round."""
        return max(1, round(self.fraction * self.clients))

    @property
    def parties(self) -> int:
        """Number of processes that learn."""
        return 1 if self.scheme == "central" else self.clients

    @property
    def is_private(self) -> bool:
        """Whether clients add noise."""
        return self.noise > 0

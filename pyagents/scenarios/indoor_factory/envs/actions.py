# SPDX-License-Identifier: GPL-2.0-only
"""The three knobs of the hall as Gymnasium spaces. All arrays may have a batch axis in front."""

from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from pyagents.envs.views import ActionView, Mask
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import CIO_LIMIT_DB, Action

DEFAULT_CIO_DB = 6.0
"""CIOs a learner may set unless told otherwise: beyond 6 dB Q-OffsetRange (TS 38.331) is coarser, and a UE
held by a cell 6 dB too weak loses half its rate."""


@dataclass(frozen=True)
class ChoTargets:
    """A conditional handover target for every UE, chosen by the controller: MultiDiscrete [U], G + 1 each.

    Choice g < G makes gNB g the target (the serving one: stay, A3 off); choice G sets none, A3 governs.
    The mask allows what the UE's own RRC could carry out: cells measured above the CHO threshold, the
    serving one, and none. Masked choices may be made all the same; they come to nothing.
    """

    scenario: Scenario

    @property
    def space(self) -> gymnasium.Space[Any]:
        """MultiDiscrete [U]."""
        return spaces.MultiDiscrete(np.full(self.scenario.n_ues, self.scenario.n_gnbs + 1))

    def to_action(self, choice: NDArray[Any], snapshot: Any) -> Action:
        """Choices [..., U] as CHO targets."""
        return Action(cho_target=np.where(choice == self.scenario.n_gnbs, -1, choice).astype(np.int32))

    def mask(self, snapshot: Any) -> Mask | None:
        """[..., U, G + 1] 1 where the choice can come to something."""
        strong = snapshot.rsrp_dbm >= self.scenario.cho_rsrp_threshold_dbm
        serving = snapshot.serving[..., None] == np.arange(self.scenario.n_gnbs)
        none = np.ones((*serving.shape[:-1], 1), dtype=np.int8)
        return np.concatenate([(strong | serving).astype(np.int8), none], axis=-1)


@dataclass(frozen=True)
class OwnChoTarget(ChoTargets):
    """The same for UEs that choose their own targets: Discrete G + 1 each."""

    @property
    def space(self) -> gymnasium.Space[Any]:
        """Discrete, of one UE."""
        return spaces.Discrete(self.scenario.n_gnbs + 1)


@dataclass(frozen=True)
class CellOffsets:
    """A cell individual offset for every ordered pair of cells: Box [G, G] of -1 to 1, times `limit_db`.

    Rows serve, columns are neighbours; the diagonal means nothing. The network rounds to Q-OffsetRange.

    Raises:
        ValueError: the limit is not above 0 and at most 24 dB.
    """

    scenario: Scenario
    limit_db: float = DEFAULT_CIO_DB

    def __post_init__(self) -> None:
        if not 0 < self.limit_db <= CIO_LIMIT_DB:
            raise ValueError(
                f"limit_db={self.limit_db} is not allowed: must be above 0 and at most {CIO_LIMIT_DB:g}"
            )

    @property
    def space(self) -> gymnasium.Space[Any]:
        """Box [G, G]."""
        return spaces.Box(-1.0, 1.0, (self.scenario.n_gnbs, self.scenario.n_gnbs), np.float32)

    def to_action(self, choice: NDArray[Any], snapshot: Any) -> Action:
        """Choices [..., G, G] as CIOs; beyond -1 and 1 they are clipped."""
        cio_db = np.clip(choice.astype(np.float64), -1.0, 1.0) * self.limit_db
        return Action(cio_db=cio_db * (1 - np.eye(self.scenario.n_gnbs)))

    def mask(self, snapshot: Any) -> Mask | None:
        """None: all CIOs make sense."""
        return None


@dataclass(frozen=True)
class Channels:
    """A channel for every gNB: MultiDiscrete [G], C each."""

    scenario: Scenario

    @property
    def space(self) -> gymnasium.Space[Any]:
        """MultiDiscrete [G]."""
        return spaces.MultiDiscrete(np.full(self.scenario.n_gnbs, self.scenario.n_channels))

    def to_action(self, choice: NDArray[Any], snapshot: Any) -> Action:
        """Choices [..., G] as channels."""
        return Action(channel=choice.astype(np.int32))

    def mask(self, snapshot: Any) -> Mask | None:
        """None: all channels may be used."""
        return None


ACTIONS = {"cho_target": ChoTargets, "cio_db": CellOffsets, "channel": Channels}


def find_action(action: str | ActionView, scenario: Scenario) -> ActionView:
    """Find the action view of a name, or take the view itself; ValueError where the name is unknown."""
    if not isinstance(action, str):
        return action
    if action not in ACTIONS:
        raise ValueError(f"action {action!r} is unknown: use one of {', '.join(ACTIONS)}")
    view: ActionView = ACTIONS[action](scenario)
    return view

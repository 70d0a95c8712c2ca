# SPDX-License-Identifier: GPL-2.0-only
"""The best single move of a core by the true model, as if the vehicle stayed where it was seen."""

from pyagents.scenarios.iot_edge.agents.model import Model, in_mm
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Snapshot


class Greedy:
    """Looks one step ahead: tries all moves of all cores on the model, and takes the best."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget the area."""
        self._scenario, self._model = scenario, None

    _model: Model | None

    def act(self, snapshot: Snapshot) -> Action:
        """Take the best move; of equals the first, to leave all as it is before all others."""
        if self._model is None:
            self._model = Model(self._scenario, snapshot)
        sizes = self._model.message_bytes(in_mm(snapshot.vehicle_position_m))
        scores = self._model.judge(self._model.plan_moves(snapshot), sizes)
        return Action(core_move=self._model.moves[int(scores.argmax())])

# SPDX-License-Identifier: GPL-2.0-only
"""What moves do to cores and to levels of weights."""

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Ints
from pyagents.scenarios.iot_edge.scenario import Scenario, to_mm
from pyagents.scenarios.iot_edge.snapshot import Move

_WAYS = np.zeros((len(Move), 2), np.int64)
_WAYS[[Move.UP, Move.DOWN, Move.LEFT, Move.RIGHT]] = (0, 1), (0, -1), (-1, 0), (1, 0)
_LEVELS = np.zeros(len(Move), np.int32)
_LEVELS[Move.SHRINK], _LEVELS[Move.EXPAND] = 1, -1


def check_moves(scenario: Scenario, moves: Ints) -> None:
    """Refuse more moves than a step has.

    Args:
        scenario: says how many it has.
        moves: [..., K] a `Move` for each core.

    Raises:
        ValueError: there are more.
    """
    most = int((moves != Move.STAY).sum(axis=-1).max())
    if most > scenario.moves_per_step:
        raise ValueError(
            f"core_move has {most} moves that are not STAY, "
            f"allowed is moves_per_step={scenario.moves_per_step}"
        )


def move_cores(
    scenario: Scenario, cores_mm: NDArray[np.int64], level: Ints, moves: Ints
) -> tuple[NDArray[np.int64], Ints]:
    """Places and levels after moves, new arrays; cores stay in the area, levels within their bounds.

    Args:
        scenario: length of a move, area, bounds of levels.
        cores_mm: [..., K, 2] places, mm.
        level: [..., K] levels.
        moves: [..., K] a `Move` for each core.
    """
    most = np.array([to_mm(scenario.area_length_m), to_mm(scenario.area_width_m)])
    places = np.clip(cores_mm + _WAYS[moves] * to_mm(scenario.core_step_m), 0, most)
    levels = np.clip(level + _LEVELS[moves], -scenario.weight_levels, scenario.weight_levels)
    return places, levels.astype(np.int32)


def list_moves(n_servers: int) -> Ints:
    """[7 K, K] all actions of one core: row c * 7 + m is move m of core c, the others stay."""
    moves = np.full((n_servers, len(Move), n_servers), Move.STAY, np.int32)
    for core in range(n_servers):
        moves[core, :, core] = np.arange(len(Move))
    return moves.reshape(-1, n_servers)

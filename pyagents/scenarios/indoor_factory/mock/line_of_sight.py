# SPDX-License-Identifier: GPL-2.0-only
"""Which links have line of sight: TR 38.901 section 7.4.2, consistently in space by section 7.6.3.3.

Each node has a standard normal random field Z over the floor: independent normals on a square grid, linear
in between, divided by the deviation that this leaves. A link down to a UE is in line of sight where Phi(Z) is
below the probability of Table 7.4.2-1 for its distance. So each link's probability is exact, UEs that stand
near each other share their state, and it changes as a UE walks.
"""

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Mask
from pyagents.simulators.compiled import compiled

_PLACES_PER_M = 10
"""Distances are looked up to the decimetre."""
_OFFICE_SPACING_M = 10.0
"""Correlation distance of line of sight in offices; in factories half the clutter (Table 7.6.3.1-2)."""


@dataclass(frozen=True, kw_only=True)
class Clutter:
    """What stands in a factory (TR 38.901 Table 7.2-4; values within its ranges as in our ns-3 model)."""

    size_m: float
    density: float
    height_m: float = 2.0


_CLUTTER = {"s": Clutter(size_m=10.0, density=0.2), "d": Clutter(size_m=2.0, density=0.6)}


def los_probability(model: str, distance_2d_m: Floats, height_a_m: float, height_b_m: float) -> Floats:
    """Probability of line of sight (TR 38.901 Table 7.4.2-1).

    Args:
        model: a key of `PROPAGATION`.
        distance_2d_m: horizontal distances.
        height_a_m: height of one end.
        height_b_m: height of the other end.
    """
    d = distance_2d_m
    match model:
        case "inh-open":
            far = np.where(d <= 49.0, np.exp(-(d - 5.0) / 70.8), 0.54 * np.exp(-(d - 49.0) / 211.7))
            return np.where(d <= 5.0, 1.0, far)
        case "inh-mixed":
            far = np.where(d < 6.5, np.exp(-(d - 1.2) / 4.7), 0.32 * np.exp(-(d - 6.5) / 32.6))
            return np.where(d <= 1.2, 1.0, far)
        case _:
            return np.exp(-d / _los_distance_m(model, height_a_m, height_b_m))


def _los_distance_m(model: str, height_a_m: float, height_b_m: float) -> float:
    """Distance over which line of sight in a factory falls to 1/e, m; infinite where it is never lost.

    With high base stations only the part of the path below the clutter's top counts.
    """
    if model == "inf-hh":
        return math.inf
    clutter = _CLUTTER[model[-2]]
    in_clutter = -clutter.size_m / math.log1p(-clutter.density)
    if model.endswith("l"):
        return in_clutter
    low, high = sorted((height_a_m, height_b_m))
    if low >= clutter.height_m:
        return math.inf
    return in_clutter * max(1.0, (high - low) / (clutter.height_m - low))


class LosRule(NamedTuple):
    """By what line of sight to a UE is decided."""

    spacing_m: float
    """Spacing of the grids of the random fields, m."""
    highest: Floats
    """[D] value of Z below which there is line of sight, for each decimetre of horizontal distance."""


@cache
def los_rule(model: str, diagonal_m: float, node_height_m: float, ue_height_m: float) -> LosRule:
    """The rule of a hall.

    Args:
        model: a key of `PROPAGATION`.
        diagonal_m: the longest distance.
        node_height_m: of gNBs and access points.
        ue_height_m: of UEs.
    """
    places = (np.arange(math.ceil(diagonal_m * _PLACES_PER_M) + 2) + 0.5) / _PLACES_PER_M
    chance, normal = los_probability(model, places, node_height_m, ue_height_m), NormalDist()
    highest = [math.inf if p >= 1 else normal.inv_cdf(max(p, 1e-300)) for p in chance]
    clutter = _CLUTTER.get(model[-2]) if model.startswith("inf") else None
    spacing_m = clutter.size_m / 2 if clutter else _OFFICE_SPACING_M
    return LosRule(spacing_m=spacing_m, highest=np.array(highest))


def grid_shape(rule: LosRule, length_m: float, width_m: float) -> tuple[int, int]:
    """Points of a field's grid along the hall's length and width, edges included."""
    return math.ceil(length_m / rule.spacing_m) + 1, math.ceil(width_m / rule.spacing_m) + 1


@compiled
def sees(field: Floats, x_m: float, y_m: float, distance_2d_m: float, rule: LosRule) -> bool:
    """Whether a node sees a UE.

    Args:
        field: [X, Y] the node's, at the points of its grid.
        x_m: where the UE is.
        y_m: likewise.
        distance_2d_m: between the two, horizontal.
        rule: of the hall.
    """
    x, y = x_m / rule.spacing_m, y_m / rule.spacing_m
    i, j = min(int(x), field.shape[0] - 2), min(int(y), field.shape[1] - 2)
    right, up = x - i, y - j
    left, down = 1 - right, 1 - up
    mean = down * (left * field[i, j] + right * field[i + 1, j])
    mean += up * (left * field[i, j + 1] + right * field[i + 1, j + 1])
    spread = math.sqrt((left * left + right * right) * (down * down + up * up))
    highest: float = rule.highest[int(distance_2d_m * _PLACES_PER_M)]
    return bool(mean < highest * spread)


@compiled
def see(fields: Floats, node_m: Floats, ue_m: Floats, rule: LosRule) -> Mask:
    """[N, U] whether nodes see UEs.

    Args:
        fields: [N, X, Y] of each node.
        node_m: [N, 3] where nodes are.
        ue_m: [U, 3] where UEs are.
        rule: of the hall.
    """
    seen = np.empty((len(node_m), len(ue_m)), dtype=np.bool_)
    for n in range(len(node_m)):
        for u in range(len(ue_m)):
            distance_m = math.hypot(node_m[n, 0] - ue_m[u, 0], node_m[n, 1] - ue_m[u, 1])
            seen[n, u] = sees(fields[n], ue_m[u, 0], ue_m[u, 1], distance_m, rule)
    return seen


def conditioned(
    fields: Floats, node_m: Floats, ue_m: Floats, has_los: Mask, rule: LosRule, rng: np.random.Generator
) -> Floats:
    """[N, X, Y] fields by which nodes see some UEs, and do not see others, as has been observed.

    What each field has to be at the UEs is drawn on the right side of the bound, UE by UE; the field goes
    there by the least change of its normals. Where UEs stand too near each other for that, it comes near.

    Args:
        fields: [N, X, Y] to be changed.
        node_m: [N, 3] where nodes are.
        ue_m: [U, 3] where UEs are.
        has_los: [N, U] what was observed.
        rule: of the hall.
        rng: draws.
    """
    n, ues = has_los.shape
    distance_m = np.hypot(*(node_m[:, None, k] - ue_m[None, :, k] for k in (0, 1)))
    bound = 0.5 * np.array(
        [
            [math.erfc(-z / math.sqrt(2)) for z in row]
            for row in rule.highest[(distance_m * _PLACES_PER_M).astype(int)]
        ]
    ).reshape(n, ues)
    chance = rng.random((n, ues))
    chance = np.where(has_los, bound * chance, bound + (1 - bound) * chance)
    normal = NormalDist()
    wanted = [[normal.inv_cdf(min(max(p, 1e-9), 1 - 1e-9)) for p in row] for row in chance]
    weights = _grid_weights(fields.shape[1:], ue_m, rule)
    flat = fields.reshape(n, -1)
    change, *_ = np.linalg.lstsq(weights, np.reshape(wanted, (n, ues)).T - weights @ flat.T, rcond=None)
    changed: Floats = (flat + change.T).reshape(fields.shape)
    return changed


def _grid_weights(shape: tuple[int, ...], ue_m: Floats, rule: LosRule) -> Floats:
    """[U, X * Y] of each point of the grid in the field at each UE."""
    x, y = np.arange(shape[0]) * rule.spacing_m, np.arange(shape[1]) * rule.spacing_m
    along = np.maximum(1 - np.abs(ue_m[:, :1] - x) / rule.spacing_m, 0.0)
    across = np.maximum(1 - np.abs(ue_m[:, 1:2] - y) / rule.spacing_m, 0.0)
    weights = (along[:, :, None] * across[:, None, :]).reshape(len(ue_m), -1)
    unit: Floats = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    return unit

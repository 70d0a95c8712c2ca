# SPDX-License-Identifier: GPL-2.0-only
"""The rules of docs/iot-edge.md word by word: slow, one thing after the other, exact."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass
class Planned:
    cluster: list[int]
    head: list[int]
    parent: list[int]
    hops: list[int]


def squared(a: tuple[int, int], b: tuple[int, int]) -> int:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def scale(level: int, factor: float) -> float:
    made = 1.0
    for _ in range(abs(level)):
        made = made * (factor * factor) if level > 0 else made / (factor * factor)
    return made


def find_heads(
    devices: list[tuple[int, int]], cores: list[tuple[int, int]], assigned: list[int]
) -> list[int]:
    heads = list[int]()
    for c, core in enumerate(cores):
        own = [i for i in range(len(devices)) if assigned[i] == c]
        candidates = own or [i for i in range(len(devices)) if assigned[i] == -1]
        found = min(candidates, key=lambda i: (squared(devices[i], core), i), default=-1)
        heads.append(-1 if found in heads else found)
    return heads


def plan(
    devices: list[tuple[int, int]],
    cores: list[tuple[int, int]],
    level: list[int],
    assigned: list[int],
    *,
    range_mm: int,
    factor: float = 1.25,
    to_core: bool = False,
) -> Planned:
    n, heads = len(devices), find_heads(devices, cores, assigned)
    cluster = list[int]()
    for i in range(n):
        if assigned[i] >= 0:
            cluster.append(assigned[i])
        elif i in heads:
            cluster.append(heads.index(i))
        else:
            weighted = [
                (float(squared(devices[i], cores[c] if to_core else devices[h])) * scale(level[c], factor), c)
                for c, h in enumerate(heads)
                if h >= 0
            ]
            cluster.append(min(weighted)[1])
    hops, parent = [0] * n, [-2] * n
    for h in heads:
        if h >= 0:
            hops[h], parent[h] = 1, -1

    def linked(i: int, j: int) -> bool:
        return i != j and cluster[i] == cluster[j] and squared(devices[i], devices[j]) <= range_mm**2

    for depth in range(2, n + 1):
        for i in range(n):
            nearer = [j for j in range(n) if hops[j] == depth - 1 and linked(i, j)]
            if hops[i] == 0 and nearer:
                hops[i] = depth
                parent[i] = min(nearer, key=lambda j: (squared(devices[i], devices[j]), j))
    return Planned(cluster, heads, parent, hops)


def evenness(loads: list[int]) -> Fraction:
    """The paper's Eqs. (1) and (2), exact."""
    mean = Fraction(sum(loads), len(loads))
    if mean == 0:
        return Fraction(0)
    return sum((1 - abs(x - mean) / mean for x in loads), Fraction(0)) / len(loads)

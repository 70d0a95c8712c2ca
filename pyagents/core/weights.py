# SPDX-License-Identifier: GPL-2.0-only
"""Weights of an agent that learns: what they look like, and the file that ships with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pyagents.core.tensors import Arrays, WeightsError, load_tensors, part_of


@dataclass(frozen=True, kw_only=True)
class WeightsForm:
    """Form that the weights of an agent have to have."""

    kind: str
    """Name of the agent, written into files."""
    version: int
    """Count of the changes of what goes into the network and comes out, written into files."""
    shapes: Mapping[str, tuple[int, ...]]
    """Shape of each array, by name."""
    shipped: Path | None = None
    """File that ships with the agent; None: none does."""

    def load(self, file: str = "") -> Arrays:
        """Load weights of a file, or those that ship; WeightsError where they are not of this form.

        Of a file with the weights of several clients of a federation, FILE#CLIENT is one's.
        """
        one = re.fullmatch(r"(.+)#([0-9]+)", file)
        name, client = one.groups() if one else (file, "")
        known = self.load_all(name)
        if client not in known:
            named = ", ".join(f"{name}#{one}" for one in known)
            raise WeightsError(f"weights {file}: it has those of several clients, name one of {named}")
        return known[client]

    def load_all(self, file: str = "") -> dict[str, Arrays]:
        """Load the weights of each client by its number, or those of all at the empty name. See `load`."""
        path = Path(file) if file else self.shipped
        if path is None:
            raise WeightsError(f"no weights ship with {self.kind}: name a file")
        arrays, facts = load_tensors(path)
        clients = dict.fromkeys(one for name in arrays if (one := name.partition("/")[0]).isdecimal())
        known: dict[str, Arrays] = {one: part_of(arrays, f"{one}/") for one in clients} or {"": arrays}
        for weights in known.values():
            self.check(path, weights, facts)
        return known

    def check(self, path: Path, arrays: Arrays, facts: Mapping[str, str]) -> None:
        """Raise WeightsError, which names the path, unless arrays and facts are weights of this form."""
        found_kind, found_version = facts.get("kind", "nothing"), facts.get("version", "none")
        if found_kind != self.kind:
            raise WeightsError(f"weights {path}: made for {found_kind}, expected {self.kind}")
        if found_version != str(self.version):
            raise WeightsError(
                f"weights {path}: version {found_version}, expected {self.version}: train anew"
            )
        for name in sorted(set(arrays) ^ set(self.shapes)):
            problem = "lacks" if name in self.shapes else "does not need"
            raise WeightsError(f"weights {path}: {problem} {name}, expected are {', '.join(self.shapes)}")
        for name, shape in self.shapes.items():
            array = arrays[name]
            if array.shape != tuple(shape):
                raise WeightsError(f"weights {path}: {name} has shape {array.shape}, expected {tuple(shape)}")
            if array.dtype.kind != "f":
                raise WeightsError(
                    f"weights {path}: {name} has type {array.dtype}, expected float32 or float64"
                )
            if not np.isfinite(array).all():
                raise WeightsError(f"weights {path}: {name} holds what is not a number")

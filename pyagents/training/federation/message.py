# SPDX-License-Identifier: GPL-2.0-only
"""All that crosses between a client and its coordinator: weights as a safetensors file, with a few facts.

An order goes to a client, an answer comes back. Nothing else does: rows that a client has learnt from have no
place in either.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyagents.core.tensors import Arrays, decode_tensors, encode_tensors

COUNTS = ("steps", "samples", "gradient_steps")
"""Numbers of a row that add up over iterations and clients; of others the mean is told."""

_SECONDS = "processor_s"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a client is to do: `learn` from these weights, `show` what it has learnt, `keep` its state."""

    do: Literal["learn", "show", "keep"]
    """What is to be done."""
    round: int
    """Number of the round, from 1."""
    weights: Arrays = field(default_factory=dict)
    """Weights to begin with; none: its own."""
    forget: int = 0
    """With `keep`: states of earlier rounds than this are needed no longer."""

    def encode(self) -> bytes:
        """Encode it as bytes."""
        facts = {"do": self.do, "round": str(self.round), "forget": str(self.forget)}
        return encode_tensors(self.weights, facts)

    @classmethod
    def decode(cls, content: bytes) -> "Order":
        """Decode it; ValueError where it is none."""
        weights, facts = decode_tensors(content)
        do: Any = facts["do"]
        return cls(do=do, round=int(facts["round"]), weights=weights, forget=int(facts["forget"]))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a client says when it is done."""

    weights: Arrays = field(default_factory=dict)
    """Weights that it shares, or all of them where it was asked to show them."""
    samples: int = 0
    """n_i: number of transitions that it has gathered in the round."""
    row: Mapping[str, float] = field(default_factory=dict)
    """Means over the round of what its learner tells."""
    processor_s: float = 0.0
    """Processor time that it took, s."""
    error: str = ""
    """Why it could not be done; empty: it could."""

    def encode(self) -> bytes:
        """Encode it as bytes, as many whatever time it took."""
        facts = {"samples": str(self.samples), "row": json.dumps(self.row), "error": self.error}
        seconds: NDArray[Any] = np.array([self.processor_s])
        return encode_tensors({**_prefixed(self.weights), _SECONDS: seconds}, facts)

    @classmethod
    def decode(cls, content: bytes) -> "Answer":
        """Decode it; ValueError where it is none."""
        arrays, facts = decode_tensors(content)
        return cls(
            weights={name[2:]: value for name, value in arrays.items() if name.startswith("w/")},
            samples=int(facts["samples"]),
            row=json.loads(facts["row"]),
            processor_s=float(arrays[_SECONDS][0]),
            error=facts["error"],
        )


def _prefixed(weights: Arrays) -> Arrays:
    return {f"w/{name}": value for name, value in weights.items()}

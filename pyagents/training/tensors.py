# SPDX-License-Identifier: GPL-2.0-only
"""Between torch and named arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from pyagents.core.tensors import Arrays, part_of


def use_one_thread() -> None:
    """Let torch add in one order, on any machine: the networks are small, and the sums come out the same."""
    torch.set_num_threads(1)


def draw_weights(shapes: Mapping[str, tuple[int, ...]], rng: np.random.Generator) -> dict[str, torch.Tensor]:
    """Weights to start from: uniform within 1 / sqrt(inputs), as torch has it, but from a generator given."""
    drawn = {}
    for name, shape in shapes.items():
        inputs = shapes[name.replace("bias", "weight")][-1]
        bound = 1 / np.sqrt(inputs)
        drawn[name] = torch.from_numpy(rng.uniform(-bound, bound, shape).astype(np.float32))
    return drawn


def network_arrays(network: torch.nn.Module, prefix: str = "") -> dict[str, NDArray[Any]]:
    """Copies of a network's weights, by name with a prefix."""
    return {prefix + name: value.detach().numpy().copy() for name, value in network.state_dict().items()}


def restore_network(network: torch.nn.Module, arrays: Arrays, prefix: str = "") -> None:
    """Take over what `network_arrays` gave."""
    network.load_state_dict(
        {name: torch.from_numpy(value.copy()) for name, value in part_of(arrays, prefix).items()}
    )


def adam_arrays(adam: torch.optim.Adam) -> dict[str, NDArray[Any]]:
    """The optimiser's moments and step counts, by name."""
    return {
        f"adam/{index}/{name}": value.numpy().copy()
        for index, moments in adam.state_dict()["state"].items()
        for name, value in moments.items()
    }


def restore_adam(adam: torch.optim.Adam, arrays: Arrays) -> None:
    """Take over what `adam_arrays` gave."""
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in part_of(arrays, "adam/").items():
        index, moment = name.split("/")
        state.setdefault(int(index), {})[moment] = torch.from_numpy(value.copy())
    adam.load_state_dict({"state": state, "param_groups": adam.state_dict()["param_groups"]})

# SPDX-License-Identifier: GPL-2.0-only
"""Containers read and written by the protobuf runtime alone: slow, obvious, and independent of the codec."""

from typing import Any

import numpy as np

from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.spaces import Box, Discrete, Space, Tuple, Value

FIELDS = {
    "int32": (pb.INT, "intData"),
    "uint32": (pb.UINT, "uintData"),
    "float32": (pb.FLOAT, "floatData"),
    "float64": (pb.DOUBLE, "doubleData"),
}


def write(space: Space, value: Value, name: str = "") -> pb.DataContainer:
    container = pb.DataContainer(name=name)
    content: Any
    if isinstance(space, Discrete):
        container.type, content = pb.Discrete, pb.DiscreteDataContainer(data=value)
    elif isinstance(space, Box):
        number, field = FIELDS[space.dtype.name]
        container.type = pb.Box
        content = pb.BoxDataContainer(dtype=number, shape=space.shape, **{field: value.reshape(-1).tolist()})
    elif isinstance(space, Tuple):
        container.type = pb.Tuple
        elements = [write(s, v) for s, v in zip(space.spaces, value, strict=True)]
        content = pb.TupleDataContainer(element=elements)
    else:
        container.type = pb.Dict
        content = pb.DictDataContainer(element=[write(space[key], v, key) for key, v in value.items()])
    container.data.Pack(content)
    return container


def read(container: pb.DataContainer) -> Value:
    """The value in flat arrays of the dtype that it was sent in."""
    content: Any
    match container.type:
        case pb.Discrete:
            content = pb.DiscreteDataContainer()
            container.data.Unpack(content)
            return content.data
        case pb.Box:
            content = pb.BoxDataContainer()
            container.data.Unpack(content)
            for dtype, (_, field) in FIELDS.items():
                if len(getattr(content, field)):
                    return np.array(getattr(content, field), dtype)
            return np.empty(0)
        case pb.Tuple:
            content = pb.TupleDataContainer()
            container.data.Unpack(content)
            return tuple(read(element) for element in content.element)
        case pb.Dict:
            content = pb.DictDataContainer()
            container.data.Unpack(content)
            return {element.name: read(element) for element in content.element}
    return None


def same(left: Value, right: Value, *, exact: bool = True) -> bool:
    """Whether two values are equal, NaN to NaN; `exact`: in shape and dtype too."""
    if isinstance(left, np.ndarray):
        if exact and (left.shape != right.shape or left.dtype != right.dtype):
            return False
        return np.array_equal(left.reshape(-1), right.reshape(-1), equal_nan=left.dtype.kind == "f")
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k], exact=exact) for k in left)
    if isinstance(left, tuple):
        return len(left) == len(right) and all(
            same(a, b, exact=exact) for a, b in zip(left, right, strict=True)
        )
    return bool(left == right)

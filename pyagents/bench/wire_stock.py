# SPDX-License-Identifier: GPL-2.0-only
"""What the protobuf runtime alone does with states and actions, as ns3-gym's own client uses it.

Nothing is checked, Boxes come without their shapes, as protobuf's lists or as arrays of these, and floats are
sent in single precision.
"""

from typing import Any

import numpy as np

from pyagents.wire import Box, Dict, Discrete, Space, Tuple
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.containers import DATA_FIELDS, DTYPE_NUMBERS, WIRE_DTYPES


def read_state(frame: bytes, *, arrays: bool = True) -> tuple[Any, float, bool, int, str]:
    """Read observation, its Boxes as arrays or lists; reward, whether it is the last one, why, and info."""
    message = pb.EnvStateMsg()
    message.ParseFromString(frame)
    observation = _read(message.obsData, arrays)
    return observation, message.reward, message.isGameOver, message.reason, message.info


def write_action(space: Space, action: Any) -> bytes:
    """Write an action."""
    message = pb.EnvActMsg()
    message.actData.CopyFrom(_write(space, action))
    message.stopSimReq = False
    return message.SerializeToString()


def _read(container: pb.DataContainer, arrays: bool) -> Any:
    if container.type == pb.Dict:
        entries = pb.DictDataContainer()
        container.data.Unpack(entries)
        return {entry.name: _read(entry, arrays) for entry in entries.element}
    if container.type == pb.Tuple:
        elements = pb.TupleDataContainer()
        container.data.Unpack(elements)
        return tuple(_read(element, arrays) for element in elements.element)
    if container.type == pb.Discrete:
        number = pb.DiscreteDataContainer()
        container.data.Unpack(number)
        return number.data
    box = pb.BoxDataContainer()
    container.data.Unpack(box)
    numbers = getattr(box, DATA_FIELDS[box.dtype])
    return np.array(numbers, WIRE_DTYPES[box.dtype]) if arrays else numbers


def _write(space: Space, value: Any) -> pb.DataContainer:
    container = pb.DataContainer()
    if isinstance(space, Discrete):
        container.type = pb.Discrete
        container.data.Pack(pb.DiscreteDataContainer(data=value))
    elif isinstance(space, Box):
        container.type = pb.Box
        box = pb.BoxDataContainer(shape=[len(value)])
        box.dtype = pb.FLOAT if space.dtype.kind == "f" else DTYPE_NUMBERS[space.dtype.name]  # type: ignore[assignment]
        getattr(box, DATA_FIELDS[box.dtype]).extend(value)
        container.data.Pack(box)
    elif isinstance(space, Tuple):
        container.type = pb.Tuple
        elements = [_write(*pair) for pair in zip(space.spaces, value, strict=True)]
        container.data.Pack(pb.TupleDataContainer(element=elements))
    else:
        assert isinstance(space, Dict)
        container.type = pb.Dict
        entries = []
        for name, entry in value.items():
            entries.append(_write(space[name], entry))
            entries[-1].name = name
        container.data.Pack(pb.DictDataContainer(element=entries))
    return container

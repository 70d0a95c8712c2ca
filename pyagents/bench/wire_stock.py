# SPDX-License-Identifier: GPL-2.0-only
"""What reading a state costs with the protobuf runtime and NumPy alone, as ns3-gym's own client does.

Nothing is checked, and arrays come without their shapes.
"""

from typing import Any

import numpy as np

from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.containers import DATA_FIELDS, WIRE_DTYPES


def read_state(frame: bytes) -> tuple[Any, float, bool, str]:
    """Read observation, reward, whether it is the last one, and info."""
    message = pb.EnvStateMsg()
    message.ParseFromString(frame)
    return _read(message.obsData), message.reward, message.isGameOver, message.info


def _read(container: pb.DataContainer) -> Any:
    if container.type == pb.Dict:
        entries = pb.DictDataContainer()
        container.data.Unpack(entries)
        return {entry.name: _read(entry) for entry in entries.element}
    if container.type == pb.Tuple:
        elements = pb.TupleDataContainer()
        container.data.Unpack(elements)
        return tuple(_read(element) for element in elements.element)
    if container.type == pb.Discrete:
        number = pb.DiscreteDataContainer()
        container.data.Unpack(number)
        return number.data
    box = pb.BoxDataContainer()
    container.data.Unpack(box)
    return np.array(getattr(box, DATA_FIELDS[box.dtype]), WIRE_DTYPES[box.dtype])

# SPDX-License-Identifier: GPL-2.0-only
"""Numbers and names that both directions of the data containers share."""

from __future__ import annotations

from typing import Any

import numpy as np

from pyagents.wire.protocol import messages_pb2 as pb

KINDS: dict[int, str] = {
    0: "nothing",
    pb.Discrete: "Discrete",
    pb.Box: "Box",
    pb.Tuple: "Tuple",
    pb.Dict: "Dict",
}

TYPE_URLS: dict[int, str] = {
    kind: f"type.googleapis.com/ns3opengym.{name}DataContainer" for kind, name in KINDS.items() if kind
}
"""By SpaceType, what the container's Any says that it holds."""

DATA_FIELDS: dict[int, str] = {
    pb.INT: "intData",
    pb.UINT: "uintData",
    pb.FLOAT: "floatData",
    pb.DOUBLE: "doubleData",
}
"""By Dtype, the field of BoxDataContainer that holds such numbers."""

WIRE_DTYPES: dict[int, np.dtype[Any]] = {
    pb.INT: np.dtype("<i4"),
    pb.UINT: np.dtype("<u4"),
    pb.FLOAT: np.dtype("<f4"),
    pb.DOUBLE: np.dtype("<f8"),
}
"""By Dtype, how NumPy spells the numbers."""

DTYPE_NUMBERS: dict[str, int] = {dtype.name: number for number, dtype in WIRE_DTYPES.items()}

MAX_DEPTH = 32
"""Most Tuples and Dicts that may lie in each other."""

# SPDX-License-Identifier: GPL-2.0-only
"""Numbers and names that both directions of the data containers share."""

from __future__ import annotations

from typing import Any

import numpy as np

from pyagents.wire.protocol import messages_pb2 as pb

URL_PREFIX = b"type.googleapis.com/"
PACKAGE = b"ns3opengym."
MESSAGES: dict[int, bytes] = {
    pb.Discrete: b"DiscreteDataContainer",
    pb.Box: b"BoxDataContainer",
    pb.Tuple: b"TupleDataContainer",
    pb.Dict: b"DictDataContainer",
}
"""By SpaceType, the message that the container's Any holds."""

KINDS: dict[int, str] = {
    0: "nothing",
    pb.Discrete: "Discrete",
    pb.Box: "Box",
    pb.Tuple: "Tuple",
    pb.Dict: "Dict",
}

WIRE_DTYPES: dict[int, np.dtype[Any]] = {
    pb.INT: np.dtype("<i4"),
    pb.UINT: np.dtype("<u4"),
    pb.FLOAT: np.dtype("<f4"),
    pb.DOUBLE: np.dtype("<f8"),
}
"""By Dtype, how NumPy spells the numbers. The data field of a Dtype in BoxDataContainer is its number + 2."""

DTYPE_NUMBERS: dict[str, int] = {dtype.name: number for number, dtype in WIRE_DTYPES.items()}
FIRST_DATA_FIELD = 3
MAX_DEPTH = 32
"""How deep Tuples and Dicts may nest."""

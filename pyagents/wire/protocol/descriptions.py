# SPDX-License-Identifier: GPL-2.0-only
"""Spaces as SpaceDescription messages, both ways."""

from __future__ import annotations

import math

from pyagents.wire.errors import ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.containers import DTYPE_NUMBERS, KINDS, MAX_DEPTH, WIRE_DTYPES
from pyagents.wire.protocol.spaces import DTYPES, Box, Dict, Discrete, Space, Tuple
from pyagents.wire.protocol.strictness import MAX_ELEMENTS, parse

_MESSAGES = {pb.Discrete: "DiscreteSpace", pb.Box: "BoxSpace", pb.Tuple: "TupleSpace", pb.Dict: "DictSpace"}


def encode_space(space: Space | None, name: str = "", *, flat: bool = False) -> pb.SpaceDescription:
    """Make the message that announces `space`, by name in a Dict, Boxes flat or not; empty for None."""
    description = pb.SpaceDescription(name=name)
    if space is None:
        return description
    content: pb.DiscreteSpace | pb.BoxSpace | pb.TupleSpace | pb.DictSpace
    if isinstance(space, Discrete):
        description.type, content = pb.Discrete, pb.DiscreteSpace(n=space.n)
    elif isinstance(space, Box):
        description.type = pb.Box
        content = pb.BoxSpace(low=space.low, high=space.high, shape=(space.size,) if flat else space.shape)
        content.dtype = DTYPE_NUMBERS[space.dtype.name]  # type: ignore[assignment]
    elif isinstance(space, Tuple):
        description.type = pb.Tuple
        content = pb.TupleSpace(element=[encode_space(element, flat=flat) for element in space.spaces])
    else:
        description.type = pb.Dict
        content = pb.DictSpace(
            element=[encode_space(entry, key, flat=flat) for key, entry in space.spaces.items()]
        )
    description.space.Pack(content)
    return description


def decode_space(description: pb.SpaceDescription, where: str, depth: int = 0) -> Space | None:
    """Read the space that a message announces, or None; ProtocolError where it cannot exist."""
    kind, url = description.type, description.space.type_url
    if kind == pb.NoSpaceType and not url:
        return None
    if kind not in _MESSAGES:
        raise ProtocolError(f"{where}: its type is {kind}; allowed are 1 to 4 (Discrete, Box, Tuple, Dict)")
    if url.rpartition("/")[2] != f"ns3opengym.{_MESSAGES[kind]}":
        raise ProtocolError(
            f"{where}: is a {KINDS[kind]}, but holds {url[:99]!r}; allowed is a {_MESSAGES[kind]}"
        )
    if depth > MAX_DEPTH:
        raise ProtocolError(f"{where}: lies in {depth} spaces; allowed are {MAX_DEPTH}")
    value = description.space.value
    try:
        if kind == pb.Discrete:
            return Discrete(parse(pb.DiscreteSpace, value, where)[0].n)
        if kind == pb.Box:
            return _decode_box(parse(pb.BoxSpace, value, where)[0], where)
    except ValueError as error:
        raise ProtocolError(f"{where}: {error}") from error
    # To protobuf the messages of Tuple and Dict are the same.
    elements = parse(pb.DictSpace, value, where, most=MAX_ELEMENTS)[0].element
    spaces: dict[str | int, Space] = {}
    for i, element in enumerate(elements):
        key = element.name if kind == pb.Dict else i
        there = f"{where}[{key!r}]"
        if key in spaces:
            raise ProtocolError(f"{there}: announced twice")
        space = decode_space(element, there, depth + 1)
        if space is None:
            raise ProtocolError(
                f"{there}: announced without a type; allowed are 1 to 4 (Discrete, Box, Tuple, Dict)"
            )
        spaces[key] = space
    return Dict(spaces) if kind == pb.Dict else Tuple(tuple(spaces.values()))  # type: ignore[arg-type]


def _decode_box(message: pb.BoxSpace, where: str) -> Box:
    number = message.dtype
    if number not in (pb.NoDType, *WIRE_DTYPES):
        raise ValueError(f"its dtype is {number}; allowed are 0 to 4")
    # A space without a dtype is one of floats to stock ns3-gym.
    dtype = DTYPES["float32"] if number == pb.NoDType else WIRE_DTYPES[number]
    # A stock space with bounds of its own for each element leaves these two at zero: no bounds were told.
    is_told = message.low != 0 or message.high != 0
    low, high = (message.low, message.high) if is_told else (-math.inf, math.inf)
    return Box(low, high, tuple(message.shape), dtype)

# SPDX-License-Identifier: GPL-2.0-only
"""DataContainer messages to values, by the protobuf runtime and NumPy: of any space, however they lie."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.wire.errors import IncompleteError, ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.containers import (
    DATA_FIELDS,
    KINDS,
    MAX_DEPTH,
    TYPE_URLS,
    WIRE_DTYPES,
)
from pyagents.wire.protocol.spaces import Box, Dict, Space, Tuple, Value, convert
from pyagents.wire.protocol.strictness import MAX_ELEMENTS, parse


def decode(
    container: pb.DataContainer, space: Space | None, where: str, *, partial: bool = False, depth: int = 0
) -> Value:
    """Read the value that a container holds. Arrays are read-only.

    Args:
        container: The message.
        space: What was announced; None: the container is read as it describes itself.
        where: What to call the value in an error.
        partial: Whether Dicts may lack entries.
        depth: How many Tuples and Dicts it lies in.

    Raises:
        IncompleteError: It is empty, or holds less than was announced.
        ProtocolError: It holds no value, or none of the space.
    """
    _check_kind(container, space, where)
    data = container.data.value
    if container.type == pb.Box:
        return _read_box(data, space, where)  # type: ignore[arg-type]
    if container.type == pb.Discrete:
        return parse(pb.DiscreteDataContainer, data, where)[0].data
    if depth > MAX_DEPTH:
        raise ProtocolError(f"{where}: lies in {depth} containers; allowed are {MAX_DEPTH}")
    values: dict[Any, Value] = {}
    known = _spaces_in(space)
    most = MAX_ELEMENTS if known is None else len(known)
    # To protobuf the messages of Tuple and Dict are the same.
    for place, element in enumerate(parse(pb.DictDataContainer, data, where, most=most)[0].element):
        key = element.name if container.type == pb.Dict else place
        there = f"{where}[{key!r}]"
        if known is not None and key not in known:
            raise _unknown(element, known, where)
        if key in values:
            raise ProtocolError(f"{there}: sent twice")
        inner = None if known is None else known[key]
        values[key] = decode(element, inner, there, partial=partial, depth=depth + 1)
    if container.type == pb.Tuple:
        if known is not None and len(values) < most:
            raise IncompleteError(f"{where}: has {len(values)} elements; announced were {most}")
        return tuple(values.values())
    for key in () if partial or known is None else known:
        if key not in values:
            raise IncompleteError(f"{where}: lacks the entry {key!r}")
    return values


def is_empty(container: pb.DataContainer) -> bool:
    """Say whether there is nothing in it, not even an empty value."""
    return not container.type and not container.HasField("data")


def _spaces_in(space: Space | None) -> dict[Any, Space] | None:
    """The spaces of a Tuple by place, of a Dict by name; None where nothing was announced."""
    match space:
        case Tuple():
            return dict(enumerate(space.spaces))
        case Dict():
            return dict(space.spaces)
    return None


def _unknown(element: pb.DataContainer, known: dict[Any, Space], where: str) -> ProtocolError:
    if is_empty(element):
        return _nothing(f"an entry of {where}")
    announced = ", ".join(known) or "none"
    return ProtocolError(f"{where}: has an entry {element.name!r}; announced were {announced}")


def _check_kind(container: pb.DataContainer, space: Space | None, where: str) -> None:
    """Refuse another kind of value. Only what follows the last slash of a type URL counts."""
    held, url = container.type, container.data.type_url
    if is_empty(container):
        raise _nothing(where)
    if held not in TYPE_URLS:
        raise ProtocolError(f"{where}: its type is {held}; allowed are 1 to 4 (Discrete, Box, Tuple, Dict)")
    message = TYPE_URLS[held].rpartition("/")[2]
    if "/" not in url or url.rpartition("/")[2] != message:
        raise ProtocolError(f"{where}: is a {KINDS[held]}, but holds {url[:99]!r}; allowed is a {message}")
    if space is not None and type(space).__name__ != KINDS[held]:
        raise ProtocolError(f"{where}: is a {KINDS[held]}; announced was a {type(space).__name__}")


def _nothing(where: str) -> IncompleteError:
    return IncompleteError(f"{where}: is empty; allowed is a Discrete, Box, Tuple or Dict")


def _read_box(data: bytes, space: Box | None, where: str) -> NDArray[Any]:
    most = None if space is None else space.size
    message, written = parse(pb.BoxDataContainer, data, where, most=most)
    number = _choose(message, where)
    numbers, dtype = getattr(message, DATA_FIELDS[number]), WIRE_DTYPES[number]
    if dtype.kind == "f":  # the last ones of the message
        n = len(numbers)
        array = np.frombuffer(written, dtype, n, len(written) - n * dtype.itemsize)
    else:
        array = np.array(numbers, dtype)
    array = _shaped(array, tuple(message.shape), space, where)
    if space is not None and array.dtype != space.dtype:
        try:
            array = convert(array, space.dtype)
        except ValueError as error:
            raise ProtocolError(f"{where}: {error}") from error
    array.flags.writeable = False
    return array


def _choose(message: pb.BoxDataContainer, where: str) -> int:
    """Find the Dtype of the one data field that is filled."""
    announced: int = message.dtype
    if announced not in (pb.NoDType, *WIRE_DTYPES):
        raise ProtocolError(f"{where}: its dtype is {announced}; allowed are 0 to 4")
    filled = [number for number, name in DATA_FIELDS.items() if len(getattr(message, name))]
    if len(filled) > 1:
        names = " and ".join(DATA_FIELDS[number] for number in filled)
        raise ProtocolError(f"{where}: has numbers in {names}; allowed is one of them")
    if not filled:
        return announced or pb.FLOAT
    if announced not in (pb.NoDType, filled[0]):
        name = pb.Dtype.Name(message.dtype)
        raise ProtocolError(f"{where}: says {name}, but has its numbers in {DATA_FIELDS[filled[0]]}")
    return filled[0]


def _shaped(array: NDArray[Any], shape: tuple[int, ...], space: Box | None, where: str) -> NDArray[Any]:
    """Bring an array into the shape that came with it, which is to be the announced one, or flat."""
    if shape and math.prod(shape) != array.size:
        kind = IncompleteError if array.size < math.prod(shape) else ProtocolError
        raise kind(f"{where}: has {array.size} numbers; its shape {shape} needs {math.prod(shape)}")
    wanted = shape or array.shape
    if space is not None and wanted != space.shape:
        if array.size != space.size or len(shape) > 1:
            kind = IncompleteError if array.size < space.size else ProtocolError
            raise kind(f"{where}: its shape is {wanted}; announced was {space.shape}")
        wanted = space.shape
    try:
        return array.reshape(wanted)
    except ValueError as error:
        raise ProtocolError(f"{where}: its shape {wanted} is none that NumPy holds ({error})") from error

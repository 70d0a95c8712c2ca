# SPDX-License-Identifier: GPL-2.0-only
"""DataContainer messages to values, by the protobuf runtime and NumPy: of any space, however they lie.

A decoder is made once for a space and then used every step. What lies as the protobuf runtime writes it for
the announced space is recognised by its first bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from pyagents.wire.errors import IncompleteError, ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.containers import (
    DATA_FIELDS,
    DTYPE_NUMBERS,
    KINDS,
    MAX_DEPTH,
    TYPE_URLS,
    WIRE_DTYPES,
)
from pyagents.wire.protocol.encoding import box_head
from pyagents.wire.protocol.spaces import Box, Discrete, Space, Tuple, Value, convert
from pyagents.wire.protocol.strictness import (
    MAX_ELEMENTS,
    MAX_NAME_BYTES,
    check_count,
    check_name,
    check_rank,
    parse,
)

_NUMBER_TAG = 0x08
_LENGTH_BYTES = 5
_SHORT = MAX_NAME_BYTES // 4  # in UTF-8 a character takes four bytes at most
_MANY = 64
"""How many whole numbers NumPy takes faster at once than one by one."""


class Decoder(Protocol):
    """Reads values of one space.

    Attributes:
        kind: SpaceType of these values.
        where: What to call a value in an error.
    """

    kind: int
    where: str

    def read(self, data: bytes) -> Value:
        """Read the message that the Any of a container holds. Arrays are read-only.

        Raises:
            IncompleteError: It holds less than was announced.
            ProtocolError: It holds no value of this space.
        """


def decoder_for(space: Space, where: str, *, partial: bool = False) -> Decoder:
    """Make a decoder for the values of `space`.

    Args:
        space: What was announced.
        where: What to call the value in an error.
        partial: Whether Dicts may lack entries.
    """
    if isinstance(space, Box):
        return _BoxDecoder(space, where)
    if isinstance(space, Discrete):
        return _DiscreteDecoder(where)
    if isinstance(space, Tuple):
        places = [decoder_for(s, f"{where}[{i}]", partial=partial) for i, s in enumerate(space.spaces)]
        return _TupleDecoder(places, where)
    entries = {k: decoder_for(s, f"{where}[{k!r}]", partial=partial) for k, s in space.spaces.items()}
    return _DictDecoder(entries, where, partial=partial)


def decode(decoder: Decoder, container: pb.DataContainer) -> Value:
    """Read the value that a container holds.

    Raises:
        IncompleteError: It is empty, or holds less than was announced.
        ProtocolError: It holds none, or none of the decoder's space.
    """
    data = container.data
    if container.type != decoder.kind or data.type_url != TYPE_URLS[decoder.kind]:
        _check_kind(container, decoder.kind, decoder.where)
    if len(container.name) > _SHORT:
        check_name(container.name, decoder.where)
    return decoder.read(data.value)


def decode_undeclared(container: pb.DataContainer, where: str, depth: int = 0) -> Value:
    """Read a container as it describes itself, which lies in so many others.

    Raises:
        ProtocolError: It holds no value.
    """
    kind: int = container.type
    _check_kind(container, kind, where)
    check_name(container.name, where)
    if kind == pb.Box:
        return _read_box(container.data.value, None, where)
    if kind == pb.Discrete:
        return _DiscreteDecoder(where).read(container.data.value)
    if depth > MAX_DEPTH:
        raise ProtocolError(f"{where}: lies in {depth} containers; allowed are {MAX_DEPTH}")
    values: dict[Any, Value] = {}
    for i, element in enumerate(_elements(container.data.value, MAX_ELEMENTS, where)):
        check_name(element.name, f"an entry of {where}")
        key = element.name if kind == pb.Dict else i
        if key in values:
            raise ProtocolError(f"{where}[{key!r}]: sent twice")
        values[key] = decode_undeclared(element, f"{where}[{key!r}]", depth + 1)
    return values if kind == pb.Dict else tuple(values.values())


def is_empty(container: pb.DataContainer) -> bool:
    """Say whether there is nothing in it."""
    return not (container.type or container.data.type_url or container.data.value)


class _BoxDecoder:
    kind: int = pb.Box

    def __init__(self, space: Box, where: str) -> None:
        self.where = where
        self._space = space
        self._head = box_head(space)
        self._field = DATA_FIELDS[DTYPE_NUMBERS[space.dtype.name]]
        self._is_float = space.dtype.kind == "f"

    def read(self, data: bytes) -> NDArray[Any]:
        array = self._read_familiar(data) if data.startswith(self._head) else None
        return _read_box(data, self._space, self.where) if array is None else array

    def _read_familiar(self, data: bytes) -> NDArray[Any] | None:
        """Read numbers that lie behind what was announced and their length, and nothing behind them."""
        space, start = self._space, _after_length(data, len(self._head))
        if self._is_float:
            is_whole = start and len(data) - start == space.size * space.dtype.itemsize
            return np.ndarray(space.shape, space.dtype, data, start) if is_whole else None
        if not start:
            return None
        numbers = getattr(parse(pb.BoxDataContainer, data, self.where, most=space.size)[0], self._field)
        if len(numbers) != space.size:
            return None
        array = _whole(numbers, space.dtype).reshape(space.shape)
        array.flags.writeable = False
        return array


class _DiscreteDecoder:
    kind: int = pb.Discrete

    def __init__(self, where: str) -> None:
        self.where = where

    def read(self, data: bytes) -> int:
        if len(data) == 2 and data[0] == _NUMBER_TAG and data[1] < 128:
            return data[1]
        return parse(pb.DiscreteDataContainer, data, self.where)[0].data


class _TupleDecoder:
    kind: int = pb.Tuple

    def __init__(self, places: list[Decoder], where: str) -> None:
        self.where = where
        self._places = places

    def read(self, data: bytes) -> tuple[Value, ...]:
        n = len(self._places)
        elements = _elements(data, n, self.where)
        if len(elements) != n:
            raise IncompleteError(f"{self.where}: has {len(elements)} elements; announced were {n}")
        return tuple([decode(decoder, e) for decoder, e in zip(self._places, elements, strict=True)])


class _DictDecoder:
    kind: int = pb.Dict

    def __init__(self, entries: dict[str, Decoder], where: str, *, partial: bool) -> None:
        self.where = where
        self._entries = entries
        self._is_partial = partial

    def read(self, data: bytes) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for element in _elements(data, len(self._entries), self.where):
            name = element.name
            decoder = self._entries.get(name)
            if decoder is None:
                self._refuse(element)
            elif name in values:
                raise ProtocolError(f"{self.where}[{name!r}]: sent twice")
            else:
                values[name] = decode(decoder, element)
        if len(values) < len(self._entries) and not self._is_partial:
            missing = next(name for name in self._entries if name not in values)
            raise IncompleteError(f"{self.where}: lacks the entry {missing!r}")
        return values

    def _refuse(self, element: pb.DataContainer) -> NoReturn:
        if is_empty(element):
            raise _nothing(f"an entry of {self.where}")
        check_name(element.name, f"an entry of {self.where}")
        announced = ", ".join(self._entries) or "none"
        raise ProtocolError(f"{self.where}: has an entry {element.name!r}; announced were {announced}")


# ---- What a container holds ----


def _check_kind(container: pb.DataContainer, kind: int, where: str) -> None:
    """Refuse another kind of value. Only what follows the last slash of a type URL counts."""
    held, url = container.type, container.data.type_url
    if is_empty(container):
        raise _nothing(where)
    if held not in TYPE_URLS:
        raise ProtocolError(f"{where}: its type is {held}; allowed are 1 to 4 (Discrete, Box, Tuple, Dict)")
    message = TYPE_URLS[held].rpartition("/")[2]
    if "/" not in url or url.rpartition("/")[2] != message:
        raise ProtocolError(f"{where}: is a {KINDS[held]}, but holds {url[:99]!r}; allowed is a {message}")
    if held != kind:
        raise ProtocolError(f"{where}: is a {KINDS[held]}; announced was a {KINDS[kind]}")


def _nothing(where: str) -> IncompleteError:
    return IncompleteError(f"{where}: is empty; allowed is a Discrete, Box, Tuple or Dict")


def _elements(data: bytes, most: int, where: str) -> Any:
    """The containers in a Tuple or Dict; to protobuf the messages of both are the same."""
    elements = parse(pb.DictDataContainer, data, where, most=most)[0].element
    check_count(len(elements), most, where)
    return elements


# ---- Boxes ----


def _read_box(data: bytes, space: Box | None, where: str) -> NDArray[Any]:
    most = None if space is None else space.size
    message, written = parse(pb.BoxDataContainer, data, where, most=most)
    number = _choose(message, where)
    numbers, dtype = getattr(message, DATA_FIELDS[number]), WIRE_DTYPES[number]
    if dtype.kind == "f":  # the last ones of the message
        n = len(numbers)
        array = np.frombuffer(written, dtype, n, len(written) - n * dtype.itemsize)
    else:
        array = _whole(numbers, dtype)
    array = _shaped(array, tuple(message.shape), space, where)
    if space is not None and array.dtype != space.dtype:
        try:
            array = convert(array, space.dtype)
        except ValueError as error:
            raise ProtocolError(f"{where}: {error}") from error
    array.flags.writeable = False
    return array


def _after_length(data: bytes, pos: int) -> int:
    """Find where the rest of `data` starts whose length is what lies at `pos`; 0 if it is not."""
    for start in range(pos + 1, min(pos + _LENGTH_BYTES, len(data)) + 1):
        if data[start - 1] < 128:
            return start if data[pos:start] == varint.encode(len(data) - start) else 0
    return 0


def _whole(numbers: Sequence[int], dtype: np.dtype[Any]) -> NDArray[Any]:
    n = len(numbers)
    return np.fromiter(numbers, dtype, n) if n < _MANY else np.array(numbers, dtype)


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
    check_rank(len(shape), where)
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

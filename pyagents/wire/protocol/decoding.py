# SPDX-License-Identifier: GPL-2.0-only
"""DataContainer bytes to values.

A decoder takes a value however it lies. Floats are not copied: an array is a read-only view of the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from pyagents.wire.errors import IncompleteError, ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.boxes import read_box
from pyagents.wire.protocol.containers import KINDS, MAX_DEPTH, MESSAGES, PACKAGE, URL_PREFIX
from pyagents.wire.protocol.fields import LEN, VARINT, Unusual, scan
from pyagents.wire.protocol.spaces import Box, Dict, Discrete, Space, Tuple, Value, convert
from pyagents.wire.protocol.strictness import MAX_ELEMENTS, check_count, check_name, parse

_CONTAINER = (0, VARINT, LEN, LEN)
_ANY = (0, LEN, LEN)
_DISCRETE = (0, VARINT)
_URLS = {URL_PREFIX + PACKAGE + message: kind for kind, message in MESSAGES.items()}
_ELEMENT_TAG = 0x0A


@dataclass(frozen=True, slots=True)
class Container:
    """An opened DataContainer: what it holds, and where."""

    kind: int
    name: str
    buf: bytes
    pos: int
    end: int


class Decoder(Protocol):
    """Reads values of one space."""

    def read(self, container: Container) -> Value:
        """The value that a container holds.

        Raises:
            ProtocolError: It holds none, or none of this space.
        """


def decoder_for(space: Space | None, where: str, *, partial: bool = False, depth: int = 0) -> Decoder:
    """A decoder for the values of `space`.

    Args:
        space: What was announced; None if nothing was: then containers are taken as they describe themselves.
        where: What to call the value in an error.
        partial: Whether Dicts may lack entries.
        depth: How many Tuples and Dicts the value lies in.
    """
    if isinstance(space, Box):
        return _BoxDecoder(space, where)
    if isinstance(space, Discrete):
        return _DiscreteDecoder(where)
    if isinstance(space, Tuple):
        return _TupleDecoder(
            [decoder_for(s, f"{where}[{i}]", partial=partial) for i, s in enumerate(space.spaces)], where
        )
    if isinstance(space, Dict):
        entries = {k: decoder_for(s, f"{where}[{k!r}]", partial=partial) for k, s in space.spaces.items()}
        return _DictDecoder(entries, where, partial=partial)
    return _UndeclaredDecoder(where, depth)


def open_container(buf: bytes, pos: int, end: int, where: str) -> Container | None:
    """Open the DataContainer that lies between two positions; None if it is empty.

    Raises:
        ProtocolError: It is malformed, or its type is not what its Any holds.
    """
    url, name, inner = b"", "", (0, 0)
    try:
        kind, data, label = scan(buf, pos, end, _CONTAINER, where)[1:]
        kind = kind or 0
        if label:
            check_name(label[1] - label[0], where)
            name = str(buf[label[0] : label[1]], "utf-8")
        if data:
            head, body = scan(buf, data[0], data[1], _ANY, where)[1:]
            url = buf[head[0] : head[1]] if head else b""
            inner = body or inner
    except Unusual:
        message = parse(pb.DataContainer, buf[pos:end], where)
        kind, name, url, buf = message.type, message.name, message.data.type_url.encode(), message.data.value
        inner = (0, len(buf))
    except UnicodeDecodeError as error:
        raise ProtocolError(f"{where}: its name is not UTF-8") from error
    if kind == 0 and not url and inner[0] == inner[1]:
        return None
    if kind not in MESSAGES:
        raise ProtocolError(f"{where}: its type is {kind}; allowed are 1 to 4 (Discrete, Box, Tuple, Dict)")
    if _URLS.get(url) != kind:
        _check_url(url, kind, where)
    return Container(kind, name, buf, *inner)


def _check_url(url: bytes, kind: int, where: str) -> None:
    """Only what follows the last slash of a type URL counts."""
    try:
        held = url.decode()
    except UnicodeDecodeError as error:
        raise ProtocolError(f"{where}: its type URL is not UTF-8") from error
    message = (PACKAGE + MESSAGES[kind]).decode()
    if "/" not in held or held.rpartition("/")[2] != message:
        raise ProtocolError(f"{where}: is a {KINDS[kind]}, but holds {held[:99]!r}; allowed is a {message}")


def elements(container: Container, where: str, most: int) -> list[tuple[bytes, int, int]]:
    """Where the elements of a Tuple or Dict container lie: buffer, start and end of each.

    Args:
        container: The container.
        where: What to call it in an error.
        most: How many elements there is use for.

    Raises:
        ProtocolError: The container is malformed, or has more.
    """
    buf, pos, end = container.buf, container.pos, container.end
    found: list[tuple[bytes, int, int]] = []
    while pos < end:
        if buf[pos] != _ELEMENT_TAG:
            # Field 1 of another wire type is no DataContainer; the rest is for the protobuf runtime to skip.
            if buf[pos] >> 3 == 1:
                raise ProtocolError(f"{where}: its elements are not DataContainers")
            # To protobuf the messages of Tuple and Dict are the same.
            message = parse(pb.DictDataContainer, buf[container.pos : end], where, most=most)
            serialised = [element.SerializeToString() for element in message.element]
            return [(element, 0, len(element)) for element in serialised]
        size, pos = varint.decode(buf, pos + 1, end)
        if size > end - pos:
            raise ProtocolError(f"{where}: an element claims {size} bytes, {end - pos} are left")
        check_count(len(found) + 1, most, where)
        found.append((buf, pos, pos + size))
        pos += size
    return found


def _expect(container: Container, kind: int, where: str) -> None:
    if container.kind != kind:
        raise ProtocolError(f"{where}: is a {KINDS[container.kind]}; announced was a {KINDS[kind]}")


class _BoxDecoder:
    def __init__(self, space: Box, where: str) -> None:
        self.space = space
        self.where = where

    def read(self, container: Container) -> NDArray[Any]:
        """The array, in the announced shape and dtype."""
        _expect(container, pb.Box, self.where)
        array = read_box(container.buf, container.pos, container.end, self.where, self.space.size)
        if array.shape != self.space.shape:
            if array.size != self.space.size or array.ndim > 1:
                kind = IncompleteError if array.size < self.space.size else ProtocolError
                raise kind(f"{self.where}: its shape is {array.shape}; announced was {self.space.shape}")
            array = array.reshape(self.space.shape)
        if array.dtype != self.space.dtype:
            try:
                array = convert(array, self.space.dtype)
            except ValueError as error:
                raise ProtocolError(f"{self.where}: {error}") from error
            array.flags.writeable = False
        return array


class _DiscreteDecoder:
    def __init__(self, where: str) -> None:
        self._where = where

    def read(self, container: Container) -> int:
        _expect(container, pb.Discrete, self._where)
        return read_discrete(container, self._where)


class _TupleDecoder:
    def __init__(self, places: list[Decoder], where: str) -> None:
        self._places = places
        self._where = where

    def read(self, container: Container) -> tuple[Value, ...]:
        _expect(container, pb.Tuple, self._where)
        found = elements(container, self._where, len(self._places))
        if len(found) != len(self._places):
            raise IncompleteError(
                f"{self._where}: has {len(found)} elements; announced were {len(self._places)}"
            )
        values = []
        for i, (decoder, element) in enumerate(zip(self._places, found, strict=True)):
            values.append(
                decoder.read(_full(open_container(*element, f"{self._where}[{i}]"), f"{self._where}[{i}]"))
            )
        return tuple(values)


class _DictDecoder:
    def __init__(self, entries: dict[str, Decoder], where: str, *, partial: bool) -> None:
        self._entries = entries
        self._where = where
        self._is_partial = partial

    def read(self, container: Container) -> dict[str, Value]:
        _expect(container, pb.Dict, self._where)
        values: dict[str, Value] = {}
        for buf, pos, end in elements(container, self._where, len(self._entries)):
            self._read_entry(buf, pos, end, values)
        return self._complete(values)

    def _read_entry(self, buf: bytes, pos: int, end: int, values: dict[str, Value]) -> None:
        where = f"an entry of {self._where}"
        entry = _full(open_container(buf, pos, end, where), where)
        decoder = self._entries.get(entry.name)
        if decoder is None:
            announced = ", ".join(self._entries) or "none"
            raise ProtocolError(f"{self._where}: has an entry {entry.name!r}; announced were {announced}")
        if entry.name in values:
            raise ProtocolError(f"{self._where}[{entry.name!r}]: sent twice")
        values[entry.name] = decoder.read(entry)

    def _complete(self, values: dict[str, Value]) -> dict[str, Value]:
        if len(values) < len(self._entries) and not self._is_partial:
            missing = next(name for name in self._entries if name not in values)
            raise IncompleteError(f"{self._where}: lacks the entry {missing!r}")
        return values


class _UndeclaredDecoder:
    def __init__(self, where: str, depth: int) -> None:
        self._where = where
        self._depth = depth

    def read(self, container: Container) -> Value:
        if self._depth > MAX_DEPTH:
            raise ProtocolError(f"{self._where}: lies in {self._depth} containers; allowed are {MAX_DEPTH}")
        if container.kind == pb.Box:
            return read_box(container.buf, container.pos, container.end, self._where)
        if container.kind == pb.Discrete:
            return read_discrete(container, self._where)
        values: dict[Any, Value] = {}
        for i, element in enumerate(elements(container, self._where, MAX_ELEMENTS)):
            entry = _full(open_container(*element, f"{self._where}[{i}]"), f"{self._where}[{i}]")
            key = entry.name if container.kind == pb.Dict else i
            where = f"{self._where}[{key!r}]"
            if key in values:
                raise ProtocolError(f"{where}: sent twice")
            values[key] = decoder_for(None, where, depth=self._depth + 1).read(entry)
        return values if container.kind == pb.Dict else tuple(values.values())


def read_discrete(container: Container, where: str) -> int:
    """The number that a Discrete container holds, an int32.

    Raises:
        ProtocolError: It is malformed or not an int32.
    """
    try:
        number: int = scan(container.buf, container.pos, container.end, _DISCRETE, where)[1] or 0
    except Unusual:
        return parse(pb.DiscreteDataContainer, container.buf[container.pos : container.end], where).data
    if number >= 2**63:
        number -= 2**64
    if not -(2**31) <= number < 2**31:
        raise ProtocolError(f"{where}: is {number}; allowed is an int32")
    return number


def _full(container: Container | None, where: str) -> Container:
    if container is None:
        raise IncompleteError(f"{where}: is empty; allowed is a Discrete, Box, Tuple or Dict")
    return container

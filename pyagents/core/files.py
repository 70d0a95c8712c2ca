# SPDX-License-Identifier: GPL-2.0-only
"""Files that appear whole, folders that one process at a time writes to, and tables as CSV."""

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pyagents.core.locks import lock, open_folder


class BusyFolderError(Exception):
    """Another process writes to this folder."""


class UnwritableError(OSError):
    """A file or a folder cannot be written; says which, and why."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what goes wrong within into UnwritableError: this cannot be written."""
    try:
        yield
    except UnwritableError:
        raise
    except OSError as error:
        raise UnwritableError(f"cannot write to {path}: {error.strerror or error}") from error


@contextmanager
def locked(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Keep others that ask for the same lock from the folder, which must exist; it ends with the process.

    Raises BusyFolderError where another process holds the lock, unless told to wait.
    """
    handle = open_folder(folder)
    try:
        try:
            lock(handle, wait=wait)
        except BlockingIOError:
            raise BusyFolderError(f"another process writes to {folder}; wait for it to end") from None
        yield
    finally:
        os.close(handle)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file by way of a neighbour, see `replacing`, so that nobody sees half of it."""
    with replacing(path) as draft:
        draft.write_bytes(content if isinstance(content, bytes) else content.encode())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside this one, of the same ending, which takes its place at the end; its folder is made.

    Raises UnwritableError where something cannot be written.
    """
    draft = path.with_name(f".{os.getpid()}.{path.name}")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield draft
            draft.replace(path)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """Read a file, which has to be one: reading a device or a pipe may never end.

    Raises OSError where it cannot be read, ValueError where it is no file, or longer than allowed.
    """
    if path.exists() and not path.is_dir() and not path.is_file():
        raise ValueError("is neither a file nor a folder, expected is a file")
    length = path.stat().st_size
    if length > most_bytes:
        raise ValueError(f"has {length} bytes, allowed are at most {most_bytes}")
    return path.read_bytes()


def to_csv(rows: Sequence[Mapping[str, float | str]]) -> str:
    """Rows as CSV text with a header; every number reads back to itself."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _number(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def read_csv(table: bytes) -> list[dict[str, str]]:
    """Rows of CSV text by their header; the inverse of `to_csv`, but for types."""
    return list(csv.DictReader(io.StringIO(table.decode())))


def _number(value: float | str) -> str:
    """Shortest text that reads back to the same number; whole numbers without a point. Text as it is."""
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else repr(float(value))

# SPDX-License-Identifier: GPL-2.0-only
"""Keeps records of runs by their keys. A record is there whole or not at all, whatever ends the process.

A record is a folder `ab/abcd...` that is written under another name, forced to the disk, and then renamed.
One process at a time writes; readers need no lock.
"""

import fcntl
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from pyagents.runs.record import FACTS, ROWS, BadRecordError, Record, decode

_DRAFTS = "drafts"


class StoreBusyError(Exception):
    """Another process writes to this store."""


class StoreFullError(Exception):
    """A record could not be written; those that are there are whole."""


class Results:
    """Records in a folder. To write, use it as a context manager, which takes the lock.

    Args:
        folder: where they are; made if needed.

    Raises:
        OSError: the folder cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def __enter__(self) -> Self:
        self._lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise StoreBusyError(f"another process writes to {self.folder}; wait for it to end") from None
        shutil.rmtree(self.folder / _DRAFTS, ignore_errors=True)  # of one that was killed
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.close()

    def path(self, key: str) -> Path:
        """Where the record of a run is, or would be."""
        return self.folder / key[:2] / key

    def get(self, key: str) -> Record | None:
        """The record of a run; None if there is none, or none that can be trusted."""
        folder = self.path(key)
        try:
            return decode(key, {name: (folder / name).read_bytes() for name in (ROWS, FACTS)})
        except (OSError, BadRecordError):
            return None

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keep a record; one that is there already is replaced.

        Raises:
            StoreFullError: it cannot be written.
        """
        draft, final = self.folder / _DRAFTS / key, self.path(key)
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            for name, content in files.items():
                _write_through(draft / name, content)
            final.parent.mkdir(exist_ok=True)
            if final.exists():
                final.rename(self.folder / _DRAFTS / f"{key}.old")
            draft.rename(final)
            _sync_folder(final.parent)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise StoreFullError(f"cannot write to {self.folder}: {error.strerror}") from error
        finally:
            shutil.rmtree(self.folder / _DRAFTS / f"{key}.old", ignore_errors=True)


def _write_through(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Wait until a rename in the folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

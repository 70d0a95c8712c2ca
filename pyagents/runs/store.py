# SPDX-License-Identifier: GPL-2.0-only
"""Keeps what work leaves by its key. An entry is there whole or not at all, whatever ends the process.

An entry is a folder `ab/abcd...` that is written under another name, forced to the disk, and then renamed.
Any number of processes may read and write at once.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pyagents.core.files import locked
from pyagents.runs.record import DECISIONS, FACTS, ROWS, BadRecordError, Record, decode

_DRAFTS, _BEGUN = "drafts", "begun"


class StoreFullError(Exception):
    """An entry could not be written; those that are there are whole."""


class LostRecordError(Exception):
    """A record that was there is there no longer."""


class Store:
    """Entries in a folder, which is made when the first is put there.

    Args:
        folder: where they are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Folder of the files of an entry, if there is one."""
        return self.folder / key[:2] / key

    def get(self, key: str) -> Record | None:
        """The record of a run; None if there is none, or none that can be trusted."""
        folder = self.path(key)
        try:
            files = {name: (folder / name).read_bytes() for name in (ROWS, FACTS)}
            if (folder / DECISIONS).is_file():
                files[DECISIONS] = (folder / DECISIONS).read_bytes()
            return decode(key, files)
        except (OSError, BadRecordError):
            return None

    def load(self, key: str) -> Record:
        """The record of a run that was put there.

        Raises:
            LostRecordError: it is not there any more, or damaged.
        """
        record = self.get(key)
        if record is None:
            raise LostRecordError(f"run {key[:8]} is gone from {self.folder}; start again to play it")
        return record

    def files(self, key: str) -> dict[str, bytes]:
        """The files of an entry that is there, by name."""
        return {path.name: path.read_bytes() for path in sorted(self.path(key).iterdir())}

    def file(self, key: str, name: str) -> bytes:
        """A file of an entry.

        Raises:
            LostRecordError: there is none.
        """
        try:
            return (self.path(key) / name).read_bytes()
        except OSError:
            raise LostRecordError(f"there is no {name} of {key[:8]} in {self.folder}") from None

    def find(self, start: str) -> str:
        """The key of the entry whose key begins so.

        Raises:
            LostRecordError: there is none, or more than one.
        """
        found = [path.name for path in self.folder.glob(f"{start[:2]}*/{start}*")]
        if len(found) != 1:
            raise LostRecordError(f"{len(found)} keys in {self.folder} begin with {start!r}")
        return found[0]

    def begun(self, key: str) -> Path:
        """File for what work has come to so far; gone once its entry is put."""
        path = self.folder / _BEGUN / key
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keep an entry; one that is there already is replaced.

        Raises:
            StoreFullError: it cannot be written.
        """
        final = self.path(key)
        try:
            with self._draft() as draft:
                for name, content in files.items():
                    _write_through(draft / name, content)
                final.parent.mkdir(exist_ok=True)
                with locked(final.parent, wait=True):
                    if final.exists():
                        final.rename(draft.with_name("old"))
                    draft.rename(final)
                _sync_folder(final.parent)
            (self.folder / _BEGUN / key).unlink(missing_ok=True)
        except OSError as error:
            raise StoreFullError(f"cannot write to {self.folder}: {error.strerror}") from error

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """An empty folder that is gone at the end, if it still has its name; clears those of the killed."""
        drafts = self.folder / _DRAFTS
        drafts.mkdir(parents=True, exist_ok=True)
        handle = os.open(drafts, os.O_RDONLY)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody writes: what is there is dead
                for dead in drafts.iterdir():
                    shutil.rmtree(dead, ignore_errors=True)
            except BlockingIOError:
                pass
            fcntl.flock(handle, fcntl.LOCK_SH)
            with tempfile.TemporaryDirectory(dir=drafts, ignore_cleanup_errors=True) as name:
                draft = Path(name) / "entry"
                draft.mkdir()
                yield draft
        finally:
            os.close(handle)


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

# SPDX-License-Identifier: GPL-2.0-only
"""Keeps what work leaves by its key. An entry is there whole or not at all, whatever ends the process.

An entry is a folder `ab/abcd...` that is written under another name, forced to the disk, and then renamed.
Any number of processes may read and write at once.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyagents.core.files import locked, writing
from pyagents.core.locks import lock, open_folder
from pyagents.runs.record import DECISIONS, FACTS, ROWS, BadRecordError, Record, decode
from pyagents.runs.sums import SUMS, encode_sums, find_changed

_DRAFTS, _BEGUN = "drafts", "begun"


class LostRecordError(Exception):
    """A record that was there is there no longer, or damaged."""


class Store:
    """Entries in a folder, which is made when the first is put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Folder of the files of an entry, if there is one."""
        return self.folder / key[:2] / key

    def get(self, key: str) -> Record | None:
        """Read the record of a run; None if there is none, or none that can be trusted."""
        has_decisions = (self.path(key) / DECISIONS).is_file()
        try:
            return decode(key, self._read(key, [ROWS, FACTS, *([DECISIONS] if has_decisions else [])]))
        except (OSError, BadRecordError, LostRecordError):
            return None

    def load(self, key: str) -> Record:
        """Read the record of a run that was put there; LostRecordError where it is gone or damaged."""
        record = self.get(key)
        if record is None:
            raise LostRecordError(f"run {key[:8]} is gone from {self.folder}; start again to play it")
        return record

    def files(self, key: str) -> dict[str, bytes]:
        """Read the files of an entry, by name; LostRecordError where there is none, or it is damaged."""
        try:
            names = sorted(path.name for path in self.path(key).iterdir())
            return self._read(key, [name for name in names if name != SUMS])
        except OSError:
            raise LostRecordError(f"there is nothing of {key[:8]} in {self.folder}") from None

    def file(self, key: str, name: str) -> bytes:
        """Read a file of an entry; LostRecordError where there is none, or it is damaged."""
        try:
            return self._read(key, [name])[name]
        except OSError:
            raise LostRecordError(f"there is no {name} of {key[:8]} in {self.folder}") from None

    def _read(self, key: str, names: Sequence[str]) -> dict[str, bytes]:
        """Read files of an entry: OSError, or LostRecordError where one is not what was put there."""
        folder = self.path(key)
        for _ in range(3):  # again, where somebody has put the entry anew meanwhile
            files = {name: (folder / name).read_bytes() for name in names}
            try:
                changed = find_changed(files, (folder / SUMS).read_bytes())
            except FileNotFoundError:  # entries of older versions have none
                return files
            if not changed:
                return files
        raise LostRecordError(f"{folder / changed[0]} is damaged: remove {folder}, and start again")

    def find(self, start: str) -> str:
        """Find the key that begins so; LostRecordError where there is none, or more than one."""
        found = [path.name for path in self.folder.glob(f"{start[:2]}*/{start}*")]
        if len(found) != 1:
            raise LostRecordError(f"{len(found)} keys in {self.folder} begin with {start!r}")
        return found[0]

    def begun(self, key: str) -> Path:
        """Name the file for what work has come to so far; it is gone once its entry is put."""
        path = self.folder / _BEGUN / key
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keep an entry, in place of one that is there; UnwritableError where it cannot be written."""
        final = self.path(key)
        with writing(self.folder):
            with self._draft() as draft:
                for name, content in {**files, SUMS: encode_sums(files)}.items():
                    _write_through(draft / name, content)
                final.parent.mkdir(exist_ok=True)
                with locked(final.parent, wait=True):
                    if final.exists():
                        final.rename(draft.with_name("old"))
                    draft.rename(final)
                _sync_folder(final.parent)
            (self.folder / _BEGUN / key).unlink(missing_ok=True)

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """An empty folder that is gone at the end, if it still has its name; clears those of the killed."""
        drafts = self.folder / _DRAFTS
        drafts.mkdir(parents=True, exist_ok=True)
        handle = open_folder(drafts)
        try:
            try:
                lock(handle)  # nobody writes: what is there is dead
                for dead in drafts.iterdir():
                    shutil.rmtree(dead, ignore_errors=True)
            except BlockingIOError:
                pass
            lock(handle, shared=True, wait=True)
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

# SPDX-License-Identifier: GPL-2.0-only
"""Hashes of files that belong together, as `sha256sum --check` reads them: a file that changed is found."""

import hashlib
from collections.abc import Mapping

SUMS = "SHA256SUMS"
"""Name of the file that holds them."""


def encode_sums(files: Mapping[str, bytes]) -> bytes:
    """Write the file of hashes that goes with these files."""
    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    ).encode()


def find_changed(files: Mapping[str, bytes], sums: bytes) -> list[str]:
    """Name the files that are not those of which these are the hashes."""
    lines = encode_sums(files).splitlines()
    return [name for name, line in zip(files, lines, strict=True) if line not in sums.splitlines()]

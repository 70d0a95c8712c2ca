# SPDX-License-Identifier: GPL-2.0-only
"""Libraries that only some agents need: optional, imported where used."""

import importlib
from types import ModuleType

from pyagents.core.hints import how_to_install


class MissingExtraError(ImportError):
    """A library of an optional part is not installed; says which extra brings it."""


def load_extra(module: str, *, extra: str) -> ModuleType:
    """Import a module of an extra; MissingExtraError where it is not installed."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        library = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != library:
            raise
        raise MissingExtraError(
            f"{library} is not installed: install the extra {extra!r}, {how_to_install(extra)}"
        ) from error

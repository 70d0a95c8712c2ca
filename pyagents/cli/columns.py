# SPDX-License-Identifier: GPL-2.0-only
"""What tables say of a metric."""

from typing import NamedTuple


class Column(NamedTuple):
    """A number in a table: what it says, the metric or the name in the file, its factor and its format."""

    label: str
    metric: str
    factor: float = 1
    form: str = ".3f"

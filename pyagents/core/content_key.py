# SPDX-License-Identifier: GPL-2.0-only
"""The key of what is known by its content: scenarios, runs, trainings."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def content_key(values: Mapping[str, Any]) -> str:
    """Hash canonical JSON by SHA-256, hex: equal contents, and only those, share it; ValueError for NaN."""
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()

# SPDX-License-Identifier: GPL-2.0-only
"""From the steps of a run to what its page shows: a picture, a few numbers, and curves."""

import base64
import io
import math
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pyagents.core.family import load_place
from pyagents.core.metrics import Panel
from pyagents.live.stream import Stream
from pyagents.runs.rollout import Row
from pyagents.runs.run import Run

_COLOURS = 128
_TILES = 8


class Show:
    """Tells a stream of a run, step by step.

    Args:
        run: that is played.
        stream: what is told.
        every: steps from one picture to the next.
        speed: simulated seconds in a second, at most; 0: as fast as it goes.
    """

    def __init__(self, run: Run, stream: Stream, *, every: int = 1, speed: float = 0.0) -> None:
        self._run, self._stream, self._every, self._speed = run, stream, every, speed
        self._draw = load_place(run.family.picture) if run.family.picture else None
        self._before: Any = None
        self._now: Any = None
        self._start = 0.0
        self._tiles: list[str] = []
        self._parts: list[list[str]] = []

    def see(self, snapshot: Any) -> None:
        """Take in the Snapshot of the next step."""
        self._before, self._now = self._now, snapshot

    def note(self, step: int, row: Row) -> None:
        """Tell of a step, once there is its row; waits where it comes too early."""
        scenario = self._run.scenario
        if step == 0:
            self._begin(row)
        told: dict[str, Any] = {
            "step": step,
            "time": f"{scenario.start_s + step * scenario.step_s:.2f} s",
            "tiles": [self._metric(name).show(row[name]) for name in self._tiles],
            "curves": [
                [_plain(row[name], self._metric(panel.metric).factor) for name in (panel.metric, *parts)]
                for panel, parts in zip(self._run.metrics.panels, self._parts, strict=True)
            ],
        }
        if self._draw and (step % self._every == 0 or step == scenario.steps):
            told["picture"] = encode_picture(self._draw(scenario, self._before, self._now))
        if self._speed:
            time.sleep(max(0.0, self._start + step * scenario.step_s / self._speed - time.monotonic()))
        self._stream.add("step", told)

    def end(self, message: str) -> None:
        """Tell how the run ended, and that nothing follows."""
        self._stream.add("end", {"message": message})
        self._stream.close()

    def _begin(self, row: Row) -> None:
        """Tell what follows: names and units."""
        self._start, metrics = time.monotonic(), self._run.metrics
        names = dict.fromkeys([*(panel.metric for panel in metrics.panels), *metrics.compared])
        self._tiles = [name for name in names if name in row][:_TILES]
        self._parts = [_part_names(panel, row) for panel in metrics.panels]
        title = self._run.family.title
        self._stream.add(
            "about",
            {
                "agent": self._run.agent,
                "about": f"{title[:1].upper()}{title[1:]}, on {self._run.simulator}, seed {self._run.seed}",
                "steps": self._run.scenario.steps,
                "start": self._run.scenario.start_s,
                "step": self._run.scenario.step_s,
                "tiles": [self._metric(name).heading for name in self._tiles],
                "panels": [
                    {"title": self._metric(panel.metric).heading, "parts": panel.parts_label}
                    for panel in metrics.panels
                ],
            },
        )

    def _metric(self, name: str) -> Any:
        return self._run.metrics.table[name]


def encode_picture(pixels: NDArray[np.uint8]) -> str:
    """[height, width, 3] RGB as the address of a PNG that holds itself."""
    file = io.BytesIO()
    Image.fromarray(pixels).quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _part_names(panel: Panel, row: Row) -> list[str]:
    return [name for name in row if panel.parts and name.startswith(panel.parts)]


def _plain(value: float, factor: float) -> float | None:
    """A number in the shown unit as JSON knows it; None where there is none."""
    return round(value * factor, 6) if math.isfinite(value) else None

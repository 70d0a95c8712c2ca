# SPDX-License-Identifier: GPL-2.0-only
"""Moving pictures of recordings, several below each other at the same pace."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pyagents.core.families import find_family
from pyagents.core.family import load_place
from pyagents.simulators.replay import ReplaySimulator

_COLOURS = 128
_BAND, _TEXT = 30, 18
_INK, _PAPER = (34, 34, 34), (255, 255, 255)


def draw_frames(recordings: Sequence[ReplaySimulator], *, every: int, width: int) -> Iterator[Image.Image]:
    """Draw one picture every so many steps, so many pixels wide, with the agent's name above each recording.

    The film ends with the shortest. Raises ValueError where a family has no picture of its snapshots.
    """
    drawings = []
    for recording in recordings:
        family = find_family(recording.scenario.family)
        if not family.picture:
            raise ValueError(f"{recording.path}: family {family.name} has no picture of its snapshots")
        drawings.append(load_place(family.picture))
    for shown in zip(*(_snapshots(recording, every) for recording in recordings), strict=False):
        parts = [
            _titled(draw(recording.scenario, *pair), recording.agent, width)
            for draw, recording, pair in zip(drawings, recordings, shown, strict=True)
        ]
        yield _below_each_other(parts)


def save_film(frames: Iterable[Image.Image], path: Path, *, frame_s: float) -> None:
    """Write an endless GIF of few colours, the same in all pictures; ValueError without any."""
    pictures = list(frames)
    if not pictures:
        raise ValueError("there is no picture to make a film of")
    palette = _below_each_other(pictures[:: len(pictures) // 8 + 1]).quantize(_COLOURS)
    first, *others = (picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures)
    path.parent.mkdir(parents=True, exist_ok=True)
    first.save(
        path,
        "GIF",
        save_all=True,
        append_images=others,
        duration=round(1000 * frame_s),
        loop=0,
        optimize=True,
    )


def _snapshots(recording: ReplaySimulator, every: int) -> Iterator[tuple[object, object]]:
    """Snapshots and those before them, every so many steps; before the first there is none."""
    before = None
    for step, now in enumerate(recording.snapshots()):
        if step % every == 0:
            yield before, now
        before = now


def _below_each_other(parts: Sequence[Image.Image]) -> Image.Image:
    """Pictures of one width as one."""
    whole = Image.new("RGB", (parts[0].width, sum(part.height for part in parts)), _PAPER)
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return whole


def _titled(pixels: NDArray[np.uint8], title: str, width: int) -> Image.Image:
    """The picture at the width, below a band with the title."""
    picture = Image.fromarray(pixels)
    height = round(picture.height * width / picture.width)
    whole = Image.new("RGB", (width, height + _BAND), _PAPER)
    whole.paste(picture.resize((width, height), Image.Resampling.LANCZOS), (0, _BAND))
    ImageDraw.Draw(whole).text(
        (width * 0.02, _BAND / 2), title, _INK, ImageFont.load_default(_TEXT), anchor="lm"
    )
    return whole

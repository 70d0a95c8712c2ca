# SPDX-License-Identifier: GPL-2.0-only
"""`nru film`: a moving picture of recorded runs."""

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional

from pyagents.cli.errors import DONE, BadInputError, refusing
from pyagents.cli.flags import check_counts, parse

DESCRIPTION = """A moving picture (GIF) of recorded runs, below each other at the same pace.

A recording is what `nru run --record` leaves: recording.npz."""


@dataclass(frozen=True, kw_only=True)
class FilmFlags:
    """Flags of `nru film`."""

    recordings: Positional[tuple[Path, ...]] = ()
    """Recordings, or folders of runs that hold one."""
    out: Path = Path("results/film.gif")
    """File for the film."""
    every: int = 1
    """Steps from one picture to the next."""
    frame_s: float = 0.2
    """Time that each picture stands, in seconds."""
    width: int = 900
    """Width in pixels."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: FilmFlags = parse(FilmFlags, arguments, command="film", description=DESCRIPTION)
    for name, least in (("every", 1), ("frame_s", 0.02), ("width", 200)):
        check_counts(flags, name, least=least)
    if not flags.recordings:
        raise BadInputError("recordings are missing: name one or more, such as results/kept/recording.npz")

    from pyagents.figures.film import draw_frames, save_film
    from pyagents.simulators.replay import ReplaySimulator

    files = [path / "recording.npz" if path.is_dir() else path for path in flags.recordings]
    with refusing():
        frames = draw_frames([ReplaySimulator(file) for file in files], every=flags.every, width=flags.width)
        save_film(frames, flags.out, frame_s=flags.frame_s)
    print(flags.out)
    return DONE

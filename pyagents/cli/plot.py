# SPDX-License-Identifier: GPL-2.0-only
"""`nru plot`: what single runs look like, step by step."""

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional

from pyagents.cli.errors import DONE, BadInputError, refusing
from pyagents.cli.flags import STORE, parse
from pyagents.core.families import find_family
from pyagents.runs.loading import LoadedRun, load_results
from pyagents.runs.record import BadRecordError
from pyagents.runs.store import LostRecordError, Store

DESCRIPTION = """A picture of runs over time, side by side on the same axes.

A run is a folder that `nru run` left, or the beginning of its key in the store."""

MOST = 6
"""Number of runs that go side by side."""


@dataclass(frozen=True, kw_only=True)
class PlotFlags:
    """What `nru plot` takes."""

    runs: Positional[tuple[str, ...]] = ()
    """Folders of runs, or the first digits of keys in the store."""
    out: Path | None = None
    """File for the picture, .png, .pdf or .svg; by default run.png in the first run's folder."""
    store: Path = STORE
    """Folder of the store in which keys are looked up."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: PlotFlags = parse(PlotFlags, arguments, command="plot", description=DESCRIPTION)
    if not 1 <= len(flags.runs) <= MOST:
        raise BadInputError(
            f"{len(flags.runs)} runs are not allowed: name 1 to {MOST}, such as results/demo/gt-rl"
        )
    out = flags.out or _beside(flags.runs[0])
    if out.suffix not in (".png", ".pdf", ".svg"):
        raise BadInputError(f"out={out} is not allowed: must end with .png, .pdf or .svg")
    with refusing(BadRecordError, LostRecordError):
        runs = [run for name in flags.runs for run in _find(name, Store(flags.store))]
    if len(runs) > MOST:
        raise BadInputError(f"{len(runs)} runs are not allowed: at most {MOST} go side by side")
    names = {run.scenario.family for run in runs}
    if len(names) > 1:
        raise BadInputError(f"runs of {' and '.join(sorted(names))} have other metrics: draw them apart")

    from pyagents.figures.style import save_figure
    from pyagents.figures.timeline import Timeline, draw_timelines

    with refusing(BadRecordError):
        timelines = [
            Timeline(title=run.label, times_s=_times_s(run, len(run.rows)), rows=run.rows) for run in runs
        ]
    keys = ", ".join(run.key[:8] for run in runs)
    figure = draw_timelines(timelines, find_family(names.pop()).metrics, caption=f"run {keys}")
    save_figure(figure, out)
    print(out)
    return DONE


def _find(name: str, store: Store) -> list[LoadedRun]:
    """The runs of a folder, or of a key.

    Raises:
        ValueError: there is none there.
        LostRecordError: no key of the store, or more than one, begins so.
    """
    folder = Path(name)
    return list(load_results(folder if folder.is_dir() else store.path(store.find(name))).runs)


def _beside(name: str) -> Path:
    """Where the picture goes that nobody named a file for."""
    return (Path(name) if Path(name).is_dir() else Path("results")) / "run.png"


def _times_s(run: LoadedRun, count: int) -> list[float]:
    """Simulated time of each row."""
    return [run.scenario.start_s + step * run.scenario.step_s for step in range(count)]

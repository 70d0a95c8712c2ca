# SPDX-License-Identifier: GPL-2.0-only
"""Figures, each with the verdicts on its claims and the numbers behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pyagents.figures.curve import Curve
from pyagents.report.claims import Claims
from pyagents.report.html import NOTHING, Cell, details, interval, number, picture, table, text
from pyagents.reproduction.drawing import Drawing
from pyagents.reproduction.experiment import Experiment

_EVERY = 5
"""Steps of a series of which a table shows one."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All figures of a page."""

    drawings: Sequence[Drawing]
    """Pictures in the order of their numbers."""
    claims: Claims
    """All claims, judged."""
    experiments: Sequence[Experiment]
    """Experiments that were to be played."""

    def all(self) -> Markup:
        """All figures, and which of them are missing."""
        drawn = {drawing.experiment.name for drawing in self.drawings}
        missing = [e.full_title for e in self.experiments if not e.columns and e.name not in drawn]
        note = Markup("\n<p>Without a number: {}.</p>").format("; ".join(missing)) if missing else NOTHING
        return Markup("\n").join(map(self._show, self.drawings)) + note

    def one(self, name: str) -> Markup:
        """The figure of a name; nothing where it was not drawn."""
        return next((self._show(d) for d in self.drawings if d.experiment.name == name), NOTHING)

    def _show(self, drawing: Drawing) -> Markup:
        experiment = drawing.experiment
        said = self.claims.of(experiment)
        if not experiment.number:
            said = Markup("<p>The paper does not show this.</p>") + said
        image = picture(
            drawing.png, f"{experiment.full_title}. {experiment.y_title} against {experiment.x_title}."
        )
        heading = Markup('<h3 id="{}">{}</h3>').format(experiment.name, experiment.full_title)
        return heading + image + said + details("The numbers", _numbers(drawing))


def _numbers(drawing: Drawing) -> Markup:
    experiment = drawing.experiment
    form, factor = ".4g", experiment.measured.factor
    rows = [
        [text(curve.label), _place(curve, index, experiment), interval(estimate, form, factor)]
        for curve in drawing.curves
        for index, estimate in enumerate(curve.estimates)
        if experiment.sweep or curve.names or index % _EVERY == 0
    ]
    return table(["Agent", experiment.x_title, f"{experiment.y_title} (95 % interval)"], rows)


def _place(curve: Curve, index: int, experiment: Experiment) -> Cell:
    place = curve.places[index]
    return text(place) if isinstance(place, str) else number(place * experiment.x_factor)

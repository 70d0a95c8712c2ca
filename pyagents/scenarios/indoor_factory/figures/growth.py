# SPDX-License-Identifier: GPL-2.0-only
"""What halls of one density cost as they grow."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pyagents.figures.style import house_style, line_look
from pyagents.scenarios.indoor_factory.bench.ns3 import Ns3Cost


def draw_growth(costs: Sequence[Ns3Cost]) -> Figure:
    """Draw time and memory over the number of UEs and gNBs, both logarithmic, beside straight lines.

    Args:
        costs: by size; the first is what the lines start from.
    """
    with house_style():
        figure = Figure(figsize=(9, 3.6), layout="constrained")
        time, memory = figure.subplots(1, 2)
        size = [cost.size for cost in costs]
        _draw(time, size, [1 / cost.speed_cpu for cost in costs], "Processor time of a simulated second (s)")
        _draw(memory, size, [cost.memory_mib for cost in costs], "Memory (MiB)")
        time.axhline(1, color="#7a7a7a", linewidth=1, linestyle=":")
        time.annotate("real time", (size[-1], 1), ha="right", va="bottom", color="#7a7a7a", fontsize=8)
    return figure


def _draw(axes: Axes, size: Sequence[int], values: Sequence[float], label: str) -> None:
    linear = [values[0] * one / size[0] for one in size]
    axes.plot(size, linear, color="#7a7a7a", linewidth=1, linestyle="--", label="in proportion to the first")
    axes.plot(size, values, label="measured", **line_look(0))  # type: ignore[arg-type]
    axes.set(xscale="log", yscale="log", xlabel="UEs and gNBs", ylabel=label)
    axes.legend(fontsize=8)

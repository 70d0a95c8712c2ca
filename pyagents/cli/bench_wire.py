# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench wire`: what a step costs between agent and simulator."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import parse
from pyagents.scenario import find_scenario

if TYPE_CHECKING:
    from pyagents.bench.wire import WireTimes

DESCRIPTION = """Round trip of a step with a scenario's real observation and action, by TCP and Unix socket.

The other end is a process that answers at once and speaks through the same codec: Python on both sides, where
the scenario program has C++. The floor is a bare ZMQ round trip of frames of the same sizes, measured by
turns with the other."""

_LINES = (
    ("round trip", "round_trip_us"),
    ("  agent: action to bytes", "encode_action_us"),
    ("  simulator: bytes to action", "decode_action_us"),
    ("  simulator: state to bytes", "encode_state_us"),
    ("  agent: bytes to state", "decode_state_us"),
    ("  transport and session", "transport_us"),
    ("floor: bare ZMQ", "floor_us"),
)


@dataclass(frozen=True, kw_only=True)
class WireFlags:
    """What `nru bench wire` takes."""

    scenario: str = "fig7"
    """Preset, or a .json or .toml file of fields."""
    rounds: int = 1000
    """Round trips of a block, of which the first fifth does not count."""
    blocks: int = 5
    """How often to measure each, by turns."""
    json: bool = False
    """Print JSON instead of a table."""


def main(arguments: list[str]) -> int:
    """Run the benchmark. See `pyagents.cli.main` for exit codes."""
    flags: WireFlags = parse(WireFlags, arguments, command="bench wire", description=DESCRIPTION)
    for name in ("rounds", "blocks"):
        if getattr(flags, name) < 1:
            raise BadInputError(f"{name}={getattr(flags, name)} is not allowed: must be at least 1")
    try:
        scenario = find_scenario(flags.scenario)
    except ValueError as error:
        raise BadInputError(str(error)) from error

    from pyagents.bench.wire import bench_wire

    results = bench_wire(scenario, rounds=flags.rounds, blocks=flags.blocks)
    if flags.json:
        print(json.dumps([result.to_dict() for result in results], indent=2))
    else:
        _print_table(results)
    return DONE


def _print_table(results: "list[WireTimes]") -> None:
    from rich.console import Console
    from rich.table import Table

    first = results[0]
    table = Table(
        title=f"{first.state_bytes} B of state, {first.action_bytes} B of action; medians of "
        f"{first.rounds} round trips, in microseconds",
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    table.add_column("")
    for result in results:
        table.add_column(result.transport, justify="right")
    for label, name in _LINES:
        table.add_row(label, *(f"{getattr(result, name):.1f}" for result in results))
    table.add_row("round trip over floor", *(f"{result.ratio:.1f}" for result in results))
    Console().print(table)

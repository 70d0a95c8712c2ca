# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench wire`: what a step costs between agent and simulator."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, refusing
from pyagents.cli.flags import check_counts, parse
from pyagents.cli.table import make_table, print_results
from pyagents.core.families import find_scenario

if TYPE_CHECKING:
    from pyagents.bench.wire import WireTimes

DESCRIPTION = """Round trip of a step with a scenario's real observations and actions, by TCP and Unix socket.

The other end is gym-echo, the bridge's C++ half, which answers at once; without ns-3 it is Python, and the
table says so. The floor is a bare ZMQ round trip of frames of the same sizes, measured by turns with the
other. Beside it, and with the protobuf runtime alone, as in ns3-gym's own client: what reading a state costs
early and late in a run, and what small messages cost, by kind of space."""

_LINES = (
    ("round trip", "round_trip_us"),
    ("  agent: action to bytes", "encode_action_us"),
    ("  simulator: bytes to action", "decode_action_us"),
    ("  simulator: state to bytes", "encode_state_us"),
    ("  agent: bytes to state", "decode_state_us"),
    ("  transport and session", "transport_us"),
    ("floor: bare ZMQ", "floor_us"),
)
_DECODINGS = {
    "bytes to state": "  from step {0.step} on, {0.state_bytes} B",
    "this": "{0.decode_us:.1f}",
    "protobuf runtime alone": "{0.stock_us:.1f}",
    "this over that": "{0.ratio:.2f}",
}
_KINDS = {
    "small messages": "  {0.kind}, {0.state_bytes} B",
    "bytes to state": "{0.decode_us:.1f}",
    "runtime alone: lists": "{0.stock_decode_us:.1f}",
    "arrays": "{0.stock_arrays_us:.1f}",
    "over arrays": "{0.decode_ratio:.2f}",
    "action to bytes": "{0.encode_us:.1f}",
    "runtime alone": "{0.stock_encode_us:.1f}",
    "over it": "{0.encode_ratio:.2f}",
}


@dataclass(frozen=True, kw_only=True)
class WireFlags:
    """Flags of `nru bench wire`."""

    scenario: str = "fig7"
    """Preset, or a .json or .toml file of fields."""
    rounds: int = 1000
    """Round trips of a block, of which the first fifth does not count."""
    blocks: int = 5
    """Number of measurements of each, by turns."""
    peer: Literal["auto", "cpp", "python"] = "auto"
    """Other end: C++ (needs ns-3), Python, or C++ where ns-3 is found."""
    keys: bool = False
    """Measure TCP with CURVE too, which endpoints beyond this machine need; its floor is without."""
    json: bool = False
    """Print JSON instead of a table."""


def main(arguments: list[str]) -> int:
    """Run the benchmark. See `pyagents.cli.main` for exit codes."""
    flags: WireFlags = parse(WireFlags, arguments, command="bench wire", description=DESCRIPTION)
    check_counts(flags, "rounds", "blocks")
    with refusing():
        scenario = find_scenario(flags.scenario)

    from pyagents.bench.wire import bench_wire
    from pyagents.bench.wire_kinds import bench_kinds

    echo = None if flags.peer == "python" else _find_echo(needed=flags.peer == "cpp")
    times, decodings = bench_wire(
        scenario, echo=echo, rounds=flags.rounds, blocks=flags.blocks, keys=flags.keys
    )
    kinds = bench_kinds(rounds=flags.rounds, blocks=flags.blocks)
    if flags.json:
        results = {
            "round_trips": [asdict(result) for result in times],
            "decodings": [asdict(result) for result in decodings],
            "kinds": [asdict(result) for result in kinds],
        }
        print(json.dumps(results, indent=2))
    else:
        _print_table(times)
        print()
        print_results(decodings, _DECODINGS)
        print()
        print_results(kinds, _KINDS)
    return DONE


def _find_echo(*, needed: bool) -> Path | None:
    from pyagents.toolchain.builder import ECHO, build
    from pyagents.toolchain.errors import ToolchainError
    from pyagents.toolchain.ns3 import find_ns3

    try:
        find_ns3()
    except ToolchainError as error:
        if needed:
            raise
        print(f"{error}\nMeasured with Python at the other end instead.", file=sys.stderr)
        return None
    return build(only=ECHO).program(ECHO)


def _print_table(results: "list[WireTimes]") -> None:
    first = results[0]
    title = (
        f"{first.state_bytes} B of state, {first.action_bytes} B of action; medians of "
        f"{first.rounds} round trips in microseconds; simulator's side in {first.simulator}"
    )
    table = make_table("", *(result.transport for result in results), title=title)
    for label, name in _LINES:
        table.add_row(label, *(f"{getattr(result, name):.1f}" for result in results))
    table.add_row("round trip over floor", *(f"{result.ratio:.2f}" for result in results))
    Console().print(table)

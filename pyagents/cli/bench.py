# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench`: the bridge's benchmark, and those of families, loaded when they are called."""

from collections.abc import Mapping

from pyagents.cli.errors import DONE, BadInputError
from pyagents.core.families import families
from pyagents.core.family import CommandRef, load_place

_WIRE = CommandRef(
    place="pyagents.cli.bench_wire:main",
    does="round trip of a step between agent and simulator, beside the least it could take",
)


def main(arguments: list[str]) -> int:
    """Run a benchmark. See `pyagents.cli.main` for exit codes."""
    benches = {"wire": _WIRE} | {name: ref for family in families() for name, ref in family.benches.items()}
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_usage(benches))
        return DONE
    name, *rest = arguments
    if name not in benches:
        raise BadInputError(f"{name!r} is no benchmark\n\n{_usage(benches)}")
    exit_code: int = load_place(benches[name].place)(rest)
    return exit_code


def _usage(benches: Mapping[str, CommandRef]) -> str:
    width = max(map(len, benches)) + 2
    lines = "\n".join(f"  {name:{width}}{ref.does}" for name, ref in benches.items())
    return f"usage: nru bench BENCHMARK [OPTIONS]\n\n{lines}\n\nnru bench BENCHMARK --help says more."

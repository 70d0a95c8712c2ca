# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench`: one module a benchmark, loaded when it is called."""

import importlib

from pyagents.cli.errors import DONE, BadInputError

BENCHMARKS = {
    "mock": "steps a second of the mock, one hall and many at once, and as they grow",
    "ns3": "simulated seconds per second of the ns-3 hall, with Wi-Fi and as it grows",
    "wire": "round trip of a step between agent and simulator, beside the least it could take",
}


def main(arguments: list[str]) -> int:
    """Run a benchmark. See `pyagents.cli.main` for exit codes."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_usage())
        return DONE
    name, *rest = arguments
    if name not in BENCHMARKS:
        raise BadInputError(f"{name!r} is no benchmark\n\n{_usage()}")
    exit_code: int = importlib.import_module(f"pyagents.cli.bench_{name}").main(rest)
    return exit_code


def _usage() -> str:
    width = max(map(len, BENCHMARKS)) + 2
    lines = "\n".join(f"  {name:{width}}{what}" for name, what in BENCHMARKS.items())
    return f"usage: nru bench BENCHMARK [OPTIONS]\n\n{lines}\n\nnru bench BENCHMARK --help says more."

# SPDX-License-Identifier: GPL-2.0-only
"""Who plays many runs: processes of this machine, or those of a cluster."""

from collections.abc import Collection

from pyagents.cli.errors import BadInputError
from pyagents.core.extras import MissingExtraError
from pyagents.runs.workers import LocalWorkers, LostClusterError, Workers


def make_workers(simulators: Collection[str], *, count: int, scheduler: str) -> Workers:
    """Those asked for.

    Args:
        simulators: that they are to play.
        count: how many on this machine.
        scheduler: address of a Dask scheduler, whose workers play instead; empty: none.

    Raises:
        BadInputError: there is no such cluster, or no Dask.
        ToolchainError: ns-3 is not there, or the scenario cannot be built.
    """
    if scheduler:
        from pyagents.runs.dask_workers import DaskWorkers

        try:
            return DaskWorkers(scheduler)
        except (MissingExtraError, LostClusterError) as error:
            raise BadInputError(str(error)) from error
    if "ns3" in simulators:
        from pyagents.toolchain import scenario_program

        scenario_program()  # built first, if need be, so that no run waits for it
    return LocalWorkers(count)


def check_counts(*, seeds: int, workers: int) -> None:
    """Refuse numbers of seeds and workers that cannot be.

    Raises:
        BadInputError: so they are.
    """
    for name, value in (("seeds", seeds), ("workers", workers)):
        if value < 1:
            raise BadInputError(f"{name}={value} is not allowed: must be at least 1")
    if seeds > 99:
        raise BadInputError(f"seeds={seeds} is not allowed: at most 99, for agents are trained on others")

# SPDX-License-Identifier: GPL-2.0-only
"""The truth: the ns-3 scenario program, driven over the wire."""

import os
from pathlib import Path
from typing import Any

from pyagents.core.families import find_family
from pyagents.core.scenario import Scenario
from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.simulators.over_wire import WireSimulator
from pyagents.simulators.spaces import count_numbers
from pyagents.toolchain import scenario_program
from pyagents.wire import PeerDiedError, Session

_UNHEARD = ("NS_ATTRIBUTE_DEFAULT", "NS_GLOBAL_VALUE", "NS_COMMANDLINE_INTROSPECTION")
"""Environment variables by which ns-3 takes defaults and global values from whoever starts it, or writes its
flags down instead of playing. They beat flags and stand in no record, so a run does not hear them: what is to
change is a field of the scenario."""

PCAP_VARIABLE = "NRU_PCAP"
"""Environment variable with the begin of names of files for packets: a program's flag --pcap."""

_IMPOSSIBLE = 2
"""Exit code of a program that cannot build the scenario; the last line of its log says why."""


def flag_name(field: str) -> str:
    """The program's flag for a Scenario field: `n_nodes` -> `nNodes`."""
    first, *rest = field.split("_")
    return first + "".join(part.capitalize() for part in rest)


def scenario_flags(scenario: Scenario, seed: int) -> list[str]:
    """A run as the program's flags, the seed's too; None means the flag is left out."""
    told = find_family(scenario.family).program_values(scenario, seed)
    values = {**told, "sim_seed": seed}
    return [f"--{flag_name(name)}={_spell(value)}" for name, value in values.items() if value is not None]


def packet_flags() -> list[str]:
    """Tell the program where to keep packets, by the environment's NRU_PCAP; no part of a run's key."""
    begin = os.environ.get(PCAP_VARIABLE)
    return [f"--pcap={Path(begin).absolute()}"] if begin else []


def own_environment() -> dict[str, str]:
    """This process's environment without what would change ns-3's numbers behind the scenario's back."""
    return {name: value for name, value in os.environ.items() if name not in _UNHEARD}


def _spell(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case _:
            return str(value)


class Ns3Simulator(WireSimulator):
    """Runs the ns-3 scenario program as a child process, a fresh one for each `reset`.

    Args:
        log_path: where the program's output goes; None: a temporary file of the session.
        program: the scenario program; None: its family's own, built first if its sources changed.
        timeout_s: deadline of each wait, wall time; None: a minute, more where the first step is long or the
            scenario large.
    """

    def __init__(
        self, *, log_path: Path | None = None, program: Path | None = None, timeout_s: float | None = None
    ) -> None:
        super().__init__()
        self._log_path = log_path
        self._program = program
        self._timeout_s = timeout_s

    def reset(self, scenario: Scenario, seed: int) -> Any:
        """Start the program. See `Simulator.reset`.

        Raises:
            ValueError: the seed is not a positive whole number, or the scenario is not for ns-3.
            ImpossibleScenarioError: the scenario cannot be built, or its states are too large for the wire.
            ToolchainError: the program is not built and cannot be.
            WireError: the program does not answer, dies, or says something unintelligible.
        """
        if not 1 <= seed < 2**32:
            raise ValueError(f"seed={seed} is not allowed: must be at least 1 and at most {2**32 - 1}")
        scenario.check_program()
        n_numbers = count_numbers(scenario)
        self.close()
        program = self._program or scenario_program(find_family(scenario.family).program)
        command = [str(program), *scenario_flags(scenario, seed), *packet_flags()]
        # Twenty wall seconds a simulated one is slow indeed; large halls take long to be built.
        patience_s = 60 + 20 * scenario.start_s + n_numbers / 10_000
        timeout_s = patience_s if self._timeout_s is None else self._timeout_s
        try:
            return self._start(
                Session(
                    command=command,
                    environment=own_environment(),
                    log_path=self._log_path,
                    timeout_s=timeout_s,
                ),
                scenario,
            )
        except PeerDiedError as error:
            if error.returncode == _IMPOSSIBLE and error.log_tail:
                raise ImpossibleScenarioError(error.log_tail[-1].partition(": ")[2]) from error
            raise

    @property
    def log_path(self) -> Path | None:
        """File for the program's output, as given."""
        return self._log_path

# SPDX-License-Identifier: GPL-2.0-only
"""docker/compose.yaml starts what the command line takes, and opens nothing to the outside."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pyagents.cli.flags import parse
from pyagents.cli.keys import KeysFlags
from pyagents.cli.reproduce import ReproduceFlags, make_plan_of
from pyagents.cli.run import make_plan
from pyagents.cli.serve_ns3 import program_flags
from pyagents.cli.serving import parse_serving
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.wire.process.keys import make_keys
from tests.conftest import ROOT

yaml = pytest.importorskip("yaml")
COMPOSE = ROOT / "docker" / "compose.yaml"
pytestmark = pytest.mark.skipif(not COMPOSE.is_file(), reason="no checkout")

WITH_PROFILE = {"scheduler", "worker", "sweep"}


@pytest.fixture(scope="module")
def services() -> Any:
    return yaml.safe_load(COMPOSE.read_text())["services"]


def words(text: str | Sequence[str], tmp_path: Path, **environment: str) -> list[str]:
    """A command as the container gets it, but for its folders."""
    assert isinstance(text, str)
    filled = re.sub(r"\$\{(\w+):-([^}]*)\}", lambda match: environment.get(match[1], match[2]), text)
    return [re.sub(r"^/(keys|results)\b", rf"{tmp_path}/\1", word) for word in shlex.split(filled)]


def test_the_agent_listens_for_the_scenario_that_is_started(services: Any, tmp_path: Path) -> None:
    command, *arguments = words(services["keys"]["command"], tmp_path)
    flags = parse(KeysFlags, arguments, command="keys", description="")
    assert (command, flags.out) == ("keys", tmp_path / "keys")
    make_keys(flags.out)

    command, *arguments = words(services["agent"]["command"], tmp_path)
    plan, _ = make_plan(arguments)
    assert command == "run"
    assert plan.remote is not None
    assert plan.folder.parent == tmp_path / "results"

    command, *arguments = words(services["scenario"]["command"], tmp_path)
    serving = parse_serving(arguments, command="serve-ns3", description="")
    assert command == "serve-ns3"
    assert (serving.fields, serving.seed) == (plan.run.scenario, plan.run.seed)
    assert serving.endpoint == "tcp://agent:5555"
    assert f"--openGymKeys={tmp_path}/keys" in program_flags(serving)


def test_environment_reaches_both_sides(services: Any, tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    chosen = {"NRU_AGENT": "max-rsrp", "NRU_SCENARIO": "fig7", "NRU_SEED": "3"}
    plan, _ = make_plan(words(services["agent"]["command"], tmp_path, **chosen)[1:])
    serving = parse_serving(
        words(services["scenario"]["command"], tmp_path, **chosen)[1:], command="serve-ns3", description=""
    )
    assert (plan.run.agent, plan.run.seed, plan.run.scenario) == ("max-rsrp", 3, PRESETS["fig7"])
    assert (serving.fields, serving.seed) == (plan.run.scenario, plan.run.seed)


@pytest.mark.parametrize("options", ["", "--quick", "fig7 --quick --seeds 2"])
def test_the_sweep_plays_on_the_scheduler_that_is_started(
    services: Any, tmp_path: Path, options: str
) -> None:
    command, *arguments = words(services["sweep"]["command"], tmp_path, NRU_REPRODUCE=options)
    flags = parse(ReproduceFlags, arguments, command="reproduce", description="")
    assert (command, flags.scheduler) == ("reproduce", "tcp://scheduler:8786")
    assert (flags.out, flags.resume) == (tmp_path / "results", True)
    make_plan_of(flags)


def test_dask_takes_its_commands(services: Any, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from distributed.cli import dask_scheduler, dask_worker

    mains: dict[str, Any] = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
    for name, main in mains.items():
        assert services[name]["entrypoint"] == "dask"
        command, *arguments = words(services[name]["command"], tmp_path)
        assert command == name
        given = main.make_context(name, arguments).params
    assert given["scheduler"] == "tcp://scheduler:8786"
    assert (given["n_workers"], given["nthreads"]) == ("4", 1)


def test_what_stays_has_a_health_check_and_comes_back(services: Any) -> None:
    assert set(services) == {"keys", "agent", "scenario"} | WITH_PROFILE
    for name, service in services.items():
        assert service.get("profiles", []) == (["sweep"] if name in WITH_PROFILE else [])
        if name != "keys":
            assert service["restart"] in ("on-failure", "unless-stopped"), name
            assert "/proc/net/tcp" in service["healthcheck"]["test"]


@pytest.mark.parametrize(
    ("port", "line", "listens", "connected"),
    [
        ("15B3", "  0: 00000000:15B3 00000000:0000 0A 00000000:00000000", True, False),
        ("15B3", "  1: 0202000C:9C40 0202000B:15B3 01 00000000:00000000", False, True),
        ("15B3", "  1: 0202000C:15B3 0202000B:9C40 01 00000000:00000000", False, False),
        ("2252", "  0: 00000000:2252 00000000:0000 0A 00000000:00000000", True, False),
        ("2252", "  1: 0202000C:9C40 0202000B:2252 06 00000000:00000000", False, False),
    ],
)
def test_health_checks_read_the_kernels_table(
    services: Any, port: str, line: str, listens: bool, connected: bool
) -> None:
    side = {"15B3": ("agent", "scenario"), "2252": ("scheduler", "worker")}[port]
    assert int(port, 16) in (5555, 8786)
    for name, expected in zip(side, (listens, connected), strict=True):
        pattern = shlex.split(services[name]["healthcheck"]["test"])[2]
        assert bool(re.search(pattern, line)) is expected


def test_nothing_is_open_to_the_outside(services: Any) -> None:
    networks = yaml.safe_load(COMPOSE.read_text())["networks"]
    assert all(network["internal"] for network in networks.values())
    for name, service in services.items():
        assert "ports" not in service
        if name != "keys":
            assert set(service["networks"]) <= set(networks)

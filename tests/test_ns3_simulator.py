# SPDX-License-Identifier: GPL-2.0-only
"""The ns-3 simulator drives a program, here the hall of the tests, and says what went wrong with it."""

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from pyagents.cli.errors import explain
from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.simulators.ns3 import Ns3Simulator, flag_name, scenario_flags
from pyagents.wire import PeerDiedError, PeerTimeoutError, ProtocolError, SessionError
from tests.hall import Hall

SCENARIO = dataclasses.replace(PRESETS["fig5"], steps=3)


@pytest.fixture
def simulator(hall_program: Path, tmp_path: Path) -> Iterator[Ns3Simulator]:
    with Ns3Simulator(program=hall_program, log_path=tmp_path / "log", timeout_s=20) as simulator:
        yield simulator


@pytest.mark.parametrize(
    ("field", "flag"),
    [
        ("n_gnbs", "nGnbs"),
        ("gnb_tx_power_dbm", "gnbTxPowerDbm"),
        ("steps", "steps"),
        ("demand_variance_mbps2", "demandVarianceMbps2"),
        ("a3_time_to_trigger_ms", "a3TimeToTriggerMs"),
        ("l3_filter_k", "l3FilterK"),
    ],
)
def test_flags_are_the_fields_in_camel_case(field: str, flag: str) -> None:
    assert flag_name(field) == flag


def test_flags_spell_every_field_that_is_set() -> None:
    flags = scenario_flags(Scenario(shadowing=False, demand_mbps=1 / 0.3, n_gnbs=7), 7)
    assert "--nGnbs=7" in flags
    assert "--shadowing=false" in flags
    assert f"--demandMbps={1 / 0.3!r}" in flags
    assert not any(flag.startswith("--edThresholdDbm") for flag in flags)
    assert "--edThresholdDbm=-72.5" in scenario_flags(Scenario(ed_threshold_dbm=-72.5), 7)
    assert "--simSeed=7" in flags
    assert len(scenario_flags(Scenario(ed_threshold_dbm=-72.5), 7)) == len(dataclasses.fields(Scenario)) + 1


def test_program_does_not_inherit_what_changes_ns3_behind_the_scenarios_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NS_GLOBAL_VALUE", "RngSeed=2")
    monkeypatch.setenv("NS_ATTRIBUTE_DEFAULT", "ns3::WifiPhy::TxGain=30")
    monkeypatch.setenv("NS_LOG", "NruGnb=info")
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nenv | grep ^NS_ | sort\nexit 3\n")
    program.chmod(0o755)
    with Ns3Simulator(program=program, timeout_s=20) as simulator, pytest.raises(PeerDiedError) as died:
        simulator.reset(SCENARIO, 1)
    assert list(died.value.log_tail) == ["NS_LOG=NruGnb=info"]


def test_plays_to_the_end_and_again(simulator: Ns3Simulator) -> None:
    for seed in (1, 1, 2):
        snapshot = simulator.reset(SCENARIO, seed)
        times = [snapshot.time_s]
        while not simulator.done:
            times.append(simulator.step(Action()).time_s)
        assert times == pytest.approx([0.16, 0.32, 0.48, 0.64])
        with pytest.raises(RuntimeError, match="the run is over"):
            simulator.step(Action())


def test_snapshot_arrives_as_it_was_sent(simulator: Ns3Simulator) -> None:
    received, sent = simulator.reset(SCENARIO, 5), Hall(load_noise=0.05).reset(SCENARIO, 5)
    for name in Snapshot.facts():
        np.testing.assert_array_equal(getattr(received, name), getattr(sent, name), err_msg=name)


def test_action_arrives(simulator: Ns3Simulator) -> None:
    simulator.reset(SCENARIO, 1)
    target = np.full(40, -1)
    target[3] = 2
    cio_db = np.arange(36).reshape(6, 6) / 10
    snapshot = simulator.step(Action(cho_target=target, cio_db=cio_db))
    assert snapshot.serving[3] == 2
    np.testing.assert_array_equal(snapshot.cio_db, cio_db)


def test_bad_action_leaves_the_run_going(simulator: Ns3Simulator) -> None:
    simulator.reset(SCENARIO, 1)
    with pytest.raises(ValueError, match="cho_target"):
        simulator.step(Action(cho_target=[9]))
    assert simulator.step(Action()).time_s == pytest.approx(0.32)


def test_what_is_the_mocks_alone_is_refused_before_anything_starts(tmp_path: Path) -> None:
    simulator = Ns3Simulator(program=tmp_path / "no such program")
    with pytest.raises(ValueError, match="rate_model='shannon' is not allowed"):
        simulator.reset(Scenario(rate_model="shannon"), 1)


def test_out_of_turn_and_bad_seed(simulator: Ns3Simulator) -> None:
    with pytest.raises(RuntimeError, match="before reset"):
        simulator.step(Action())
    with pytest.raises(ValueError, match="seed=0 is not allowed"):
        simulator.reset(SCENARIO, 0)
    simulator.close()
    simulator.close()


def children() -> set[psutil.Process]:
    """Of this process; other tests may have left one that is to live as long, such as a resource tracker."""
    return {child for child in psutil.Process().children(recursive=True) if child.status() != "zombie"}


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        ("die", PeerDiedError, "SIGKILL"),
        ("exit", PeerDiedError, "code 3"),
        ("nonsense", ProtocolError, ""),
        ("hang", PeerTimeoutError, "1"),
    ],
)
def test_a_program_that_fails_is_reported_with_its_log_and_gone(
    fault: str,
    error: type[Exception],
    said: str,
    hall_program: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = children()
    monkeypatch.setenv("HALL_FAULT", f"2:{fault}")
    with Ns3Simulator(program=hall_program, log_path=tmp_path / "log", timeout_s=3) as simulator:
        simulator.reset(SCENARIO, 1)
        simulator.step(Action())
        start = time.monotonic()
        with pytest.raises(error) as raised:
            simulator.step(Action())
        if fault != "hang":
            assert time.monotonic() - start < 2
    report = explain(raised.value)
    assert said in report
    assert f"about to {fault}" in report
    assert children() <= before


def test_a_state_that_lacks_a_field_is_a_protocol_error(
    simulator: Ns3Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = children()
    monkeypatch.setenv("HALL_WITHOUT", "airtime")
    with pytest.raises(ProtocolError, match="lacks airtime"):
        simulator.reset(SCENARIO, 1)
    assert children() <= before


def test_a_hall_whose_states_are_too_large_is_refused_before_anything_starts() -> None:
    simulator = Ns3Simulator(program=Path("/no/such/program"))
    said = r"11950465 numbers \(U=30000, G=70, .*takes 8388608 at most"
    with pytest.raises(ImpossibleScenarioError, match=said):
        simulator.reset(Scenario(n_ues=30_000, n_gnbs=70), 1)


def test_a_session_that_another_thread_uses_stays_the_simulators() -> None:
    class Busy:
        def close(self) -> None:
            raise SessionError("close: another thread uses the session")

    simulator = Ns3Simulator()
    simulator._session = busy = Busy()  # type: ignore[assignment]
    for call in (simulator.close, lambda: simulator.reset(Scenario(), 1)):
        with pytest.raises(SessionError, match="another thread"):
            call()
        assert simulator._session is busy  # type: ignore[comparison-overlap]

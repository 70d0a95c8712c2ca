# SPDX-License-Identifier: GPL-2.0-only
"""`nru train` and `nru tune` as a user meets them."""

import csv
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pyagents.cli import main
from pyagents.core.agent_spec import find_agent
from pyagents.core.tensors import load_tensors
from pyagents.scenarios.indoor_factory.agents.adaptive_mlb import AdaptiveMlbConfig
from tests.conftest import ROOT
from tests.test_cli import exit_code
from tests.training.trainings import SMALL

SHORT = [
    *("--schedule.iterations", "2", "--schedule.validate-every", "2", "--schedule.validation-seeds", "1"),
    *("--scenarios", "small.toml"),
]
TINY = ["--training.halls", "1", "--training.steps", "16", "--training.gradient-steps", "1", *SHORT]


@pytest.fixture
def here(in_tmp: Path) -> Path:
    """An empty folder with a small scenario as the present one."""
    SMALL.save(in_tmp / "small.toml")
    return in_tmp


def test_train_leaves_weights_that_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    assert main(["train", "dqn-mlb", "--out", "out", *TINY]) == 0
    said = capsys.readouterr().out
    assert "iteration 2/2, at most" in said
    key = re.search(r"training:(\w+)  seed 1: 2 iterations; best validation", said)
    assert key, said
    with (here / "out" / "curve.csv").open() as file:
        assert [row["iteration"] for row in csv.DictReader(file)] == ["1", "2"]
    assert (here / "out" / "curve.png").stat().st_size > 1000
    run = ["run", "--agent", "dqn-mlb", "--simulator", "mock", "--scenario", "fig5", "--steps", "3"]
    for weights, folder in (("out/weights.safetensors", "file"), (f"training:{key[1]}", "key")):
        assert main([*run, "--agent.weights", weights, "--out", folder]) == 0
    assert Path("file/rows.csv").read_bytes() == Path("key/rows.csv").read_bytes()
    assert json.loads(Path("key/summary.json").read_text())["agent_config"]["weights"] == (
        "training:" + json.loads(Path("out/training.json").read_text())["key"]
    )


def test_what_is_in_the_store_is_not_trained_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    assert main(["train", "dqn-mlb", "--out", "a", *TINY]) == 0
    assert main(["train", "dqn-mlb", "--out", "b", "--seeds", "2", *TINY]) == 0
    said = capsys.readouterr().out
    assert "1 of 2 trainings are in the store" in said
    assert "Best validation over 2 seeds: " in said
    files = {name: Path("a", name).read_bytes() for name in ("weights.safetensors", "times.csv")}
    assert files == {name: Path("b/seed-1", name).read_bytes() for name in files}
    assert main(["train", "dqn-mlb", "--out", "c", "--no-resume", *TINY]) == 0
    assert Path("c/weights.safetensors").read_bytes() == files["weights.safetensors"]
    assert Path("c/times.csv").read_bytes() != files["times.csv"]


def test_mappo_trains_and_tensorboard_shows_its_rows(here: Path) -> None:
    pytest.importorskip("torch")
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    settings = ["--training.halls", "1", "--training.steps", "8", *SHORT, "--tensorboard"]
    assert main(["train", "mappo", "--out", "out", *settings]) == 0
    events = accumulator.EventAccumulator("out/tensorboard")
    events.Reload()
    with (here / "out" / "curve.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert set(events.Tags()["scalars"]) == set(rows[0]) - {"iteration"}
    for name in ("reward", "entropy"):
        shown = events.Scalars(name)
        assert [event.step for event in shown] == [1, 2]
        assert [event.value for event in shown] == pytest.approx([float(row[name]) for row in rows])
    assert [event.step for event in events.Scalars("validation")] == [2]


@pytest.mark.usefixtures("hall_instead_of_ns3")
@pytest.mark.parametrize("agent", ["mappo", "dqn-mlb"])
def test_what_was_learnt_is_tuned_finely_on_ns3(agent: str, here: Path) -> None:
    pytest.importorskip("torch")
    shipped = Path(inspect.getfile(find_agent(agent).cls)).parent / "weights" / f"{agent.replace('-', '_')}"
    sizes = ["--training.halls", "2", "--training.steps", "16", *SHORT]
    slow = ["--training.learning-rate", "1e-9", "--simulator", "ns3", "--weights", f"{shipped}.safetensors"]
    assert main(["train", agent, "--out", "out", *sizes, *slow]) == 0
    before, _ = load_tensors(shipped.with_suffix(".safetensors"))
    after, facts = load_tensors(here / "out" / "weights.safetensors")
    for name, values in before.items():
        assert after[name] == pytest.approx(values, abs=1e-5), "began with these, and hardly moved"
    assert json.loads(facts["settings"])["simulator"] == "ns3"


def test_a_federation_is_trained_and_says_what_crossed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    federation = ["--federate", "--federation.clients", "2"]
    private = ["--federation.clip", "1", "--federation.noise", "2"]
    assert main(["train", "dqn-mlb", "--out", "out", *TINY, *federation, *private]) == 0
    said = capsys.readouterr().out
    assert re.search(r"; 0\.\d\d MB to clients, 0\.\d\d MB from them; epsilon ", said), said
    assert json.loads(Path("out/training.json").read_text())["federation"]["clients"] == 2
    for wrong, why in (
        (["--federation.noise", "1"], "noise=1.0 is not allowed without clip"),
        (["--federation.fraction", "2"], "fraction=2.0 is not allowed"),
    ):
        assert exit_code(["train", "dqn-mlb", *TINY, "--federate", *wrong]) == 2
        assert why in capsys.readouterr().err
    assert main(["train", "mappo", "--federate", "--scenarios", "small.toml"]) == 2
    assert "'mappo' cannot be federated" in capsys.readouterr().err


def test_train_refuses_other_simulators_and_other_agents_weights(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    assert main(["train", "mappo", "--simulator", "ns2"]) == 2
    assert "simulator='ns2' is not allowed: must be mock or ns3" in capsys.readouterr().err
    other = Path(inspect.getfile(find_agent("mappo").cls)).parent / "weights" / "mappo.safetensors"
    assert main(["train", "dqn-mlb", "--weights", str(other)]) == 2
    assert "made for mappo, expected dqn-mlb" in capsys.readouterr().err


def test_train_names_a_training_that_is_not_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    assert main(["train", "dqn-mlb", "--weights", "training:12ab", *TINY]) == 2
    assert "0 keys in results/runs begin with '12ab'" in capsys.readouterr().err
    assert main(["run", "--agent", "dqn-mlb", "--agent.weights", "training:12ab", "--simulator", "mock"]) == 2
    assert "0 keys in results/runs begin with '12ab'" in capsys.readouterr().err


def test_agents_that_do_not_learn_or_have_no_space_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "gt-rl"]) == 2
    assert "'gt-rl' does not learn: use one of dqn-mlb" in capsys.readouterr().err
    assert main(["tune", "optimum"]) == 2
    assert "'optimum' has no search space: use one of adaptive-mlb" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["train"], ["tune"], ["tune", "--help"]])
def test_help_lists_the_agents(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert "dqn-mlb" in capsys.readouterr().out


TINY_SEARCH = ["--trials", "3", "--seeds", "2", "--finalists", "1", "--confirm-seeds", "2"]


def test_tune_plays_three_rounds_on_seeds_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("optuna")
    assert main(["tune", "adaptive-mlb", *TINY_SEARCH, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "3 of 3 tries" in said
    assert "On seeds 1002 to 1003: " in said
    with (tmp_path / "trials.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    assert rows[0]["period_s"] == str(AdaptiveMlbConfig().period_s), "the present options come first"
    again = [float(row["again"]) for row in rows if row["again"]]
    assert len(again) == 2, "the present options and one other"
    assert ("nothing better was found" in said) == (min(again) == float(rows[0]["again"]))


def test_a_search_does_not_begin_when_ns3_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("optuna")
    monkeypatch.setenv("NRU_NS3", str(tmp_path / "nowhere"))
    assert main(["tune", "qa-lb", *TINY_SEARCH, "--confirm-on", "ns3", "--out", str(tmp_path)]) != 0
    said = capsys.readouterr()
    assert "nowhere" in said.err
    assert "tries" not in said.out


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_a_choice_is_confirmed_on_ns3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("optuna")
    poor = find_agent("adaptive-mlb").with_options({"range_db": 4.0, "min_threshold": 0.7})
    monkeypatch.setattr("pyagents.cli.tune.find_agent", lambda name, family: poor)
    kept = ["--store", str(tmp_path / "runs"), "--out", str(tmp_path)]
    search = [*TINY_SEARCH, "--confirm-on", "ns3", *kept]
    assert main(["tune", "adaptive-mlb", *search]) == 0
    said = capsys.readouterr().out
    assert "range_db = " in said
    found = re.search(
        r"On seeds 1004 to 1005 of ns3: (\S+) .*, (\S+) with the chosen ones; difference (\S+) ", said
    )
    assert found, said
    present, chosen, difference = (float(number) for number in found.groups())
    assert difference == pytest.approx(chosen - present, abs=2e-4)
    assert main(["tune", "adaptive-mlb", *search]) == 0
    assert "24 of 24 runs are in the store" in capsys.readouterr().out


def test_bad_budgets_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "qa-lb", "--trials", "0", "--out", str(tmp_path)]) == 2
    assert "trials=0 is not allowed" in capsys.readouterr().err
    assert main(["tune", "qa-lb", "--confirm-on", "ns2", "--out", str(tmp_path)]) == 2
    assert "confirm_on='ns2' is not allowed: must be mock or ns3" in capsys.readouterr().err


@pytest.mark.parametrize("agent", ["dqn-mlb", "mappo"])
def test_help_needs_no_torch_and_training_says_how_to_get_it(agent: str, in_tmp: Path) -> None:
    (in_tmp / "torch.py").write_text("raise ModuleNotFoundError('No module named torch', name='torch')\n")
    environment = {**os.environ, "PYTHONPATH": f"{in_tmp}{os.pathsep}{ROOT}"}
    for arguments, code, said in (
        (["--help"], 0, "--training.halls"),
        ([], 2, "torch is not installed: install the extra 'learn', "),
    ):
        command = [sys.executable, "-m", "pyagents.cli", "train", agent, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stderr
    assert "-m pip install 'nru[learn]'" in done.stderr

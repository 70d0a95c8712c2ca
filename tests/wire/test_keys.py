# SPDX-License-Identifier: GPL-2.0-only
"""Keys: how they are made, who is let in with them, and what is said to others."""

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
import zmq

from pyagents.wire import PeerDiedError, PeerTimeoutError, Session
from pyagents.wire.process.keys import load_agent_keys, load_scenario_keys, make_keys
from pyagents.wire.process.request_socket import NoAnswerError, RequestSocket
from tests.wire.conftest import Make, simulator_command

FILES = ["agent.public", "agent.secret", "scenario.public", "scenario.secret"]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    make_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    make_keys(tmp_path / "strangers")
    return tmp_path / "strangers"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def knock(endpoint: str, folder: Path | None, *, timeout_s: float = 10.0) -> str:
    """Speak to an agent as a scenario with these keys; what comes of it, in words."""
    loaded = None if folder is None else load_scenario_keys(folder)
    try:
        with RequestSocket(endpoint, keys=loaded, timeout_s=timeout_s) as agent:
            agent.ask(b"")
    except NoAnswerError as error:
        return str(error)
    return "answered"


# ---- Making ----


def test_keys_are_pairs_and_secrets_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "keys"
    assert sorted(path.name for path in make_keys(folder)) == FILES
    assert folder.stat().st_mode & 0o777 == 0o700
    made = contents(folder)
    assert sorted(made) == FILES
    for side in ("agent", "scenario"):
        assert len(made[f"{side}.secret"]) == len(made[f"{side}.public"]) == 41
        assert zmq.curve_public(made[f"{side}.secret"].strip()) + b"\n" == made[f"{side}.public"]
        assert (folder / f"{side}.secret").stat().st_mode & 0o777 == 0o600
    assert made["agent.secret"] != made["scenario.secret"]


def test_keys_that_are_there_stay(keys: Path) -> None:
    before = contents(keys)
    assert make_keys(keys) == []
    assert contents(keys) == before


def test_making_goes_on_where_it_was_cut_off(keys: Path) -> None:
    before = contents(keys)
    (keys / "scenario.public").unlink()
    assert make_keys(keys) == [keys / "scenario.public"]
    assert contents(keys) == before


def test_secret_that_was_given_away_is_not_replaced(keys: Path) -> None:
    (keys / "scenario.secret").unlink()
    before = contents(keys)
    assert make_keys(keys) == []
    assert contents(keys) == before


def test_makers_at_once_agree(tmp_path: Path) -> None:
    makers = [threading.Thread(target=make_keys, args=(tmp_path / "keys",)) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert sorted(contents(tmp_path / "keys")) == FILES
    load_scenario_keys(tmp_path / "keys")


# ---- Reading ----


def test_each_side_needs_only_its_own_secret(keys: Path) -> None:
    agent, scenario = load_agent_keys(keys), load_scenario_keys(keys)
    (keys / "scenario.secret").rename(keys / "away")
    assert load_agent_keys(keys) == agent
    with pytest.raises(ValueError, match=r"scenario\.secret"):
        load_scenario_keys(keys)
    (keys / "away").rename(keys / "scenario.secret")
    (keys / "agent.secret").unlink()
    assert load_scenario_keys(keys) == scenario
    with pytest.raises(ValueError, match=r"agent\.secret"):
        load_agent_keys(keys)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("agent.public", None, r"agent\.public \(No such file"),
        ("scenario.public", None, r"scenario\.public \(No such file"),
        ("scenario.secret", None, r"scenario\.secret \(No such file.*nru keys"),
        ("agent.public", b"", r"agent\.public holds no key; allowed are 40 characters"),
        ("scenario.public", b"x" * 39, "holds no key"),
        ("agent.public", b"~" * 40, "holds no key"),
        ("agent.public", b"#" * 40, "holds no key"),
        ("scenario.public", b"x" * 40, r"scenario\.public does not belong to scenario\.secret"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(keys: Path, name: str, content: bytes | None, said: str) -> None:
    (keys / name).unlink()
    if content is not None:
        (keys / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"keys: .*{said}"):
        load_scenario_keys(keys)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o722, 0o777])
def test_folder_that_others_can_write_to_is_refused(keys: Path, mode: int) -> None:
    keys.chmod(mode)
    for load in (load_agent_keys, load_scenario_keys):
        with pytest.raises(ValueError, match=rf"others may write to .*\(mode {mode:04o}\).*chmod go-w"):
            load(keys)
    keys.chmod(0o755)
    load_agent_keys(keys)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_secret_that_others_can_read_is_refused(keys: Path, mode: int) -> None:
    (keys / "agent.secret").chmod(mode)
    with pytest.raises(
        ValueError, match=rf"agent\.secret is open to others \(mode {mode:04o}\); allowed is 0600"
    ):
        Session(["ls"], keys=keys)


# ---- Speaking ----


@pytest.mark.parametrize(
    "endpoint", [None, "tcp://127.0.0.1:0", "tcp://[::1]:0", "tcp://0.0.0.0:0", "tcp://*:*"]
)
def test_episode_runs_encrypted(session: Make, keys: Path, endpoint: str | None) -> None:
    with session("--steps=2", endpoint=endpoint, keys=keys) as s:
        assert f"--openGymKeys={keys}" in s.flags
        state = s.start()
        while not state.game_over:
            state = s.step(None)
        assert state.observation["step"] == 2
    assert s.returncode == 0


def test_nothing_runs_on_after_the_session(session: Make, keys: Path) -> None:
    def tasks() -> int:
        return len(list(Path("/proc/self/task").iterdir()))

    with session(keys=keys) as warm:
        warm.start()
    before = tasks()
    with session(keys=keys) as s:
        s.start()
        assert tasks() > before
    assert tasks() == before


def test_killed_scenario_is_noticed_at_once(keys: Path) -> None:
    with Session(endpoint="tcp://127.0.0.1:0", keys=keys, timeout_s=60.0) as s:
        command = simulator_command(*s.flags, "--do=die", "--at=1")
        program = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        s.start()
        with pytest.raises(PeerDiedError, match="closed its connection"):
            s.step(None)
        program.wait()


@pytest.mark.parametrize(
    ("change", "agent_says", "scenario_says"),
    [
        (
            "scenario",
            "its key is not the one in scenario.public",
            "lets in another scenario.public than ours",
        ),
        ("agent", "its agent.public is not this agent's", "has other keys than agent.public"),
        ("none", "one side has keys, the other has none", "asks for "),
    ],
)
def test_wrong_keys_end_both_sides_and_both_say_so(
    keys: Path, strangers: Path, change: str, agent_says: str, scenario_says: str
) -> None:
    theirs = keys.with_name("theirs")
    shutil.copytree(keys, theirs)
    for path in theirs.glob(f"{change}.*"):
        shutil.copy(strangers / path.name, path)
    said: list[str] = []
    with Session(endpoint="tcp://127.0.0.1:0", keys=keys, timeout_s=1.0) as s:
        endpoint = s.endpoint
        scenario = threading.Thread(
            target=lambda: said.append(knock(endpoint, None if change == "none" else theirs, timeout_s=1.0))
        )
        scenario.start()
        with pytest.raises(PeerTimeoutError, match=f"came to nothing, because {agent_says}"):
            s.start()
        scenario.join()
    assert scenario_says in said[0]


def test_scenario_with_keys_is_not_served_without(keys: Path) -> None:
    with Session(endpoint="tcp://127.0.0.1:0", timeout_s=0.5) as s:
        endpoint, said = s.endpoint, list[str]()
        scenario = threading.Thread(target=lambda: said.append(knock(endpoint, keys, timeout_s=1.0)))
        scenario.start()
        with pytest.raises(PeerTimeoutError, match="one side has keys, the other has none"):
            s.start()
        scenario.join()
    assert "has no keys" in said[0] or "has other keys than agent.public, or none" in said[0]


def test_refusal_before_the_first_word_is_said(keys: Path, strangers: Path) -> None:
    """Connecting and being refused may take less time than the first message takes to make."""
    shutil.copy(keys / "agent.public", strangers)
    with Session(endpoint="tcp://127.0.0.1:0", keys=keys, timeout_s=1.0) as s:

        def listen() -> None:
            with contextlib.suppress(PeerTimeoutError):
                s.start()

        waiting = threading.Thread(target=listen)
        with RequestSocket(s.endpoint, keys=load_scenario_keys(strangers), timeout_s=10.0) as agent:
            waiting.start()
            time.sleep(0.5)
            with pytest.raises(NoAnswerError, match="lets in another"):
                agent.ask(b"")
        waiting.join()


def test_strangers_do_not_keep_the_scenario_out(session: Make, keys: Path, strangers: Path) -> None:
    with session("--steps=3", endpoint="tcp://127.0.0.1:0", keys=keys) as s:
        said: list[str] = []
        mixed = strangers.with_name("mixed")
        shutil.copytree(strangers, mixed)
        shutil.copy(keys / "agent.public", mixed)
        endpoint = s.endpoint
        stranger = threading.Thread(target=lambda: said.append(knock(endpoint, mixed)))
        stranger.start()
        time.sleep(0.2)
        state = s.start()
        while not state.game_over:
            state = s.step(None)
        stranger.join()
    assert "lets in another scenario.public" in said[0] or "closed" in said[0] or "no handshake" in said[0]


def test_flood_of_strangers_neither_stops_a_run_nor_its_end(session: Make, keys: Path) -> None:
    """libzmq's queue of events fills up, for a session that never waits long does not read it."""
    count, ends = [0], threading.Event()

    def flood(port: int) -> None:
        while not ends.is_set():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1) as stranger:
                stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
                count[0] += 1

    with session("--steps=100000", endpoint="tcp://127.0.0.1:0", keys=keys) as s:
        s.start()
        stranger = threading.Thread(target=flood, args=(int(s.endpoint.rpartition(":")[2]),))
        stranger.start()
        longest_s = 0.0
        while count[0] < 1500:
            time.sleep(0.02)
            started = time.monotonic()
            s.step(None)
            longest_s = max(longest_s, time.monotonic() - started)
        started = time.monotonic()
        s.close()
        ended_s = time.monotonic() - started
        ends.set()
        stranger.join()
    assert longest_s < 1.0
    assert ended_s < 2.0


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_forked_child_does_no_harm(session: Make, keys: Path) -> None:
    s = session(keys=keys)
    s.start()
    child = os.fork()
    if child == 0:
        s.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert s.step(None).observation["step"] == 1


# ---- Beyond this machine ----


@pytest.mark.parametrize("host", ["0.0.0.0", "*", "192.0.2.1", "eth0", "[::]", "agent.example"])
def test_other_hosts_are_reached_with_keys_alone(keys: Path, host: str) -> None:
    Session(["ls"], endpoint=f"tcp://{host}:5555", keys=keys)
    with pytest.raises(ValueError, match=r"which others can reach: allowed only with keys.*nru keys"):
        Session(["ls"], endpoint=f"tcp://{host}:5555")


@pytest.mark.parametrize(
    "text", ["tcp://a b:1", "tcp://x", "tcp://x:", "tcp://x:70000", "tcp://x/y:1", "x:1"]
)
def test_malformed_places_are_refused_with_keys_too(keys: Path, text: str) -> None:
    with pytest.raises(ValueError, match="endpoint: is '"):
        Session(["ls"], endpoint=text, keys=keys)


@pytest.mark.parametrize(
    "text", ["tcp://*:5555", "tcp://0.0.0.0:5555", "tcp://agent:0", "ipc://*", "tcp://127.0.0.1:*"]
)
def test_a_scenario_needs_a_place_to_connect_to(keys: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"endpoint: is '.*allowed"):
        RequestSocket(text, keys=load_scenario_keys(keys), timeout_s=1.0)

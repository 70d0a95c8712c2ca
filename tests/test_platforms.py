# SPDX-License-Identifier: GPL-2.0-only
"""What other systems lack, the mock does not ask for: macOS plays runs on it, Windows steps environments.

Tried on Linux with what they lack hidden from our modules; nothing was tried on these systems themselves.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

OF_LINUX = ["os.pidfd_open", "os.sched_getaffinity", "os.sched_setaffinity"]
OF_POSIX = [
    *(
        "os.fork",
        "os.getuid",
        "os.geteuid",
        "os.killpg",
        "os.register_at_fork",
        "os.O_DIRECTORY",
        "os.O_NOFOLLOW",
    ),
    *("signal.SIGKILL", "signal.SIGHUP", "signal.SIGSTOP", "socket.AF_UNIX", "time.clock_gettime"),
]
MODULES = ["fcntl", "grp", "pty", "pwd", "resource", "termios"]

# Modules are hidden from ours alone, and what others have is taken away once they are loaded.
HIDE = """
import builtins, os, signal, socket, sys, time
import gymnasium, matplotlib, multiprocessing.util, numba, pettingzoo, rich.console, scipy.optimize, tyro, zmq
names, modules = {names!r}, {modules!r}
for name in names:
    module, _, attribute = name.partition(".")
    delattr(sys.modules[module], attribute)
find = builtins.__import__
def find_unless_hidden(name, scope=None, *rest, **more):
    if name in modules and (scope or {{}}).get("__name__", "").startswith("pyagents"):
        raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
    return find(name, scope, *rest, **more)
builtins.__import__ = find_unless_hidden
"""
STEP = """
env = gymnasium.make("pyagents.envs:IndoorFactory-v0", simulator="mock", scenario="fig5", action="cio_db")
env.reset(seed=1)
for _ in range(3):
    env.step(env.action_space.sample())
env.close()
envs = gymnasium.make_vec("pyagents.envs:IndoorFactory-v0", 2, vectorization_mode="vector_entry_point")
envs.reset(seed=1)
envs.step(envs.action_space.sample())
from pyagents.scenarios.indoor_factory.envs import make_parallel_env
agents = make_parallel_env(simulator="mock", scenario="fig5")
agents.reset(seed=1)
agents.step({name: agents.action_space(name).sample() for name in agents.agents})
"""
RUN = """
from pyagents.cli import main
play = ["run", "--agent", "gt-rl", "--simulator", "mock", "--scenario", "fig5", "--steps", "2"]
code = main([*play, "--out", "run"])
sys.stdout.flush()
sys.exit(code)
"""


def play(names: list[str], modules: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    script = folder / "script.py"
    script.write_text(HIDE.format(names=names, modules=modules) + STEP + RUN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_macos_plays_the_mock(tmp_path: Path) -> None:
    done = play(OF_LINUX, [], tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run/rows.csv").is_file()


def test_windows_steps_environments_and_says_why_it_keeps_no_results(tmp_path: Path) -> None:
    done = play([*OF_LINUX, *OF_POSIX], MODULES, tmp_path)
    assert done.returncode == 1, done.stderr
    assert "this system has no locks of folders: use Linux or macOS" in done.stderr
    assert "Traceback" not in done.stderr

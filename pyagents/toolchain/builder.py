# SPDX-License-Identifier: GPL-2.0-only
"""Builds the C++ side with CMake, a program or all, only when sources, ns-3 or how it is built changed."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pyagents.core.content_key import content_key
from pyagents.core.locks import lock
from pyagents.toolchain.errors import ToolchainError
from pyagents.toolchain.ns3 import BUILD_STAMP, CHOICE_VARIABLE, Ns3, find_ns3
from pyagents.toolchain.progress import BuildProgress
from pyagents.toolchain.sources import build_directory, fingerprint, source_directory
from pyagents.toolchain.system import system_findings

SCENARIO = "indoor-factory"
ECHO = "gym-echo"
TEST_RUNNER = "nru-test-runner"

SANITIZERS_VARIABLE = "NRU_SANITIZE"
"""Environment variable that names sanitizers to build with, such as address,undefined."""

_SETTINGS = ("CXX", "CXXFLAGS", "LDFLAGS", "CMAKE_BUILD_TYPE")
"""Environment variables that decide what is built."""

_LOG_LINES = 40

_CONFIGURED = "nru-configured"
"""Name of the stamp that CMake leaves, before anything is compiled."""


@dataclass(frozen=True, kw_only=True)
class Build:
    """Programs, built or to be built, of one state of the sources against one ns-3."""

    ns3: Ns3
    """The ns-3 that they link."""
    sources: Path
    """The folder ns3_scratch."""
    directory: Path
    """CMake's build directory: of this ns-3 and these settings alone."""
    stamp: dict[str, str]
    """All that the programs depend on, as of now; a finished build leaves a copy in `directory`."""

    def program(self, name: str) -> Path:
        """Path of the program called `name`, whether built or not."""
        return self.directory / name

    def is_current(self, name: str = "") -> bool:
        """Whether the last build of all, or of one program, finished with sources and settings as now."""
        stamps = [self.built_stamp(name)]
        if name != TEST_RUNNER:  # which is not one of all
            stamps.append(self.built_stamp())
        return self.stamp in stamps and self.program(name or SCENARIO).is_file()

    def built_stamp(self, name: str = "") -> dict[str, str]:
        """Read what the last finished build depended on, of all or of one program; empty without one."""
        try:
            stamp: dict[str, str] = json.loads(self._stamp_path(name).read_text())
        except (OSError, ValueError):
            return {}
        return stamp

    def mark_built(self, name: str = "") -> None:
        """Record that all programs, or the one called `name`, are those of `stamp`."""
        self._stamp_path(name).write_text(json.dumps(self.stamp, indent=1))

    @property
    def log(self) -> Path:
        """All output of the last build."""
        return self.directory / "build.log"

    def _stamp_path(self, name: str) -> Path:
        return self.directory / (f"{name}.json" if name else BUILD_STAMP)


def plan(choice: str | None = None) -> Build:
    """Tell what `build` would build; ToolchainError without ns-3 or sources."""
    ns3 = find_ns3(choice)
    sources = source_directory()
    if ns3.kind == "programs":
        given = Build(ns3=ns3, sources=sources, directory=ns3.root, stamp={})
        return replace(given, stamp={**given.built_stamp(), "sources": fingerprint(sources)})
    settings = {
        "ns3": f"{ns3.version} {ns3.root}",
        # the environment: its Python goes by several names
        "python": sys.prefix if ns3.kind == "wheel" else "",
        **{name: os.environ.get(name, "") for name in _SETTINGS},
    }
    if sanitizers := os.environ.get(SANITIZERS_VARIABLE):
        settings["sanitizers"] = sanitizers
    return Build(
        ns3=ns3,
        sources=sources,
        directory=build_directory(sources, _label(ns3, sources, settings)),
        stamp={"sources": fingerprint(sources), "folder": str(sources), **settings},
    )


def _label(ns3: Ns3, sources: Path, settings: Mapping[str, str]) -> str:
    """Name the folder of what is built so: by ns-3 alone where the checkout's own .venv builds as usual."""
    is_usual = settings["python"] in ("", str(sources.parent / ".venv"))
    is_usual = is_usual and "sanitizers" not in settings and not any(settings[name] for name in _SETTINGS)
    return ns3.label if is_usual else f"{ns3.label}-{content_key(settings)[:8]}"


def build(choice: str | None = None, *, only: str = "", progress: BuildProgress | None = None) -> Build:
    """Build the programs, unless they are up to date. Two processes that build at once take turns.

    Args:
        choice: the ns-3, as `find_ns3` takes it.
        only: the one program that is built; empty: all of them, but for the test suites.
        progress: where to show it; standard error by default.

    Raises:
        ToolchainError: something is missing, or a command failed (the message ends with its output's end).
    """
    wanted = plan(choice)
    if wanted.is_current(only):
        return wanted
    if wanted.ns3.kind == "programs":
        raise ToolchainError(
            f"The programs in {wanted.directory} were built from other C++ sources than {wanted.sources}.",
            f"Build the image anew, or unset {CHOICE_VARIABLE} to build here.",
        )
    progress = progress or BuildProgress()
    with _one_at_a_time(wanted.directory, progress):
        if not wanted.is_current(only):
            _require_system_packages()
            what = {"": "all ns-3 programs", TEST_RUNNER: "the test suites"}.get(only, only)
            progress.say(f"Building {what} against {_describe(wanted)}")
            _configure(wanted, progress)
            _compile(wanted, progress, *(["--target", only] if only else []))
            wanted.mark_built(only)
            progress.finish("Built")
    return wanted


def scenario_program(name: str = SCENARIO) -> Path:
    """Find a family's program, built first where its sources changed; ToolchainError where it cannot be."""
    return build(only=name).program(name)


def test_runner() -> Path:
    """Find the program that runs the C++ test suites, built first, with all others, where sources changed.

    It takes as long to compile as all others together, so that `build` leaves it out.
    """
    wanted = build()
    runner = wanted.program(TEST_RUNNER)
    if wanted.ns3.kind == "programs":
        if not runner.is_file():
            raise ToolchainError(f"{wanted.directory} holds no {TEST_RUNNER}.", "Test where it was built.")
        return runner
    return build(only=TEST_RUNNER).program(TEST_RUNNER)


def _require_system_packages() -> None:
    missing = [finding for finding in system_findings() if not finding.found]
    if missing:
        lines = (f"  {finding.what}: {finding.detail}; {finding.remedy}" for finding in missing)
        raise ToolchainError("Building the ns-3 scenario needs what this machine lacks:\n" + "\n".join(lines))


def _describe(wanted: Build) -> str:
    return f"ns-3 {wanted.ns3.version} ({wanted.ns3.kind}) in {wanted.directory}"


def _configure(wanted: Build, progress: BuildProgress) -> None:
    before = {key: value for key, value in wanted.built_stamp(_CONFIGURED).items() if key != "sources"}
    after = {key: value for key, value in wanted.stamp.items() if key != "sources"}
    if before != after:  # CMake remembers folders: start anew where the checkout was moved
        shutil.rmtree(wanted.directory, ignore_errors=True)
    wanted.directory.mkdir(parents=True, exist_ok=True)
    wanted.log.unlink(missing_ok=True)
    configure = [
        "cmake",
        *(["-G", "Ninja"] if shutil.which("ninja") else []),
        *("-S", str(wanted.sources), "-B", str(wanted.directory)),
        f"-DNRU_NS3={wanted.ns3.choice}",
        f"-DPython3_EXECUTABLE={sys.executable}",
        f"-DNRU_SANITIZE={os.environ.get(SANITIZERS_VARIABLE, '')}",
    ]
    _logged(configure, wanted.log, progress)
    wanted.mark_built(_CONFIGURED)


def _compile(wanted: Build, progress: BuildProgress, *target: str) -> None:
    command = ["cmake", "--build", str(wanted.directory), *target]
    if not os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL"):
        command += ["--parallel", str(len(os.sched_getaffinity(0)))]
    _logged(command, wanted.log, progress)


def _logged(command: Sequence[str], log: Path, progress: BuildProgress) -> None:
    """Run a command, its output into `log` and onto `progress`; ToolchainError with its end if it fails."""
    lines: list[str] = []
    with log.open("a") as stream:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert process.stdout is not None
        try:
            for line in process.stdout:
                stream.write(line)
                lines.append(line.rstrip())
                progress.step(lines[-1])
        finally:
            process.stdout.close()
            if process.poll() is None and sys.exc_info()[0] is not None:
                process.terminate()
            status = process.wait()
    if status != 0:
        tail = "\n".join(_telling_part(lines))
        raise ToolchainError(
            f"{' '.join(command)}\nfailed with status {status}:\n{tail}", f"All of it: {log}"
        )


def _telling_part(lines: Sequence[str]) -> Sequence[str]:
    """Pick from the first failed command or CMake error on, else the end; no more than fits a screen."""
    for number, line in enumerate(lines):
        if line.startswith(("FAILED:", "CMake Error")) or ": error:" in line:
            return lines[number : number + _LOG_LINES]
    return lines[-_LOG_LINES:]


@contextmanager
def _one_at_a_time(directory: Path, progress: BuildProgress) -> Iterator[None]:
    """Hold the lock of a build directory; the system lets it go when the holder dies."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with (directory.parent / f"{directory.name}.lock").open("w") as file:
        waiting = False
        while True:
            try:
                lock(file.fileno())
                break
            except BlockingIOError:
                if not waiting:
                    progress.say(f"Waiting for another process that is building in {directory}")
                    waiting = True
                time.sleep(0.2)
        yield

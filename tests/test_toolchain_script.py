# SPDX-License-Identifier: GPL-2.0-only
"""The script `nru`, with stand-ins for the tools it calls."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "nru"
ORDINARY = (
    *("sh", "dirname", "readlink", "cksum", "cat", "tr", "flock", "id"),
    *("env", "mkdir", "cp", "chmod", "mktemp", "rm", "tail"),
)

PYTHON = """#!/bin/sh
echo "python $*" >>"$CALLS"
case "$1 $2" in
    "-m venv")
        mkdir -p "$4/bin"
        cp "$0" "$4/bin/python"
        printf '#!/bin/sh\\necho "ran $*"\\n' >"$4/bin/nru"
        printf '#!/bin/sh\\n' >"$4/bin/pip"
        chmod +x "$4"/bin/*
        ;;
    "-m pip") exit "${PIP_STATUS:-0}" ;;
esac
"""


class Machine:
    """A folder with a copy of the script, and all the programs that it can see."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.bin, self.calls = folder / "check out", folder / "bin", folder / "calls"
        self.checkout.mkdir()
        self.bin.mkdir()
        shutil.copy(SCRIPT, self.checkout / "nru")
        (self.checkout / "pyproject.toml").touch()
        for name in ORDINARY:
            program = shutil.which(name)
            assert program is not None
            (self.bin / name).symlink_to(program)

    def add(self, name: str, text: str = "#!/bin/sh\nexit 0\n") -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def add_build_tools(self) -> None:
        for name in ("c++", "cmake", "ninja", "protoc", "pkg-config"):
            self.add(name)

    def nru(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        return subprocess.run(
            [self.checkout / "nru", *arguments],
            env={"PATH": str(self.bin), "CALLS": str(self.calls), **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.add("python3", PYTHON)
    return machine


def test_a_first_start_sets_up_and_hands_over(machine: Machine) -> None:
    machine.add_build_tools()
    result = machine.nru("run", "--seed", "1")
    assert result.stdout == "ran run --seed 1\n", result.stderr
    calls = machine.calls.read_text()
    assert f"install --quiet --editable {machine.checkout}[optimum]" in calls
    assert "[test]" not in calls
    assert "install --quiet --no-deps ns3==3.44.*" in calls


def test_only_tests_bring_what_they_need(machine: Machine) -> None:
    machine.add_build_tools()
    machine.nru("run")
    machine.nru("test")
    assert f"install --quiet --editable {machine.checkout}[test]" in machine.calls.read_text()
    assert machine.nru("test").stdout == "ran test\n"
    assert machine.calls.read_text() == ""


def test_a_second_start_calls_neither_pip_nor_python(machine: Machine) -> None:
    machine.add_build_tools()
    machine.nru("demo")
    result = machine.nru("demo")
    assert result.stdout == "ran demo\n"
    assert machine.calls.read_text() == ""
    assert result.stderr == ""


def test_changed_dependencies_are_installed(machine: Machine) -> None:
    machine.add_build_tools()
    machine.nru("demo")
    (machine.checkout / "pyproject.toml").write_text("[project]\n")
    machine.nru("demo")
    assert "install --quiet --editable" in machine.calls.read_text()


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["doctor"], []])
def test_telling_needs_no_simulator(machine: Machine, arguments: list[str]) -> None:
    result = machine.nru(*arguments)
    assert result.returncode == 0, result.stderr
    assert "ns3" not in machine.calls.read_text()


def test_no_simulator_is_set_up_where_none_is_wanted(machine: Machine) -> None:
    result = machine.nru("run", NRU_NS3="none")
    assert result.stdout == "ran run\n", result.stderr
    assert "ns3" not in machine.calls.read_text()


def test_another_distribution_is_told_what_to_install(machine: Machine) -> None:
    result = machine.nru("demo")
    assert result.returncode == 1
    for package in ("g++", "cmake", "protobuf-compiler", "libprotobuf-dev", "libzmq3-dev"):
        assert package in result.stderr


def test_who_may_not_install_is_told_what_root_should(machine: Machine) -> None:
    machine.add("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    machine.add("id", "#!/bin/sh\necho 1000\n")
    result = machine.nru("demo")
    assert result.returncode == 1
    assert "as root: apt-get install g++ cmake" in result.stderr
    assert "apt-get" not in machine.calls.read_text()


def test_what_is_missing_and_only_that_comes_from_apt(machine: Machine) -> None:
    machine.add_build_tools()
    (machine.bin / "protoc").unlink()
    machine.add("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    machine.add("sudo", '#!/bin/sh\n"$@"\n')
    result = machine.nru("demo")
    assert "installing system packages with apt: protobuf-compiler" in result.stderr
    installs = [line for line in machine.calls.read_text().splitlines() if line.startswith("apt-get install")]
    assert [line.split()[-2:] for line in installs] == [["--no-install-recommends", "protobuf-compiler"]]


NO_ALLOCATOR = '#!/bin/sh\n[ "$2" != libtcmalloc_minimal ]\n'


def test_the_allocator_comes_from_apt_too(machine: Machine) -> None:
    machine.add_build_tools()
    machine.add("pkg-config", NO_ALLOCATOR)
    machine.add("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    machine.add("id", "#!/bin/sh\necho 0\n")
    result = machine.nru("demo")
    assert result.stdout == "ran demo\n", result.stderr
    assert "--no-install-recommends libgoogle-perftools-dev\n" in machine.calls.read_text()


@pytest.mark.parametrize("apt", [None, "#!/bin/sh\nexit 100\n"])
def test_no_allocator_is_no_obstacle(machine: Machine, apt: str | None) -> None:
    machine.add_build_tools()
    machine.add("pkg-config", NO_ALLOCATOR)
    machine.add("id", "#!/bin/sh\necho 0\n")
    if apt:
        machine.add("apt-get", apt)
    result = machine.nru("demo")
    assert result.stdout == "ran demo\n", result.stderr
    assert "going on without libgoogle-perftools-dev" in result.stderr


def test_what_apt_said_is_shown_when_it_fails(machine: Machine) -> None:
    machine.add("apt-get", '#!/bin/sh\necho "E: Unable to locate package"\nexit 100\n')
    machine.add("sudo", '#!/bin/sh\n"$@"\n')
    result = machine.nru("demo")
    assert result.returncode == 1
    assert "E: Unable to locate package" in result.stderr
    assert "install these by hand" in result.stderr


def test_debians_ns3_is_installed_where_it_is_chosen(machine: Machine) -> None:
    has_it = Path("/usr/include/ns3/core-module.h").exists()
    machine.add_build_tools()
    machine.add("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    machine.add("sudo", '#!/bin/sh\n"$@"\n')
    result = machine.nru("demo", NRU_NS3="debian")
    assert result.stdout == "ran demo\n", result.stderr
    assert ("libns3-dev" in machine.calls.read_text()) is not has_it
    assert "ns3==" not in machine.calls.read_text()


def test_a_failed_installation_is_not_taken_for_done(machine: Machine) -> None:
    machine.add_build_tools()
    assert machine.nru("demo", PIP_STATUS="1").returncode != 0
    machine.nru("demo")
    assert "install --quiet --editable" in machine.calls.read_text()


def test_an_old_python_alone_asks_for_another(machine: Machine) -> None:
    machine.add("python3", "#!/bin/sh\nexit 1\n")
    result = machine.nru("demo")
    assert result.returncode == 1
    assert "python3-venv" in result.stderr


def test_the_script_runs_through_a_link_from_anywhere(machine: Machine, tmp_path: Path) -> None:
    machine.add_build_tools()
    link = tmp_path / "nru-link"
    link.symlink_to(machine.checkout / "nru")
    environment = {"PATH": str(machine.bin), "CALLS": str(machine.calls)}
    result = subprocess.run(
        [link, "demo"], cwd="/", env=environment, capture_output=True, text=True, timeout=60
    )
    assert result.stdout == "ran demo\n", result.stderr
    assert (machine.checkout / ".venv/nru-python").is_file()

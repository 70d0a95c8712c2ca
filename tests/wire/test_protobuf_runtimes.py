# SPDX-License-Identifier: GPL-2.0-only
"""The generated code: up to date, and at home on the runtime that is installed, in C and in Python."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.internal import api_implementation

ROOT = Path(__file__).parents[2]
PROTOCOL = ROOT / "pyagents" / "wire" / "protocol"
PROTOC = shutil.which("protoc")
GENERATOR = (3, 21, 12)
"""The generated code is this protoc's: old enough for every protobuf since 3.20, which newer ones' is not."""


def protoc_version() -> tuple[int, ...]:
    if PROTOC is None:
        return ()
    text = subprocess.run([PROTOC, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.findall(r"\d+", text)))


@pytest.mark.skipif(PROTOC is None, reason="needs protoc")
def test_generated_code_describes_the_committed_messages(tmp_path: Path) -> None:
    from google.protobuf import descriptor_pb2

    from pyagents.wire.protocol import messages_pb2

    out = tmp_path / "messages.bin"
    source = ROOT / "ns3_scratch" / "gym"
    subprocess.run([str(PROTOC), f"-I{source}", f"--descriptor_set_out={out}", "messages.proto"], check=True)
    (wanted,) = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file
    found = descriptor_pb2.FileDescriptorProto()
    messages_pb2.DESCRIPTOR.CopyToProto(found)
    for description in (wanted, found):  # protoc adds these, Python's generator leaves them out
        for message in description.message_type:
            for field in message.field:
                field.ClearField("json_name")
    assert found == wanted


@pytest.mark.skipif(protoc_version() != GENERATOR, reason=f"needs protoc {'.'.join(map(str, GENERATOR))}")
def test_generated_code_is_what_protoc_writes(tmp_path: Path) -> None:
    source = ROOT / "ns3_scratch" / "gym"
    outputs = [f"--python_out={tmp_path}", f"--pyi_out={tmp_path}"]
    subprocess.run([str(PROTOC), f"-I{source}", *outputs, "messages.proto"], check=True)
    for name in ("messages_pb2.py", "messages_pb2.pyi"):
        committed = (PROTOCOL / name).read_text().splitlines()
        generated = (tmp_path / name).read_text().splitlines()
        assert committed[-len(generated) :] == generated
        assert all(line.startswith("#") for line in committed[: -len(generated)])


@pytest.mark.skipif(api_implementation.Type() == "python", reason="this is the one in Python")
@pytest.mark.filterwarnings("ignore")
def test_codec_works_on_the_runtime_in_python(tmp_path: Path) -> None:
    tests = [str(Path(__file__).with_name(name)) for name in ("test_golden_bytes.py", "test_malformed.py")]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env={**os.environ, "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert "passed" in result.stdout

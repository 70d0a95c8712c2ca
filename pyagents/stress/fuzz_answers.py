# SPDX-License-Identifier: GPL-2.0-only
"""Malformed answers at both halves: each is taken by both, or refused by both, and nothing else happens."""

import re
import subprocess
from pathlib import Path
from random import Random

import numpy as np

from pyagents.stress.echo import TAKEN, draw_action, echo_command
from pyagents.stress.mutation import mutate
from pyagents.stress.tally import Tally
from pyagents.wire import ProtocolError
from pyagents.wire.protocol.codec import ActionCodec

MESSAGES = 10_000
"""Of a round, that is of a program."""
_PATIENCE_S = 300.0
_CUT = re.compile(rb"[\x80-\xff]{9}[\x02-\x7f]|[\x80-\xff]{4}[\x10-\x7f]")
"""What may be a number beyond 64 bits, or a tag or a length beyond 32: protobuf cuts them in C++, in Python
it does not take them. Nobody who speaks protobuf writes such."""


def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
    """Have ten thousand answers judged by Python and by one C++ program."""
    codec, chance = ActionCodec(TAKEN), Random(rng.bytes(16))
    whole = [codec.encode(draw_action(rng)) for _ in range(8)] + [codec.encode(None, stop=True)]
    frames = [mutate(chance.choice(whole), whole, chance) for _ in range(MESSAGES)]
    verdicts = _judged_by_program(frames, folder, tally)
    for frame, verdict in zip(frames, verdicts, strict=True):
        try:
            codec.decode(frame)
        except ProtocolError:
            ours = "0"
        except Exception as error:
            ours = f"{type(error).__name__}: {error}"
        else:
            ours = "1"
        if (ours, verdict) == ("0", "1") and _CUT.search(frame):
            tally.count("cut in C++")
        else:
            tally.judge(ours == verdict, f"Python: {ours}, C++: {verdict}, of {frame.hex()}")
    tally.count("taken", verdicts.count("1"))
    tally.count("refused", verdicts.count("0"))


def _judged_by_program(frames: list[bytes], folder: Path, tally: Tally) -> str:
    """What the C++ half says of each: 1 if it takes it, 0 if it does not."""
    sized = (len(frame).to_bytes(4, "little") + frame for frame in frames)
    (folder / "answers").write_bytes(b"".join(sized))
    command = [*echo_command(folder, 1), f"--answers={folder / 'answers'}"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S)
    told = re.sub(r"\[libprotobuf .*\n", "", ended.stderr)
    tally.judge(ended.returncode == 0 and not told, f"the program ended with {ended.returncode}, {told!r}")
    return (folder / "times").read_text().ljust(len(frames), "-")

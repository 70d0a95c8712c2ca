# SPDX-License-Identifier: GPL-2.0-only
"""Malformed messages at the Python half: each is read, or refused by ProtocolError, and nothing else."""

from pathlib import Path
from random import Random

import numpy as np

from pyagents.stress.echo import SEEN, TAKEN, draw_action, draw_state
from pyagents.stress.mutation import mutate
from pyagents.stress.tally import Tally
from pyagents.wire import ProtocolError, Reason, State
from pyagents.wire.protocol.codec import ActionCodec, Init, StateCodec, decode_init, encode_init

MESSAGES = 1000
"""Of a round."""


def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
    """Read a thousand messages, most of them malformed."""
    states, actions = StateCodec(SEEN), ActionCodec(TAKEN)
    reason = Reason(int(rng.integers(0, 2)))
    frames = [states.encode(State(draw_state(rng), float(rng.random()), k == 0, reason)) for k in range(4)]
    inits = [encode_init(Init(observation_space=SEEN, action_space=TAKEN, process_id=1))]
    answers = [actions.encode(draw_action(rng)) for _ in range(4)]
    readers = [(states.decode, frames), (decode_init, inits), (actions.decode, answers)]
    everything, chance = [*frames, *inits, *answers], Random(rng.bytes(16))
    for read, whole in chance.choices(readers, weights=[8, 1, 1], k=MESSAGES):
        frame = chance.choice(whole)
        if chance.random() < 0.9:
            frame = mutate(frame, everything, chance)
        try:
            read(frame)
        except ProtocolError:
            tally.count("refused")
        except Exception as error:
            tally.judge(False, f"{type(error).__name__}: {error}, of {frame.hex()}")
        else:
            tally.count("read")

# SPDX-License-Identifier: GPL-2.0-only
"""The hall as a program: takes the scenario program's flags and speaks the wire; all but ns-3 is real.

HALL_FAULT=STEP:WHAT in the environment makes it die, hang, exit or send nonsense instead of that state;
HALL_WITHOUT=FIELD leaves a field out.
"""

import argparse
import dataclasses
import os
import signal
import sys
import time
from typing import Any

import numpy as np
import zmq

from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.simulators.ns3 import flag_name
from pyagents.wire.protocol.codec import (
    ActionCodec,
    Init,
    Reason,
    State,
    StateCodec,
    decode_init_ack,
    encode_init,
)
from pyagents.wire.protocol.spaces import Box, Dict
from tests.hall import Hall

INFINITY = float("inf")


def main() -> None:
    scenario, seed, endpoint = parse(sys.argv[1:])
    fault_step, _, fault = os.environ.get("HALL_FAULT", "-1:").partition(":")
    with Hall(load_noise=0.05) as hall, zmq.Context() as context, context.socket(zmq.REQ) as socket:
        socket.connect(endpoint)
        snapshot = hall.reset(scenario, seed)
        observation, action = spaces(snapshot, scenario)
        socket.send(encode_init(Init(observation_space=observation, action_space=action)))
        if decode_init_ack(socket.recv()):
            return
        states, actions, step = StateCodec(observation), ActionCodec(action), 0
        while True:
            say(f"step {step}")
            if step == int(fault_step):
                misbehave(fault, socket)
            end = Reason.SIMULATION_END if hall.done else None
            socket.send(states.encode(State(as_arrays(snapshot), game_over=hall.done, reason=end)))
            answer, stop = actions.decode(socket.recv())
            if stop:
                return
            snapshot, step = hall.step(Action(**(answer or {}))), step + 1


def parse(arguments: list[str]) -> tuple[Scenario, int, str]:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for field in dataclasses.fields(Scenario):
        parser.add_argument(f"--{flag_name(field.name)}", dest=field.name)
    parser.add_argument("--simSeed", type=int, default=1)
    parser.add_argument("--openGymEndpoint", required=True)
    given = vars(parser.parse_args(arguments))
    seed, endpoint = given.pop("simSeed"), given.pop("openGymEndpoint")
    values = {name: typed(name, text) for name, text in given.items() if text is not None}
    return Scenario.from_dict(values), seed, endpoint


def typed(name: str, text: str) -> Any:
    default = getattr(Scenario(), name)
    if isinstance(default, bool):
        return {"true": True, "false": False}[text]
    return float(text) if default is None else type(default)(text)


def spaces(snapshot: Snapshot, scenario: Scenario) -> tuple[Dict, Dict]:
    arrays = as_arrays(snapshot)
    observation = {
        name: Box(-INFINITY, INFINITY, array.shape, "int32" if array.dtype == np.int32 else "float64")
        for name, array in arrays.items()
    }
    n, g = scenario.n_ues, scenario.n_gnbs
    action = {
        "cho_target": Box(-1, g - 1, (n,), "int32"),
        "cio_db": Box(-24, 24, (g, g), "float64"),
        "channel": Box(-1, scenario.n_channels - 1, (g,), "int32"),
    }
    return Dict(observation), Dict(action)


def as_arrays(snapshot: Snapshot) -> dict[str, Any]:
    without = os.environ.get("HALL_WITHOUT")
    return {name: np.atleast_1d(getattr(snapshot, name)) for name in Snapshot.facts() if name != without}


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def misbehave(fault: str, socket: zmq.Socket[bytes]) -> None:
    say(f"about to {fault}")
    match fault:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(60)
        case "exit":
            sys.exit(3)
        case "nonsense":
            socket.send(b"\xff" * 20)
            socket.recv()
            sys.exit(3)


if __name__ == "__main__":
    main()

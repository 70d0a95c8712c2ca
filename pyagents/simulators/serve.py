# SPDX-License-Identifier: GPL-2.0-only
"""Lets a Simulator speak ns3-gym's protocol, as the ns-3 scenario program does.

So the bridge, and any stock ns3-gym client, can be tried without ns-3. As in ns-3 the agent listens and the
simulator connects: on loopback or a Unix socket or, with keys, anywhere.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from pyagents.core.simulator import Simulator
from pyagents.scenarios.indoor_factory.delays import N_DELAYS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import CIO_LIMIT_DB, MAX_LOAD, Action, Snapshot
from pyagents.wire import Box, Dict, ProtocolError, Reason, State
from pyagents.wire.process.keys import ScenarioKeys
from pyagents.wire.process.request_socket import RequestSocket
from pyagents.wire.protocol.codec import ActionCodec, Init, StateCodec, decode_init_ack, encode_init
from pyagents.wire.protocol.spaces import Value

_UNBOUNDED = (-math.inf, math.inf)


def observation_space(scenario: Scenario) -> Dict:
    """What the scenario program announces that it sends: a Box for each field of Snapshot."""
    sizes = {"U": scenario.n_ues, "G": scenario.n_gnbs, "D": N_DELAYS, "3": 3}
    bounds: Mapping[str, tuple[float, float]] = {
        "rsrp_dbm": _UNBOUNDED,
        "ue_position_m": _UNBOUNDED,
        "gnb_position_m": _UNBOUNDED,
        "gnb_rsrp_dbm": _UNBOUNDED,
        "load": (0, MAX_LOAD),
        "sib_load": (0, MAX_LOAD),
        "airtime": (0, 1),
        "airtime_used": (0, 1),
        "cio_db": (-CIO_LIMIT_DB, CIO_LIMIT_DB),
        "serving": (0, scenario.n_gnbs - 1),
        "channel": (0, scenario.n_channels - 1),
    }
    integers = {field.name for field in fields(Snapshot) if "int32" in str(field.type)}
    boxes = {}
    for name, facts in Snapshot.facts().items():
        low, high = bounds.get(name, (0, math.inf))
        shape = tuple(sizes[axis] for axis in facts.axes) or (1,)
        boxes[name] = Box(low, high, shape, "int32" if name in integers else "float64")
    return Dict(boxes)


def action_space(scenario: Scenario) -> Dict:
    """What the scenario program announces that it takes; `cio_db` flat, as Boxes of actions travel."""
    g, u = scenario.n_gnbs, scenario.n_ues
    return Dict(
        {
            "cho_target": Box(-1, g - 1, (u,), "int32"),
            "cio_db": Box(-CIO_LIMIT_DB, CIO_LIMIT_DB, (g * g,), "float64"),
            "channel": Box(-1, scenario.n_channels - 1, (g,), "int32"),
        }
    )


def serve(
    simulator: Simulator,
    scenario: Scenario,
    seed: int,
    endpoint: str,
    *,
    keys: ScenarioKeys | None = None,
    timeout_s: float = 600.0,
) -> int:
    """Play one run for the agent that listens at an endpoint.

    Args:
        simulator: plays the scenario; the caller closes it.
        scenario: the situation.
        seed: number of the random run.
        endpoint: `tcp://127.0.0.1:PORT`, `ipc:///PATH` or, with keys, `tcp://HOST:PORT`.
        keys: for an agent that has some.
        timeout_s: deadline of each wait for the agent.

    Returns:
        How many actions were applied: fewer than `Scenario.steps` where the agent asked to stop.

    Raises:
        ValueError: the endpoint is beyond this machine without keys, or malformed.
        NoAnswerError: the agent did not answer in time, or wants other keys; names the endpoint.
        ProtocolError: what it answered is no action of this scenario.
    """
    with RequestSocket(endpoint, keys=keys, timeout_s=timeout_s) as agent:
        return _play(agent, simulator, scenario, seed)


def _play(agent: RequestSocket, simulator: Simulator, scenario: Scenario, seed: int) -> int:
    seen, done = observation_space(scenario), action_space(scenario)
    states, actions = StateCodec(seen), ActionCodec(done)
    init = Init(
        observation_space=seen, action_space=done, process_id=os.getpid(), parent_process_id=os.getppid()
    )
    if decode_init_ack(agent.ask(encode_init(init))):
        return 0
    now, count = simulator.reset(scenario, seed), 0
    while True:
        reason = Reason.SIMULATION_END if simulator.done else None
        state = State(_observation(now), 0.0, reason is not None, reason, "")
        action, stops = actions.decode(agent.ask(states.encode(state)))
        if stops or reason is not None:
            return count
        now, count = simulator.step(_action(action, scenario.n_gnbs)), count + 1


def _observation(snapshot: Snapshot) -> dict[str, Value]:
    return {name: np.ascontiguousarray(np.atleast_1d(getattr(snapshot, name))) for name in Snapshot.facts()}


def _action(value: Value, n_gnbs: int) -> Action:
    if value is None:
        return Action()
    if not isinstance(value, Mapping):
        raise ProtocolError(f"action: is a {type(value).__name__}; allowed is a Dict")
    arrays = dict(value)
    if "cio_db" in arrays:
        arrays["cio_db"] = arrays["cio_db"].reshape(n_gnbs, n_gnbs)
    return Action(**arrays)

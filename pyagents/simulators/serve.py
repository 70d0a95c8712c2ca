# SPDX-License-Identifier: GPL-2.0-only
"""Lets a Simulator speak ns3-gym's protocol, as the ns-3 scenario program does.

So the bridge, and any stock ns3-gym client, can be tried without ns-3. As in ns-3 the agent listens and the
simulator connects: on loopback or a Unix socket or, with keys, anywhere.
"""

import os
from collections.abc import Mapping

from pyagents.core.families import find_family
from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.core.snapshot import Action
from pyagents.simulators.announcement import announce
from pyagents.simulators.spaces import action_space, observation_space
from pyagents.wire import ProtocolError, Reason, State
from pyagents.wire.process.keys import ScenarioKeys
from pyagents.wire.process.request_socket import RequestSocket
from pyagents.wire.protocol.codec import ActionCodec, Init, StateCodec, decode_init_ack, encode_init
from pyagents.wire.protocol.spaces import Value


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
        told = "" if count else announce(scenario, seed)
        state = State(now.to_arrays(), 0.0, reason is not None, reason, told)
        action, stops = actions.decode(agent.ask(states.encode(state)))
        if stops or reason is not None:
            return count
        now, count = simulator.step(_action(action, scenario)), count + 1


def _action(value: Value, scenario: Scenario) -> Action:
    kind, sizes = find_family(scenario.family).action, scenario.sizes()
    if value is None:
        return kind()
    if not isinstance(value, Mapping):
        raise ProtocolError(f"action: is a {type(value).__name__}; allowed is a Dict")
    return kind(**{name: array.reshape(kind.facts()[name].shape(sizes)) for name, array in value.items()})

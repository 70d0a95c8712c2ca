# SPDX-License-Identifier: GPL-2.0-only
"""The bridge's Python half: drives ns-3 programs that speak ns3-gym's protocol.

    with Session(["./indoor-factory", "--simSeed=1"], log_path=Path("ns3.log")) as session:
        state = session.start()
        while not state.game_over:
            state = session.step({"knob": values})

Python listens, ns-3 connects, on loopback or a Unix socket only, or with keys from anywhere. Every wait has a
deadline.
"""

from pyagents.wire.errors import (
    LaunchError,
    PeerDiedError,
    PeerError,
    PeerTimeoutError,
    ProtocolError,
    SessionError,
    WireError,
)
from pyagents.wire.process.session import Session
from pyagents.wire.protocol.codec import Reason, State
from pyagents.wire.protocol.spaces import Box, Dict, Discrete, Space, Tuple

__all__ = [
    "Box",
    "Dict",
    "Discrete",
    "LaunchError",
    "PeerDiedError",
    "PeerError",
    "PeerTimeoutError",
    "ProtocolError",
    "Reason",
    "Session",
    "SessionError",
    "Space",
    "State",
    "Tuple",
    "WireError",
]

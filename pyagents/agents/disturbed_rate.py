# SPDX-License-Identifier: GPL-2.0-only
"""What a link carries when nobody on its channel keeps quiet for it."""

from typing import Protocol

import numpy as np

from pyagents.agents.reported_links import BANDWIDTH_HZ, MAX_EFFICIENCY, MAX_RATE_BPS
from pyagents.scenario import Scenario
from pyagents.snapshot import Floats, Ints


class Powers(Protocol):
    """What is read of a Snapshot, or of the Snapshots of a batch."""

    @property
    def rsrp_dbm(self) -> Floats:
        """[..., U, G]."""

    @property
    def channel(self) -> Ints:
        """[..., G]."""


def disturbed_rate_bps(seen: Powers, scenario: Scenario) -> Floats:
    """[..., U, G] full-band rate of each link while all others of its channel transmit, Eq (1) with a gap.

    The SINR that a UE measures of a cell is that of the cell's discovery bursts, which go on the air when the
    cell finds it idle. A neighbour that the cell does not hear is on the air at other times, too. RSRP and
    channels of all cells, which the UE knows, tell what is left of the link then.

    Args:
        seen: RSRP and channels.
        scenario: has the noise figure that UEs are specified to, and the gap of coding to Shannon's bound.
    """
    signal_mw = 10 ** (seen.rsrp_dbm / 10)
    noise_mw = 10 ** ((-174 + 10 * np.log10(BANDWIDTH_HZ) + scenario.ue_noise_figure_db) / 10)
    channel = seen.channel
    same = (channel[..., :, None] == channel[..., None, :]) & ~np.eye(channel.shape[-1], dtype=bool)
    sinr = signal_mw / (noise_mw + signal_mw @ same) / 10 ** (scenario.snr_gap_db / 10)
    rate: Floats = MAX_RATE_BPS * np.minimum(np.log2(1 + sinr) / MAX_EFFICIENCY, 1.0)
    return rate

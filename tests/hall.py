# SPDX-License-Identifier: GPL-2.0-only
"""A hall in a few lines, for tests of everything above the simulators: no packets, no contention, no motion.

Loads follow Eq (2) with an airtime that co-channel gNBs leave each other; handovers obey at once; SIBx
carries last step's loads to whoever is in range.
"""

from types import TracebackType
from typing import Self

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.delays import N_DELAYS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import MAX_LOAD, RESOURCE_ELEMENTS_DB, Action, Snapshot

NOISE_DBM = -92 - RESOURCE_ELEMENTS_DB
"""Noise in a resource element, of a UE with a noise figure of 9 dB."""


class Hall:
    """A `Simulator` that agents can be tried on.

    Args:
        sib_loss: share of the SIBx instances that a UE does not decode.
        load_noise: relative standard deviation of a gNB's measured load.
    """

    def __init__(self, *, sib_loss: float = 0.0, load_noise: float = 0.0) -> None:
        self.sib_loss, self.load_noise = sib_loss, load_noise
        self.closed = False

    def reset(self, scenario: Scenario, seed: int) -> Snapshot:
        self.scenario, self.rng, self.count = scenario, np.random.default_rng(seed), -1
        n, g = scenario.n_ues, scenario.n_gnbs
        self.gnb_m = _grid(scenario)
        self.ue_m = np.column_stack(
            [
                self.rng.uniform(0, scenario.hall_length_m, n),
                self.rng.uniform(0, scenario.hall_width_m, n),
                np.full(n, scenario.ue_height_m),
            ]
        )
        power_dbm = received_dbm(scenario, self.ue_m, self.gnb_m) - self.rng.normal(0, 6, (n, g))
        self.rsrp_dbm = power_dbm - RESOURCE_ELEMENTS_DB
        self.gnb_rsrp_dbm = received_dbm(scenario, self.gnb_m, self.gnb_m) - RESOURCE_ELEMENTS_DB
        np.fill_diagonal(self.gnb_rsrp_dbm, np.nan)
        snr = 10 ** ((self.rsrp_dbm - NOISE_DBM - scenario.snr_gap_db) / 10)
        self.rate_bps = 100.4e6 * np.minimum(np.log2(1 + snr) / 7.4, 1.0)
        self.demand_bps = np.full(n, scenario.demand_mbps * 1e6)
        if scenario.demand_distribution == "uniform":
            self.demand_bps += self.rng.uniform(-0.5, 0.5, n) * scenario.demand_width_mbps * 1e6
        self.serving: Ints = self.rsrp_dbm.argmax(axis=1).astype(np.int32)
        self.channel: Ints = (np.arange(g) % scenario.n_channels).astype(np.int32)
        self.cio_db = np.zeros((g, g))
        self.sib_load, self.sib_age_s = np.full((n, g), np.nan), np.full((n, g), np.inf)
        self.handovers = np.zeros(n)
        self.bytes = np.zeros((4, n))
        self.load: Floats | None = None
        self.heard = np.zeros((n, g))
        return self._advance()

    def step(self, action: Action) -> Snapshot:
        scenario = self.scenario
        arrays = action.to_arrays(scenario.sizes())
        target = arrays.get("cho_target", np.full(scenario.n_ues, -1))
        rows = np.arange(scenario.n_ues)
        allowed = (target >= 0) & (self.rsrp_dbm[rows, target] >= scenario.cho_rsrp_threshold_dbm)
        moved = np.where(allowed, target, self.serving).astype(np.int32)
        self.handovers = self.handovers + (moved != self.serving)
        self.serving = moved
        self.cio_db = arrays.get("cio_db", self.cio_db)
        return self._advance()

    @property
    def done(self) -> bool:
        return self.count >= self.scenario.steps

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _advance(self) -> Snapshot:
        scenario, self.count = self.scenario, self.count + 1
        need = needed_airtime(self.serving, self.demand_bps, self.rate_bps)
        airtime = shared_airtime(need, self.channel)
        load = need / airtime * (1 + self.load_noise * self.rng.normal(size=len(need)))
        load = np.minimum(load, MAX_LOAD)
        hears = (self.rsrp_dbm >= NOISE_DBM) & (self.rng.random(self.rsrp_dbm.shape) >= self.sib_loss)
        self.sib_load = np.where(hears, load if self.load is None else self.load, self.sib_load)
        self.sib_age_s = np.where(hears, 0.0, self.sib_age_s + scenario.step_s)
        self.heard = self.heard + hears
        self.load = load
        delivered_bps = self.demand_bps * np.minimum(1, 1 / np.maximum(load, 1e-9))[self.serving]
        moved = np.stack([self.demand_bps, delivered_bps]) * scenario.step_s / 8
        self.bytes += [moved[0], moved[1], moved[0] - moved[1], 0 * moved[0]]
        due = np.full(scenario.n_gnbs, self.count + 1.0)
        return Snapshot(
            time_s=(self.count + 1) * scenario.step_s,
            rsrp_dbm=self.rsrp_dbm,
            rate_bps=self.rate_bps,
            serving=self.serving,
            demand_bps=self.demand_bps,
            delivered_bps=delivered_bps,
            sib_load=self.sib_load,
            sib_age_s=self.sib_age_s,
            rssi_dbm=np.full(scenario.n_ues, np.nan),
            channel_occupancy=np.full(scenario.n_ues, np.nan),
            load=load,
            airtime=airtime,
            airtime_used=np.minimum(need, airtime),
            cio_db=self.cio_db,
            channel=self.channel,
            handovers=self.handovers,
            handover_failures=np.zeros_like(self.handovers),
            ping_pongs=np.zeros_like(self.handovers),
            offered_bytes=self.bytes[0].copy(),
            delivered_bytes=self.bytes[1].copy(),
            late_bytes=np.zeros(scenario.n_ues),
            dropped_bytes=self.bytes[2].copy(),
            queued_bytes=self.bytes[3].copy(),
            delays=np.zeros((scenario.n_ues, N_DELAYS)),
            sib_due=due,
            sib_sent=due,
            sib_heard=self.heard,
            ue_position_m=self.ue_m,
            gnb_position_m=self.gnb_m,
            gnb_rsrp_dbm=self.gnb_rsrp_dbm,
            wifi_offered_bytes=0.0,
            wifi_delivered_bytes=0.0,
            wifi_delays=np.zeros(N_DELAYS),
        )


def received_dbm(scenario: Scenario, at_m: Floats, from_m: Floats) -> Floats:
    """[A, B] power over the channel, in line of sight and without shadow fading."""
    distance_m = np.maximum(np.linalg.norm(at_m[:, None] - from_m[None], axis=2), 1.0)
    loss_db = 32.4 + 17.3 * np.log10(distance_m) + 20 * np.log10(scenario.carrier_frequency_ghz)
    power_dbm: Floats = scenario.gnb_tx_power_dbm - loss_db
    return power_dbm


def needed_airtime(serving: Ints, demand_bps: Floats, rate_bps: Floats) -> Floats:
    """[G] share of time that the demand of each gNB's UEs takes at their full-band rates."""
    shares = demand_bps / rate_bps[np.arange(len(serving)), serving]
    return np.bincount(serving, weights=shares, minlength=rate_bps.shape[1]).astype(np.float64)


def shared_airtime(need: Floats, channel: Ints) -> Floats:
    """[G] what others on the channel leave, at least an equal share."""
    airtime = np.ones(len(need))
    shares_channel = channel[:, None] == channel[None]
    for _ in range(100):
        used = np.minimum(need, airtime)
        others = shares_channel @ used - used
        airtime = 0.5 * airtime + 0.5 * np.maximum(1 / shares_channel.sum(axis=1), 1 - others)
    return airtime


def _grid(scenario: Scenario) -> Floats:
    """gNBs in two rows of equal spacing (the last row may be short)."""
    columns = -(-scenario.n_gnbs // 2)
    x = (np.arange(scenario.n_gnbs) % columns + 0.5) * scenario.hall_length_m / columns
    y = (np.arange(scenario.n_gnbs) // columns + 0.5) * scenario.hall_width_m / 2
    return np.column_stack([x, y, np.full(scenario.n_gnbs, scenario.gnb_height_m)])

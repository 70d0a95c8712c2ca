# SPDX-License-Identifier: GPL-2.0-only
"""FDRL's agent: an edge decides by its own users alone, and changes one thing a step, if there is any."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyagents.core.tensors import Arrays, WeightsError, save_tensors
from pyagents.scenarios.sliced_network.agents.fdrl import Fdrl, FdrlConfig, Network, form_of, q_values
from pyagents.scenarios.sliced_network.allocation import mask_choices
from pyagents.scenarios.sliced_network.mock import MockSimulator
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.training.worth import worth

SITES = Scenario(n_sites=3, ues_per_site=6, steps=5)
NETWORKS: list[Network] = ["shared", "flat"]


def draw(network: Network, seed: int = 1, n_users: int = 6) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    shapes = form_of(network, n_users).shapes
    return {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


def act(weights: Arrays, network: Network, snapshot: Any) -> Any:
    agent = Fdrl(FdrlConfig(network=network), weights)
    agent.reset(SITES, 1)
    return agent.act(snapshot)


def first_snapshot() -> Any:
    with MockSimulator() as mock:
        return mock.reset(SITES, 1)


def test_the_letter_has_the_papers_actions_and_layers() -> None:
    shapes = form_of("flat", 50).shapes
    assert [shapes[f"{name}.bias"] for name in ("hidden1", "hidden2", "output")] == [(64,), (32,), (201,)]
    assert shapes["hidden1.weight"] == (64, 250)
    assert form_of("shared", 50) == form_of("shared", 8)


@pytest.mark.parametrize("network", NETWORKS)
def test_an_edge_decides_by_its_own_users_alone(network: Network) -> None:
    snapshot = first_snapshot()
    others = snapshot.site != 1
    noise = np.random.default_rng(2).uniform(0.5, 2, len(others))
    told: dict[str, Any] = {
        name: np.where(others, getattr(snapshot, name) * noise, getattr(snapshot, name))
        for name in ("demand_bps", "cpu_demand", "rate_bps", "mean_rate_bps", "mean_snr_db")
    }
    actions = [act(draw(network), network, one) for one in (snapshot, dataclasses.replace(snapshot, **told))]
    changed = 0
    for name in ("gfbr_bps", "cpu_share"):
        now = getattr(snapshot, name)
        asked = [getattr(action, name) for action in actions]
        one, other = (now if knob is None else np.asarray(knob) for knob in asked)
        assert np.array_equal(one[~others], other[~others])
        changed += int((one != now).sum())
    assert 0 < changed <= SITES.n_sites, "one thing a step at each site"


def test_all_users_are_alike_to_the_shared_network() -> None:
    rng = np.random.default_rng(1)
    seen, shares = rng.uniform(0, 0.5, (6, 5)).astype(np.float32), rng.dirichlet(np.ones(6), 2).T * 0.9
    allowed, order = mask_choices(shares), np.array([3, 1, 5, 0, 2, 4])
    q, mixed = (q_values("shared", draw("shared"), one, allowed) for one in (seen, seen[order]))
    assert np.isfinite(q).all()
    assert mixed[0] == pytest.approx(q[0], rel=1e-4)
    assert mixed[1:].reshape(6, 4) == pytest.approx(q[1:].reshape(6, 4)[order], rel=1e-4)


def test_where_all_hold_no_knob_is_touched() -> None:
    weights = {name: np.zeros_like(array) for name, array in draw("shared").items()}
    weights["output.bias"][0] = 1.0
    action = act(weights, "shared", first_snapshot())
    assert action.gfbr_bps is None
    assert action.cpu_share is None


def test_worth_is_satisfaction_less_what_lies_idle() -> None:
    need = np.full((2, 2), 0.4)
    assert worth(need, need) == pytest.approx(1)
    assert worth(np.full((2, 2), 0.2), need) == pytest.approx(0.5)
    assert worth(np.full((2, 2), 0.5), need) == pytest.approx(1 - 0.2)
    assert worth(np.full((2, 2), 0.5), need, beta=0) == pytest.approx(1)


def test_each_site_takes_the_weights_of_its_client(tmp_path: Path) -> None:
    path, form = tmp_path / "weights.safetensors", form_of("shared", 6)
    each = {f"{k}/{name}": v for k in range(3) for name, v in draw("shared", 5 + k).items()}
    save_tensors(path, each, {"kind": form.kind, "version": str(form.version)})
    agent = Fdrl(FdrlConfig(weights=str(path)))
    agent.reset(dataclasses.replace(SITES, n_sites=2, first_site=1), 1)
    for site, seed in enumerate((6, 7)):
        assert np.array_equal(agent._weights[site]["output.bias"], draw("shared", seed)["output.bias"])
    with pytest.raises(WeightsError, match="there are none of site 3"):
        agent.reset(dataclasses.replace(SITES, first_site=2), 1)
    with pytest.raises(WeightsError, match="no weights ship with fdrl"):
        Fdrl()

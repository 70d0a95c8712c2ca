# SPDX-License-Identifier: GPL-2.0-only
"""The fast twin of the ns-3 scenario: many halls at once. docs/mock.md says how far to trust it.

A step (`step.py`) is a pure function of the state (`state.py`), the actions and the step's random numbers.
All arrays have a batch axis B of halls in front. Links are [B, gNB, UE], so that cells' rows are contiguous;
Snapshots turn them to [B, UE, gNB].

- Drawn or derived once a run: `layout` (who stands where, links between nodes), `numbers` (constants in the
  units of a step), `propagation`, `line_of_sight`, `phy` (MCS tables).
- Whatever is decided: `noise` (random numbers), `motion` (walks, what is received on the way).
- Links: `radio` (set up, tuned to channels, measured), `interference` (SINR by state of the aggressors),
  `measurement` (the layer 3 filter), `sibx`.
- UEs: `rrc` (when conditions trigger), `handover` (what they trigger).
- Cells: `service` (what they do in a step, in order), made of `adaptation` (outer loop), `traffic` (queues,
  scheduler), `access` (listen-before-talk), `wifi`, `selection` (of channels).
- Outwards: `observe` (Snapshots), `batch` (B halls, or one, as a simulator).
"""

from pyagents.scenarios.indoor_factory.mock.batch import BatchedMock, MockSimulator

__all__ = ["BatchedMock", "MockSimulator"]

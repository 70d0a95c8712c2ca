# SPDX-License-Identifier: GPL-2.0-only
"""How agents learn on the mock: data, learners, and the objective that they and their rivals are tuned to."""

# SPDX-License-Identifier: GPL-2.0-only
"""Who says it: the scenario's process, the socket between it and us, and the keys to that."""

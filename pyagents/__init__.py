# SPDX-License-Identifier: GPL-2.0-only
"""Load balancing in 5G NR-U factory networks: agents on one side of a socket, ns-3 on the other."""

__version__ = "0.1.0"

# SPDX-License-Identifier: GPL-2.0-only
"""NR-U in an indoor factory: load balancing between gNBs that listen before they talk."""

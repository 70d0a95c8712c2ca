# SPDX-License-Identifier: GPL-2.0-only
"""Agents of the sliced network."""

# SPDX-License-Identifier: GPL-2.0-only
"""The stress campaign: attacks on what runs, keeps and speaks, each counted and judged. One attack a file."""

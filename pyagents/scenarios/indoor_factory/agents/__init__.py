# SPDX-License-Identifier: GPL-2.0-only
"""Things that decide: one file an algorithm, its config beside it."""

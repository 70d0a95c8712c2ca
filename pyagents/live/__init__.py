# SPDX-License-Identifier: GPL-2.0-only
"""A run as it plays, on a page of this machine alone."""

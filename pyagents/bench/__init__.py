# SPDX-License-Identifier: GPL-2.0-only
"""How fast things are: one file a subject."""

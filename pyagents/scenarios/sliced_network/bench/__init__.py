# SPDX-License-Identifier: GPL-2.0-only
"""How fast this family's mock is."""

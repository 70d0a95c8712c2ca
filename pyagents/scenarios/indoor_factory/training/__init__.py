# SPDX-License-Identifier: GPL-2.0-only
"""How this family's agents learn."""

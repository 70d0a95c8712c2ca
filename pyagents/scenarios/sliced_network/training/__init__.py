# SPDX-License-Identifier: GPL-2.0-only
"""How agents of the sliced network learn; torch is loaded here alone."""

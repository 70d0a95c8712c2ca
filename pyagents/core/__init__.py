# SPDX-License-Identifier: GPL-2.0-only
"""What every family of scenario has: the bases that the other rooms know it by."""

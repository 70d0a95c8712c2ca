# SPDX-License-Identifier: GPL-2.0-only
"""Commands of this family alone."""

# SPDX-License-Identifier: GPL-2.0-only
"""What a few numbers say of what they were drawn from."""

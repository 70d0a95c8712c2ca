# SPDX-License-Identifier: GPL-2.0-only
"""Figures: functions of stored rows, all in one style."""

# SPDX-License-Identifier: GPL-2.0-only
"""Families of scenario: a folder each, all equal."""

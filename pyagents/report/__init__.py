# SPDX-License-Identifier: GPL-2.0-only
"""The report of a reproduction: one page that needs nothing but a browser, and its summary in Markdown."""
